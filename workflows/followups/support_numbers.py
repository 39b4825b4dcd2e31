"""The number of an Okta Support Case, as a person writes it on a ticket: "Okta case: 01234567"."""

from __future__ import annotations

import re

from workflows.model import Ticket

_NUMBER = re.compile(
    r"(?im)^[\s*_>-]*okta\s+(?:support\s+)?case(?:\s+(?:number|no\.?|id))?[\s*_]*[:#=]+[\s*_#]*(?P<number>\d{6,10})\b"
)


def number_in(ticket: Ticket) -> str | None:
    """Return the number that a person wrote last, None where none did."""
    texts = [comment.body for comment in ticket.comments if not comment.by_worker]
    found = [match["number"] for text in texts for match in _NUMBER.finditer(text.replace("\\", ""))]
    return found[-1] if found else None
