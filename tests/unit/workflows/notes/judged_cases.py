"""Judged cases for the tests of notes, and what a note says."""

from __future__ import annotations

from datetime import datetime, timedelta

from tests.unit import builders as build
from workflows.model import (
    Case,
    Heading,
    Note,
    Policy,
    Reason,
    Request,
    Seen,
    Subject,
    SyncRun,
    Text,
)
from workflows.notes import endings
from workflows.notes.audience import Reader
from workflows.precheck.table import judge

OPEN = Policy(open_attributes=frozenset({"department"}))
READER = build.reader(OPEN)
UNTIL = build.NOW + timedelta(hours=8)


def judged(request: Request, *, okta: str = "Sales", copy: str = "Finance", said: str = "", **case: object) -> Case:
    held = {"department": copy, "title": "Chief Secret Officer"}
    copied = build.app_user(held, last_updated=build.NOW - timedelta(hours=2))
    users = (build.okta_user({"department": okta}, last_updated=build.NOW),)
    facts = build.facts(
        request=request, app_users=(copied,), users=users, words=tuple(said.splitlines()), recent_since=build.NOW
    )
    verdict = judge(facts, {})
    seen = tuple(Seen(attribute=item.attribute, value=item.value, at=build.NOW) for item in verdict.expectations)
    return build.case(subjects=(Subject(request=request, verdict=verdict, seen=seen),), **case)


def stale_copy() -> Case:
    return judged(build.asking("department", expected="Finance"), copy="Sales", requester="ada@example.com")


def handed_over(
    case: Case, why: Reason, *, run: SyncRun | None = None, reader: Reader = READER, until: datetime | None = None
) -> Note:
    return endings.escalated(case.but(because=why), run, reader, None, until)


def because(case: Case) -> Reason:
    verdict = case.subjects[0].verdict
    assert verdict is not None
    return verdict.reason


def words(note: Note) -> str:
    return note.model_dump_json()


def opening(note: Note) -> str:
    first, second = note.blocks[:2]
    assert isinstance(first, Heading)
    assert isinstance(second, Text)
    return f"{first.text}. {second.text}"
