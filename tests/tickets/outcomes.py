"""What becomes of a ticket text in four worlds: the copy is ahead, both are stale, both are right, or all differ.

In each of them another attribute of the user has drifted as well, so that a text that is misread would be "resolved" by
what nobody asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from tests.tickets.reading import Meant, Told, who_is_meant
from tests.unit import builders as build
from workflows.model import MappingRule, ProfileMapping, Request, Verdict
from workflows.model import VerdictKind as V
from workflows.precheck.table import judge
from workflows.reading.attribute_words import WORDS, meanings
from workflows.reading.intake import understand
from workflows.reading.ticket_text import said_in

ONE_OF_TWO = {"physicalDeliveryOfficeName", "managerId"}  # an org fills the one or the other
ATTRIBUTES = sorted({name for names in WORDS.values() for name in names} - ONE_OF_TWO | {"login"})
REQUIRED = {"firstName": "Ada", "lastName": "Byron", "email": "ada@example.com", "login": "ada@example.com"}
UNSAID = {
    "email": ("old@example.com", "new@example.com"),
    "login": ("old@example.com", "new@example.com"),
    "countryCode": ("FR", "DE"),
    "preferredLanguage": ("fr", "de"),
    "locale": ("fr_FR", "de_DE"),
    "timezone": ("Europe/Paris", "Europe/Berlin"),
}
DRIFTED = ("zipCode", "middleName")  # the first of them that the text does not speak of
QUESTIONS = {V.NEEDS_INFORMATION, V.CANNOT_TELL, V.USER_AMBIGUOUS, V.USER_NOT_FOUND, V.NOT_MAPPED}


class World(StrEnum):
    """What the two copies hold."""

    AHEAD = "ahead"
    STALE = "stale"
    RIGHT = "right"
    THIRD = "third"  # the copy is ahead of Okta with another value than the ticket wants


class End(StrEnum):
    """What a text leads to."""

    SERVED = "served"
    ASKED = "asked"
    WRONG = "wrong"


class _Profile(NamedTuple):
    okta: dict[str, str]
    copy: dict[str, str]
    wanted: dict[str, str]  # what the careful person wants to see, and Okta lacks


def end(told: Told, world: World) -> tuple[End, str]:
    """Return what the product makes of a text in a world, and the verdicts."""
    requester = told.ticket.requester.email if told.ticket.requester else None
    left = {meant.who.casefold(): meant for meant in told.meant}
    ends: list[End] = []
    seen: list[str] = []
    for request in understand(told.ticket, {}):
        if request.unclear or (request.somebody_else and not request.user):
            return End.ASKED, "who is meant"
        who = who_is_meant(request, requester)
        meant = left.pop(who, None) or left.pop(_whose_own(who, left.values()), None)
        if meant is None:
            verdict = _verdict(request, _profile(Meant("nobody"), world, who), said_in(told.ticket, request.user))
            ends.append(End.ASKED if verdict.kind in QUESTIONS else End.WRONG)
            seen.append(f"{request.user or 'the requester'} is not meant: {verdict.kind}")
            continue
        address = (requester or "") if who == "requester" else who
        reached, verdict = _one(request, meant, world, address, said_in(told.ticket, request.user))
        ends.append(reached)
        seen.append(
            f"{verdict.kind} {verdict.attribute} {[(item.attribute, item.value) for item in verdict.expectations]}"
        )
    if left and End.ASKED not in ends:
        ends.append(End.WRONG)
    return max(ends, key=list(End).index), "; ".join(seen)


def _whose_own(who: str, meant: Iterable[Meant]) -> str:
    """Return whose address this is or is to be; to look it up finds the same user."""
    own = (item.who for item in meant for want in item.wants if who in {want.expected, want.still})
    return next(own, "").casefold()


def _one(request: Request, meant: Meant, world: World, address: str, words: str) -> tuple[End, Verdict]:
    profile = _profile(meant, world, address)
    verdict = _verdict(request, profile, words)
    if verdict.kind in QUESTIONS:
        return End.ASKED, verdict
    states = any(want.expected is not None or want.still for want in meant.wants)
    if world is World.THIRD:
        unsaid = all(want.expected is None for want in meant.wants)
        harmless = verdict.kind is V.STALE_IN_DIRECTORY_COPY or unsaid
        return (End.SERVED if harmless else End.WRONG), verdict
    if verdict.kind is V.STALE_IN_OKTA:
        seen = {item.attribute: item.value for item in verdict.expectations}
        missed = {name: value for name, value in profile.wanted.items() if seen.get(name) != value}
        helps = world is World.AHEAD or not meant.wants
        return (End.SERVED if helps and not missed else End.WRONG), verdict
    if verdict.kind is V.STALE_IN_DIRECTORY_COPY:
        return (End.SERVED if world is World.STALE and states else End.WRONG), verdict
    return (End.SERVED if verdict.kind is V.ALREADY_RIGHT and world is World.RIGHT and states else End.WRONG), verdict


def _verdict(request: Request, profile: _Profile, words: str) -> Verdict:
    facts = build.facts(
        request=request,
        named=request.user is not None,
        users=(build.okta_user(profile.okta),),
        app_users=(build.app_user(profile.copy),),
        mapping=mapping_of({*ATTRIBUTES, *profile.copy}),
        history=(),
        directory_history=(),
        words=words,
    )
    return judge(facts, {})


def mapping_of(names: Iterable[str]) -> ProfileMapping:
    """Return a mapping that fills each attribute from the one of the same name."""
    return ProfileMapping(
        id="prm1", rules={name: MappingRule(attribute=name, expression=f"appuser.{name}") for name in sorted(names)}
    )


def _named(address: str) -> dict[str, str]:
    """Return the names that an address tells, so that a signature is its user's own, and what nobody speaks of."""
    names = re.match(r"([a-z]+)[._]([a-z-]+)@", address)
    unspoken = {"title": "Manager", "division": "Operations"}
    return REQUIRED | unspoken | ({"firstName": names[1].title(), "lastName": names[2].title()} if names else {})


def _profile(meant: Meant, world: World, address: str) -> _Profile:
    okta, copy, wanted = {}, {}, {}
    for want in meant.wants:
        for number, name in enumerate(_attributes(want.attribute or "")):
            before, after = UNSAID.get(name, ("Old value", "New value"))
            old = want.still or before
            new = after if want.expected is None else want.expected
            if number:
                okta[name] = copy[name] = "Another value"
                continue
            okta[name] = new if world is World.RIGHT else old
            copy[name] = {World.STALE: old, World.THIRD: UNSAID.get(name, ("", "Third value"))[1]}.get(world, new)
            if world is World.AHEAD:
                wanted[name] = new
    drifted = next(name for name in DRIFTED if name not in okta)
    person = _named(address)
    return _Profile(person | okta | {drifted: "Old drift"}, person | copy | {drifted: "New drift"}, wanted)


def _attributes(names: str) -> list[str]:
    """Return the Okta attributes that an alternative of the table may mean, the first one being the right one."""
    parts = names.split("|")
    found = [
        name for part in parts for name in (part, *meanings(part, {})) if name in {*ATTRIBUTES, *(ONE_OF_TWO & {part})}
    ]
    return list(dict.fromkeys(found or parts))
