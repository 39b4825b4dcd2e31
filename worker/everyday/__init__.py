"""What whoever looks after forcesync asks and orders every day: one screen, and what becomes of one case."""
