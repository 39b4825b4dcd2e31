"""Links issues to other tickets.

A link is a convenience: a site may have links switched off, lack the link type, or deny us the permission. The comment
names the other ticket in any case, so a refusal is a warning and never ends a case.
"""

from __future__ import annotations

from connectors.jira.answers import an_object, objects
from connectors.jira.client import JiraClient
from connectors.jira.writing.payloads import LinkAbroadCall, LinkCall
from workflows.errors import Misconfigured, Refused
from workflows.model import Receipt
from workflows.ports import Clock


class Linker:
    """Links issues of one site as one account."""

    def __init__(self, client: JiraClient, clock: Clock) -> None:
        self._client = client
        self._clock = clock

    def find(self, issue_id: str, call: LinkCall | LinkAbroadCall) -> Receipt | None:
        """Look for a link of this type with the other issue, in either direction; a remote link is simply set again."""
        if isinstance(call, LinkAbroadCall):
            return None
        issue = self._client.issue(issue_id, ("issuelinks",))
        for link in objects(an_object(issue.get("fields")).get("issuelinks")):
            ends = {str(an_object(link.get(side)).get("id")) for side in ("inwardIssue", "outwardIssue")}
            if call.to in ends and an_object(link.get("type")).get("name") == call.type:
                return Receipt(id=str(link.get("id")), at=self._clock.now())
        return None

    def link(self, issue_id: str, call: LinkCall | LinkAbroadCall) -> Receipt:
        """Link the issue unless it is linked already; if Jira refuses, return a warning."""
        try:
            if isinstance(call, LinkAbroadCall):
                return self._link_abroad(issue_id, call)
            return self._link_here(issue_id, call)
        except (Refused, Misconfigured) as error:  # Jira answers 401 even if only the permission to link is missing
            return Receipt(at=self._clock.now(), warning=f"not linked: {error.detail}", request_id=error.request_id)

    def _link_here(self, issue_id: str, call: LinkCall) -> Receipt:
        """Link two issues; the answer is empty, so the link is looked up afterwards.

        https://developer.atlassian.com/cloud/jira/platform/rest/v2/api-group-issue-links/
        """
        operation = "link the issue"
        if found := self.find(issue_id, call):
            return found
        body = {"type": {"name": call.type}, "inwardIssue": {"id": call.to}, "outwardIssue": {"id": issue_id}}
        answer = self._client.write(operation, "POST", "issueLink", body)
        with self._client.after_write(operation):
            found = self.find(issue_id, call)
        receipt = found or Receipt(at=self._clock.now(), warning="Jira accepted the link but does not show it")
        return receipt.but(request_id=answer.request_id)

    def _link_abroad(self, issue_id: str, call: LinkAbroadCall) -> Receipt:
        """Set a link to a ticket of another system; the same global id updates the same link.

        https://developer.atlassian.com/cloud/jira/platform/rest/v2/api-group-issue-remote-links/
        """
        body = {"globalId": call.global_id, "object": {"url": call.url, "title": call.title}}
        answer = self._client.write("link another ticket", "POST", f"issue/{issue_id}/remotelink", body)
        return Receipt(id=str(answer.get("id")), at=self._clock.now(), request_id=answer.request_id)
