"""Tests of connectors/servicenow."""
