"""Judges what the worker tells people and does to tickets by what all three products hold."""
