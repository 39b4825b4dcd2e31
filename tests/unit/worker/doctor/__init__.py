"""Tests of what an operator asks outside the work."""
