"""What a case waits for is told with the time at which a person takes over, never with that of a routine look."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.unit import builders as build
from tests.unit.builders import NOW, case
from workflows.model import CaseState, RunState, Trouble
from workflows.notes.standing import case_waits_for, wait_ends
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
