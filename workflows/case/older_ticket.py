"""Defers to an older ticket with the same fault: links to it, notes that once, and lets the older one end first."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from workflows.case.closing import escalate, marker, with_story
from workflows.case.siblings import had_no_effect, leader
from workflows.model import Case, CaseState, Intent, Reason, SyncRun
from workflows.model import ReasonKind as R
from workflows.notes import progress
from workflows.steps import Advance, Ports

STEP = "same"  # the note that names the leading ticket, once in a round


class LeaderFirst(NamedTuple):
    """The leading case whose end is waited for, and until when (UTC)."""

    case_id: str
    until: datetime


def note_leader(case: Case, ports: Ports) -> Advance | None:
    """Link the ticket to the leading one and note that; None if it was done in this round, or if none leads."""
    first = None if case.said.older_ticket else leader(case, ports)
    if first is None:
        return None
    now, key = ports.clock.now(), first.ref.key
    after = with_story(case, now, Reason.of(R.SAME_FAULT_NOTED, key=key)).but(said=case.said.but(older_ticket=True))
    note = progress.led_by(first, ports.reader(case))
    intent = Intent(key=marker(case, STEP), internal=note, related=first.ref, only_inside=True)
    return Advance(after, Reason.of(R.SAME_FAULT, key=key), due_at=now, intents=(intent,))


def not_again(case: Case, ports: Ports) -> Advance | None:
    """Hand over instead of running Force Sync again if it had no effect for the leading ticket; else None."""
    first = leader(case, ports)
    if first is None or not had_no_effect(first, case, ports):
        return None
    return escalate(case, ports, Reason.of(R.HAD_NO_EFFECT_ALREADY, key=first.ref.key))


def leader_first(case: Case, run: SyncRun, ports: Ports, deadline: datetime) -> LeaderFirst | None:
    """Return the leading case, on the same run, that has not ended yet; None to wait no longer.

    One that is handed over because nobody pressed the button has gone back to the run before.

    This way the older ticket gets the Support Case and the younger one names it. If the older one has not ended within
    two more `verify_every` (its desk may be down, or refuse the file), this one continues by itself.
    """
    now, first = ports.clock.now(), leader(case, ports)
    riding = {CaseState.JOINED, CaseState.SYNCED, CaseState.CLOSING}
    same = {run.id, run.successor_of} if run.assisted else {run.id}
    waits = first is not None and first.state in riding and first.run_id in same
    until = deadline + timedelta(seconds=2 * ports.policy.verify_every)
    return LeaderFirst(first.id, until) if first and waits and now < until else None
