"""Followups: what is looked at after a case has ended. They are rows of their own, never transitions of the case."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from workflows.model.values import Value


class FollowupKind(StrEnum):
    """What a followup looks at."""

    RECHECK = "recheck"  # does the Okta profile still hold the right value?


class FollowupState(StrEnum):
    """How a followup stands."""

    OPEN = "open"
    HOLDS = "holds"
    CHANGED = "changed"
    DROPPED = "dropped"


class Followup(Value):
    """One later look at an ended case; due times live in the store."""

    id: str
    case_id: str
    round: int
    kind: FollowupKind
    state: FollowupState = FollowupState.OPEN
    due_at: datetime
    finding: str = ""
