"""A list shows the cases that were asked for, and says which have waited longer than their state should."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.unit import builders as build
from tests.unit.builders import NOW, case
from worker.cases.choosing import Wanted, moment_of, stuck
from worker.errors import OperatorError
from workflows.model import CaseState, Request, RunState, Subject, Trouble, Verdict, VerdictKind
from workflows.model import Reason as Because
from workflows.model import ReasonKind as R
from workflows.ports import Standing

SOON, LATER = NOW + timedelta(minutes=1), NOW + timedelta(minutes=20)
DUE = Standing(due_at=NOW + timedelta(hours=1))


def judged(login: str) -> Any:
    verdict = Verdict(
        kind=VerdictKind.STALE_IN_OKTA,
        judged_at=NOW,
        login=login,
        user_id="00u1",
        reason=Because.of(R.NOTHING_SAID),
        attribute="title",
    )
    return case(subjects=(Subject(request=Request(user="Ada Byron"), verdict=verdict),), requester="kim@example.com")


@pytest.mark.parametrize(
    ("wanted", "passes"),
    [
        (Wanted(), True),
        (Wanted(open_only=True, desk="desk", state="received", since=NOW), True),
        (Wanted(desk="jira"), False),
        (Wanted(state="asked"), False),
        (Wanted(since=SOON), False),
        (Wanted(user=" ADA@example.com"), True),
        (Wanted(user="ada byron"), True),
        (Wanted(user="00U1"), True),
        (Wanted(user="kim@example.com"), True),
        (Wanted(user="ada"), False),
    ],
)
def test_a_filter_lets_through_what_fits(wanted: Wanted, passes: bool) -> None:
    assert passes == wanted.passes(judged("ada@example.com"))


def test_a_state_that_does_not_exist_is_refused_with_those_that_do() -> None:
    with pytest.raises(OperatorError, match=r"--state: found 'clossing'; near ones: 'closing'; the states are: rec"):
        Wanted(state="clossing")


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("90m", NOW - timedelta(minutes=90)),
        ("12h", NOW - timedelta(hours=12)),
        ("30d", NOW - timedelta(days=30)),
        ("4w", NOW - timedelta(weeks=4)),
        ("2026-02-01", datetime(2026, 2, 1, tzinfo=UTC)),
    ],
)
def test_a_time_is_ago_or_a_day(text: str, moment: datetime) -> None:
    assert moment == moment_of(text, NOW)


@pytest.mark.parametrize("text", ["", "30", "d", "2026-13-01", "yesterday"])
def test_another_time_is_refused(text: str) -> None:
    with pytest.raises(OperatorError, match=r"--since: found .*; allowed: 90m, 12h, 30d, 4w"):
        moment_of(text, NOW)
    with pytest.raises(OperatorError, match="--until: found"):
        moment_of(text, NOW, "--until")


@pytest.mark.parametrize(
    ("changes", "standing", "told"),
    [
        ({}, Standing(), "nothing will wake it"),
        ({}, Standing(due_at=NOW), "due since 2026-03-02 09:00:00 UTC, and no process took it"),
        ({}, Standing(due_at=NOW, leased_until=LATER + timedelta(seconds=1)), ""),
        ({"state": CaseState.CLOSING}, DUE, "closing since 2026-03-02 09:00:00 UTC, which takes minutes"),
        ({"state": CaseState.CLAIMED}, DUE, ""),
        ({"state": CaseState.ASKED}, DUE, ""),
        ({"state": CaseState.ASKED, "deadline": NOW}, DUE, "its wait ended 2026-03-02 09:00:00 UTC"),
        ({"state": CaseState.ASKED, "deadline": LATER}, DUE, ""),
        (
            {"state": CaseState.ASKED, "trouble": Trouble(what="read", since=NOW)},
            DUE,
            "meets the same fault since 2026-03-02 09:00:00 UTC",
        ),
        ({"state": CaseState.RESOLVED, "ended_at": NOW}, Standing(), ""),
    ],
)
def test_a_case_is_stuck_when_it_waits_longer_than_its_state_should(
    changes: dict[str, Any], standing: Standing, told: str
) -> None:
    assert told == stuck(case(**changes), standing, LATER)


@pytest.mark.parametrize(
    ("state", "until", "told"),
    [
        (RunState.PROPOSED, LATER + timedelta(hours=4), ""),
        (RunState.GATHERING, LATER + timedelta(hours=4), ""),  # approved late, with time anew for the start
        (RunState.GATHERING, None, "its wait ended"),
    ],
)
def test_a_case_has_the_time_of_its_run_where_that_is_longer(
    state: RunState, until: datetime | None, told: str
) -> None:
    run = build.run(state=state, deadline=until)
    riding = case(state=CaseState.JOINED, run_id=run.id, deadline=NOW)
    assert stuck(riding, DUE, LATER, run).startswith(told)
    assert bool(told) is bool(stuck(riding, DUE, LATER, run))
