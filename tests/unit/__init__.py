"""Pure parts, without any far side."""
