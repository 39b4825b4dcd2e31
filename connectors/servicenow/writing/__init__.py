"""Writes to records: planned and rendered without I/O, delivered once, and verified by their echo."""
