"""Tests of `worker.trial`."""
