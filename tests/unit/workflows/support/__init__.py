"""Tests of workflows/support."""
