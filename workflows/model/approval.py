"""What a Force Sync would change, and a person's decision on it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from pydantic import Field

from workflows.model.reasons import Reason
from workflows.model.values import Value


class Drift(Value):
    """One Okta attribute of one user that a Force Sync would change.

    `refused` says why Okta would reject the value; `emptied`, that the directory holds none.
    """

    user_id: str
    login: str
    attribute: str
    refused: Reason | None = None
    emptied: bool = False


class Scan(Value):
    """A scan of every user of a directory, as far as it got; `after` is where Okta's list continues.

    `emptied` counts the values that would be erased by attribute, `unpredictable` the users of each attribute that an
    expression fills, `unread` the members of whom it cannot be said. `expressions` is a digest of those expressions.
    `protected` counts the members of protected groups whose profiles would be changed, `protected_unpredictable` those
    of whom that cannot be predicted; `guarded` is a digest of who was in those groups.
    `digest` covers them and every drifted value, so two scans with the same digest found the same changes.
    """

    begun_at: datetime
    after: str | None = None
    users: int = 0
    changed: int = 0
    refused: int = 0
    by_attribute: Mapping[str, int] = Field(default_factory=dict)
    emptied: Mapping[str, int] = Field(default_factory=dict)
    unpredictable: Mapping[str, int] = Field(default_factory=dict)
    unread: int = 0
    protected: int = 0
    protected_unpredictable: int = 0
    guarded: str = ""
    expressions: str = ""
    digest: str = ""


class Radius(Value):
    """How many Okta profiles a Force Sync of the directory would change, as a finished scan found it.

    The counts and digests are those of the `Scan`; `refused` counts values that the user schema rejects.
    """

    at: datetime
    users: int
    changed: int
    refused: int
    by_attribute: Mapping[str, int]
    emptied: Mapping[str, int] = Field(default_factory=dict)
    unpredictable: Mapping[str, int]
    unread: int = 0
    protected: int = 0
    protected_unpredictable: int = 0
    guarded: str = ""
    expressions: str = ""
    digest: str


class Decision(Value):
    """A person's decision on a proposed run; it is valid only for the radius with this digest.

    `objecting` and `waiting` are the cases that the run would have overtaken then: it may overtake no others.
    `by` is the person's login and `user_id` the Okta user; `operator` is the account and host that it was given from.
    """

    approved: bool
    by: str
    user_id: str = ""
    operator: str = ""
    why: str
    at: datetime
    digest: str
    objecting: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()


class Act(StrEnum):
    """What a person decides about Force Syncs, or orders about a case, or about what is kept of a person."""

    PAUSE = "pause"
    RESUME = "resume"
    APPROVE = "approve"
    REJECT = "reject"
    RETRY = "retry"
    HAND_OVER = "hand-over"
    LEAVE = "leave"
    EXPORT = "export"
    FORGET = "forget"


class OperatorAct(Value):
    """One act of a person at the command line, for the audit.

    `target` is the run's or the case's id, the directory's app id, or empty for every directory; of what is kept of a
    person, how many cases it was, and never who. `by` is the name that the person gave (with `user_id`, that of an Okta
    user, who was looked up), `operator` the account and host it was given from.
    """

    at: datetime
    act: Act
    target: str
    by: str
    user_id: str = ""
    operator: str
    why: str
