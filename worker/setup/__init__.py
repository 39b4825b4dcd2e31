"""Writes the first settings file: asks for accounts, reads what the products offer, and leaves all in `observe`."""
