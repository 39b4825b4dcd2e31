"""Questions to the caller: asked once, reminded once, and handed over when nobody answers in time.

Public messages are limited: the caller gets at most `MOST_MESSAGES` in a round, including the one that closes the
ticket.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

from workflows.case.closing import judge_again, marker, with_story
from workflows.case.siblings import user_ids
from workflows.model import (
    Case,
    CaseState,
    Comment,
    Intent,
    Move,
    Note,
    Policy,
    QuestionKind,
    Reason,
    RideState,
    Subject,
    Ticket,
    intent_of,
)
from workflows.model import ReasonKind as R
from workflows.notes import public
from workflows.precheck.verdicts import silence_ends
from workflows.steps import FOREVER, Advance, Ports, Wait

MOST_MESSAGES = 3
SAYS_IT = frozenset({R.TO_BE_CONFIRMED, R.SIGN_IN})  # that something was asked


def may_write(case: Case) -> bool:
    """Return whether one more message still leaves room for the closing one."""
    return case.questions + len(case.said.reminded) < MOST_MESSAGES - 1


class Question(NamedTuple):
    """What is asked, by when (UTC), about which subjects, and whether of an agent on the `inside`, not the caller."""

    text: Note
    by: datetime
    kind: QuestionKind = QuestionKind.OPEN
    inside: bool = False
    about: Sequence[Subject] = ()


def ask(case: Case, ports: Ports, because: Reason, question: Question, ride: RideState | None = None) -> Advance:
    """Ask a question and wait for the answer."""
    now, number = ports.clock.now(), case.questions + 1
    said = because if because.kind in SAYS_IT else Reason.of(R.ASKED, because)
    after = with_story(case, now, said).but(
        state=CaseState.ASKED,
        questions=number,
        question=question.kind,
        said=case.said.but(claimed=True),
        asked_inside=question.inside,
        asked_about=user_ids(question.about),
        asked_at=now,
        deadline=question.by,
    )
    key = marker(case, f"asked{number}")
    intent = Intent(key=key, move=Move.ASKED, public=question.text)
    if question.inside:  # nobody outside is waited for, so the ticket is in progress
        intent = Intent(key=key, move=None if case.said.claimed else Move.CLAIMED, internal=question.text)
    return Advance(after, because, due_at=now, intents=(intent,), ride=ride)


def waits(case: Case, ports: Ports, remind_at: datetime | None) -> Wait:
    """Wait for the reminder or the deadline; a reply wakes the case, unless the search does not show its ticket."""
    look_at = None if case.stamp else ports.after(ports.policy.ask_every)
    until = min(at or FOREVER for at in (case.deadline, remind_at, look_at))
    return Wait(until, Reason.of(R.WAITS_FOR_REPLY))


def resume(case: Case, ports: Ports, because: Reason) -> Advance:
    """Judge the ticket again, in progress: the wait is over, with or without the expected answer."""
    intent = Intent(key=marker(case, f"resumed{case.questions}"), move=Move.RESUMED)
    return replace(judge_again(case, ports, because), intents=(intent,))


def reminder_at(case: Case, policy: Policy) -> datetime | None:
    """Return when to remind; None if that was done in this round or would be one message too many."""
    if case.said.reminded or case.asked_inside or case.asked_at is None or not may_write(case):
        return None
    at = case.asked_at + timedelta(seconds=policy.reminded_after)
    return at if at < (case.deadline or FOREVER) else None


def remind(case: Case, ports: Ports) -> Advance:
    """Repeat the question."""
    now = ports.clock.now()
    said = case.said.but(reminded=(*case.said.reminded, case.questions))
    yes = case.question is QuestionKind.CONFIRM and silence_ends(case)
    text = public.reminder(case, case.deadline or now, ports.reader(case), silence_ends=yes)
    intent = Intent(key=marker(case, f"asked{case.questions}-again"), move=Move.ASKED, public=text)
    after = with_story(case, now, Reason.of(R.REMINDED)).but(said=said)
    return Advance(after, Reason.of(R.REMINDER_DUE), due_at=now, intents=(intent,))


def replies(case: Case, ticket: Ticket, ports: Ports) -> tuple[Comment, ...]:
    """Return the comments by people after our question that can answer it, oldest first.

    The requester's can, unless agents were asked. An agent's completes what an open question asks for; whether it is
    right now, only those say who were asked.
    """
    people = [item for item in _written_after(ticket, *_question_of(case)) if not item.by_worker]
    if case.asked_inside:
        return tuple(item for item in people if item.by_agent) or _aloud(case, ticket, ports)
    agents_too = case.question is QuestionKind.OPEN
    return tuple(item for item in people if (agents_too and item.by_agent) or case.is_by_requester(item.author))


def is_doubtful(case: Case, ticket: Ticket) -> bool:
    """Return whether a comment after our question may be the requester's reply, or somebody else's."""
    return any(item.doubtful for item in _written_after(ticket, *_question_of(case)))


def answers_inside(case: Case, ticket: Ticket, ours: str, at: datetime) -> tuple[Comment, ...]:
    """Return what those wrote whom our note `ours`, of that time, addresses, which is not meant for the requester.

    A public word counts only where that note is public too, as the ticket then has no internal side; the requester's
    does not.
    """
    in_public = any(item.public for item in ticket.comments if intent_of(item.marker or "") == ours)
    people = (item for item in _written_after(ticket, ours, at) if not item.by_worker)
    return tuple(item for item in people if item.by_agent or (in_public and not case.is_by_requester(item.author)))


def _aloud(case: Case, ticket: Ticket, ports: Ports) -> tuple[Comment, ...]:
    """Return an agent's answer that was written for all to see, on a desk that proves who its agents are.

    It is the first public word since our question: a later one may answer somebody else.
    """
    after = _written_after(ticket, *_question_of(case))
    first = next((item for item in after if item.public and not item.by_worker), None)
    return (first,) if first and ports.desks[ticket.ref.desk].is_agent(ticket, first.author) else ()


def _question_of(case: Case) -> tuple[str, datetime]:
    """Return the last question's marker and when it was asked (UTC)."""
    return marker(case, f"asked{case.questions}"), case.asked_at or case.opened_at


def _written_after(ticket: Ticket, ours: str, at: datetime) -> tuple[Comment, ...]:
    """Return what was written after a note of ours: by position, or by time (UTC) if ours is not visible."""
    places = [place for place, item in enumerate(ticket.comments) if intent_of(item.marker or "") == ours]
    if places:
        return ticket.comments[places[0] + 1 :]  # a reminder comes later, and the reply may be older than it
    return tuple(item for item in ticket.comments if item.created > at.replace(microsecond=0))
