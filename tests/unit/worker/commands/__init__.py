"""Tests of worker/commands."""
