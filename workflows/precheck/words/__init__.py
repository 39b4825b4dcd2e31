"""What the ticket's words say against the facts."""
