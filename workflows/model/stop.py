"""What must not be called or started for a while, and who or what stopped it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from workflows.model.values import Value


class StopKind(StrEnum):
    """What is stopped, and by whom."""

    SYSTEM = "system"  # a product that cannot be used as configured; lifted when a check or a search succeeds
    START = "start"  # an org's Force Sync, whose credential was refused
    PATIENCE = "patience"  # a product that asked us to back off (429, 503); no success elsewhere lifts it
    INTAKE = "intake"  # a desk that another store works too; lifted by the next start
    ALERT = "alert"  # one cause of trouble that the operator has been told of; it stops nothing
    SWITCH = "switch"  # Force Sync of one directory, or of every one, by a person


class Stop(Value):
    """One stop until `until` (UTC). `name` is the system, org or directory's app id; of the general switch, empty.

    `by` and `since` say who turned a switch off and when (UTC).
    """

    kind: StopKind
    name: str
    until: datetime
    why: str
    by: str = ""
    since: datetime | None = None
