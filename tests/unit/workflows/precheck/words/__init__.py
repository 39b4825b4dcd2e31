"""Tests of workflows/precheck/words."""
