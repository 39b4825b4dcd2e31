"""A login decides whom an identifier means; of an e-mail address, the active account."""

from __future__ import annotations

from tests.unit.builders import okta_user
from workflows.model import OktaUser
from workflows.precheck.identities import decided

SHARED = "team@example.com"


def user(user_id: str, login: str, status: str = "ACTIVE", **profile: str) -> OktaUser:
    return okta_user({"email": f"{user_id}@example.com"} | profile, id=user_id, login=login, status=status)


def ids(identifier: str, *users: OktaUser) -> list[str]:
    return [found.id for found in decided(identifier, users)]


def test_the_owner_of_the_login_is_meant_whoever_has_it_as_e_mail() -> None:
    owner, other = user("00u1", "Team@example.com", "SUSPENDED"), user("00u2", "bo@example.com", email=SHARED)
    assert ids(" TEAM@example.com ", other, owner) == ["00u1"]


def test_an_employee_number_decides_unless_it_is_somebodys_login() -> None:
    numbered, other = user("00u1", "a@example.com", employeeNumber="4711"), user("00u2", "b@example.com", email="4711")
    assert ids("4711", other, numbered) == ["00u1"]
    assert ids("4711", numbered, user("00u3", "4711")) == ["00u3"]


def test_an_employee_number_that_two_have_is_ambiguous() -> None:
    first = user("00u1", "a@example.com", employeeNumber="4711")
    gone = user("00u2", "b@example.com", "DEPROVISIONED", employeeNumber="4711")
    assert ids("4711", first, gone) == ["00u1", "00u2"]


def test_of_an_e_mail_address_active_users_win_over_deactivated_ones() -> None:
    gone = user("00u1", "a@example.com", "DEPROVISIONED", email=SHARED)
    first, second = (user(id, f"{id}@example.com", email=SHARED) for id in ("00u2", "00u3"))
    assert ids(SHARED, gone, first) == ["00u2"]
    assert ids(SHARED, gone, first, second) == ["00u2", "00u3"]
    assert ids(SHARED, gone) == ["00u1"]


def test_an_e_mail_address_wins_over_a_second_one() -> None:
    second = user("00u1", "a@example.com", secondEmail=SHARED)
    assert ids(SHARED, second, user("00u2", "b@example.com", email=SHARED)) == ["00u2"]


def test_of_a_name_or_a_second_e_mail_everybody_counts() -> None:
    gone = user("00u1", "a@example.com", "DEPROVISIONED", secondEmail=SHARED)
    other = user("00u2", "b@example.com", secondEmail=SHARED)
    assert ids(SHARED, gone, other) == ["00u1", "00u2"]
    assert ids("Ada Byron", gone, other) == ["00u1", "00u2"]
    assert ids("Ada Byron") == []
