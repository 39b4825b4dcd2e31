"""Simulated Okta, ServiceNow and Jira as real HTTP servers on this machine, built from the vendors' published facts.

The demo and the tests run against them. Nothing here imports the rest of the code, so a connector's mistake cannot hide
in the simulator it is tested with.
"""
