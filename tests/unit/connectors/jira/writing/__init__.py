"""Tests of connectors/jira."""
