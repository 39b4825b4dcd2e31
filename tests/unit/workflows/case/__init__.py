"""Tests of workflows/case."""
