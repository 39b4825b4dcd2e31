"""Plays ticket texts through the product's own reading and precheck, in four arrangements of both copies.

    python -m tests.reading.score FILE [--json] [--show WORLD]

In each arrangement another attribute of every user has drifted as well, so that a text that is misread would be
"resolved" by what nobody asked for. The scorer is an instrument: it stays strict, and nobody adds a rule for one text.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple

from tests.reading.texts import REQUESTER, Meant, Told, texts_of
from tests.unit import builders as build
from workflows.model import (
    AppUser,
    AttributeRule,
    Links,
    MappingRule,
    OktaUser,
    Policy,
    ProfileMapping,
    ReasonKind,
    Verdict,
)
from workflows.model import VerdictKind as V
from workflows.precheck.examination import Settings, examine
from workflows.precheck.people import People
from workflows.precheck.verdicts import VERDICTS, Act
from workflows.reading.languages import LANGUAGES
from workflows.reading.request import read
from workflows.reading.vocabulary import vocabulary_of
from workflows.values.comparing import means

UNSAID = {
    "email": ("old@example.com", "new@example.com"),
    "login": ("old@example.com", "new@example.com"),
    "countryCode": ("FR", "DE"),
    "preferredLanguage": ("fr", "de"),
    "locale": ("fr_FR", "de_DE"),
    "timezone": ("Europe/Paris", "Europe/Berlin"),
}
ATTRIBUTES = frozenset(name for language in LANGUAGES for name in language.attributes)
DRIFTED = ("zipCode", "middleName")  # the first of them that the text does not speak of
POLICY = Policy(on_behalf=frozenset({"Everyone"}))
TODAY = date(2026, 11, 29)  # when most of the texts were gathered; they speak of days in the year before it


class World(StrEnum):
    """What the two copies hold."""

    AHEAD = "ahead"  # the copy holds what is wanted
    STALE = "stale"  # neither does
    RIGHT = "right"  # both do
    THIRD = "third"  # the copy is ahead of Okta with another value than the ticket wants


class End(StrEnum):
    """What a text leads to, the worst last."""

    SERVED = "served"
    CONFIRM = "confirm"
    ASKED = "asked"
    HANDED_OVER = "handed_over"
    WRONG = "wrong"


class Person(NamedTuple):
    """One user of the arrangement: both copies, and what the text wants of them."""

    user: OktaUser
    copy: AppUser
    names: frozenset[str]
    wants: tuple[tuple[str, str | None], ...]


class Org:
    """The users of one arrangement, as the precheck may ask for them."""

    name = "main"

    def __init__(self, people: Iterable[Person]) -> None:
        self._people = {person.user.id: person for person in people}
        rules = {name: MappingRule(attribute=name, expression=f"appuser.{name}") for name in self._attributes()}
        self._mapping = ProfileMapping(id="prm1", rules=rules)

    def find_users(self, identifier: str) -> tuple[OktaUser, ...]:
        return self._found(lambda person: identifier.casefold() in person.names)

    def find_named(self, name: str) -> tuple[OktaUser, ...]:
        return self._found(lambda person: name.casefold() in person.names)

    def find_in_copies(self, text: str) -> tuple[OktaUser, ...]:
        held = [str(value).casefold() for value in (text,)]
        keys = ("email", "login", "employeeNumber")
        return self._found(lambda person: any(str(person.copy.profile.get(key)).casefold() in held for key in keys))

    def holders(self, attribute: str, value: str) -> tuple[str, ...]:
        return tuple(
            user_id
            for user_id, person in self._people.items()
            if str(person.user.profile.get(attribute)).casefold() == value.casefold()
        )

    def user(self, user_id: str) -> OktaUser:
        return self._people[user_id].user

    def links(self, user_id: str) -> Links:
        return Links(copies=(self._people[user_id].copy,))

    def mapping(self, *_: object, **__: object) -> ProfileMapping:
        return self._mapping

    def attribute_rules(self, *_: object, **__: object) -> tuple[AttributeRule, ...]:
        return ()

    def app_schema(self, *_: object, **__: object) -> tuple[()]:
        return ()

    def told_of(self, *_: object, **__: object) -> Any:
        return _Log()

    def log(self, *_: object, **__: object) -> tuple[()]:
        return ()

    def agent_pools(self) -> tuple[()]:
        return ()

    def _found(self, fits: Any) -> tuple[OktaUser, ...]:
        return tuple(person.user for person in self._people.values() if fits(person))

    def _attributes(self) -> list[str]:
        return sorted({name for person in self._people.values() for name in person.copy.profile} | ATTRIBUTES)


class _Log(NamedTuple):
    events: tuple[()] = ()
    at: datetime = build.NOW


class _Now:
    def now(self) -> datetime:
        return build.NOW


def end(told: Told, world: World) -> tuple[End, str]:
    """Return what the product makes of a text in an arrangement, and its verdicts."""
    people = {person.user.id: person for person in _people(told, world)}
    org: Any = Org(people.values())
    ticket = told.ticket.but(opened_at=build.NOW - timedelta(hours=1))
    reading = read(ticket, vocabulary_of({}), TODAY)
    if reading.effective is not None and reading.effective > TODAY:
        return End.HANDED_OVER, f"held until {reading.effective}"
    subjects = People(ticket, reading, org, _Now(), POLICY).subjects(None)
    ends, seen, met = [], [], set()
    for facts in subjects:
        verdict = examine(facts, None, org, POLICY, Settings.RECENT).verdict
        assert verdict is not None
        person = people.get(verdict.user_id or "")
        met.add(verdict.user_id)
        ends.append(_end(told, world, person, verdict))
        seen.append(
            f"{verdict.kind} {verdict.login or '-'} {[(e.attribute, e.value) for e in verdict.expectations]}"
            f"{' firm' if verdict.firm else ''}"
        )
    if told.clear and all(item in {End.SERVED, End.CONFIRM} for item in ends):
        left = [person for person in people.values() if person.wants and person.user.id not in met]
        ends += [End.WRONG for _ in left]
    return max(ends, key=list(End).index), "; ".join(seen)


def _end(told: Told, world: World, person: Person | None, verdict: Verdict) -> End:
    act = VERDICTS[verdict.kind].act
    if act is Act.ASK:
        return End.ASKED
    meant = person is not None and bool(person.wants) and told.clear
    if act is Act.SYNC:
        if not meant or person is None or world in {World.STALE, World.RIGHT}:
            return End.WRONG
        return _after_sync(person, verdict)
    if act is Act.RESOLVE:
        return End.SERVED if meant and person and _holds(person, dict(person.user.profile)) else End.WRONG
    if not meant or person is None:
        return End.HANDED_OVER
    false_word = verdict.reason.kind is ReasonKind.NOT_YET
    if verdict.kind is V.STALE_IN_DIRECTORY_COPY:
        false_word = world in {World.AHEAD, World.RIGHT}
    return End.WRONG if false_word else End.HANDED_OVER


def _after_sync(person: Person, verdict: Verdict) -> End:
    """Judge a press for somebody who is meant: resolved at once, or confirmed by them."""
    if not verdict.firm:
        return End.CONFIRM
    return End.SERVED if _holds(person, dict(person.copy.profile)) else End.WRONG


def _holds(person: Person, profile: dict[str, Any]) -> bool:
    """Say whether a profile holds what the text wants; what it does not say is held by the copy."""
    for names, expected in person.wants:
        held = [profile.get(name) for name in names.split("|")]
        wanted = [person.copy.profile.get(name) for name in names.split("|")]
        if expected is None and held != wanted:
            return False
        if expected is not None and not any(means(item, value) for item in expected.split("|") for value in held):
            return False
    return True


def _people(told: Told, world: World) -> Iterator[Person]:
    requester = told.ticket.requester
    address = (requester.email or requester.login or "") if requester else ""
    meant = {item.who.casefold(): item for item in told.meant}
    own = meant.pop(REQUESTER, None) or meant.pop(address.casefold(), None) or Meant(REQUESTER)
    yield _person(1, address or "ada@example.com", own, world, told, requester.name if requester else None)
    for number, item in enumerate(meant.values(), 2):
        if item.who.casefold() not in {"unclear", "somebody else", "nobody"}:
            yield _person(number, item.who, item, world, told, None)


def _person(number: int, who: str, meant: Meant, world: World, told: Told, name: str | None) -> Person:
    login = who if "@" in who else f"user{number}@example.com"
    known = told.people.get(login, {})
    named = name or known.get("name") or _name_in(login)
    first, _, last = named.partition(" ")
    base = {
        "firstName": first,
        "lastName": last or "Byron",
        "displayName": named,
        "email": login,
        "login": login,
        "title": "Manager",
        "division": "Operations",
    }
    if number := known.get("employeeNumber", ""):  # type: ignore[assignment]
        base["employeeNumber"] = str(number)
    okta, copy = dict(base), dict(base)
    spoken = {name for want in meant.wants for name in want.attribute.split("|")}
    for want in meant.wants:
        name_of = _attribute(want.attribute)
        before, after = UNSAID.get(name_of, ("Old value", "New value"))
        old, new = want.was or before, after if want.expected is None else want.expected.split("|")[0]
        okta[name_of], copy[name_of] = {
            World.AHEAD: (old, new),
            World.STALE: (old, old),
            World.RIGHT: (new, new),
            World.THIRD: (old, "A third value"),
        }[world]
    drifted = next(item for item in DRIFTED if item not in spoken)
    okta[drifted], copy[drifted] = "10115", "20095"
    names = {
        login,
        login.partition("@")[0],
        who,
        named,
        *([f"{last}, {first}"] if last else []),
        str(known.get("employeeNumber", login)),
    }
    if "email" in spoken or "login" in spoken:
        names |= {str(okta.get("email")), str(okta.get("login"))}
    identity = f"00u{abs(hash(login)) % 10**8}"
    user = build.okta_user(id=identity, login=str(okta["login"]), last_updated=build.NOW).but(profile=okta)
    in_directory = build.app_user(user_id=identity).but(profile=copy)
    wants = tuple((want.attribute, want.expected) for want in meant.wants)
    return Person(user, in_directory, frozenset(item.casefold() for item in names), wants)


def _attribute(names: str) -> str:
    first = names.split("|", maxsplit=1)[0]
    return next((name for name in names.split("|") if name in ATTRIBUTES), first)


def _name_in(login: str) -> str:
    parts = [part.title() for part in re.split(r"[._-]", login.partition("@")[0]) if part.isalpha()]
    return " ".join(parts) if len(parts) > 1 else "Ada Byron"


def totals(texts: Iterable[Told]) -> tuple[int, dict[World, Counter[End]], list[tuple[Told, World, End, str]]]:
    """Return the number of texts, how many of each end in each arrangement, and every text's end."""
    found = [(told, world, *end(told, world)) for told in texts for world in World]
    counts = {world: Counter(item[2] for item in found if item[1] is world) for world in World}
    return len(found) // len(World), counts, found


def main() -> None:
    """Print the table of a file's texts."""
    parser = argparse.ArgumentParser(description="Score the reading of ticket texts.")
    parser.add_argument("file", type=Path)
    parser.add_argument("--json", action="store_true", help="print one last line of JSON")
    parser.add_argument("--show", nargs="*", default=[], help="print the texts of these ends, such as wrong")
    options = parser.parse_args()
    paths = sorted(options.file.rglob("*.txt")) if options.file.is_dir() else [options.file]
    number, counts, found = totals(told for path in paths for told in texts_of(path))
    for told, world, reached, why in found:
        if reached in options.show or f"{world}:{reached}" in options.show:
            print(f"--- {told.name} [{world}: {reached}] {why}", told.ticket.summary, told.ticket.description, sep="\n")
            print(told.meant, end="\n\n")
    print(f"{'':12}" + "".join(f"{item:>12}" for item in End))
    for world in World:
        print(f"{world:12}" + "".join(f"{counts[world][item]:>12}" for item in End))
    if options.json:
        worlds = {world: {item: counts[world][item] for item in End} for world in World}
        print(json.dumps({"texts": number, "worlds": worlds}))


if __name__ == "__main__":
    main()
