"""What a real ServiceNow instance answered, read by our desk: every value against a hand-written table.

The calls around a recorded answer (the tag and its entries, our own account) were not recorded and are made up.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import SecretStr

from connectors.servicenow import ServiceNowDesk, ServiceNowSettings
from connectors.servicenow.settings import TableSettings
from tests.contract.recordings import Recorded, made_up, recorded, replaying
from tests.unit.wire import Act, StoppedClock, Wire, answer
from workflows.errors import FarSideError
from workflows.model import Phase, PlannedWrite, Relation, TicketRef

SYS_ID = "1c741bd70b2322007518478d83673af3"
TAG = "c" * 32
REF = TicketRef(desk="snow", id=f"incident/{SYS_ID}", key="INC0000060")
JOE, DAVID = "681ccaf9c0a8016400b98a06818d57c7", "5137153cc611227c000bbd1bd8cd2007"
NETWORK = "287ebd7da9fe198100f92cc8d1d2154e"
TAGGED_AT = datetime(2022, 11, 3, 20, 0, tzinfo=UTC)


def rows(*found: dict[str, Any]) -> Act:
    return made_up({"result": list(found)}, X_Total_Count=str(len(found)))


ENTRY = {"sys_id": "d" * 32, "label": TAG, "table": "incident", "table_key": SYS_ID}
AROUND: dict[str, Recorded | Act] = {
    "GET /api/now/table/label": rows({"sys_id": TAG, "name": "profile not updating", "active": "true"}),
    "GET /api/now/table/label_entry": rows(ENTRY | {"sys_created_on": "2022-11-03 20:00:00"}),
    "GET /api/now/table/sys_user": rows({"sys_id": "a" * 32, "user_name": "admin", "name": "System Administrator"}),
    "GET /api/now/table/sys_journal_field": made_up({"error": {"message": "no", "detail": "ACL"}}, 403),
}


def desk(wire: Wire, at: datetime = TAGGED_AT, **incident: Any) -> ServiceNowDesk:
    settings = ServiceNowSettings(
        url=wire.url,
        user="admin",
        password=SecretStr("s3cret"),
        escalation_group="Identity Operations",
        tables={"incident": TableSettings(**incident)},
    )
    return ServiceNowDesk("snow", settings, clock=StoppedClock(at))


def single(answer: Recorded) -> Act:
    """Return a one-record list as the answer for the single record."""
    (record,) = answer.body["result"]
    return made_up({"result": record})


def test_a_closed_incident_in_a_list_is_not_open() -> None:
    (listed,) = recorded("servicenow-get-all-incidents.json")
    with replaying(AROUND | {"GET /api/now/table/incident": listed}, rows()) as wire:
        assert list(desk(wire).tagged()) == []


def test_an_incident_read_by_values() -> None:
    (listed,) = recorded("servicenow-get-all-incidents.json")
    acts = AROUND | {f"GET /api/now/table/incident/{SYS_ID}": single(listed)}
    with replaying(acts, rows()) as wire:
        ticket = desk(wire).read(REF)
    assert ticket.summary == "Unable to connect to email"
    assert ticket.description == "I am unable to connect to the email server. It appears to be down."
    assert (ticket.status, ticket.phase) == ("7", Phase.DONE)
    assert ticket.requester
    assert ticket.requester.id == JOE
    assert ticket.assignee
    assert ticket.assignee.id == DAVID
    assert not ticket.assigned_to_worker
    assert (ticket.tagged, ticket.tagged_at) == (True, TAGGED_AT)
    assert ticket.relation is Relation.NONE
    assert ticket.comments == ()


# In display values: what people see in place of states, and of references only their names and links.
HISTORY = [
    ("Joe Employee", True, "I am unable to connect to the email server. It appears to be down."),
    ("Beth Anglin", True, "Hi Joe, \nMy name is Beth and I'll be assisting you with your issue."),
    ("Beth Anglin", False, "Updating incident with correct Configuration item"),
    ("Beth Anglin", False, "Increasing priority as this incident is affecting more number of users"),
    ("Beth Anglin", True, "Hi Joe, \nAre you connected to the VPN when you're having this issue? Can you"),
    ("Joe Employee", True, "Hi Beth,\nYes, I'm connected to the VPN, although I've had to reconnect to it"),
    ("Beth Anglin", False, "Updating priority as workaround for incident has been provided."),
    ("Beth Anglin", True, "Hi Joe, \nAs per discussion on call, Workaround has been provided"),
    ("David Loo", True, "Hi Joe,\nMy name is David.\u00a0I'll be assisting you with this incident."),
    ("Joe Employee", True, "Hi David,\nThank you! I use the corporate VPN and was also unable"),
    ("David Loo", True, "Hi Joe,\nI've checked in network logs and you were timed out from the VPN"),
    ("Joe Employee", True, "Hi David, \nThat must be it. I was on phone calls at all three of those times"),
    ("System Administrator", True, "test"),
    ("System Administrator", True, "test"),
    ("System Administrator", True, "test"),
    ("System Administrator", True, "test"),
]


def test_an_incident_read_by_display_values() -> None:
    (changed,) = recorded("servicenow-update-table-row.json")
    acts = AROUND | {f"GET /api/now/table/incident/{SYS_ID}": changed}
    with replaying(acts, rows()) as wire:
        ticket = desk(wire, changed.at).read(REF)
    assert (ticket.status, ticket.phase) == ("Closed", Phase.DONE)
    assert ticket.requester
    assert (ticket.requester.id, ticket.requester.name) == (JOE, "Joe Employee")
    assert ticket.assignee
    assert (ticket.assignee.id, ticket.assignee.name) == (DAVID, "David Loo")
    assert ticket.group == "Network"
    assert [(item.author.name, item.public) for item in ticket.comments] == [
        (name, public) for name, public, _ in HISTORY
    ]
    for item, (_, _, begin) in zip(ticket.comments, HISTORY, strict=True):
        assert item.body[: len(begin)] == begin
    assert not any(item.marker for item in ticket.comments)


def test_the_echo_of_a_change_in_display_values_is_compared_by_what_it_means() -> None:
    (changed,) = recorded("servicenow-update-table-row.json")
    acts = AROUND | {
        f"GET /api/now/table/incident/{SYS_ID}": changed,
        f"PATCH /api/now/table/incident/{SYS_ID}": changed,
    }
    group = PlannedWrite(key="k", operation="update", payload={"fields": {"assignment_group": NETWORK}})
    other = PlannedWrite(key="k", operation="update", payload={"fields": {"assignment_group": "e" * 32}})
    with replaying(acts, rows()) as wire:
        assert desk(wire).deliver(REF, group).request_id == "c2e8b1909703"
        with pytest.raises(FarSideError, match="assignment_group"):
            desk(wire).deliver(REF, other)


def test_an_attachment_is_known_by_its_name_and_the_hash_of_its_bytes() -> None:
    (taken,) = recorded("servicenow-add-attachment-to-table.json")
    assert taken.body["result"]["hash"] == "8671fa6613cd1c6e82c0e1d6b940ae0771d1d8b3f56019f8274ed501407ffc2a"
    payload = {"name": "test", "content_type": "application/json"}
    write = PlannedWrite(key="k", operation="attach", payload=payload, content=b"5,881 other bytes")
    acts = AROUND | {
        "POST /api/now/attachment/file": taken,
        "GET /api/now/attachment": rows(taken.body["result"]),
        f"DELETE /api/now/attachment/{taken.body['result']['sys_id']}": answer(204),
    }
    with replaying(acts, rows()) as wire:
        with pytest.raises(FarSideError, match="hash"):
            desk(wire).deliver(REF, write)
        assert desk(wire).find(REF, write) is None


def test_while_no_hash_is_told_an_attachment_is_known_by_its_size() -> None:
    (taken,) = recorded("servicenow-add-attachment-to-table.json")
    pending = taken.body["result"] | {"hash": ""}  # `state` is `pending` in the recorded answer
    payload = {"name": "test", "content_type": "application/json"}
    write = PlannedWrite(key="k", operation="attach", payload=payload, content=b"x" * 5881)
    acts = AROUND | {
        "POST /api/now/attachment/file": replace(taken, body={"result": pending}),
        "GET /api/now/attachment": rows(pending),
    }
    with replaying(acts, rows()) as wire:
        receipt = desk(wire).deliver(REF, write)
    assert (receipt.id, receipt.request_id) == ("41f9dad09783111084d57e121153af94", "89f9d2509783")
