"""The simulated products against the vendors' descriptions."""
