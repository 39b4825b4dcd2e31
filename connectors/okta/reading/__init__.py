"""Reads of an org: users, their copies, mappings, schemas, the System Log, and what surrounds them."""
