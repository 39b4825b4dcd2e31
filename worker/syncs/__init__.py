"""What an operator sees and orders of Force Sync runs: the list, one run's page, decisions, preview, pauses."""
