"""Tickets as people write them, by theme, each with the reading that a careful person gives it."""
