"""Tests of worker/cases."""
