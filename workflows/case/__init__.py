"""The life of one ticket: received, judging, asking, riding, watching, closing."""
