"""What forcesync would have understood and done with tickets: read only, and no case is stored."""
