"""A question to the caller: what it asks for, how long it waits, and that it is repeated no more than once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.unit import builders as build
from workflows.case.asking import MOST_MESSAGES, ask, asked, may_write
from workflows.case.closing import marker
from workflows.model import (
    Bullets,
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
    Verdict,
    VerdictKind,
    Want,
)
from workflows.notes import public
from workflows.steps import Advance, Ports, Wait

POLICY = Policy(default_org="main")
DEADLINE = build.NOW + timedelta(seconds=POLICY.ask_for)
UNNAMED = Reason.of(ReasonKind.NOBODY_NAMED)
TEXT = Note(blocks=(Text(text="Which user?"),))


class Time:
    """A clock that stands where it is put."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at


def ports(at: datetime = build.NOW) -> Ports:
    """Return doors of which the questions use the clock, the policy and the texts alone."""
    return Ports(
        clock=Time(at),
        store=None,  # type: ignore[arg-type]  # never opened here
        desks={},
        orgs={},
        drivers={},
        policy=POLICY,
        readers={"desk": build.reader(POLICY)},
        tell=lambda *_: None,
    )


def waiting(**changes: Any) -> Case:
    values: dict[str, Any] = {
        "state": CaseState.ASKED,
        "questions": 1,
        "asked_at": build.NOW,
        "deadline": DEADLINE,
        "subjects": (Subject(request=Request()),),
    }
    return build.case(**values | changes)


def question(case: Case, minutes: float = 0) -> Comment:
    return build.comment("Which user?", by_worker=True, minutes=minutes, marker=f"{marker(case, 'asked1')}.public")


def looked(case: Case, *comments: Comment, at: datetime = build.NOW + timedelta(minutes=10)) -> Advance | Wait:
    return asked(case, build.ticket(comments=comments), ports(at))


def test_a_question_is_public_and_the_case_waits_until_the_deadline() -> None:
    outcome = ask(build.case(), ports(), UNNAMED, TEXT)
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


def lines(note: Note) -> Sequence[str]:
    """Return the labels of the lines to fill in."""
    return [item.split(":")[0] for block in note.blocks if isinstance(block, Bullets) for item in block.items]


def asked_for(kind: VerdictKind, *wants: Want, user: bool, attribute: str | None = None) -> Sequence[str]:
    verdict = Verdict(
        kind=kind, reason=UNNAMED, attribute=attribute, user_id="00u1" if user else None, judged_at=build.NOW
    )
    subject = Subject(request=Request(wants=wants), verdict=verdict)
    english = public.question(verdict, build.ticket(), subject, DEADLINE, build.reader(POLICY))
    german = public.question(verdict, build.ticket(), subject, DEADLINE, build.reader(POLICY, language="de"))
    assert len(lines(english)) == len(lines(german))
    return lines(english)


TITLE, DEPARTMENT = Want(attribute="title"), Want(attribute="department")
STATED = Want(attribute="title", expected="Editor")
UNCLEAR, CANNOT_TELL = VerdictKind.NEEDS_INFORMATION, VerdictKind.CANNOT_TELL


@pytest.mark.parametrize(
    ("kind", "wants", "user", "attribute", "expected"),
    [
        (UNCLEAR, (), False, None, ["User", "Attribute", "Expected"]),
        (UNCLEAR, (TITLE,), False, None, ["User", "Expected"]),
        (UNCLEAR, (STATED,), False, None, ["User"]),
        (UNCLEAR, (Want(attribute="phone", expected="1"),), True, None, ["Attribute"]),
        (UNCLEAR, (Want(expected="Editor"),), True, None, ["Attribute"]),
        (UNCLEAR, (Want(attribute="phone"),), True, None, ["Attribute", "Expected"]),
        (UNCLEAR, (STATED,), True, "title", ["Expected"]),
        (CANNOT_TELL, (TITLE,), True, None, ["Expected"]),
        (CANNOT_TELL, (), True, None, ["Attribute", "Expected"]),
        (CANNOT_TELL, (TITLE, DEPARTMENT), True, None, ["Attribute", "Expected"]),
        (VerdictKind.USER_NOT_FOUND, (STATED,), False, None, ["User"]),
        (VerdictKind.USER_AMBIGUOUS, (), False, None, ["User"]),
    ],
)
def test_only_what_is_missing_is_asked_for(
    kind: VerdictKind, wants: tuple[Want, ...], user: bool, attribute: str | None, expected: Sequence[str]
) -> None:
    assert expected == asked_for(kind, *wants, user=user, attribute=attribute)


def test_a_question_says_which_parts_are_clear_and_tells_no_value() -> None:
    verdict = Verdict(kind=UNCLEAR, reason=UNNAMED, judged_at=build.NOW)
    subject = Subject(request=Request(wants=(STATED,)), verdict=verdict)
    text = str(public.question(verdict, build.ticket(), subject, DEADLINE, build.reader(POLICY)))
    assert "whose profile is meant" in text
    assert "it is about title." in text
    assert "The value that it should show is clear." in text
    assert "Editor" not in text


def test_a_line_that_a_folder_of_ones_own_adds_stays() -> None:
    reader = build.reader(POLICY)
    own = {**reader.templates, "question_cannot_tell": "Hm.\n- Attribute: (x y)\n- Call us: 555\n- Expected: (x y)"}
    verdict = Verdict(kind=CANNOT_TELL, reason=UNNAMED, user_id="00u1", judged_at=build.NOW)
    subject = Subject(request=Request(wants=(TITLE,)), verdict=verdict)
    note = public.question(verdict, build.ticket(), subject, DEADLINE, replace(reader, templates=own))
    assert ["Call us", "Expected"] == lines(note)
