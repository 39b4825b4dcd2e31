"""Timed claims; not run by make test."""
