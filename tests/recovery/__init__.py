"""Restarts, lost answers and rival workers."""
