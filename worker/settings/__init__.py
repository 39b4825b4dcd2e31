"""The settings: their model, secrets from files, public texts, and messages for wrong values."""
