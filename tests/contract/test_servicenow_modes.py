"""Instances with another set-up: the tag found by its query field, and a form of catalogue variables."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast

import pytest

from tests.contract.places import PLACES, Stage, note
from workflows.model import File, Move, Phase, TicketRef
from workflows.ports import PastTickets

INCIDENT, ITEM = PLACES[:2]
REPORT = File(name="diagnostics.json", content_type="application/json", content=b'{"seen": true}')


def test_a_tag_is_found_by_its_query_field_where_its_table_may_not_be_read(cloud: Stage) -> None:
    desk = cloud.desk(INCIDENT, tag_lookup="sys_tags", page_size=1)
    state = cloud.sandbox.servicenow.state
    ref, second, untagged = cloud.file(INCIDENT), cloud.file(INCIDENT), cloud.file(INCIDENT, tagged=False)
    others = cloud.file(INCIDENT, tagged=False)
    with cloud.sandbox.frame.lock:
        state.tag(others.id.rpartition("/")[2], state.private_tag_id, "tag.owner@example.com")
        state.switches.change(refused_tables=["label_entry"])
    try:
        found = {item.ref.id for item in desk.tagged()}
        assert {ref.id, second.id} <= found
        assert not {untagged.id, others.id} & found
        assert [desk.read(item).tagged for item in (ref, untagged, others)] == [True, False, False]
        assert cloud.do(desk, ref, Move.CLAIMED, internal=note("We look into it.")).assigned_to_worker
        done = cloud.do(desk, ref, Move.RESOLVED, internal=note("Evidence."), close_text="Done.", files=(REPORT,))
    finally:
        state.switches.change(refused_tables=[])
    assert done.phase is Phase.DONE
    assert ref.id not in {item.ref.id for item in desk.tagged()}
    assert cloud.sandbox.frame.violations == []


@pytest.mark.parametrize("answer", ["no_rows", "refused"])
def test_past_tickets_are_found_by_an_account_that_may_not_use_ranges(answer: str, cloud: Stage) -> None:
    cloud.time.skip(days=2)
    old = cloud.file(INCIDENT)
    cloud.time.skip(days=2)
    ref, state = cloud.file(INCIDENT), cloud.sandbox.servicenow.state
    with cloud.sandbox.frame.lock:
        state.switches.change(denied_ranges=["sys_updated_on"], denied_range_answer=answer)
    try:
        desk = cast("PastTickets", cloud.desk(INCIDENT))
        found = {item.id for item in desk.past(cloud.time.now() - timedelta(days=1), 100)}
    finally:
        state.switches.change(denied_ranges=[], denied_range_answer="no_rows")
    assert ref.id in found
    assert old.id not in found


@pytest.mark.parametrize("by_sys_id", [False, True])
def test_a_form_of_catalogue_variables_is_read(by_sys_id: bool, cloud: Stage) -> None:
    member = cloud.sandbox.world.members[0]
    state = cloud.sandbox.servicenow.state
    person = state.one("sys_user", "email", member.login)["sys_id"] if by_sys_id else member.login
    said = {"variables.who": person, "variables.what": "title", "variables.wanted": "Head, of ^ORactive=true"}
    with cloud.people(ITEM) as people:
        text: dict[str, Any] = {"requester": member.login, "summary": "My profile", "description": "-"}
        id = people.create(tagged=True, table="sc_req_item", fields=said, **text)
    names = {"user": "who", "attribute": "what", "expected": "wanted"}
    desk = cloud.desk(ITEM, tables={"sc_req_item": catalogue(variables=names)})
    ticket = desk.read(TicketRef(desk="desk", id=f"sc_req_item/{id}", key="RITM"))
    expected = {"user": member.login, "attribute": "title", "expected": "Head, of ^ORactive=true"}
    assert dict(ticket.fields) == expected


def catalogue(**changes: Any) -> dict[str, Any]:
    """Return the settings of requested items."""
    states = {"waiting": "-5", "hold_reason": "", "resolved": "3", "done": ["3", "4", "7"], "close_code": ""}
    return states | {"requester": "requested_for"} | changes
