"""What forcesync did in a period, in numbers that each have a definition and a list of the cases behind it."""
