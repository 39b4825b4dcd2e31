"""Followups: what is looked at after a case has ended. They are rows of their own, never transitions of the case."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from workflows.model.reasons import Reason
from workflows.model.values import Value


class FollowupKind(StrEnum):
    """What a followup looks at."""

    RECHECK = "recheck"  # does the Okta profile still hold the right value?
    LOOK_AGAIN = "look_again"  # have the values of a handed-over ticket come right by now?
    SUPPORT_CASE = "support_case"  # has a person opened the prepared Support Case, and how does it stand?
    AFTERWARDS = "afterwards"  # what became of a ticket that was advised about and left to people?
    AT_ODDS = "at_odds"  # another ticket states another value: is this one still open, to be told of it?


class FollowupState(StrEnum):
    """How a followup stands."""

    OPEN = "open"
    HOLDS = "holds"  # a recheck: the values lasted
    CHANGED = "changed"  # a recheck: they did not
    ARRIVED = "arrived"  # a look again: the values came right later
    NOTED = "noted"  # a Support Case's number was read on the ticket, or the ticket was told of another one
    CLOSED = "closed"  # afterwards: people closed the ticket
    MISSED = "missed"  # the time for it passed
    DROPPED = "dropped"


class Aftermath(Value):
    """How a ticket stood that was left to people, when it was seen closed or the time for it was over (UTC).

    `held_by` is whom it was assigned to then. `profile_right` and `copy_right` say whether the Okta profile and the
    directory's copy held all that was expected, None where nothing was or nobody could read it. `profile_updated_at` is
    when Okta says that a profile was last updated.
    """

    closed: bool
    seen_at: datetime
    held_by: str | None = None
    profile_right: bool | None = None
    copy_right: bool | None = None
    profile_updated_at: datetime | None = None


class Followup(Value):
    """One later look at an ended case, repeated until `until` where that is set; due times live in the store.

    `number` is that of the Okta Support Case, as a person wrote it on the ticket. `aftermath` is what a look at a
    ticket that was left to people found in the end. `other` is the id of the case that states another value.
    """

    id: str
    case_id: str
    round: int
    kind: FollowupKind
    state: FollowupState = FollowupState.OPEN
    due_at: datetime
    until: datetime | None = None
    finding: Reason | None = None
    number: str = ""
    aftermath: Aftermath | None = None
    other: str = ""
