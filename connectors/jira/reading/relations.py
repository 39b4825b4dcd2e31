"""Reads how issues relate, from their links and sub-tasks, and whether a request lacks an approval."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from http import HTTPStatus

from connectors.http.statuses import of_the_system
from connectors.jira.answers import Json, an_object, objects
from connectors.jira.client import JiraClient
from connectors.jira.lookups import AGENT, missing_permissions
from workflows.errors import Refused
from workflows.model import Relation

# https://developer.atlassian.com/cloud/jira/service-desk/rest/api-group-request/ (ApprovalDTO)
APPROVED, DECLINED = "approved", "declined"  # another one is `pending`


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


def lacks_approval(client: JiraClient, issue_id: str, project: str) -> bool:
    """Return whether somebody still has to approve a request, or has declined it and was not asked again since.

    A refusal never means that nobody has to: it is raised, and where Jira says that our account is no agent of the
    project, as `NotAllowed`. Another refusal may be a stray one, so it is the issue's.
    """
    try:
        return _lacks_one(client.approvals(issue_id))
    except Refused as error:
        if error.status == HTTPStatus.FORBIDDEN and missing_permissions(client, project, (AGENT,)):
            raise of_the_system(error, f"the permission {AGENT} in project {project}") from error
        raise


def _lacks_one(approvals: Iterable[Json]) -> bool:
    """Say whether one of a request's approvals is open, or the newest was declined; Jira lists the past ones, too."""
    found = [(_asked_at(item), item.get("finalDecision")) for item in approvals]
    newest = max((at for at, _ in found), default=0)
    return any(said != APPROVED and (said != DECLINED or at == newest) for at, said in found)


def _asked_at(approval: Json) -> int:
    """Return when an approval was asked for, in milliseconds; 0 if that is not told."""
    at = an_object(approval.get("createdDate")).get("epochMillis")
    return at if isinstance(at, int) else 0


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
