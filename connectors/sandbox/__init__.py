"""Okta, ServiceNow and Jira as real HTTP servers on this machine, built from the vendors' published facts.

The demo and the tests run against them. Nothing here imports the rest of the product, so that a mistake of a connector
cannot hide in the far side that it is tested with.
"""
