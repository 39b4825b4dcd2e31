"""Tests of workflows/engine."""
