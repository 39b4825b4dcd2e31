"""The core of forcesync: decides what is true and what to do next, without I/O, clock or randomness."""
