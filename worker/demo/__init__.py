"""`forcesync demo`: works a scenario on the sandbox and shows it."""
