"""Checks a ticket and its values again after the case has ended."""
