"""Tests of worker/web."""
