"""Follow-ups: checks after a case has ended. They are rows of their own, never transitions of the case."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from workflows.model.reasons import Reason
from workflows.model.values import Value


class FollowupKind(StrEnum):
    """What a follow-up checks."""

    RECHECK = "recheck"  # does the Okta profile still hold the right value?
    LOOK_AGAIN = "look_again"  # have the values of a handed-over ticket come right by now?
    SUPPORT_CASE = "support_case"  # has a person opened the prepared Support Case, and what does Okta say about it?
    AFTERWARDS = "afterwards"  # what became of a ticket that was advised about and left to people?
    AT_ODDS = "at_odds"  # another ticket states another value: is this one still open, so that a note should say so?
    PATTERN = "pattern"  # several tickets have one cause: is this one still open, so that a note should say so?


class FollowupState(StrEnum):
    """The states of a follow-up."""

    OPEN = "open"
    HOLDS = "holds"  # a recheck: the values lasted
    CHANGED = "changed"  # a recheck: they did not
    ARRIVED = "arrived"  # a look again: the values came right later
    NOTED = "noted"  # a Support Case's number was read on the ticket, or another ticket was noted on it
    CLOSED = "closed"  # afterwards: people closed the ticket
    MISSED = "missed"  # the time for it passed
    DROPPED = "dropped"


class Aftermath(Value):
    """The state of a ticket that was left to people, when it was seen closed or its time was over (UTC).

    `held_by` is its group then, or "a person" where it had none, None if nobody had it. `profile_right` and
    `copy_right` say whether the Okta profile and the directory's copy held all that was expected, None if nothing was
    expected or it could not be read. `profile_updated_at` is when Okta says that a profile was last updated.
    """

    closed: bool
    seen_at: datetime
    held_by: str | None = None
    profile_right: bool | None = None
    copy_right: bool | None = None
    profile_updated_at: datetime | None = None


class Followup(Value):
    """One check of an ended case, repeated until `until` if that is set; due times are kept in the store.

    `number` is that of the Okta Support Case, as a person wrote it on the ticket. `aftermath` is what was finally found
    on a ticket that was left to people. `other` is the id of the case that states another value, or stands for several.
    `faults` counts our own defects in a row.
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
    faults: int = 0
