"""The worlds and tickets that the sandbox starts with."""
