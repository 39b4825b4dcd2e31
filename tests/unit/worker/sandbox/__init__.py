"""Tests of worker/sandbox."""
