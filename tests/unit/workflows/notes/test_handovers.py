"""How far a case had come is told from what was seen and from what ended it, never from its verdict."""

from __future__ import annotations

import pytest

from tests.unit import builders as build
from tests.unit.workflows.notes.judged_cases import judged
from workflows.model import Case, Reason, ReasonKind, SyncRun
from workflows.notes.handovers import Ending, ending, team_of
from workflows.precheck.verdicts import Team

NO_EFFECT, REFUSED = Reason.of(ReasonKind.NO_EFFECT), Reason.of(ReasonKind.CHANGE_REFUSED, words="no")
STALE = judged(build.asking("department", expected="Finance"))
RIGHT = STALE.but(subjects=tuple(item.but(right=True) for item in STALE.subjects))
STARTED, WAITING = build.started_run(), build.run()


@pytest.mark.parametrize(
    ("case", "run", "because", "end", "team"),
    [
        (STALE, None, REFUSED, Ending.JUDGED, Team.OKTA),
        (STALE, WAITING, REFUSED, Ending.JUDGED, Team.OKTA),
        (STALE, STARTED, REFUSED, Ending.STARTED, Team.OKTA),
        (STALE, STARTED, NO_EFFECT, Ending.NO_EFFECT, Team.SUPPORT),
        (STALE, STARTED, REFUSED.but(about=NO_EFFECT), Ending.NO_EFFECT, Team.SUPPORT),
        (RIGHT, STARTED, REFUSED, Ending.RIGHT, Team.DESK),
        (RIGHT, None, REFUSED, Ending.RIGHT, Team.DESK),
        (build.case(), STARTED, NO_EFFECT, Ending.JUDGED, Team.DESK),
    ],
)
def test_an_end_is_told_from_what_happened_last(
    case: Case, run: SyncRun | None, because: Reason, end: Ending, team: Team
) -> None:
    ended = case.but(because=because)
    assert (end, team) == (ending(ended, run), team_of(ended, run))
