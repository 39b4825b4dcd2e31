"""Tests of worker/persons."""
