"""What a check is, and what came of it: tried, seen, and what to do."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple


class Status(StrEnum):
    """How a check ended; only `FAIL` keeps the work from being done as the settings say."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"
    UNKNOWN = "unknown"


class Seen(NamedTuple):
    """What one look saw, and what to do about it where the look alone can tell; "" for what the check says."""

    status: Status
    text: str
    action: str = ""


class Check(NamedTuple):
    """One look that changes nothing.

    `tried` names what is looked at, and claims nothing of it. `action` says what a person does about a fault, with the
    settings key. `system` is the product that it calls, "" for none. It is made once all of `needs` were right, and
    after those of `after`. A fault of what is not `needed` is a warning. One that does not answer in time is a warning,
    too, since it may be slow; where it is `vital`, a failure.
    """

    id: str
    tried: str
    action: str
    look: Callable[[], Seen | str]
    system: str = ""
    needs: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    needed: bool = True
    vital: bool = False


class Result(NamedTuple):
    """One line of the doctor's; `action` is "" where there is nothing to do.

    `behind` is the id of the check because of which it was not looked at, "" where it was.
    """

    id: str
    status: Status
    tried: str
    seen: str
    action: str
    behind: str = ""
