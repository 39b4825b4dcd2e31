"""Tests of workflows/reading."""
