"""Tests of workflows/notes."""
