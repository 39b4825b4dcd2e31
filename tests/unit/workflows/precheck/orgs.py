"""An org in memory for the tests of whom a ticket is about: users, each with a copy, looked up as Okta does it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

from tests.unit import builders as build
from workflows.model import AppUser, Group, Links, MappingRule, OktaUser, Policy, ProfileMapping, Ticket
from workflows.precheck.facts import Facts
from workflows.precheck.people import People
from workflows.reading.request import read
from workflows.reading.vocabulary import vocabulary_of

MAPPED = ("department", "title", "costCenter", "firstName", "lastName", "displayName", "email", "login")
IDENTIFIERS = ("login", "email", "secondEmail", "employeeNumber")
EVERYBODY_MAY_ASK = Policy(on_behalf=frozenset({"Everyone"}))
OF_COPIES = ("login", "email", "employeeNumber", "displayName")


class Known(NamedTuple):
    """One user of the org and the directory's copy."""

    user: OktaUser
    copy: AppUser


def person(
    login: str, name: str, *, status: str = "ACTIVE", copy: dict[str, str] | None = None, **profile: str
) -> Known:
    """Return a user whose copy holds the same as Okta, but for `copy`."""
    first, _, last = name.partition(" ")
    held = {"login": login, "email": login, "firstName": first, "lastName": last, "displayName": name} | profile
    user = build.okta_user(held, id=f"00u-{login}", login=login, status=status)
    return Known(user, build.app_user({**user.profile, **held, **(copy or {})}, user_id=user.id))


class Org:
    """The users of one org, as the precheck may ask for them; each is in the group that the profile names."""

    name = "main"

    def __init__(self, *people: Known) -> None:
        self._people = {item.user.id: item for item in people}
        rules = {name: MappingRule(attribute=name, expression=f"appuser.{name}") for name in MAPPED}
        self._mapping = ProfileMapping(id="prm1", rules=rules)

    def find_users(self, identifier: str) -> tuple[OktaUser, ...]:
        return self._found(lambda item: _holds(item.user.profile, IDENTIFIERS, identifier))

    def find_named(self, name: str) -> tuple[OktaUser, ...]:
        return self._found(lambda item: _holds(item.user.profile, ("displayName",), name))

    def find_in_copies(self, text: str) -> tuple[OktaUser, ...]:
        return self._found(lambda item: _holds(item.copy.profile, OF_COPIES, text))

    def user(self, user_id: str) -> OktaUser:
        return self._people[user_id].user

    def links(self, user_id: str) -> Links:
        return Links(copies=(self._people[user_id].copy,))

    def mapping(self, *_: object, **__: object) -> ProfileMapping:
        return self._mapping

    def attribute_rules(self, *_: object, **__: object) -> tuple[()]:
        return ()

    def groups(self, user_id: str) -> tuple[Group, ...]:
        name = self._people[user_id].user.profile.get("group")
        return (Group(id=f"00g-{name}", name=str(name)),) if name else ()

    def _found(self, fits: Callable[[Known], bool]) -> tuple[OktaUser, ...]:
        return tuple(item.user for item in self._people.values() if fits(item))


class Now:
    """A clock that stands still."""

    def now(self) -> datetime:
        return build.NOW


def subjects(ticket: Ticket, *people: Known, policy: Policy | None = None, by_agent: bool = False) -> tuple[Facts, ...]:
    """Return whom a ticket is about in an org of these people."""
    org: Any = Org(*people)
    reading = read(ticket, vocabulary_of({}), build.NOW.date())
    return People(ticket, reading, org, Now(), policy or EVERYBODY_MAY_ASK, lambda: by_agent).subjects(None)


def _holds(profile: Any, names: tuple[str, ...], text: str) -> bool:
    return text.casefold() in {str(profile.get(name) or "").casefold() for name in names} - {""}
