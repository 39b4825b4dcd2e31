"""What diagnoses need beside the profile is read leniently, page by page, from the org's own host only."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.unit.builders import NOW, directory
from tests.unit.okta_wire import STAMP, app_json, app_user_json, org, said, user_json
from tests.unit.wire import Wire, serving
from workflows.errors import Refused, Unexpected
from workflows.model import AppAttribute, Group, SupportCase


@pytest.fixture
def wire() -> Iterator[Wire]:
    with serving() as wire:
        yield wire


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
        Group(id="00g1", name="Everyone", kind="OKTA_GROUP"),
        Group(id="00g2", name="Staff", kind="SOMETHING_NEW"),
    )


def test_an_app_that_is_not_a_directory_is_refused(wire: Wire) -> None:
    assert org(wire, said(app_json())).directory("0oa1").label == "corp.example.com"
    with pytest.raises(Refused, match="is not a directory"):
        org(wire, said(app_json(name="oidc_client"))).directory("0oa1")


def test_a_directorys_members_come_page_by_page_with_both_copies(wire: Wire) -> None:
    link = f'<{wire.url}/api/v1/apps/0oa1/users?after=opaque%2B&limit=200>; rel="next"'
    both = app_user_json("00u1", status="A_NEW_STATUS", _embedded={"user": user_json("00u1")})
    torn = app_user_json("00u2", _embedded={"user": {"id": "00u2"}})
    okta = org(wire, said([both, torn, {"id": "00u3"}], Link=link), said([app_user_json("00u4")]))
    first = okta.directory_users(directory())
    assert [(item.copy_in_directory.user_id, item.user is not None) for item in first.members] == [
        ("00u1", True),
        ("00u2", False),
    ]
    last = okta.directory_users(directory(), first.next)
    assert [item.copy_in_directory.user_id for item in last.members] == ["00u4"]
    assert last.next is None
    assert query(wire, 0) == {"expand": ["user"], "limit": ["200"]}
    assert wire.requests[1].line == "GET /api/v1/apps/0oa1/users?after=opaque%2B&limit=200 HTTP/1.1"


def test_a_next_page_on_another_host_is_never_requested(wire: Wire) -> None:
    okta = org(wire, said([app_user_json()], Link='<https://evil.example.com/api/v1/apps>; rel="next"'))
    page = okta.directory_users(directory())
    with pytest.raises(Refused, match="another host; nothing was sent"):
        okta.directory_users(directory(), page.next)
    assert len(wire.requests) == 1


@pytest.mark.parametrize("wrap", [lambda items: {"supportCases": items}, lambda items: items], ids=["object", "list"])
def test_support_cases_are_read_in_both_forms(wire: Wire, wrap: object) -> None:
    case = {"caseNumber": 12345, "subject": "AD", "impersonation": {"status": "ENABLED", "expiration": STAMP}}
    found = org(wire, said(wrap([case, {"caseNumber": "2"}]))).support_cases()  # type: ignore[operator]
    assert found == (
        SupportCase(number="12345", subject="AD", access="ENABLED", access_until=NOW),
        SupportCase(number="2"),
    )


def test_support_cases_in_any_other_form_are_unexpected(wire: Wire) -> None:
    with pytest.raises(Unexpected, match="a list of cases"):
        org(wire, said({"cases": []})).support_cases()


def test_the_org_returns_its_id(wire: Wire) -> None:
    found = org(wire, said({"id": "00o1", "pipeline": "idx"})).organization()
    assert (found.id, found.pipeline) == ("00o1", "idx")
    assert (found.url or "").startswith("http://127.0.0.1")


def test_the_directorys_schema_holds_each_attributes_name_in_the_directory(wire: Wire) -> None:
    base = {"properties": {"userName": {"type": "string", "required": True}}, "required": []}
    custom = {"properties": {"phone": {"type": "string", "externalName": "telephoneNumber"}, "odd": None}}
    found = org(wire, said({"definitions": {"base": base, "custom": custom}})).app_schema(directory())
    assert found == (
        AppAttribute(name="userName", required=True),
        AppAttribute(name="phone", external_name="telephoneNumber"),
    )


def schema(*names: str) -> dict[str, Any]:
    return {"definitions": {"base": {"properties": {name: {"type": "string"} for name in names}}, "custom": {}}}


def test_the_attributes_of_every_user_type_are_known_and_read_once(wire: Wire) -> None:
    kinds = [{"id": "oty1", "_links": {"schema": {"href": "https://x/api/v1/meta/schemas/user/osc1"}}}, {"id": "oty2"}]
    okta = org(wire, said(kinds), said(schema("login", "title")), said(schema("login", "badge")))
    for _ in range(2):
        assert {"login", "title", "badge"} == okta.user_attributes()
    assert ["/api/v1/meta/types/user", "/api/v1/meta/schemas/user/osc1", "/api/v1/meta/schemas/user/default"] == [
        request.line.split()[1] for request in wire.requests
    ]


def test_a_missing_group_yields_those_that_begin_alike(wire: Wire) -> None:
    near = {"id": "00g2", "type": "OKTA_GROUP", "profile": {"name": "Executives"}}
    found = org(wire, said([]), said([near])).groups_named("Exeuctives")
    assert (Group(id="00g2", name="Executives", kind="OKTA_GROUP"),) == found
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
