"""A simulated Jira site, built from Atlassian's published facts."""
