"""Tests of worker/check."""
