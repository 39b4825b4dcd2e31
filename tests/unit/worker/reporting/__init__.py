"""Tests of worker/everyday."""
