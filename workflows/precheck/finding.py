"""The finding of one row of the decision table."""

from __future__ import annotations

from typing import NamedTuple

from workflows.model import Expectation, LogEvent, Reason


class Finding(NamedTuple):
    """The reason, the attribute that decided, what is expected of Okta, and what one may suspect.

    `events` are those of the System Log that it rests on.
    """

    reason: Reason
    attribute: str | None = None
    expectations: tuple[Expectation, ...] = ()
    suspicions: tuple[Reason, ...] = ()
    events: tuple[LogEvent, ...] = ()
