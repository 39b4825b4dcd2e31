"""What is true and what to do next: the core of forcesync, free of I/O, clock and randomness."""
