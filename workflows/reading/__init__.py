"""What a ticket's words state and mention, and who they may be about; it decides nothing."""
