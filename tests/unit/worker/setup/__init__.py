"""Tests of worker.setup."""
