"""Reads of a site: discovery by label, tickets with their comments, relations, SLAs."""
