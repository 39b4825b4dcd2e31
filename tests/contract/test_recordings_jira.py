"""What a real Jira Cloud site answered, read by our desk: every value against a hand-written table."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import SecretStr

from connectors.jira import FieldSettings, IssueTypeSettings, JiraDesk, JiraSettings, ProjectSettings
from tests.contract.recordings import Recorded, made_up, recorded, replaying
from tests.unit.builders import NOW
from tests.unit.wire import Act, StoppedClock, Wire, answer
from workflows.errors import Misconfigured, Refused
from workflows.model import PlannedWrite, Relation, TicketRef

AUTHOR = "712020:00000000-0000-0000-0000-000000000001"
KNOWN: dict[str, Any] = {"X_AACCOUNTID": "712020%3Aus"}
NOT_FOUND = made_up({"errorMessages": ["no such thing"]}, 404, **KNOWN)
MARKED = made_up({"key": "forcesync.write", "value": {"key": "c1.note"}}, **KNOWN)
GONE = answer(204, b"", **KNOWN)


def path(rest: str) -> str:
    method, _, below = rest.partition(" ")
    return f"{method} /rest/api/2{below}"


def desk(wire: Wire, **project: Any) -> JiraDesk:
    settings = JiraSettings(
        url=wire.url,
        email="person3@example.com",
        token=SecretStr("t0ken"),
        projects={"NTEST": ProjectSettings(**{"kind": "software", "service_desk_id": "1"} | project)},
    )
    return JiraDesk("jira", settings, clock=StoppedClock())


def ref(number: str) -> TicketRef:
    return TicketRef(desk="jira", id=number, key="NTEST-3077")


def site(acts: dict[str, Recorded | Act]) -> dict[str, Recorded | Act]:
    return {path("GET /myself"): made_up({"accountId": AUTHOR}, **KNOWN)} | acts


def comment(*, internal: bool | None) -> PlannedWrite:
    return PlannedWrite(key="c1.note", operation="comment", payload={"body": "hello", "internal": internal})


# id of the issue and of the comment, Jira's id of the request, and when it was written, in UTC
COMMENTS = [
    ("21283", "12089", "ad0323a412a4f72316095a672f840ea0", datetime(2025, 7, 25, 19, 6, 34, 639000, tzinfo=UTC)),
    ("21326", "12091", "21293fdc17d72f2e3593b820a77a4922", datetime(2025, 7, 25, 19, 15, 26, 104000, tzinfo=UTC)),
]


def comments() -> dict[str, Recorded | Act]:
    acts: dict[str, Recorded | Act] = {item.call: item for item in recorded("jira-cloud-comment.json")}
    for issue, number, _, _ in COMMENTS:
        acts[path(f"GET /comment/{number}/properties/forcesync.write")] = MARKED  # these were posted without one
        acts[path(f"DELETE /issue/{issue}/comment/{number}")] = GONE
    return site(acts)


@pytest.mark.parametrize(("issue", "number", "request_id", "_at"), COMMENTS)
@pytest.mark.parametrize("internal", [None, False])
def test_a_comment_that_is_public_as_it_was_meant(
    issue: str, number: str, request_id: str, _at: datetime, internal: bool | None
) -> None:
    with replaying(comments(), NOT_FOUND) as wire:
        receipt = desk(wire).deliver(ref(issue), comment(internal=internal))
    assert (receipt.id, receipt.request_id, receipt.at) == (number, request_id, NOW)


@pytest.mark.parametrize(("issue", "number", "request_id", "_at"), COMMENTS)
def test_a_comment_that_was_meant_to_be_internal_is_taken_back(
    issue: str, number: str, request_id: str, _at: datetime
) -> None:
    with replaying(comments(), NOT_FOUND) as wire:
        with pytest.raises(Refused, match=r"ALARM: Jira stored it public.*it was deleted again") as caught:
            desk(wire).deliver(ref(issue), comment(internal=True))
        assert wire.requests[-1].line.split()[:2] == ["DELETE", f"/rest/api/2/issue/{issue}/comment/{number}"]
    assert caught.value.request_id == request_id


def test_the_comments_of_an_issue() -> None:
    bodies = [item.body for item in recorded("jira-cloud-comment.json")]
    acts = issue_acts({"project": {"key": "NTEST"}}, made_up({"comments": bodies, "total": 2}, **KNOWN))
    acts["GET /rest/servicedeskapi/request/10017/approval"] = made_up({"values": []}, **KNOWN)
    with replaying(acts, NOT_FOUND) as wire:
        found = desk(wire).read(ref("10017")).comments
        of_a_service_project = desk(wire, kind="service_desk").read(ref("10017")).comments
    assert [(item.id, item.created) for item in found] == [(number, at) for _, number, _, at in COMMENTS]
    assert [item.body for item in found] == [
        "((admin)): testing note. creating it and pushing it to JIRA",
        "(admin): testing note. creating it and pushing it to JIRA",
    ]
    for item in found:
        assert (item.author.id, item.author.login) == (AUTHOR, None)
        assert (item.author.email, item.author.name) == ("person3@example.com", "Example Person")
        assert (item.by_worker, item.public, item.marker) == (True, True, None)
    assert of_a_service_project == found


def issue_acts(fields: dict[str, Any], comments: Act) -> dict[str, Recorded | Act]:
    """Return an issue that was not recorded, around parts that were."""
    values = {
        "labels": ["profile-not-updating"],
        "status": {"id": "1", "name": "Backlog", "statusCategory": {"key": "new"}},
        "created": "2025-07-25T21:00:58.000+0200",
        "updated": "2025-07-25T21:01:07.000+0200",
    }
    issue = {"id": "10017", "key": "NTEST-3077", "fields": values | fields}
    return site({path("GET /issue/10017"): made_up(issue, **KNOWN), path("GET /issue/10017/comment"): comments})


@pytest.mark.parametrize(
    ("place", "request_id"), [(0, "417d5bf1e5625bfe80bffda67c7e90cf"), (1, "fc147af766674a973f641426b772d3c1")]
)
def test_a_transition_is_answered_by_a_204_of_html_without_a_body(place: int, request_id: str) -> None:
    done = {"id": "10", "name": "Done", "statusCategory": {"key": "done"}}
    states = [{"id": "1", "name": "Backlog", "statusCategory": {"key": "new"}}, done]
    acts = site({path("POST /issue/10017/transitions"): recorded("jira-cloud-transition.json")[place]})
    acts[path("GET /issue/10017/transitions")] = made_up({"transitions": [{"id": "41", "to": done}]}, **KNOWN)
    payload = {"names": ["Done"], "category": "done", "required": True, "resolution": ""}
    write = PlannedWrite(key="c1.status", operation="transition", payload=payload)
    with replaying(acts, NOT_FOUND) as wire:
        under = wire.route
        assert under

        def route(request: Any) -> Act:
            if request.line.startswith("GET /rest/api/2/issue/10017?"):
                return made_up({"id": "10017", "fields": {"status": states.pop(0), "resolution": None}}, **KNOWN)
            return under(request)

        wire.route = route
        receipt = desk(wire).deliver(ref("10017"), write)
    assert receipt.request_id == request_id
    assert states == []


# The recorded site's project NTEST: a software project with one issue type in the answer and one custom
# field that concerns forms (the epic's link).
@pytest.mark.parametrize("place", [0, 1])
def test_an_issue_of_the_project_that_the_site_describes(place: int) -> None:
    fields = described(place)
    parts = {name: fields[name]["allowedValues"][0] for name in ("project", "issuetype")}
    acts = issue_acts(parts, made_up({"comments": [], "total": 0}, **KNOWN))
    with replaying(acts, NOT_FOUND) as wire:
        ticket = desk(wire).read(ref("10017"))
        with pytest.raises(Misconfigured, match=r"projects.NTEST.kind: Jira says software, the settings say service"):
            desk(wire, kind="service_desk").read(ref("10017"))
        with pytest.raises(Refused, match="issue type 'Task'"):
            desk(wire, issue_types={"Bug": IssueTypeSettings()}).read(ref("10017"))
    assert (ticket.context["project"], ticket.context["issue_type"]) == ("NTEST", "Task")
    assert ticket.relation is Relation.NONE
    assert ticket.tagged_at == datetime(2025, 7, 25, 19, 0, 58, tzinfo=UTC)


@pytest.mark.parametrize("place", [0, 1])
def test_settings_against_the_project_that_the_site_describes(place: int) -> None:
    project = recorded("jira-cloud-issue.json")[place].body["projects"][0]
    names = ("BROWSE_PROJECTS", "ADD_COMMENTS", "ASSIGN_ISSUES", "TRANSITION_ISSUES", "CREATE_ATTACHMENTS")
    acts = site(
        {
            path("GET /serverInfo"): made_up({"deploymentType": "Cloud"}),
            path("GET /mypermissions"): made_up(
                {"permissions": {name: {"havePermission": True} for name in names}}, **KNOWN
            ),
            path("GET /project/NTEST"): made_up(project | {"issueTypes": project["issuetypes"]}, **KNOWN),
            path("GET /field"): made_up([{"id": field["key"]} for field in described(place).values()], **KNOWN),
            path("GET /resolution"): made_up([{"name": "Done"}], **KNOWN),
        }
    )
    with replaying(acts, NOT_FOUND) as wire:
        desk(wire, issue_types={"Task": IssueTypeSettings()}, fields=FieldSettings(user="customfield_10014")).check()
        with pytest.raises(Misconfigured, match="no issue type 'Bug'; it has: Task"):
            desk(wire, issue_types={"Bug": IssueTypeSettings()}).check()
        with pytest.raises(Misconfigured, match="no field customfield_10015"):
            desk(wire, fields=FieldSettings(user="customfield_10015")).check()


def described(place: int) -> dict[str, Any]:
    (project,) = recorded("jira-cloud-issue.json")[place].body["projects"]
    (task,) = project["issuetypes"]
    found: dict[str, Any] = task["fields"]
    return found
