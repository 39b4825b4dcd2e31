"""Tests of workflows/values."""
