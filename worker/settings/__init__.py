"""The settings: their model, the files behind secrets, and clear faults."""
