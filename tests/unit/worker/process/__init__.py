"""Tests of worker/process."""
