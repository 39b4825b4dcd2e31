"""What every connector of a port must do, over the sandbox."""
