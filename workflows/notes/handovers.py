"""How far a case had come when it is handed over, and so who gets it and how its note begins.

It is told from what has been seen and from what happened last. The verdict is older than both, so it decides only where
nothing has happened since.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from workflows.model import Case, SyncRun
from workflows.model import ReasonKind as R
from workflows.model import VerdictKind as V
from workflows.notes.titles import TOLD
from workflows.precheck.verdicts import VERDICTS, Act, Team, act_for, leading_verdict


class Ending(StrEnum):
    """How far a case had come when it is handed over, by what happened last."""

    JUDGED = "judged"  # no Force Sync was started for what is still open
    STARTED = "started"  # one was started, and something else happened before its effect was known
    NO_EFFECT = "no effect"  # its effect was looked for until the deadline
    RIGHT = "right"  # Okta holds all that was asked, and forcesync did not resolve the ticket


class Handover(NamedTuple):
    """Who gets a case, with the title and the next step of its note."""

    team: Team
    title: str
    next_step: str


DECIDE = "please take this ticket from here."
# The hand-over of a case that came further than its verdict.
HANDOVERS: dict[Ending, Handover] = {
    Ending.STARTED: Handover(
        Team.OKTA,
        "Handed over while a Force Sync was under way",
        "check first whether the Okta profile is correct by now; run Force Sync again only if it isn't.",
    ),
    Ending.NO_EFFECT: Handover(
        Team.SUPPORT,
        "Force Sync had no effect on the Okta profile",
        "open an Okta Support Case.",
    ),
    Ending.RIGHT: Handover(
        Team.DESK,
        "Okta holds the expected value; a person closes this ticket",
        "tell the requester, and resolve the ticket if nothing else is wrong.",
    ),
}


def ending(case: Case, run: SyncRun | None) -> Ending:
    """Tell how far a case had come: by what has been seen, and by why it ends (`because`), never by its verdict."""
    if case.subjects and all(act_for(item) is Act.RESOLVE for item in case.subjects):
        return Ending.RIGHT
    verdict = leading_verdict(case)
    if verdict is None or verdict.kind is not V.STALE_IN_OKTA or run is None or run.started_at is None:
        return Ending.JUDGED
    return Ending.NO_EFFECT if case.because and case.because.tells(R.NO_EFFECT) else Ending.STARTED


def handover(case: Case, run: SyncRun | None) -> Handover:
    """Return who gets a case and how its note begins: by how far it had come, else by its verdict."""
    if further := HANDOVERS.get(ending(case, run)):
        return further
    verdict = leading_verdict(case)
    return Handover(VERDICTS[verdict.kind].team, *TOLD[verdict.kind]) if verdict else Handover(Team.DESK, "", DECIDE)


def team_of(case: Case, run: SyncRun | None) -> Team:
    """Return the team that can fix what was found, and so gets the ticket."""
    return handover(case, run).team


def addressed(case: Case, run: SyncRun | None) -> Team:
    """Return the team as a note addresses it: nobody of Okta's own reads one."""
    team = team_of(case, run)
    return Team.OKTA if team is Team.SUPPORT else team
