"""Whom a text names in Okta, which only keeps logins unique, and for whom a ticket's requester may ask."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from functools import cached_property
from typing import NamedTuple

from workflows.model import EVERYONE, AppUser, DirectoryRef, NameKind, OktaUser, Person, Policy, Ticket, folded
from workflows.ports import OktaOrg
from workflows.precheck.facts import Facts
from workflows.reading.candidates import CODE, EMAIL
from workflows.values.comparing import items
from workflows.values.keys import DN, form_of

DEACTIVATED = "DEPROVISIONED"  # Okta's word (https://developer.okta.com/docs/reference/api/users/#user-status)
MANAGER = ("manager", "managerId")
SURE = (NameKind.LOGIN, NameKind.EMAIL)  # short logins and numbers are used again in other domains and systems
_BRACKETED = re.compile(r"(?P<name>[^()]{2,80})\((?P<id>[^()]{2,80})\)(?:\s*[/|–-]\s.*)?")  # "Eve Stone (estone)"
_LED = re.compile(rf"(?P<id>{CODE})[\s,/–-]{{1,5}}(?P<name>[^\d()\s,/–-][^\d()]{{1,79}})")  # "K-4711 Eve Stone"
_ENDED = re.compile(rf"(?P<name>[^\d()]{{1,79}}[^\d()\s,/:.#–-])[\s,/:.#–-]{{1,5}}(?P<id>{CODE})")  # "staff no. 4711"


def decided(identifier: str, users: Iterable[OktaUser]) -> tuple[OktaUser, ...]:
    """Return the users that the identifier means; more than one: it is ambiguous.

    A login decides, then an employee number. Of an e-mail address, a user who is not deactivated wins over one who is.
    Where it is none of these, but a name, a short name or a second e-mail, everybody counts.
    """
    known = {user.id: user for user in users}
    kinds = {id: user.name_kind(identifier) for id, user in known.items()}

    def meant(kind: NameKind) -> tuple[OktaUser, ...]:
        return tuple(user for id, user in known.items() if kinds[id] is kind)

    owners = meant(NameKind.EMAIL)
    return (
        meant(NameKind.LOGIN)
        or meant(NameKind.NUMBER)
        or tuple(user for user in owners if user.status != DEACTIVATED)
        or owners
        or tuple(known.values())
    )


class Fit(NamedTuple):
    """How many of a person's names mean a user as their login or address, and how many mean them at all."""

    surely: int
    names: int


def fit(person: Person, user: OktaUser) -> Fit:
    """Return how well a user fits a person of the desk."""
    kinds = [kind for text in person.identifiers if (kind := user.name_kind(text))]
    return Fit(sum(kind in SURE for kind in kinds), len(kinds))


def is_surely(person: Person, user: OktaUser) -> bool:
    """Say whether a person of the desk is this user: every name of theirs means the user, and one surely."""
    found = fit(person, user)
    return found.surely > 0 and found.names == len(person.identifiers)


def is_identifier(text: str) -> bool:
    """Say whether a text may be a login, an address or a number."""
    return "@" in text or any(letter.isdigit() for letter in text) or " " not in text.strip()


def addresses(person: Person) -> tuple[str, ...]:
    """Return those of a person's names that are addresses."""
    return tuple(text for text in person.identifiers if "@" in text)


def strangers_as_one(found: Sequence[Facts]) -> tuple[Facts, ...]:
    """Return whom a ticket is about, with one last in place of all those for whom its requester may not ask.

    That one is called what the ticket calls them: how many they are, and in which order they come, would tell whom of
    them Okta knows.
    """
    strangers = [facts for facts in found if facts.stranger]
    if not strangers:
        return tuple(found)
    first, reading = strangers[0], strangers[0].reading
    rows = [*(item.user for item in reading.statements), *(line.user for line in reading.lines)]
    text = ", ".join(dict.fromkeys(filter(None, rows)) or dict.fromkeys(reading.users)) or None
    request = first.request.but(user=text, statements=reading.statements)
    one = Facts(request=request, identifier=text, named=True, at=first.at, reading=reading, stranger=True)
    return (*(facts for facts in found if not facts.stranger), one)


class Identities:
    """Looks up whom texts name; every look-up is made once."""

    def __init__(self, org: OktaOrg) -> None:
        self._org = org
        self._found: dict[str, tuple[OktaUser, ...]] = {}

    def identified(self, text: str) -> tuple[OktaUser, ...]:
        """Return the users whom an identifier means."""
        return decided(text, self._org.find_users(text))

    def of_person(self, person: Person | None) -> tuple[OktaUser, ...]:
        """Return the Okta user that a person of the desk is; several if their names lead to different ones.

        Whom more names mean surely wins, then whom more mean at all. A short login or a number counts only where no
        address of the person's speaks against it.
        """
        found = dict[str, OktaUser]()
        for text in person.identifiers if person else ():
            found |= {user.id: user for user in self.identified(text)}
            if person and any(is_surely(person, user) for user in found.values()):
                break
        if person is None or not found:
            return ()
        fits = {id: fit(person, user) for id, user in found.items()}
        best = max(fits.values())
        if not best.surely and addresses(person):
            return ()
        return tuple(found[id] for id, of_them in fits.items() if of_them == best)

    def in_copies(self, person: Person) -> tuple[OktaUser, ...]:
        """Return the users whose copies hold a person's address, or their login if the desk knows no address."""
        texts = addresses(person) or person.identifiers
        found = (user for text in texts for user in self._org.find_in_copies(text))
        return tuple({user.id: user for user in found}.values())

    def look_up(self, text: str) -> tuple[OktaUser, ...]:
        """Look a text up as an identifier, as a person's name, and in the directories' copies, in this order.

        An address within it is what identifies.
        """
        address = EMAIL.search(text)
        text = address[0] if address else text.strip("[~]")  # as Jira writes whom it mentions
        key = folded(text)
        if key not in self._found:
            self._found[key] = self._searched(text) or self._twofold(text)
        return self._found[key]

    def _twofold(self, text: str) -> tuple[OktaUser, ...]:
        """Look up who is written twice, as an identifier and by name, by either part."""
        text = text.strip()
        matches = (_BRACKETED.fullmatch(text), _LED.fullmatch(text), _ENDED.fullmatch(text))
        found = (self._searched(match[part].strip()) for match in matches if match for part in ("id", "name"))
        return next((users for users in found if users), ())

    def _searched(self, text: str) -> tuple[OktaUser, ...]:
        if users := self.identified(text):
            return users
        if not is_identifier(text) and (users := self.named(text)):
            return users
        return self._org.find_in_copies(text)

    def named(self, name: str) -> tuple[OktaUser, ...]:
        """Look a person's name up; one who is found is read anew, for the search may be minutes old."""
        users = self._org.find_named(name)
        return (self._org.user(users[0].id),) if len(users) == 1 else users


class Behalf:
    """Knows for whom a ticket may ask: who opened it for its requester counts as the one who asks.

    `by_agent` looks whether that is an agent of the desk; it is asked only about other people's profiles.
    """

    def __init__(
        self, ticket: Ticket, policy: Policy, org: OktaOrg, known: Identities, by_agent: Callable[[], bool]
    ) -> None:
        self._requester, self._opener = ticket.requester, ticket.opened_by
        self._policy, self._org, self._known, self._by_agent = policy, org, known, by_agent
        self._users: dict[Person | None, OktaUser | None] = {}
        self._copies: tuple[str, tuple[AppUser, ...]] | None = None  # of who asks

    def covers(self, facts: Facts) -> bool:
        """Return whether the ticket may ask for this user: for its requester, for whom they manage, or for everybody.

        What somebody else opened about its requester is the requester's own: they get the answer.
        """
        user, asks = facts.user, self._opener or self._requester
        if EVERYONE in self._policy.on_behalf or (self._requester and is_surely(self._requester, user)):
            return True
        if user.id in {item.id for person in (self._requester, asks) if (item := self._user(person))}:
            return True
        return self._manages(self._user(asks), facts) or self.of_all

    @cached_property
    def of_all(self) -> bool:
        """Whether the ticket may ask for anybody: the policy names all or a group of theirs, or an agent opened it."""
        allowed = self._policy.on_behalf
        if EVERYONE in allowed:
            return True
        asks = self._user(self._opener or self._requester) if allowed else None
        groups = self._org.groups(asks.id) if asks else ()
        return any(group.is_named(text) for group in groups for text in allowed) or self._by_agent()

    def _manages(self, user: OktaUser | None, facts: Facts) -> bool:
        if user is None:
            return False
        held = (value for profile in facts.profiles for name in MANAGER for value in items(profile.get(name)))
        managers = {str(value).strip() for value in held if value and not isinstance(value, bool)}
        return any(self._is_called(user, manager, facts) for manager in managers)

    def _is_called(self, user: OktaUser, text: str, facts: Facts) -> bool:
        """Return whether a manager's id, login, address, number or distinguished name means this user alone.

        A person's name proves nothing: others may have it, or give it to themselves.
        """
        if form_of(text) == DN:
            return self._is_at(user, text, {item.directory.ref for item in facts.app_users})
        kind = user.name_kind(text)
        if kind is NameKind.LOGIN or text == user.id:
            return True
        if kind in {NameKind.EMAIL, NameKind.NUMBER}:  # exports fill them with "None" or "n/a", and teams share some
            return [item.id for item in self._known.identified(text)] == [user.id]
        return False

    def _is_at(self, user: OktaUser, dn: str, directories: Collection[DirectoryRef]) -> bool:
        """Return whether a user's copy in one of these directories has this distinguished name, unique within each."""
        if self._copies is None or self._copies[0] != user.id:
            self._copies = user.id, self._org.links(user.id).copies
        own = (item.profile.get("dn") for item in self._copies[1] if item.directory.ref in directories)
        return folded(dn) in map(folded, own)

    def _user(self, person: Person | None) -> OktaUser | None:
        """Return the one Okta user that a person of the desk is."""
        if person not in self._users:
            found = self._known.of_person(person)
            self._users[person] = found[0] if len(found) == 1 else None
        return self._users[person]
