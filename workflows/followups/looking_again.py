"""Makes the follow-ups of ended cases, such as whether a resolved value lasts or a handed-over one has come right.

A finding becomes an internal note and is stored in the follow-up; the case never changes state. Errors of products pass
through, and the follow-up is tried again later.
"""

from __future__ import annotations

import re
from datetime import timedelta

from workflows.case.closing import marker
from workflows.case.pattern import told_on
from workflows.case.siblings import attributes, is_handed_over, is_open_at_desk
from workflows.errors import Misconfigured, Refused
from workflows.followups.advice_outcome import aftermath
from workflows.model import (
    Case,
    CaseState,
    Followup,
    FollowupKind,
    FollowupState,
    Intent,
    Note,
    Phase,
    PlannedWrite,
    Reason,
    Ticket,
    TicketRef,
)
from workflows.model import ReasonKind as R
from workflows.notes import endings, progress
from workflows.notes.reasons import sentence
from workflows.ports import Lease
from workflows.reading.wishes import Change
from workflows.steps import Ports, alert, change_in
from workflows.values.comparing import holds
from workflows.values.masking import plain

_ENDS = {
    FollowupKind.RECHECK: CaseState.RESOLVED,
    FollowupKind.LOOK_AGAIN: CaseState.ESCALATED,
    FollowupKind.SUPPORT_CASE: CaseState.ESCALATED,
    FollowupKind.AFTERWARDS: CaseState.ADVISED,
    FollowupKind.AT_ODDS: CaseState.ESCALATED,
    FollowupKind.PATTERN: CaseState.ESCALATED,
}
_NUMBER = re.compile(
    r"(?im)^[ \t\xa0*_>-]*okta\s+(?:support\s+)?case(?:\s+(?:number|no\.?|id))?"
    r"[\s*_]*[:#=]++[\s*_#]*+(?P<number>\d{6,10})\b"
)


class _Unreadable(Exception):  # noqa: N818  # it names the fact
    """The desk no longer lets us read the ticket: nothing can be written, and waiting does not help."""


def look_again(lease: Lease, ports: Ports) -> int:
    """Make one follow-up; return 1 if that settled it, else 0."""
    followup = ports.store.followup(lease.id)
    case = ports.store.case(followup.case_id) if followup else None
    if followup is None or case is None or followup.state is not FollowupState.OPEN:
        return 0
    if case.round != followup.round or case.state is not _ENDS[followup.kind]:
        return _settle(lease, followup, FollowupState.DROPPED, Reason.of(R.ANOTHER_ROUND), (), ports)
    looks = {
        FollowupKind.RECHECK: _recheck,
        FollowupKind.LOOK_AGAIN: _look_again,
        FollowupKind.SUPPORT_CASE: _support_case,
        FollowupKind.AFTERWARDS: _afterwards,
        FollowupKind.AT_ODDS: _at_odds,
        FollowupKind.PATTERN: _pattern,
    }
    try:
        return looks[followup.kind](lease, followup, case, ports)
    except _Unreadable as error:
        finding = Reason.of(R.TICKET_GONE, detail=plain(str(error), 120))
        if followup.until is not None and ports.clock.now() < followup.until:
            return _later(lease, followup, finding, ports)
        state = FollowupState.MISSED if followup.kind is FollowupKind.AFTERWARDS else FollowupState.DROPPED
        return _settle(lease, followup, state, finding, (), ports)


def _ticket(case: Case, ports: Ports) -> Ticket:
    try:
        return ports.desks[case.ref.desk].read(case.ref)
    except Refused as error:
        raise _Unreadable(error.detail) from error


def _recheck(lease: Lease, followup: Followup, case: Case, ports: Ports) -> int:
    lost = _missing(case, ports)
    if not lost:
        return _settle(lease, followup, FollowupState.HOLDS, Reason.of(R.VALUES_HOLD), (), ports)
    ticket = _ticket(case, ports)
    writes: tuple[PlannedWrite, ...] = ()
    if ticket.assignee is None or ticket.assigned_to_worker:
        note = endings.value_lost(lost, ports.clock.now(), ports.reader(case))
        writes = _written(case, ticket, "recheck", note, ports)
    finding = Reason.of(R.VALUES_LOST, names=", ".join(lost))
    alert(ports, case.ref.desk, f"{case.ref.key}: {finding.kind}", f"{case.ref.key}: {sentence(finding)}")
    return _settle(lease, followup, FollowupState.CHANGED, finding, writes, ports)


def _look_again(lease: Lease, followup: Followup, case: Case, ports: Ports) -> int:
    """Check whether the values came right, and note that once if the ticket is still open.

    If the ticket asks for something else by now, these values are no longer wanted: that is noted instead, and the
    follow-up ends.
    """
    ticket = _ticket(case, ports)
    writes: tuple[PlannedWrite, ...] = ()
    if change_in(case, _without_work_notes(case, ticket), ports) is not Change.NONE:
        if ticket.phase is not Phase.DONE:
            writes = _written(case, ticket, "changed", endings.request_changed(), ports)
        return _settle(lease, followup, FollowupState.DROPPED, Reason.of(R.ASKS_OTHERWISE), writes, ports)
    if _missing(case, ports):
        return _later(lease, followup, Reason.of(R.VALUES_NEVER_CAME), ports)
    if ticket.phase is not Phase.DONE:
        note = endings.came_right(case, ports.clock.now(), ports.reader(case))
        writes = _written(case, ticket, "arrived", note, ports)
    return _settle(lease, followup, FollowupState.ARRIVED, Reason.of(R.VALUES_CAME), writes, ports)


def _without_work_notes(case: Case, ticket: Ticket) -> Ticket:
    """Return the ticket without what agents noted since it was judged: by then it was theirs to work on."""
    since = max((item.verdict.judged_at for item in case.subjects if item.verdict), default=case.opened_at)
    return ticket.but(comments=tuple(item for item in ticket.comments if item.public or item.created <= since))


def _support_case(lease: Lease, followup: Followup, case: Case, ports: Ports) -> int:
    """Look for a Support Case's number in people's comments, and look it up in Okta."""
    ticket = _ticket(case, ports)
    number = number_in(ticket)
    if number is None:
        return _later(lease, followup, Reason.of(R.NO_NUMBER), ports)
    status = _status(number, ports)
    writes: tuple[PlannedWrite, ...] = ()
    if ticket.phase is not Phase.DONE:
        writes = _written(
            case, ticket, "support", endings.support_case_found(number, status, ports.reader(case)), ports
        )
    followup = followup.but(number=number)
    return _settle(
        lease, followup, FollowupState.NOTED, Reason.of(R.SUPPORT_CASE, status, number=number), writes, ports
    )


def _afterwards(lease: Lease, followup: Followup, case: Case, ports: Ports) -> int:
    """Check whether people have closed the ticket, and record what both copies hold then; nothing is written on it."""
    now = ports.clock.now()
    ticket = _ticket(case, ports)
    closed, until = ticket.phase is Phase.DONE, followup.until or now
    if not closed and now < until:
        due_at = min(until, now + timedelta(seconds=ports.policy.recheck_after or ports.policy.look_again_every))
        ports.store.commit_followup(lease, followup, due_at, (), now)
        return 0
    found = followup.but(aftermath=aftermath(case, ticket, ports))
    if closed:
        return _settle(lease, found, FollowupState.CLOSED, Reason.of(R.CLOSED_BY_PEOPLE), (), ports)
    return _settle(lease, found, FollowupState.MISSED, Reason.of(R.STILL_OPEN), (), ports)


def _at_odds(lease: Lease, followup: Followup, case: Case, ports: Ports) -> int:
    """Note on a handed-over ticket that is still open that another one states another value."""
    other = ports.store.case(followup.other)
    ticket = _ticket(case, ports)
    step = f"{FollowupKind.AT_ODDS}-{followup.other}"
    noted = any(item.planned.intent == marker(case, step) for item in ports.store.writes(case.id))
    if other is None or noted or ticket.phase is Phase.DONE or not _contradicts(case, other, ports):
        return _settle(lease, followup, FollowupState.DROPPED, Reason.of(R.NOTHING_TO_TELL), (), ports)
    writes = _written(
        case, ticket, step, progress.at_odds_with(progress.OtherWish(other, attributes(case, other))), ports
    )
    return _settle(lease, followup, FollowupState.NOTED, Reason.of(R.OTHER_VALUE, key=other.ref.key), writes, ports)


def _pattern(lease: Lease, followup: Followup, case: Case, ports: Ports) -> int:
    """Note on a handed-over ticket that is still open that it stands for others, or which one stands for it."""
    first, ticket = ports.store.case(followup.other), _ticket(case, ports)
    note = told_on(case, first, followup.due_at, ports) if first else None
    if first is None or note is None or ticket.phase is Phase.DONE:
        return _settle(lease, followup, FollowupState.DROPPED, Reason.of(R.NOTHING_TO_TELL), (), ports)
    related = first.ref if first.id != case.id else None
    step = f"{FollowupKind.PATTERN}-{first.id}"
    writes = _written(case, ticket, step, note, ports, related)
    return _settle(lease, followup, FollowupState.NOTED, Reason.of(R.ONE_CAUSE, key=first.ref.key), writes, ports)


def _contradicts(case: Case, other: Case, ports: Ports) -> bool:
    """Return whether another case still states another value, and nobody has closed or withdrawn its ticket since."""
    if other.state is CaseState.WITHDRAWN or not attributes(case, other):
        return False
    return not is_handed_over(other) or is_open_at_desk(other, ports)


def _status(number: str, ports: Ports) -> Reason:
    """Return what Okta says about a Support Case; a refused read is reported, not waited for."""
    try:
        cases = ports.org.support_cases()
    except (Refused, Misconfigured) as error:
        return Reason.of(R.SUPPORT_CASE_NOT_READABLE, detail=plain(error.said, 120))
    found = next((item for item in cases if item.number.lstrip("0") == number.lstrip("0")), None)
    if found is None:
        return Reason.of(R.SUPPORT_CASE_UNLISTED)
    if not found.access:
        return Reason.of(R.SUPPORT_CASE_LISTED)
    return Reason.of(R.SUPPORT_CASE_WITH_ACCESS, access=plain(found.access, 40))


def _missing(case: Case, ports: Ports) -> tuple[str, ...]:
    """Return the attributes in which Okta does not hold what is expected."""
    found: list[str] = []
    for subject in case.subjects:
        if subject.verdict and subject.verdict.user_id:
            user = ports.org.user(subject.verdict.user_id)
            found += [item.attribute for item in subject.expectations if not holds(user.profile, item)]
    return tuple(found)


def _written(
    case: Case, ticket: Ticket, step: str, note: Note, ports: Ports, related: TicketRef | None = None
) -> tuple[PlannedWrite, ...]:
    """Plan a note; nothing is written where somebody removed the tag: the ticket is no longer ours to comment on."""
    if not ticket.tagged:
        return ()
    return ports.desks[case.ref.desk].plan(ticket, Intent(key=marker(case, step), internal=note, related=related))


def _later(lease: Lease, followup: Followup, finding: Reason, ports: Ports) -> int:
    """Check again later, or give up at the deadline."""
    now = ports.clock.now()
    if followup.until is None or now >= followup.until:
        return _settle(lease, followup, FollowupState.MISSED, finding, (), ports)
    due_at = min(followup.until, now + timedelta(seconds=ports.policy.look_again_every))
    ports.store.commit_followup(lease, followup, due_at, (), now)
    return 0


def _settle(
    lease: Lease,
    followup: Followup,
    state: FollowupState,
    finding: Reason,
    writes: tuple[PlannedWrite, ...],
    ports: Ports,
) -> int:
    after = followup.but(state=state, finding=finding)
    return int(ports.store.commit_followup(lease, after, None, writes, ports.clock.now()))


def number_in(ticket: Ticket) -> str | None:
    """Return the number that a person wrote last; None if nobody wrote one."""
    texts = [comment.body for comment in ticket.comments if not comment.by_worker]
    found = [match["number"] for text in texts for match in _NUMBER.finditer(text.replace("\\", ""))]
    return found[-1] if found else None
