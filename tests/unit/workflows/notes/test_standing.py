"""What a case waits for is told with the time at which a person takes over, never with that of a routine look."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.unit import builders as build
from tests.unit.builders import NOW, case
from workflows.model import CaseState, Radius, RunState, Trouble
from workflows.notes.standing import case_waits_for, described, wait_ends
from workflows.ports import Standing

ROUTINE, REPLY_BY, APPROVE_BY = (NOW + timedelta(hours=hours) for hours in (0.5, 72, 8))
RUN = build.run(state=RunState.PROPOSED, deadline=APPROVE_BY)
STANDING = Standing(due_at=ROUTINE, waiting="waiting for a reply on the ticket")


@pytest.mark.parametrize(
    ("changes", "run", "ends"),
    [
        ({"state": CaseState.ASKED, "deadline": REPLY_BY}, None, REPLY_BY),
        ({"state": CaseState.JOINED, "deadline": REPLY_BY}, RUN, APPROVE_BY),
        ({"state": CaseState.JOINED, "deadline": REPLY_BY}, RUN.but(state=RunState.REQUESTED), APPROVE_BY),
        ({"state": CaseState.JOINED, "deadline": REPLY_BY}, RUN.but(state=RunState.GATHERING), REPLY_BY),
        ({"state": CaseState.CLAIMED, "held_until": REPLY_BY}, None, REPLY_BY),
        ({"state": CaseState.CLAIMED, "deadline": REPLY_BY}, None, None),
        ({"state": CaseState.ASKED, "deadline": NOW, "trouble": Trouble(what="read", since=NOW)}, None, None),
        ({"state": CaseState.RESOLVED, "deadline": NOW}, None, None),
    ],
)
def test_a_wait_ends_when_a_person_takes_over_or_the_day_has_come(
    changes: dict[str, Any], run: Any, ends: datetime | None
) -> None:
    assert ends == wait_ends(case(**changes), run)


def test_a_wait_is_told_with_its_end_and_without_one_with_the_next_look() -> None:
    assert "waits until 2026-03-05 09:00:00 UTC: waiting for a reply on the ticket" == case_waits_for(
        STANDING, REPLY_BY
    )
    assert "waiting for a reply on the ticket; next look at 2026-03-02 09:30:00 UTC" == case_waits_for(STANDING, None)
    assert "" == case_waits_for(Standing(due_at=ROUTINE), REPLY_BY)


def test_what_a_run_would_change_is_told_with_what_cannot_be_predicted() -> None:
    unpredictable = {"displayName": 4, "userType": 4, "title": 1}
    shown = {"by_attribute": {"department": 1}, "unpredictable": unpredictable}
    assert (
        "It would change 1 of 4 Okta profiles (department: 1). For 1 user, its effect on title; for 4 users, its "
        "effect on displayName and userType can't be predicted (expressions)."
    ) == described(Radius(at=build.NOW, users=4, changed=1, refused=0, digest="d", **shown))
