"""What each command of `forcesync` does."""
