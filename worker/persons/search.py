"""Finds what the store holds about a person: the names that belong together, and every record in which one occurs."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from worker.audit import acted
from worker.errors import OperatorError
from worker.store import Store
from worker.store.documents import case_of
from worker.store.retention.archive import Record
from workflows.model import Act, Case, OperatorAct, Subject
from workflows.values.wording import counted

SHORTEST = 3  # characters of a name: shorter ones occur in every record


class Part(StrEnum):
    """What a person is to a case."""

    REQUESTER = "requester"
    AFFECTED = "affected"
    NAMED = "named"  # in its texts alone


@dataclass(frozen=True)
class Held:
    """One record in which the person occurs, and as what."""

    case: Case
    record: Record
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Found:
    """All that the store holds about a person: their names, the records, and what they ordered themselves.

    `names` are in small letters, to be compared; `spelt` has each as the products or, where none has it, the operator
    wrote it.
    """

    names: frozenset[str]
    spelt: tuple[str, ...]
    held: tuple[Held, ...]
    acts: tuple[OperatorAct, ...]

    @property
    def case_ids(self) -> tuple[str, ...]:
        """Return the cases of the records."""
        return tuple(dict.fromkeys(item.case.id for item in self.held))


def found(store: Store, given: Iterable[str]) -> Found:
    """Look a person up by logins, Okta ids or addresses, ignoring case. Raises `OperatorError` for too short a name."""
    spelt = {text.strip().casefold(): text.strip() for text in given}
    start = frozenset(spelt)
    if short := [text for text in start if len(text) < SHORTEST]:
        raise OperatorError(f"USER: found {short[0]!r}; give a login, an Okta id or an e-mail address")
    names, more = frozenset[str](), start
    while more != names:
        names = more
        held = tuple(_occurring(store.records(), names))
        links = [link for item in held for link in _links(item.case) if link.keys() & names]
        more = names.union(*links)
        for link in links:
            spelt |= link
    acts = tuple(act for act in store.acts() if {act.by.casefold(), act.user_id.casefold()} & names)
    return Found(names=names, spelt=tuple(sorted(spelt.values(), key=str.casefold)), held=held, acts=acts)


def nothing_of(person: Found) -> str:
    """Say that no record names a person."""
    return f"the store has no record of {', '.join(person.spelt)}"


def ordered(act: Act, person: Found, *, by: str, why: str) -> OperatorAct:
    """Return the act for the audit, which never says about whom. Raises `OperatorError` if its reason names them."""
    if any(name in why.casefold() for name in person.names):
        raise OperatorError(
            "--why names the person, and the audit would keep it; say it without, as by a request's number"
        )
    return acted(act, counted(len(person.case_ids), "case"), by=by, why=why)


def is_about(subject: Subject, case: Case, names: Collection[str]) -> bool:
    """Say whether a subject is this person; one that a ticket does not name is its requester."""
    verdict = subject.verdict
    called = (subject.request.user,) if subject.request.user else case.filed_as
    known = {*called, verdict.login if verdict else None, verdict.user_id if verdict else None}
    return any(name is not None and name.casefold() in names for name in known)


def _links(case: Case) -> Iterator[dict[str, str]]:
    """Yield the names of each affected user that Okta or the ticket says belong to one person, by their small letters.

    A name has Okta's spelling, if Okta knows it.
    """
    for subject in case.subjects:
        verdict = subject.verdict
        if verdict is not None and verdict.user_id is not None:
            requester = case.filed_as if subject.request.user is None else ()
            names = (*requester, verdict.login, verdict.user_id)
            yield {name.casefold(): name for name in names if name}


def _occurring(records: Iterable[Record], names: Collection[str]) -> Iterator[Held]:
    """Yield the records in which one of these names occurs, and as what."""
    pattern = _any_of(names)
    for record in records:
        if any(pattern.search(text.casefold()) for text in _texts(record)):
            case, parts = case_of(record["case"], record["case"]["id"]), list[Part]()
            if any(name.casefold() in names for name in case.filed_as):
                parts.append(Part.REQUESTER)
            if any(is_about(subject, case, names) for subject in case.subjects):
                parts.append(Part.AFFECTED)
            yield Held(case=case, record=record, parts=tuple(parts) or (Part.NAMED,))


def _texts(value: object) -> Iterator[str]:
    """Yield every text of a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, Sequence):
        for item in value:
            yield from _texts(item)


def _any_of(names: Iterable[str]) -> re.Pattern[str]:
    """Return a pattern that finds any of these names as a whole, in lower case."""
    some = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    return re.compile(rf"(?<![\w.+-])(?:{some})(?![\w@+-]|\.\w)")
