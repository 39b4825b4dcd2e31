"""What is kept of ended cases, and for how long: whole records, then outcomes without people."""
