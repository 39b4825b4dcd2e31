"""What must not be called or started for a while, and who or what stopped it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from workflows.model.values import Value


class StopKind(StrEnum):
    """What is stopped, and by whom."""

    SYSTEM = "system"  # a product that cannot be used as configured; lifted when a check or a search succeeds
    START = "start"  # an org's Force Sync, which Okta refuses our account; lifted by a start, by a check or by a person
    PATIENCE = "patience"  # a product that asked us to back off (429, 503); no success elsewhere lifts it
    INTAKE = "intake"  # a desk that another store works too; lifted when its ticket shows that no more, or by a person
    ALERT = "alert"  # one cause of trouble that the operator has been told of; it stops nothing
    SWITCH = "switch"  # Force Sync of one directory, or of every one, by a person


class Stop(Value):
    """One stop until `until` (UTC). `name` is the system, org or directory; of the general switch, empty.

    A directory is named by its app id, or by its label where only that was known.
    `by` and `since` say who turned a switch off and when (UTC). Of an intake, `by` is the case whose ticket showed the
    cause; of a start, what is wrong in a few words.
    """

    kind: StopKind
    name: str
    until: datetime
    why: str
    by: str = ""
    since: datetime | None = None
