"""Okta's errors are read by their codes, its lists to the end, and users in as few calls as possible."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import unquote_plus

import pytest
from pydantic import SecretStr

from connectors.okta import ReapplyDriver
from tests.unit.builders import NOW, directory, okta_user
from tests.unit.okta_wire import app_json, app_user_json, mapping_json, org, refused, said, user_json
from tests.unit.wire import StoppedClock, Wire, serving
from workflows.errors import FarSideError, Misconfigured, Refused, Transient, Unexpected


@pytest.fixture
def wire() -> Iterator[Wire]:
    with serving() as wire:
        yield wire


def paths(wire: Wire) -> list[str]:
    return [item.line.split(" ")[1].partition("?")[0] for item in wire.requests]


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (403, "E0000005", Misconfigured),
        (403, "E0000006", Refused),
        (404, "E0000007", Refused),
        (401, "E0000011", Misconfigured),
        (401, "E0000015", Refused),
        (405, "E0000022", Refused),
        (400, "E0000047", Transient),
        (500, "E0000009", Transient),
        (400, "E9999999", Refused),
    ],
)
def test_the_error_code_decides_before_the_status(wire: Wire, status: int, code: str, kind: type[FarSideError]) -> None:
    with pytest.raises(kind, match=code):
        org(wire, refused(status, code, "Its words")).user("00u1")


def test_a_read_only_service_has_not_started_the_sync(wire: Wire) -> None:
    wire.script = [said([{"id": "otyApp", "isDefault": True}]), refused(503, "E0000010", "Read only mode")]
    with pytest.raises(Transient, match="E0000010"):
        ReapplyDriver("main", wire.url, SecretStr("s"), clock=StoppedClock()).start(directory(), "oty1")


def test_a_credential_without_permission_is_found_at_the_start(wire: Wire) -> None:
    with pytest.raises(Misconfigured, match="E0000006"):
        org(wire, refused(403, "E0000006", "You do not have permission")).check()


def test_a_user_named_by_login_costs_one_call(wire: Wire) -> None:
    found = org(wire, said([user_json()])).find_users("Ada@Example.com")
    assert [user.id for user in found] == ["00u1"]
    asked = unquote_plus(wire.requests[0].line)
    assert len(wire.requests) == 1
    assert 'profile.login eq "Ada@Example.com" or profile.email eq "Ada@Example.com"' in asked
    assert 'profile.login eq "ada@example.com"' in asked


def test_an_employee_number_is_looked_up_by_search(wire: Wire) -> None:
    numbered = user_json(profile={"login": "ada@example.com", "employeeNumber": "4711"})
    found = org(wire, said([]), said([numbered]), refused(404, "E0000007")).find_users("4711")
    assert [user.id for user in found] == ["00u1"]


def test_a_name_cannot_leave_its_quotes(wire: Wire) -> None:
    org(wire, said([]), said([]), refused(404, "E0000007")).find_users('x" or profile.login pr or "\\')
    assert 'profile.login eq "x\\" or profile.login pr or \\"\\\\"' in unquote_plus(wire.requests[0].line)


def test_a_user_who_cannot_be_read_hides_no_other(wire: Wire) -> None:
    odd = user_json("00u2", status="A_NEW_STATUS", surprise={"deep": [1]})
    found = org(wire, said([{"id": "00u3", "profile": None}, odd])).find_users("ada@example.com")
    assert [(user.id, user.status) for user in found] == [("00u2", "A_NEW_STATUS")]


def test_the_mapping_and_the_schema_are_read_once_for_a_while(wire: Wire) -> None:
    clock = StoppedClock()
    schema = {"definitions": {"base": {"properties": {"department": {"master": {"type": "NEW_KIND"}}}}}}
    okta = org(wire, said([mapping_json()]), said(mapping_json()), said(schema), said(mapping_json()), clock=clock)
    user = okta_user(schema_id="osc1")
    for _ in range(3):
        assert okta.mapping(directory(), "oty1") is not None
        assert okta.attribute_rules(user)[0].master == "NEW_KIND"
    assert len(wire.requests) == 3
    begun, clock.at = clock.at, clock.at + timedelta(hours=3)
    known = okta.mapping(directory(), "oty1", not_before=begun)
    assert known is not None
    assert (known.read_at, len(wire.requests)) == (begun, 3)
    afresh = okta.mapping(directory(), "oty1", not_before=clock.at - timedelta(seconds=10))
    assert afresh is not None
    assert (afresh.read_at, paths(wire)[-1]) == (clock.at, "/api/v1/mappings/prm1")
    assert len(wire.requests) == 4


def test_a_known_mapping_that_is_gone_is_looked_up_again(wire: Wire) -> None:
    okta = org(wire, said([]), said([mapping_json()]), refused(404, "E0000007"), said([mapping_json(id="prm2")]))
    wire.script.append(said(mapping_json(id="prm2")))
    okta.check()
    found = okta.mapping(directory(), "oty1")
    assert found is not None
    assert found.id == "prm2"
    listed = "/api/v1/mappings"
    assert paths(wire) == ["/api/v1/users", listed, f"{listed}/prm1", listed, f"{listed}/prm2"]


def test_a_refused_list_of_mappings_does_not_prevent_the_start(wire: Wire) -> None:
    org(wire, said([]), refused(403, "E0000006")).check()
    assert len(wire.requests) == 2


def test_one_member_costs_one_call_and_many_cost_a_page(wire: Wire) -> None:
    def member(number: int) -> dict[str, object]:
        return app_user_json(f"00u{number}", _embedded={"user": user_json(f"00u{number}")})

    assert set(org(wire, said(member(1))).members(directory(), ["00u1"])) == {"00u1"}
    assert len(wire.requests) == 1
    wanted = [f"00u{number}" for number in range(20)]
    okta = org(wire, said([member(number) for number in range(40)]))
    assert list(okta.members(directory(), wanted)) == wanted
    assert len(wire.requests) == 2


def test_a_user_who_has_left_the_directory_is_left_out(wire: Wire) -> None:
    assert org(wire, refused(404, "E0000007")).members(directory(), ["00u1"]) == {}


def test_users_who_wait_for_the_same_sync_are_read_together(wire: Wire) -> None:
    okta = org(wire, said([user_json(f"00u{number}") for number in range(3)]))
    everybody = [f"00u{number}" for number in range(3)]
    for user_id in everybody:
        assert okta.watched(user_id, NOW, lambda: everybody).read_at == NOW
    assert len(wire.requests) == 1
    assert 'id eq "00u0" or id eq "00u1" or id eq "00u2"' in unquote_plus(wire.requests[0].line)


def test_an_older_reading_is_not_reused(wire: Wire) -> None:
    clock = StoppedClock()
    changed = user_json(profile={"login": "ada@example.com", "department": "Research"})
    okta = org(wire, said(user_json()), said(changed), clock=clock)
    okta.watched("00u1", clock.at)
    clock.at = clock.at.replace(minute=1)
    assert okta.watched("00u1", clock.at).profile["department"] == "Research"


def test_the_users_directories_come_with_the_copies_embedded(wire: Wire) -> None:
    ad = app_json(_embedded={"user": app_user_json(scope="A_NEW_SCOPE", syncState="A_NEW_STATE")})
    other = app_json("0oa9", name="oidc_client", _embedded={"user": app_user_json()})
    copies = org(wire, said([other, ad])).app_users("00u1")
    assert [(copy.directory.ref.app_id, copy.scope, copy.sync_state) for copy in copies] == [
        ("0oa1", "A_NEW_SCOPE", "A_NEW_STATE")
    ]


def test_a_list_whose_pages_repeat_is_an_error(wire: Wire) -> None:
    link = f'<{wire.url}/api/v1/apps?after=1>; rel="next"'
    with pytest.raises(Unexpected, match="repeats"):
        org(wire, said([], Link=link)).app_users("00u1")
