"""The least that a settings file can hold; nothing of it is reached."""

from __future__ import annotations

SETTINGS = """
store.url = "sqlite:///{store}"

[okta.main]
url = "https://example.okta.com"
token = "of-a-test"

[desks.jira]
kind = "jira"
url = "https://example.atlassian.net"
email = "forcesync@example.com"
token = "of-a-test"
projects.SUP = {{ kind = "software" }}
"""
