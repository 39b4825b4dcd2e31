"""Reads of an instance: discovery by tag, tickets with their journals, relations, SLAs."""
