"""Whose profile a ticket is about, by evidence: whom it names counts only if Okta knows them.

Explicit channels come first. In prose, those are meant for whom the words hold a statement or a value that has not
arrived; an identifier that stays unknown keeps the requester from being taken in their place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from enum import IntEnum
from typing import NamedTuple

from workflows.model import Candidate, CandidateKind, OktaUser, Policy, Reading, Request, Ticket, folded
from workflows.ports import Clock, OktaOrg
from workflows.precheck.facts import Facts
from workflows.precheck.gathering import gather
from workflows.precheck.identities import MANAGER, Behalf, Identities, is_identifier
from workflows.precheck.questions import question_of
from workflows.precheck.wishes import stated_in
from workflows.reading.candidates import EMAIL, LOGIN
from workflows.reading.spans import Line
from workflows.reading.vocabulary import vocabulary_of
from workflows.values.keys import is_meant

_SEVERAL = re.compile(r"(?:(?<!\s)\s+)?[;&\n,]\s*|(?<!\s)\s+(?:and|und|et|y|e|en|i|och|og)\s+")
_LAST_FIRST = re.compile(r"[\w'’-]+,\s*[\w'’-]+(?:\s[\w'’-]+)?")  # "Jones, Tom"
NAMES = ("firstName", "lastName", "displayName")
LOOKED_UP = 5  # people in prose; who else is named is asked about
LATELY = timedelta(days=2)  # before a ticket was opened: what came right since is what it asks for


class Strength(IntEnum):
    """How surely the words are about a user."""

    NONE = 0
    NAME = 1  # they name an attribute that has not arrived
    VALUE = 2  # they hold or state a value of this user's that has not arrived


class _Known(NamedTuple):
    """A text of the ticket's that names somebody, and the Okta users that it fits."""

    text: str
    users: tuple[OktaUser, ...]


class People:
    """Finds a ticket's subjects; every look-up is made once."""

    def __init__(
        self,
        ticket: Ticket,
        reading: Reading,
        org: OktaOrg,
        clock: Clock,
        policy: Policy,
        by_agent: Callable[[], bool] = lambda: False,
    ) -> None:
        self._ticket, self._reading = ticket, reading
        self._org, self._clock, self._policy = org, clock, policy
        self._known = Identities(org)
        self._behalf = Behalf(ticket, policy, org, self._known, by_agent)

    def subjects(self, since: datetime | None) -> tuple[Facts, ...]:
        """Return the facts of each subject. Mapping and schema may have been read as long ago as `since` (UTC)."""
        told = self._reading.users
        others = [text for text in told if self._is_somebody_else(text)]
        named = self._names(self._row_users()) or self._names(told)
        if not named and others:
            return (self._unclear(others),)
        if named:
            most = self._policy.subjects_at_most
            asked = [*named[most:], *filter(self._is_somebody_else, self._row_users())]
            left = (self._unclear(asked, several=True),) if asked else ()
            return (*self._explicit(named[:most], since), *left)
        return self._in_prose(since)

    def _names(self, texts: Iterable[str]) -> list[str]:
        """Return those of labels' texts that may be somebody's name."""
        words = vocabulary_of(self._policy.synonyms)
        return [text for text in texts if not (words.is_one_of("oneself", text) or self._is_somebody_else(text))]

    def _is_somebody_else(self, text: str) -> bool:
        """Say whether a label is filled in with "somebody else"; a single word such as "Hans" may be a name."""
        return " " in text and vocabulary_of(self._policy.synonyms).is_one_of("others", text)

    def _explicit(self, named: list[str], since: datetime | None) -> tuple[Facts, ...]:
        parts = dict.fromkeys(part for text in named for part in _parts(text))
        known = [_Known(text, self._known.look_up(text)) for text in parts]
        single = {item.users[0].id: item for item in known if len(item.users) == 1}
        found = [self._facts(item.users[0], item.text, since) for item in single.values()]
        others = [item for item in known if len(item.users) != 1 and not any(user.id in single for user in item.users)]
        others = [item for item in others if is_identifier(item.text) or not _is_any_of(found, item.text)]
        return (*found, *(self._unknown(item) for item in others))

    def _in_prose(self, since: datetime | None) -> tuple[Facts, ...]:
        requester = self._requester(since)
        own = self._own_texts(requester)
        others = [item for item in self._reading.candidates if not _is_own(item, own)]
        texts = {kind: [item.text for item in others if item.kind is kind] for kind in CandidateKind}
        identifiers, guesses = texts[CandidateKind.IDENTIFIER], texts.pop(CandidateKind.GUESS)
        known = [_Known(text, self._known.look_up(text)) for text in identifiers[:LOOKED_UP]]
        words = (_Known(text, self._known.identified(text)) for text in texts[CandidateKind.WORD][:LOOKED_UP])
        known += [item for item in words if item.users]
        if not any(item.users for item in known):
            known += [_Known(text, self._known.named(text)) for text in texts[CandidateKind.NAME][:LOOKED_UP]]
        known += self._guessed(guesses[:LOOKED_UP], requester, since)
        single = {item.users[0].id: item for item in known if len(item.users) == 1}
        single.pop(requester.users[0].id if len(requester.users) == 1 else "", None)
        told = any(texts.values())
        if not known and (self._reading.oneself or not (told or self._reading.of_others)):
            return (requester,)
        found = [self._facts(item.users[0], item.text, since) for item in single.values()]
        if self._behalf.of_all or any(not facts.stranger for facts in found):
            meant = self._by_evidence(requester, [facts for facts in found if not facts.stranger], known)
            return (*meant, self._unclear(identifiers[LOOKED_UP:], several=True)) if identifiers[LOOKED_UP:] else meant
        about_others = told or (self._reading.of_others and self._strength(requester) < Strength.VALUE)
        return (self._stranger(),) if about_others and not self._reading.oneself else (requester,)

    def _guessed(self, names: list[str], requester: Facts, since: datetime | None) -> list[_Known]:
        """Look up what may be people's names, where the requester's own drift explains nothing.

        Where the writer speaks of themselves, only those count for whom the words hold a value.
        """
        own, explained = self._reading.oneself, self._strength(requester) >= Strength.VALUE
        if not names or (own and explained and not self._reading.of_others) or not self._behalf.of_all:
            return []
        found: list[_Known] = []
        for name in names:
            login = LOGIN.fullmatch(name) is not None
            look_up = self._known.identified if login else self._known.named
            users = () if any(name in item.text for item in found) else look_up(name)
            told = len(users) == 1 and (not login or self._is_spoken_of(self._facts(users[0], name, since)))
            found += [_Known(name, users)] if told else []
        if not own:
            return found
        facts = [(item, self._facts(item.users[0], item.text, since)) for item in found]
        if not any(self._strength(of_them, of_others=True) >= Strength.VALUE for _, of_them in facts):
            return [item for item, of_them in facts if self._is_owner(of_them)]
        return [item for item, of_them in facts if self._strength(of_them) >= Strength.VALUE]

    def _is_spoken_of(self, facts: Facts) -> bool:
        """Say whether more than the form of a login speaks for somebody: "Approved by ada.byron" does not."""
        return self._strength(facts, of_others=True) >= Strength.VALUE or self._is_owner(facts)

    def _by_evidence(self, requester: Facts, others: list[Facts], known: list[_Known]) -> tuple[Facts, ...]:
        """Choose among those whom the words may mean and the requester may ask for."""
        strength = self._strength(requester)
        shown = [facts for facts in others if self._strength(facts, of_others=True) >= Strength.VALUE]
        blocking = [item.text for item in known if len(item.users) != 1]
        alone = not known and not self._reading.of_others
        if strength >= Strength.VALUE and (self._reading.oneself or alone):
            return (requester, *shown)
        if shown:
            return tuple(item for item in others if self._strength(item) >= Strength.VALUE or self._came_right(item))
        if others and not self._reading.oneself:
            return tuple(others)
        if blocking:
            return (self._unclear(blocking),)
        if self._reading.of_others and not self._reading.oneself and not others:
            return (self._unclear(["somebody else"]),)
        return self._without_evidence(requester, others, strength)

    def _without_evidence(self, requester: Facts, others: list[Facts], strength: Strength) -> tuple[Facts, ...]:
        """Choose where no value speaks for anybody: nothing is pressed on a name alone for whom the writer is not."""
        if not others:
            return (requester,)
        owned = len(others) == 1 and (not self._reading.oneself or self._is_owner(others[0]))
        if strength is Strength.NONE and owned:
            return (others[0],)
        names = [facts.identifier or "" for facts in (requester, *others)]
        return (self._unclear(names, several=True),)

    def _is_owner(self, facts: Facts) -> bool:
        """Say whether a sentence names somebody and an attribute, and not its writer, and their copies differ in it."""
        vocabulary, words = vocabulary_of(self._policy.synonyms), [line.text for line in self._reading.lines]
        spoken = vocabulary.spoken(words)
        sentences = (item for line in words for item in Line(line, vocabulary.hits(line, spoken)).sentences())
        told = (item for item in sentences if (facts.identifier or "") in item.text and not item.has("oneself"))
        return self._strength(facts) > Strength.NONE and any(item.has("attributes") for item in told)

    def _requester(self, since: datetime | None) -> Facts:
        person = self._ticket.requester
        users = (self._known.of_person(person) or self._known.in_copies(person)) if person else ()
        if len(users) == 1:
            return self._facts(users[0], None, since)
        texts = person.identifiers if person else ()
        return self._blank(" or ".join(texts) or None, named=False).but(users=users)

    def _own_texts(self, requester: Facts) -> tuple[str, ...]:
        """Return by what the requester may be called: what both copies hold of them is no other person's."""
        person = self._ticket.requester
        held = [*person.identifiers, person.name or ""] if person else []
        if len(requester.users) == 1:
            moves = requester.leading and any(requester.differs(name) for name in MANAGER)  # then it is a value, too
            told = [item for profile in requester.profiles for item in profile.items()]
            held += [str(value) for name, value in told if value and (moves or name not in MANAGER)]
        return tuple(text for text in held if text)

    def _strength(self, facts: Facts, *, of_others: bool = False) -> Strength:
        """Return how surely the words are about a user.

        Of others, where the writer speaks of themselves, a value has to stand alone.
        """
        if len(facts.users) != 1 or facts.leading is None or facts.unreadable:
            return Strength.NONE
        question = question_of(facts, self._policy.synonyms)
        strongest = Strength.NONE
        for ask in question.asks:
            mention, differs = question.mention(ask.attribute), facts.differs(ask.attribute)
            shown = ask.still is not None and is_meant(ask.still, facts.okta(ask.attribute))
            if shown or (differs and ask.expected is not None):
                strongest = Strength.VALUE
            elif differs:
                alone = mention.alone or not (of_others and self._reading.oneself)
                spoken = (mention.new or mention.old) and alone
                strongest = max(strongest, Strength.VALUE if spoken else Strength.NAME)
        return strongest

    def _came_right(self, facts: Facts) -> bool:
        """Return whether Okta holds a value that is asked for, as it does for whom a first Force Sync put right."""
        if len(facts.users) != 1:
            return False
        spoken = question_of(facts, self._policy.synonyms).mentions
        return any(item.by_name and item.new and not facts.differs(name) for name, item in spoken.items())

    def _facts(self, user: OktaUser, text: str | None, since: datetime | None) -> Facts:
        facts = self._blank(text or user.login, user, named=text is not None).but(users=(user,))
        facts = gather(facts, self._org, since)
        return facts.but(stranger=not self._behalf.covers(facts))

    def _blank(self, text: str | None, user: OktaUser | None = None, *, named: bool) -> Facts:
        """Return what the ticket itself tells of somebody, of whom nothing has been read yet."""
        reading, opened = self._reading, self._ticket.opened_at
        mine = [item for item in reading.statements if self._is_about(item.user, user)]
        request = Request(
            user=text if named else None,
            statements=tuple(mine),
            named=reading.named,
            others=reading.others,
            cut=reading.cut,
            source=reading.source,
            stated=stated_in(reading, mine),
        )
        return Facts(
            request=request,
            identifier=text,
            named=named,
            at=self._clock.now(),
            words=tuple(line.text for line in reading.lines if self._is_about(line.user, user)),
            reading=reading,
            opened=opened,
            recent_since=opened - timedelta(seconds=self._policy.recent) if opened else None,
        )

    def _is_about(self, text: str | None, user: OktaUser | None) -> bool:
        """Say whether a row is about this user, or about nobody in particular; each text has been looked up before."""
        return text is None or (user is not None and any(item.id == user.id for item in self._known.look_up(text)))

    def _row_users(self) -> list[str]:
        users = [item.user for item in self._reading.statements] + [line.user for line in self._reading.lines]
        return list(dict.fromkeys(user for user in users if user))

    def _unknown(self, item: _Known) -> Facts:
        return self._blank(item.text, named=True).but(users=item.users, stranger=not self._behalf.of_all)

    def _stranger(self) -> Facts:
        """Return the facts of somebody for whom the requester may not ask: whether Okta knows them is not told."""
        return self._blank(None, named=True).but(stranger=True)

    def _unclear(self, texts: list[str], *, several: bool = False) -> Facts:
        facts = self._blank(None, named=False)
        return facts.but(request=facts.request.but(unclear=tuple(dict.fromkeys(texts))), several=several)


def _is_own(item: Candidate, own: Iterable[str]) -> bool:
    """Say whether a candidate is what the requester's copies hold; a name may be a part of that: of a company's."""
    if item.kind in {CandidateKind.IDENTIFIER, CandidateKind.WORD}:
        return folded(item.text) in map(folded, own)
    text, names = item.text.casefold(), [held.casefold() for held in own]
    return text in names or (item.kind is CandidateKind.NAME and any(text in held for held in names))


def _parts(text: str) -> list[str]:
    """Return everybody whom a filled-in label names: "eve@example.com and Tom Jones, jo"."""
    addresses = EMAIL.findall(text)
    if len(addresses) == 1 and not re.search(r"[,;&]", text):
        return [text]
    parts = [part.strip() for part in _SEVERAL.split(text)]
    return [part for part in parts if part] if len(addresses) > 1 or _LAST_FIRST.fullmatch(text) is None else [text]


def _is_any_of(found: list[Facts], text: str) -> bool:
    """Say whether a label's text has a part of a found user's name."""
    held = [str(facts.okta(name) or "") for facts in found for name in NAMES]
    words = {word.casefold() for value in held for word in re.findall(r"\w+", value)}
    return bool(words & {word.casefold() for word in re.findall(r"\w+", text)})
