"""Looks at a ticket again after its case has ended."""
