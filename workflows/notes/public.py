"""What the requester reads: short, without values, and neutral where somebody else is affected.

The texts are the desk's own (`reader`); this module decides which of them are used.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from workflows.model import (
    Block,
    Bullets,
    Case,
    Note,
    ReasonKind,
    Request,
    Subject,
    SyncRun,
    Ticket,
    Verdict,
    VerdictKind,
    folded,
)
from workflows.notes.audience import Reader
from workflows.notes.handovers import team_of
from workflows.precheck.verdicts import STALE_COPY, Team, asking, leading_verdict, tells
from workflows.reading.statements import labelled
from workflows.reading.vocabulary import vocabulary_of

USER, ATTRIBUTE, VALUE = "user", "attribute", "expected"  # the parts of a ticket, as its labelled lines name them
NEEDED = (  # in this order: the text of a question that asks for no more than these parts
    (frozenset({VALUE}), "question_cannot_tell"),
    (frozenset({ATTRIBUTE, VALUE}), "question_which_attribute"),
    (frozenset({USER, VALUE}), "question_whose_profile"),
)
HANDED_TO = {
    Team.DESK: "escalated_desk",
    Team.DIRECTORY: "escalated_directory",
    Team.OKTA: "escalated_okta",
    Team.SUPPORT: "escalated_support",
}
_NAME = re.compile(r"[A-Za-z][A-Za-z _-]{1,40}")  # of an attribute; anything else in its place is not repeated


def question(verdict: Verdict, ticket: Ticket, subject: Subject, by: datetime, reader: Reader) -> Note:
    """Ask the requester for what is missing, with lines to fill in and what was understood so far."""
    request, missing, (name, _) = subject.request, lacking(verdict, subject.request), asking(verdict)
    if verdict.kind is VerdictKind.NEEDS_INFORMATION:
        name = next((text for parts, text in NEEDED if missing <= parts), name)
    asked = reader.note(name, ticket=ticket.ref.key, by=reader.here(by)).blocks
    begins, *rest = (_only(block, missing) for block in asked)
    end = max((place for place, block in enumerate(rest, 1) if isinstance(block, Bullets)), default=0)
    known = _known(verdict, request, missing, reader) if end else ()  # after the lines to fill in
    spoken = verdict.spoken if tells(verdict) else ()  # what only the profile's owner is asked
    about = [name for name in request.attributes or spoken if _NAME.fullmatch(name)]
    understood = reader.note("question_understood", attributes=reader.names(about)).blocks if about else ()
    return Note(blocks=(begins, *understood, *rest[:end], *known, *rest[end:]))


def _known(verdict: Verdict, request: Request, missing: frozenset[str], reader: Reader) -> Iterator[Block]:
    """Say what the reply need not repeat: that the user or the value is known."""
    if USER not in missing and verdict.kind is VerdictKind.NEEDS_INFORMATION:
        yield from reader.note("question_known_user").blocks
    if VALUE not in missing and any(item.expected is not None for item in request.statements):
        yield from reader.note("question_known_value").blocks


def _only(block: Block, missing: frozenset[str]) -> Block:
    """Leave out the lines to fill in whose part is known; other lines stay."""
    if not isinstance(block, Bullets):
        return block
    vocabulary = vocabulary_of({})
    lines = [(item, labelled(item, vocabulary)) for item in block.items]
    return Bullets(items=tuple(item for item, line in lines if line is None or line.label.kind in missing))


def confirmation(case: Case, by: datetime, reader: Reader, *, silence_ends: bool) -> Note:
    """Ask the requester whether their own profile is right now; with `silence_ends`, no answer counts as yes."""
    asked = reader.names(item.attribute for subject in case.subjects for item in subject.expectations)
    name = "confirm" if silence_ends else "confirm_handed_over"
    return reader.note(name, ticket=case.ref.key, by=reader.here(by), attributes=asked)


def is_own(case: Case, ticket: Ticket) -> bool:
    """Return whether the ticket's requester is the one affected user."""
    requester = ticket.requester
    return requester is not None and _own(case, requester.login, requester.email)


def concerns_requester(case: Case) -> bool:
    """Return whether the case's requester is the one affected user."""
    return _own(case, *case.filed_as)


def is_of_others(case: Case) -> bool:
    """Return whether anything was read about somebody else than the case's requester."""
    logins = (item.verdict.login for item in case.subjects if item.verdict and item.verdict.user_id)
    return any(folded(login) not in map(folded, case.filed_as) for login in logins)


def _own(case: Case, *requester: str | None) -> bool:
    """Return whether the requester, by one of these names, is the one affected user."""
    verdict = case.subjects[0].verdict if len(case.subjects) == 1 else None
    login = folded(verdict.login) if verdict else ""
    return bool(login) and login in map(folded, requester)


def reminder(case: Case, by: datetime, reader: Reader, *, silence_ends: bool) -> Note:
    """Remind the requester of an unanswered question; with `silence_ends`, no answer counts as yes."""
    name = "reminder_resolved" if silence_ends else "reminder"
    return reader.note(name, ticket=case.ref.key, by=reader.here(by))


def sign_in(case: Case, by: datetime, reader: Reader) -> Note:
    """Ask for one more sign-in of whoever is affected."""
    return reader.note("sign_in", ticket=case.ref.key, by=reader.here(by))


def closing_sentence(case: Case, ticket: Ticket, reader: Reader) -> str:
    """Return the public sentence that closes a ticket; close notes are public text too."""
    return reader.sentence(_resolved(case, ticket), ticket=ticket.ref.key)


def resolved(case: Case, ticket: Ticket, reader: Reader) -> Note:
    """Tell the requester the end in a few words."""
    return reader.note(_resolved(case, ticket), ticket=ticket.ref.key)


def escalated(case: Case, run: SyncRun | None, until: datetime | None, reader: Reader) -> Note:
    """Tell the requester who has the request now."""
    verdict, ticket = leading_verdict(case), case.ref.key
    if not concerns_requester(case):
        return reader.note("escalated_neutral", ticket=ticket)
    if verdict and verdict.kind in STALE_COPY and until:
        return reader.note("escalated_watched", by=reader.here(until), ticket=ticket)
    return reader.note(HANDED_TO[team_of(case, run)], ticket=ticket)


def _resolved(case: Case, ticket: Ticket) -> str:
    verdict = leading_verdict(case)
    if verdict is None or not is_own(case, ticket):
        return "resolved_neutral"
    changed = verdict.kind in {VerdictKind.STALE_IN_OKTA, *STALE_COPY} or verdict.reason.kind is ReasonKind.CAME_SINCE
    return "resolved_updated" if changed else "resolved_already_right"


def lacking(verdict: Verdict, request: Request) -> frozenset[str]:
    """Return the parts to ask for.

    A value that fits no single attribute is asked for together with its attribute, so that the reply says which one it
    belongs to.
    """
    if verdict.kind in {VerdictKind.USER_NOT_FOUND, VerdictKind.USER_AMBIGUOUS}:
        return frozenset({USER})
    missing = set() if verdict.user_id else {USER}
    if _value_is_missing(verdict, request):
        missing.add(VALUE)
    named = {name.casefold() for name in request.attributes}
    which = verdict.kind is VerdictKind.NEEDS_INFORMATION and verdict.user_id and verdict.attribute is None
    if which or not named or (VALUE in missing and len(named) > 1):
        missing.add(ATTRIBUTE)
    return frozenset(missing)


def _value_is_missing(verdict: Verdict, request: Request) -> bool:
    if verdict.kind is VerdictKind.CANNOT_TELL or verdict.attribute is not None:
        return True  # the values that are stated do not decide, or contradict each other
    return not request.statements or any(item.expected is None for item in request.statements)
