"""Tests of worker/commandline."""
