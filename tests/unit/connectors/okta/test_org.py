"""Directories, their members and both copies of a user are read in as few calls as possible."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from tests.unit.builders import directory
from tests.unit.okta_wire import app_json, app_user_json, org, refused, said, user_json
from tests.unit.wire import Wire
from workflows.errors import Refused


def query(wire: Wire, number: int = -1) -> dict[str, list[str]]:
    return parse_qs(urlsplit(wire.requests[number].line.split(" ")[1]).query)


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


def test_the_users_directories_come_with_the_copies_embedded(wire: Wire) -> None:
    ad = app_json(_embedded={"user": app_user_json(scope="A_NEW_SCOPE", syncState="A_NEW_STATE")})
    other = app_json("0oa9", name="oidc_client", _embedded={"user": app_user_json()})
    copies = org(wire, said([other, ad])).links("00u1").copies
    assert [(copy.directory.ref.app_id, copy.scope, copy.sync_state) for copy in copies] == [
        ("0oa1", "A_NEW_SCOPE", "A_NEW_STATE")
    ]


def test_an_active_app_of_any_other_kind_that_is_a_profile_source_is_named(wire: Wire) -> None:
    source = {"features": ["IMPORT_NEW_USERS", "PROFILE_MASTERING"], "_embedded": {"user": app_user_json()}}
    apps = [
        app_json(_embedded={"user": app_user_json()}),
        app_json("0oa7", name="workday", label="People", **source),
        app_json("0oa8", name="csv_directory_v2", label="Old people", status="INACTIVE", **source),
        app_json("0oa9", name="oidc_client", label="Wiki", features=[]),
    ]
    assert ("People",) == org(wire, said(apps)).links("00u1").other_sources


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
