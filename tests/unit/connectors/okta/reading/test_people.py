"""A person's name is one search, and what only a copy holds is one call a directory and one for the users."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from connectors.okta.reading.people import full_name
from tests.unit.builders import NOW
from tests.unit.okta_wire import app_json, app_user_json, org, said, user_json
from tests.unit.wire import StoppedClock, Wire


def asked(wire: Wire) -> list[tuple[str, dict[str, list[str]]]]:
    parts = [urlsplit(request.line.split(" ")[1]) for request in wire.requests]
    return [(part.path, parse_qs(part.query)) for part in parts]


def person(user_id: str = "00u1", *, first: str = "Ada", last: str = "Byron", **changes: Any) -> dict[str, Any]:
    profile = {"login": f"{user_id}@example.com", "firstName": first, "lastName": last}
    return user_json(user_id, profile=profile | changes.pop("profile", {}), **changes)


def copy(user_id: str = "00u1", **profile: Any) -> dict[str, Any]:
    return app_user_json(user_id, profile=profile)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Ada Byron", [("Ada", "Byron")]),
        ("Byron, Ada", [("Ada", "Byron")]),
        ("Byron,Ada", [("Ada", "Byron")]),
        ("Ada King Byron", [("Ada", "Byron"), ("Ada", "King Byron"), ("Ada King", "Byron")]),
        ("King Byron, Ada Augusta", [("Ada Augusta", "King Byron"), ("Ada", "King Byron")]),
        ("Ada", []),
        (", Ada", []),
        ("Byron, Ada, PhD", []),
    ],
)
def test_a_name_is_read_in_either_order(text: str, parts: list[tuple[str, str]]) -> None:
    assert list(full_name(text).parts) == parts


def test_a_name_costs_one_call_whoever_has_it(wire: Wire) -> None:
    gone, displayed = person("00u2", status="DEPROVISIONED"), person("00u3", profile={"displayName": "ADA  byron"})
    stale = person("00u4", last="Lovelace")
    found = org(wire, said([person(), gone, displayed, stale])).find_named(" Ada  Byron ")
    assert [(user.id, user.status, user.read_at) for user in found] == [
        ("00u1", "ACTIVE", NOW),
        ("00u2", "DEPROVISIONED", NOW),
        ("00u3", "ACTIVE", NOW),
    ]
    ((path, query),) = asked(wire)
    assert path == "/api/v1/users"
    assert query["search"] == [
        'profile.displayName eq "Ada Byron" or (profile.firstName eq "Ada" and profile.lastName eq "Byron")'
    ]


def test_only_a_handful_of_namesakes_is_read(wire: Wire) -> None:
    link = f'<{wire.url}/api/v1/users?after=1>; rel="next"'
    assert (
        len(org(wire, said([person(f"00u{number}") for number in range(10)], Link=link)).find_named("Ada Byron")) == 10
    )
    assert len(wire.requests) == 1


def test_a_persons_name_cannot_leave_its_quotes(wire: Wire) -> None:
    org(wire, said([])).find_named('Ada" or profile.login pr or "\\')
    (search,) = asked(wire)[0][1]["search"]
    assert search.startswith('profile.displayName eq "Ada\\" or profile.login pr or \\"\\\\" or (')


@pytest.mark.parametrize("name", ["", "  ", "x" * 101, "Ada\x00Byron"])
def test_what_is_nobodys_name_costs_nothing(wire: Wire, name: str) -> None:
    okta = org(wire, said([app_json()]), said([]))
    assert okta.find_named(name) == ()
    assert wire.requests == []
    assert okta.find_in_copies(name) == ()


def test_a_name_is_remembered_for_minutes(wire: Wire) -> None:
    clock = StoppedClock()
    okta = org(wire, said([]), said([person()]), clock=clock)
    assert okta.find_named("Ada Byron") == okta.find_named("Ada Byron") == ()
    clock.at += timedelta(minutes=6)
    assert [user.id for user in okta.find_named("Ada Byron")] == ["00u1"]


def test_a_renamed_user_is_found_by_the_copy(wire: Wire) -> None:
    renamed = copy("00u1", userName="ada.lovelace@example.com")
    longer = copy("00u2", userName="ada.lovelace@example.com.au")
    okta = org(wire, said([app_json()]), said([]), said([renamed, longer]), said([person()]))
    assert [user.id for user in okta.find_in_copies(" Ada.Lovelace@example.com")] == ["00u1"]
    copies, users = asked(wire)[2:]
    assert copies == ("/api/v1/apps/0oa1/users", {"q": ["Ada.Lovelace@example.com"], "limit": ["200"]})
    assert users == ("/api/v1/users", {"filter": ['id eq "00u1"'], "limit": ["10"]})


@pytest.mark.parametrize(
    "held",
    [
        {"userName": "4711"},
        {"email": "4711"},
        {"mail": "4711"},
        {"employeeNumber": 4711},
        {"employeeID": "4711"},
        {"displayName": "4711"},
    ],
)
def test_what_identifies_a_person_counts(wire: Wire, held: dict[str, Any]) -> None:
    okta = org(
        wire, said([app_json()]), said([]), said([copy("00u1", **held), copy("00u2", city="4711")]), said([person()])
    )
    assert [user.id for user in okta.find_in_copies("4711")] == ["00u1"]


def test_the_credentials_user_name_counts(wire: Wire) -> None:
    item = copy("00u1") | {"credentials": {"userName": "ADA"}}
    okta = org(wire, said([app_json()]), said([]), said([item, copy("00u2") | {"credentials": None}]), said([person()]))
    assert [user.id for user in okta.find_in_copies("ada")] == ["00u1"]


@pytest.mark.parametrize("name", ["Ada Lovelace", "Lovelace, Ada"])
def test_a_new_name_is_looked_for_by_the_last_name(wire: Wire, name: str) -> None:
    held = [copy("00u1", displayName="Ada Lovelace"), copy("00u2", displayName="Bo Lovelace")]
    okta = org(wire, said([app_json()]), said([]), said(held), said([person()]))
    assert [user.id for user in okta.find_in_copies(name)] == ["00u1"]
    assert asked(wire)[2][1]["q"] == ["Lovelace"]


def test_two_directories_that_write_profiles_are_asked_at_most(wire: Wire) -> None:
    off, feeble = app_json("0oa1", status="INACTIVE"), app_json("0oa2", features=[])
    apps, mine = [off, feeble, app_json("0oa3"), app_json("0oa4")], said([copy("00u1", userName="ada")])
    okta = org(wire, said(apps), said([]), mine, mine, said([person()]))
    assert [user.id for user in okta.find_in_copies("ada")] == ["00u1"]
    assert [path for path, _ in asked(wire)[2:]] == [
        "/api/v1/apps/0oa3/users",
        "/api/v1/apps/0oa4/users",
        "/api/v1/users",
    ]


def test_a_page_that_may_hide_a_namesake_finds_nobody(wire: Wire) -> None:
    link = f'<{wire.url}/api/v1/apps/0oa1/users?after=1>; rel="next"'
    okta = org(wire, said([app_json()]), said([]), said([copy("00u1", userName="a")], Link=link))
    assert okta.find_in_copies("a") == ()
    assert len(wire.requests) == 3


def test_copies_are_remembered_and_users_are_not(wire: Wire) -> None:
    before, after = person(profile={"city": "Riverton"}), person(profile={"city": "Milldale"})
    okta = org(wire, said([app_json()]), said([]), said([copy("00u1", userName="ada")]), said([before]), said([after]))
    assert [okta.find_in_copies("ada")[0].profile["city"] for _ in range(2)] == ["Riverton", "Milldale"]
    assert len(wire.requests) == 5
