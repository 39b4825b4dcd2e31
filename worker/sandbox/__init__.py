"""`forcesync sandbox`: serves the simulated products, and writes settings for them."""
