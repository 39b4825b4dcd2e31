"""A question to the caller: what it asks for, how long it waits, and that it is repeated no more than once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, cast

from tests.unit import builders as build
from workflows.case.asking import MOST_MESSAGES, Question, ask, may_write
from workflows.case.closing import marker
from workflows.case.sight import Sight
from workflows.case.steps import waiting as waited
from workflows.model import (
    Case,
    CaseState,
    Comment,
    Move,
    Note,
    Policy,
    Reason,
    ReasonKind,
    Request,
    Said,
    Subject,
    Text,
    Ticket,
    TicketRef,
)
from workflows.ports import TicketDesk
from workflows.steps import Advance, Ports, Wait

POLICY = Policy(default_org="main")
DEADLINE = build.NOW + timedelta(seconds=POLICY.ask_for)
REMINDED = timedelta(seconds=POLICY.reminded_after)
UNNAMED = Reason.of(ReasonKind.NOBODY_NAMED)
TEXT = Note(blocks=(Text(text="Which user?"),))


class Time:
    """A clock that shows one fixed time."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at


def ports(at: datetime = build.NOW, desk: Desk | None = None) -> Ports:
    """Return ports of which questions use only the clock, the policy, the texts and this desk."""
    return Ports(
        clock=Time(at),
        store=None,  # type: ignore[arg-type]  # never used here
        desks={"desk": cast(TicketDesk, desk or Desk(build.ticket()))},
        orgs={},
        drivers={},
        policy=POLICY,
        readers={"desk": build.reader(POLICY)},
        tell=lambda *_: None,
    )


def waiting(**changes: Any) -> Case:
    values: dict[str, Any] = {
        "state": CaseState.ASKED,
        "requester": "ada@example.com",
        "questions": 1,
        "asked_at": build.NOW,
        "deadline": DEADLINE,
        "subjects": (Subject(request=Request()),),
    }
    return build.case(**values | changes)


def question(case: Case, minutes: float = 0) -> Comment:
    return build.comment("Which user?", by_worker=True, minutes=minutes, marker=f"{marker(case, 'asked1')}.public")


class Desk:
    """A desk with one ticket, which counts how often it is read."""

    def __init__(self, ticket: Ticket) -> None:
        self._ticket, self.reads = ticket, 0

    def read(self, _ref: TicketRef) -> Ticket:
        self.reads += 1
        return self._ticket

    glance = read

    def has_inside(self, _ref: TicketRef) -> bool:
        return True

    def sla(self, _ticket: Ticket) -> None:
        return None


def looked(case: Case, *comments: Comment, at: datetime = build.NOW + timedelta(minutes=10)) -> Advance | Wait:
    """Step a case whose ticket has changed."""
    there = ports(at, Desk(build.ticket(comments=comments)))
    return waited(case, Sight(case, there), there)


def test_a_question_is_public_and_the_case_waits_until_the_deadline() -> None:
    outcome = ask(build.case(), ports(), UNNAMED, Question(TEXT, DEADLINE))
    assert (outcome.case.state, outcome.case.questions, outcome.case.deadline) == (CaseState.ASKED, 1, DEADLINE)
    (intent,) = outcome.intents
    assert (intent.move, intent.public) == (Move.ASKED, TEXT)


def test_a_persons_comment_behind_the_question_resumes_the_case() -> None:
    case = waiting()
    outcome = looked(case, question(case), build.comment("bob@example.com", minutes=5))
    assert isinstance(outcome, Advance)
    assert (outcome.case.state, outcome.case.deadline) == (CaseState.CLAIMED, None)


def test_what_was_said_before_the_question_is_no_reply() -> None:
    case = waiting()
    outcome = looked(case, build.comment("hurry", minutes=-5), question(case))
    assert isinstance(outcome, Wait)


def test_our_own_words_are_no_reply() -> None:
    case = waiting()
    outcome = looked(case, question(case), build.comment("another note", by_worker=True, minutes=3))
    assert isinstance(outcome, Wait)


def test_a_reply_counts_by_its_time_where_the_question_does_not_show() -> None:
    assert isinstance(looked(waiting(), build.comment("bob@example.com", minutes=5)), Advance)
    assert isinstance(looked(waiting(), build.comment("hurry", minutes=-5)), Wait)


def test_the_question_is_repeated_once() -> None:
    case, late = waiting(), build.NOW + timedelta(seconds=POLICY.reminded_after)
    outcome = looked(case, question(case), at=late)
    assert isinstance(outcome, Advance)
    assert [intent.move for intent in outcome.intents] == [Move.ASKED]
    again = looked(outcome.case, question(case), at=late + timedelta(minutes=30))
    assert isinstance(again, Wait)


def test_a_reply_that_crossed_the_reminder_counts() -> None:
    case = waiting(said=Said(reminded=(1,)))
    again = build.comment("?", by_worker=True, minutes=9, marker=f"{marker(case, 'asked1-again')}.public")
    assert isinstance(looked(case, question(case), build.comment("bob@example.com", minutes=5), again), Advance)


def test_one_message_is_kept_for_the_closing_answer() -> None:
    written = [build.case(questions=number) for number in range(MOST_MESSAGES)]
    assert [True, True, False] == [may_write(case) for case in written]
    assert not may_write(build.case(questions=1, said=Said(reminded=(1,))))


def test_a_case_that_waits_for_a_reply_reads_its_ticket_only_when_it_has_changed_or_before_it_writes() -> None:
    case = waiting(stamp="7", known="7", sla_at=DEADLINE + timedelta(days=1))
    desk = Desk(build.ticket(comments=(question(case),)))
    early, late = (ports(build.NOW + after, desk) for after in (timedelta(minutes=1), REMINDED))
    assert isinstance(waited(case, Sight(case, early), early), Wait)
    assert 0 == desk.reads
    changed = case.but(stamp="8")
    assert isinstance(waited(changed, Sight(changed, early), early), Wait)
    assert 1 == desk.reads
    assert isinstance(waited(case, Sight(case, late), late), Advance)
    assert 2 == desk.reads
