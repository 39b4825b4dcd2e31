"""What diagnoses need beside the profile is read leniently, page by page, from the org's own host only."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.unit.builders import NOW
from tests.unit.okta_wire import STAMP, org, said
from tests.unit.wire import Wire
from workflows.errors import Refused, Unexpected
from workflows.model import Group, SupportCase


def query(wire: Wire, number: int = -1) -> dict[str, list[str]]:
    return parse_qs(urlsplit(wire.requests[number].line.split(" ")[1]).query)


def test_the_log_is_read_for_the_named_types_only(wire: Wire) -> None:
    event = {"uuid": "e1", "eventType": "system.import.complete", "published": STAMP, "outcome": {"result": "SUCCESS"}}
    events = org(wire, said([event]), said([])).log(
        "0oa1", NOW, types=("system.import.complete", "system.import.start")
    )
    assert [item.event_type for item in events] == ["system.import.complete"]
    wanted = 'target.id eq "0oa1" and (eventType eq "system.import.complete" or eventType eq "system.import.start")'
    assert query(wire)["filter"] == [wanted]


@pytest.mark.parametrize("hostile", ['x" or target.id pr', "a b", ""])
def test_an_invalid_event_type_never_reaches_the_filter(wire: Wire, hostile: str) -> None:
    with pytest.raises(Refused, match="is not an Okta event type"):
        org(wire).log("0oa1", NOW, types=(hostile,))
    assert wire.requests == []


def test_an_event_that_cannot_be_read_hides_no_other(wire: Wire) -> None:
    broken = {"uuid": "e1", "eventType": "x", "published": "yesterday", "outcome": "odd", "actor": None}
    whole = {"uuid": "e2", "eventType": "y", "published": STAMP, "outcome": None, "target": None}
    assert [item.uuid for item in org(wire, said([broken, whole]), said([])).log("00u1", NOW - timedelta(days=1))] == [
        "e2"
    ]


def test_groups_are_read_to_the_end(wire: Wire) -> None:
    first = {"id": "00g1", "type": "OKTA_GROUP", "profile": {"name": "Everyone"}}
    second = {"id": "00g2", "type": "SOMETHING_NEW", "profile": {"name": "Staff"}}
    link = f'<{wire.url}/api/v1/users/00u1/groups?after=x>; rel="next"'
    found = org(wire, said([first], Link=link), said([second])).groups("00u1")
    assert found == (
        Group(id="00g1", name="Everyone"),
        Group(id="00g2", name="Staff"),
    )


@pytest.mark.parametrize("wrap", [lambda items: {"supportCases": items}, lambda items: items], ids=["object", "list"])
def test_support_cases_are_read_in_both_forms(wire: Wire, wrap: object) -> None:
    case = {"caseNumber": 12345, "subject": "AD", "impersonation": {"status": "ENABLED", "expiration": STAMP}}
    found = org(wire, said(wrap([case, {"caseNumber": "2"}]))).support_cases()  # type: ignore[operator]
    assert found == (
        SupportCase(number="12345", access="ENABLED"),
        SupportCase(number="2"),
    )


def test_support_cases_in_any_other_form_are_unexpected(wire: Wire) -> None:
    with pytest.raises(Unexpected, match="a list of cases"):
        org(wire, said({"cases": []})).support_cases()


def test_the_org_returns_its_id(wire: Wire) -> None:
    found = org(wire, said({"id": "00o1", "pipeline": "idx"})).organization()
    assert (found.id, found.pipeline) == ("00o1", "idx")
    assert (found.url or "").startswith("http://127.0.0.1")


def test_a_missing_group_yields_those_that_begin_alike(wire: Wire) -> None:
    near = {"id": "00g2", "type": "OKTA_GROUP", "profile": {"name": "Executives"}}
    found = org(wire, said([]), said([near])).groups_named("Exeuctives")
    assert (Group(id="00g2", name="Executives"),) == found
    assert [["Exeuctives"], ["Exe"]] == [query(wire, number)["q"] for number in (0, 1)]


def test_an_exact_match_hides_groups_that_only_begin_alike(wire: Wire) -> None:
    groups = [{"id": f"00g{number}", "profile": {"name": name}} for number, name in enumerate(("ops", "Ops East"))]
    found = org(wire, said(groups)).groups_named("Ops")
    assert [Group(id="00g0", name="ops")] == list(found)
    assert 1 == len(wire.requests)


def test_a_group_is_found_by_its_id_and_read_once(wire: Wire) -> None:
    connector = org(wire, said({"id": "00gAbc", "profile": {"name": "Executives"}}))
    assert connector.groups_named("00gAbc") == connector.groups_named("00gAbc")
    assert ["/api/v1/groups/00gAbc"] == [request.line.split(" ")[1] for request in wire.requests]
