"""The finding of one row of the decision table."""

from __future__ import annotations

from typing import NamedTuple

from workflows.model import Expectation, LogEvent


class Finding(NamedTuple):
    """The plain explanation, the attribute that decided, what is expected of Okta, and what one may suspect.

    `events` are those of the System Log that it rests on.
    """

    explanation: str
    attribute: str | None = None
    expectations: tuple[Expectation, ...] = ()
    hypotheses: tuple[str, ...] = ()
    events: tuple[LogEvent, ...] = ()
