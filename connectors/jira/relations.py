"""Reads how issues relate, from their links and sub-tasks, and links them.

A link is a convenience: a site may have links switched off, lack the link type, or deny us the permission. The comment
names the other ticket in any case, so a refusal is a warning and never ends a case.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from http import HTTPStatus

from connectors.http import of_the_system
from connectors.jira.answers import Json, an_object, objects
from connectors.jira.client import JiraClient
from connectors.jira.lookups import AGENT, missing_permissions
from connectors.jira.planning import LinkAbroadCall, LinkCall
from workflows.errors import Misconfigured, Refused
from workflows.model import Receipt, Relation
from workflows.ports import Clock

# https://developer.atlassian.com/cloud/jira/service-desk/rest/api-group-request/ (ApprovalDTO; the third is `pending`)
DECIDED = frozenset({"approved", "declined"})


def relation_of(fields: Json, links: Mapping[str, str]) -> Relation:
    """Return the relation that keeps an issue from being worked alone: parent, sub-tasks, or a configured link.

    An epic's child has a parent, too, but is no sub-task; a sub-task's parent may be hidden from us.
    """
    if an_object(fields.get("issuetype")).get("subtask"):
        return Relation.CHILD
    wanted = {words.casefold(): Relation(relation) for words, relation in links.items()}
    for words, other in _links(fields):
        if words.casefold() in wanted and _is_open(other):
            return wanted[words.casefold()]
    return Relation.PARENT if any(map(_is_open, objects(fields.get("subtasks")))) else Relation.NONE


def waits_for_approval(client: JiraClient, issue_id: str, project: str) -> bool:
    """Return whether somebody still has to approve a request; a decision that we do not know is none yet.

    A refusal never means that nobody has to: it is raised, and where Jira says that our account is no agent of the
    project, as `NotAllowed`. Another refusal may be a stray one, so it is the issue's.
    """
    try:
        return any(item.get("finalDecision") not in DECIDED for item in client.approvals(issue_id))
    except Refused as error:
        if error.status == HTTPStatus.FORBIDDEN and missing_permissions(client, project, (AGENT,)):
            raise of_the_system(error, f"the permission {AGENT} in project {project}") from error
        raise


def _links(fields: Json) -> Iterator[tuple[str, Json]]:
    """Yield the words of each link as this issue shows them, with the linked issue.

    https://developer.atlassian.com/cloud/jira/platform/rest/v2/api-group-issue-links/
    """
    for link in objects(fields.get("issuelinks")):
        for side, words in (("outwardIssue", "outward"), ("inwardIssue", "inward")):
            if isinstance(link.get(side), Mapping):
                yield str(an_object(link.get("type")).get(words) or ""), link[side]


def _is_open(issue: Json) -> bool:
    """Say whether a related issue is open; one whose status we cannot see counts as open."""
    status = an_object(an_object(issue.get("fields")).get("status"))
    return an_object(status.get("statusCategory")).get("key") != "done"


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
