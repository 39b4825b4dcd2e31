"""Questions to the caller: asked once, reminded once, and handed over when nobody answers in time.

Public messages are limited: the caller gets at most `MOST_MESSAGES` in a round, including the one that closes the
ticket.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from workflows.case.closing import escalate, marker, with_story
from workflows.case.sight import Sight
from workflows.case.watching import look
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
    Refresh,
    RideState,
    Subject,
    Ticket,
    intent_of,
)
from workflows.model import ReasonKind as R
from workflows.notes import public
from workflows.precheck.verdicts import silence_ends
from workflows.reading.own_words import MOST_READ, own_words
from workflows.reading.replies import says_pressed
from workflows.reading.vocabulary import vocabulary_of
from workflows.steps import FOREVER, Advance, Audience, Outcome, Ports, Wait, audience, too_late

MOST_MESSAGES = 3
ACTIVE = "ACTIVE"  # the one status in which a user signs in without an administrator's help


def may_write(case: Case) -> bool:
    """Return whether one more message still leaves room for the closing one."""
    return case.questions + _reminders(case) < MOST_MESSAGES - 1


class Question(NamedTuple):
    """What is asked, whom, and about which subjects."""

    text: Note
    kind: QuestionKind = QuestionKind.OPEN
    readers: Audience = Audience.REQUESTER_TOO
    about: Sequence[Subject] = ()


def ask(case: Case, ports: Ports, because: Reason, question: Question, ride: RideState | None = None) -> Advance:
    """Ask the caller a question and wait for the answer."""
    now, number = ports.clock.now(), case.questions + 1
    after = with_story(case, now, Reason.of(R.ASKED, because)).but(
        state=CaseState.ASKED,
        questions=number,
        question=question.kind,
        said=case.said.but(claimed=True),
        asked_inside=question.readers is Audience.DESK,
        asked_about=tuple(item.verdict.user_id for item in question.about if item.verdict and item.verdict.user_id),
        asked_at=now,
        deadline=now + timedelta(seconds=ports.policy.ask_for),
    )
    key = marker(case, f"asked{number}")
    intent = Intent(key=key, move=Move.ASKED, public=question.text)
    if question.readers is Audience.DESK:  # nobody outside is waited for, so the ticket is in progress
        intent = Intent(key=key, move=None if case.said.claimed else Move.CLAIMED, internal=question.text)
    return Advance(after, because, due_at=now, intents=(intent,), ride=ride)


def asked(case: Case, ticket: Ticket, ports: Ports, late: Reason | None) -> Outcome:
    """Wait for a person's reply; remind once, and hand over after the deadline or when the SLA says so."""
    now = ports.clock.now()
    deadline = case.deadline or now
    if why := late or (Reason.of(R.NO_REPLY) if now >= deadline else None):
        return escalate(case, ports, why, readers=audience(ticket))
    remind_at = reminder_at(case, ports.policy)
    if remind_at is not None and now >= remind_at:
        return _remind(case, ports, deadline, now)
    return waits(case, ports, remind_at)


def waits(case: Case, ports: Ports, remind_at: datetime | None) -> Wait:
    """Wait for the reminder or the deadline; a reply wakes the case, unless the search does not show its ticket."""
    look_at = None if case.stamp else ports.clock.now() + timedelta(seconds=ports.policy.ask_every)
    times = [at for at in (case.deadline, remind_at, look_at) if at is not None]
    return Wait(min(times, default=FOREVER), Reason.of(R.WAITS_FOR_REPLY))


def resume(case: Case, now: datetime, kind: R) -> Advance:
    """Return to `claimed` to judge the ticket again: the wait is over, with or without the expected answer."""
    because = Reason.of(kind)
    after = with_story(case, now, because).but(state=CaseState.CLAIMED, deadline=None)
    intent = Intent(key=marker(case, f"resumed{case.questions}"), move=Move.RESUMED)
    return Advance(after, because, due_at=now, intents=(intent,))


def reminder_at(case: Case, policy: Policy) -> datetime | None:
    """Return when to remind; None if that was done in this round or would be one message too many."""
    if _reminders(case) or case.asked_inside or case.asked_at is None or not may_write(case):
        return None
    at = case.asked_at + timedelta(seconds=policy.reminded_after)
    return at if case.deadline is None or at < case.deadline else None


def _reminders(case: Case) -> int:
    return len(case.said.reminded)


def _remind(case: Case, ports: Ports, deadline: datetime, now: datetime) -> Advance:
    after = with_story(case, now, Reason.of(R.REMINDED)).but(
        said=case.said.but(reminded=(*case.said.reminded, case.questions))
    )
    yes = case.question is QuestionKind.CONFIRM and silence_ends(case)
    text = public.reminder(case, deadline, ports.reader(case), silence_ends=yes)
    intent = Intent(key=marker(case, f"asked{case.questions}-again"), move=Move.ASKED, public=text)
    return Advance(after, Reason.of(R.REMINDER_DUE), due_at=now, intents=(intent,))


def replies(case: Case, ticket: Ticket) -> tuple[Comment, ...]:
    """Return the comments by people after our question that can answer it, oldest first."""
    ours = marker(case, f"asked{case.questions}")
    later = written_after(ticket, ours, case.asked_at or case.opened_at)
    return tuple(item for item in later if _counts(case, ticket, item, ours))


def is_doubtful(case: Case, ticket: Ticket) -> bool:
    """Return whether a comment after our question may be the requester's reply, or somebody else's."""
    later = written_after(ticket, marker(case, f"asked{case.questions}"), case.asked_at or case.opened_at)
    return any(item.doubtful for item in later)


def written_after(ticket: Ticket, ours: str, at: datetime) -> tuple[Comment, ...]:
    """Return what was written after a note of ours: by position, or by time (UTC) if ours is not visible."""
    places = [place for place, item in enumerate(ticket.comments) if intent_of(item.marker or "") == ours]
    if places:
        return ticket.comments[places[0] + 1 :]  # a reminder comes later, and the reply may be older than it
    return tuple(item for item in ticket.comments if item.created > at.replace(microsecond=0))


def _counts(case: Case, ticket: Ticket, comment: Comment, ours: str) -> bool:
    """Return whether a comment can answer our question: an agent's if they were asked, else the requester's too."""
    if case.asked_inside:
        return answers_inside(case, ticket, comment, ours)
    inside = not comment.public and case.question is not QuestionKind.CONFIRM
    return not comment.by_worker and (inside or comment.author.is_called(case.requester))


def answers_inside(case: Case, ticket: Ticket, comment: Comment, ours: str) -> bool:
    """Return whether a comment is of those whom our note `ours` addresses, which is not meant for the requester.

    A public word counts only where that note is public too, as the ticket then has no internal side; the requester's
    does not.
    """
    asked_in_public = any(item.public for item in ticket.comments if intent_of(item.marker or "") == ours)
    in_public = asked_in_public and not comment.author.is_called(case.requester)
    return not comment.by_worker and (not comment.public or in_public)


def says_it_was_pressed(case: Case, ticket: Ticket, comment: Comment, ours: str, policy: Policy) -> bool:
    """Return whether a comment says that somebody pressed Force Sync, as our note `ours` asks."""
    if not answers_inside(case, ticket, comment, ours):
        return False
    vocabulary = vocabulary_of(policy.synonyms)
    return says_pressed(own_words(comment.body, vocabulary, MOST_READ).lines, vocabulary)


def sign_in_first(case: Case, rider: Subject, ports: Ports) -> Advance | None:
    """Ask the user to sign in before Force Sync is considered; None if the settings do not want it or it was asked.

    Tickets about several people are left out: the requester would have to chase every one of them.
    """
    verdict, policy = rider.verdict, ports.policy
    if verdict is None or verdict.directory is None or policy.refresh_of(verdict.directory) is not Refresh.SIGN_IN:
        return None
    if len(case.subjects) > 1 or not may_write(case) or case.said.sign_ins:
        return None
    if verdict.user_id is None or ports.org.user(verdict.user_id).status != ACTIVE:
        return None
    by = ports.clock.now() + timedelta(seconds=policy.sign_in_for)
    text = public.sign_in(case, by, ports.reader(case))
    asked = ask(case, ports, Reason.of(R.SIGN_IN), Question(text))
    said = asked.case.said.but(sign_ins=(*asked.case.said.sign_ins, asked.case.questions))
    after = asked.case.but(said=said, deadline=by)
    return Advance(after, Reason.of(R.SIGN_IN_FIRST), due_at=asked.due_at, intents=asked.intents)


def waits_for_sign_in(case: Case) -> bool:
    """Return whether the case's open question asks for a sign-in."""
    return case.questions in case.said.sign_ins


def signing_in(case: Case, sight: Sight, ports: Ports) -> Outcome:
    """Check the Okta profile until it is right, a person replies, or the time for a sign-in is over."""
    replied = sight.news and bool(replies(case, sight.words()))
    now = ports.clock.now()
    fresh = now - timedelta(seconds=ports.policy.ask_every)
    case = case.but(subjects=tuple(look(item, ports, fresh, tuple) for item in case.subjects))
    if all(item.right for item in case.subjects):
        return resume(case, now, R.SIGN_IN_HELPED)
    if why := too_late(sight.sla(case)):
        return escalate(case, ports, why, readers=audience(sight.state()))
    if replied:
        return resume(case, now, R.REPLIED)
    deadline = case.deadline or now
    if now >= deadline:
        return resume(case, now, R.SIGN_IN_DID_NOT_HELP)
    return Wait(min(deadline, now + timedelta(seconds=ports.policy.ask_every)), Reason.of(R.WAITS_FOR_SIGN_IN), case)
