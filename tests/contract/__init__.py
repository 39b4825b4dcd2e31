"""What every connector of a port must do, on the sandbox."""
