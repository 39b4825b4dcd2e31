"""The worlds and tickets that the sandbox begins with."""
