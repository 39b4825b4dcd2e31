"""When too much of a ticket's resolution SLA is used for the worker to go on: then a person still has time to act.

While the effect of a Force Sync is watched for, a case stays: that ends within minutes, by a deadline of its own, and
only then is it known what the next person needs to hear.
"""

from __future__ import annotations

from datetime import timedelta

from workflows.model import CaseState, Ticket

ENDS_BY_SLA = frozenset({CaseState.CLAIMED, CaseState.ASKED, CaseState.JOINED})
LOOK_EVERY = timedelta(minutes=5)  # so long at most a case with a running SLA waits for anything without being read


def too_late(ticket: Ticket) -> str | None:
    """Say in one sentence that a person has to go on because of the SLA; None while there is time, or no SLA."""
    sla = ticket.sla
    if sla is None or sla.used < sla.limit:
        return None
    return f"{sla.used:.0f} % of the time of the SLA {sla.name!r} is used; from {sla.limit:g} % on a person goes on."
