"""Tests of worker/reporting."""
