"""What the store holds about one person: found by any of their names, exported, or forgotten."""
