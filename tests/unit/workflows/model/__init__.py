"""Tests of workflows/model."""
