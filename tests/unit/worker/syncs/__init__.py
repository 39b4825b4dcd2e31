"""Tests of worker/syncs."""
