"""Tests of connectors/okta."""
