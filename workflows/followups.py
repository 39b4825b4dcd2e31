"""What is looked at after the end: does a resolved value last? A finding is noted; the case itself never moves."""

from __future__ import annotations

from workflows import notes
from workflows.closing import marker
from workflows.comparison import holds
from workflows.model import CaseState, Followup, FollowupState, Intent, PlannedWrite
from workflows.outcome import Ports
from workflows.ports import Lease


def look_again(lease: Lease, ports: Ports) -> int:
    """Make the later look; returns how many followups were settled. Far-side errors pass through: try again later."""
    followup = ports.store.followup(lease.id)
    case = ports.store.case(followup.case_id) if followup else None
    if followup is None or case is None or followup.state is not FollowupState.OPEN:
        return 0
    now = ports.clock.now()
    if case.round != followup.round or case.state is not CaseState.RESOLVED:
        return _settle(lease, followup, FollowupState.DROPPED, "the ticket went on in another round", (), ports)
    lost: list[str] = []
    for subject in case.subjects:
        if subject.verdict and subject.verdict.user_id:
            user = ports.org.user(subject.verdict.user_id)
            lost += [item.attribute for item in subject.expectations if not holds(user.profile, item)]
    if not lost:
        return _settle(lease, followup, FollowupState.HOLDS, "the values still hold", (), ports)
    desk = ports.desks[case.ref.desk]
    ticket = desk.read(case.ref)
    writes: tuple[PlannedWrite, ...] = ()
    if ticket.tagged and (ticket.assignee is None or ticket.assigned_to_worker):
        note = notes.recheck_changed(case, tuple(lost), now)
        writes = desk.plan(ticket, Intent(key=marker(case, "recheck"), internal=note))
    finding = f"no longer as expected: {', '.join(lost)}"
    ports.tell("alert", {"system": case.ref.desk, "text": f"{case.ref.key}: {finding}"})
    return _settle(lease, followup, FollowupState.CHANGED, finding, writes, ports)


def _settle(
    lease: Lease,
    followup: Followup,
    state: FollowupState,
    finding: str,
    writes: tuple[PlannedWrite, ...],
    ports: Ports,
) -> int:
    after = followup.model_copy(update={"state": state, "finding": finding})
    return int(ports.store.commit_followup(lease, after, None, writes, ports.clock.now()))
