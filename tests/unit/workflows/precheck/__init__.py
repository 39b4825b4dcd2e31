"""Tests of workflows/precheck."""
