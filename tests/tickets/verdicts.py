"""The verdict on a ticket's words, given what the two copies of its requester hold."""

from __future__ import annotations

from typing import Any

from tests.tickets.outcomes import ATTRIBUTES, REQUIRED, mapping_of
from tests.unit import builders as build
from workflows.model import Verdict
from workflows.precheck.table import judge
from workflows.reading.intake import understand
from workflows.reading.ticket_text import said_in


def judged(text: str, okta: dict[str, Any], copy: dict[str, Any]) -> Verdict:
    """Return the verdict on a ticket's words where Okta and the directory's copy hold these values."""
    ticket = build.ticket(description=text)
    (request,) = understand(ticket, {})
    facts = build.facts(
        request=request,
        named=False,
        users=() if request.somebody_else else (build.okta_user(REQUIRED | okta),),
        app_users=(build.app_user(REQUIRED | copy),),
        mapping=mapping_of(ATTRIBUTES),
        history=(),
        directory_history=(),
        words=said_in(ticket),
    )
    return judge(facts, {})
