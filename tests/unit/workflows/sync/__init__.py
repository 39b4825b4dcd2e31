"""Tests of workflows/sync."""
