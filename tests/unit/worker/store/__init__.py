"""Tests of worker/store."""
