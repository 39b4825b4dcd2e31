"""What the product reads in a ticket, and what it must not read."""
