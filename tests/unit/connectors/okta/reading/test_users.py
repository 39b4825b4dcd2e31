"""Users are found and watched in as few calls as possible."""

from __future__ import annotations

from urllib.parse import unquote_plus

import pytest

from tests.unit.builders import NOW
from tests.unit.okta_wire import org, refused, said, user_json
from tests.unit.wire import StoppedClock, Wire


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


def test_a_word_is_looked_up_as_the_short_name_of_a_login(wire: Wire) -> None:
    users = [
        user_json(profile={"login": "kwhite@example.com"}),
        user_json("00u2", profile={"login": "kwhites@example.com"}),
    ]
    found = org(wire, said([]), said(users), refused(404, "E0000007")).find_users("KWhite")
    assert [user.id for user in found] == ["00u1"]
    assert 'profile.login sw "KWhite@"' in unquote_plus(wire.requests[1].line)


def test_a_name_cannot_leave_its_quotes(wire: Wire) -> None:
    org(wire, said([]), said([]), refused(404, "E0000007")).find_users('x" or profile.login pr or "\\')
    assert 'profile.login eq "x\\" or profile.login pr or \\"\\\\"' in unquote_plus(wire.requests[0].line)


@pytest.mark.parametrize("text", ["x" * 100, "ü" * 50, "ü" * 100, "山" * 100, '"' * 100, "Ö " * 40, "a b c " * 16])
def test_no_text_of_a_ticket_makes_a_url_too_long(wire: Wire, text: str) -> None:
    okta = org(wire)
    wire.route = lambda request: said([]) if "/users?" in request.line else refused(404, "E0000007")
    assert (okta.find_users(text), okta.find_named(text)) == ((), ())
    assert all(len(request.line) < 1950 for request in wire.requests)


def test_users_read_together_keep_the_url_short(wire: Wire) -> None:
    many = [f"00u{number:017d}" for number in range(60)]
    okta = org(wire, said([user_json(user_id) for user_id in many]))
    okta.watched(many[0], NOW, lambda: many)
    assert all(len(request.line) < 1950 for request in wire.requests)


def test_a_user_who_cannot_be_read_hides_no_other(wire: Wire) -> None:
    odd = user_json("00u2", status="A_NEW_STATUS", surprise={"deep": [1]})
    found = org(wire, said([{"id": "00u3", "profile": None}, odd])).find_users("ada@example.com")
    assert [(user.id, user.status) for user in found] == [("00u2", "A_NEW_STATUS")]


def test_who_holds_a_login_is_asked_of_the_filter_first_and_of_the_search_where_that_finds_nobody(wire: Wire) -> None:
    assert org(wire, said([]), said([user_json()])).holders("login", "ADA@example.com") == ("00u1",)
    first, second = (unquote_plus(request.line) for request in wire.requests)
    assert 'filter=profile.login eq "ADA@example.com" or profile.login eq "ada@example.com"' in first
    assert 'search=profile.login eq "ADA@example.com" or profile.login eq "ada@example.com"' in second


def test_who_is_found_but_holds_another_value_holds_it_not(wire: Wire) -> None:
    other = user_json(profile={"login": "ada@example.com", "employeeNumber": "47110"})
    assert org(wire, said([other])).holders("employeeNumber", "4711") == ()
    assert len(wire.requests) == 1


def test_no_name_of_an_attribute_leaves_its_place(wire: Wire) -> None:
    assert org(wire).holders('login eq "x" or profile.login pr or profile.x', "y") == ()
    assert wire.requests == []


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


@pytest.mark.parametrize(
    ("asked", "held"), [("straße@example.com", "strasse@example.com"), ("\u212aofi@example.com", "kofi@example.com")]
)
def test_a_look_alike_is_nobody_even_where_okta_takes_them_for_the_same(wire: Wire, asked: str, held: str) -> None:
    like = user_json(profile={"login": held, "email": held})
    assert org(wire, said([like]), said([like]), said(like)).find_users(asked) == ()
    assert [user.login for user in org(wire, said([like])).find_users(held.upper())] == [held]
