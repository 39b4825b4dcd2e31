"""Followups: what is looked at after a case has ended. They are rows of their own, never transitions of the case."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from workflows.model.values import Value


class FollowupKind(StrEnum):
    """What a followup looks at."""

    RECHECK = "recheck"  # does the Okta profile still hold the right value?
    LOOK_AGAIN = "look_again"  # have the values of a handed-over ticket come right by now?
    SUPPORT_CASE = "support_case"  # has a person opened the prepared Support Case, and how does it stand?


class FollowupState(StrEnum):
    """How a followup stands."""

    OPEN = "open"
    HOLDS = "holds"  # a recheck: the values lasted
    CHANGED = "changed"  # a recheck: they did not
    ARRIVED = "arrived"  # a look again: the values came right later
    NOTED = "noted"  # a Support Case's number was read on the ticket
    MISSED = "missed"  # the time for it passed
    DROPPED = "dropped"


class Followup(Value):
    """One later look at an ended case, repeated until `until` where that is set; due times live in the store.

    `number` is that of the Okta Support Case, as a person wrote it on the ticket.
    """

    id: str
    case_id: str
    round: int
    kind: FollowupKind
    state: FollowupState = FollowupState.OPEN
    due_at: datetime
    until: datetime | None = None
    finding: str = ""
    number: str = ""
