"""A simulated Okta org, built from Okta's published facts."""
