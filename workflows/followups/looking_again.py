"""Makes the follow-ups of ended cases, such as whether a resolved value lasts or a handed-over one has come right.

A finding becomes an internal note and is stored in the follow-up; the case never changes state. Errors of products pass
through, and the follow-up is tried again later.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import NamedTuple

from workflows.case.closing import marker
from workflows.case.pattern import told_on
from workflows.case.siblings import contradicted, is_handed_over
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
from workflows.steps import Ports, alert, change_in, refuse_stopped
from workflows.sync.overtaken import is_open_at_desk
from workflows.values.comparing import holds
from workflows.values.masking import plain

_NUMBER = re.compile(
    r"(?im)^[ \t\xa0*_>-]*okta\s+(?:support\s+)?case(?:\s+(?:number|no\.?|id))?"
    r"[\s*_]*[:#=]++[\s*_#]*+(?P<number>\d{6,10})\b"
)


class _Unreadable(Exception):  # noqa: N818  # it names the fact
    """The desk no longer lets us read the ticket: nothing can be written, and waiting does not help."""


class Found(NamedTuple):
    """What a look found: the state that settles the follow-up and `writes` for its ticket, or when to look again.

    `changes` are further values of the follow-up. `due_at` (UTC) leaves it as it is until then.
    """

    state: FollowupState
    finding: Reason
    writes: tuple[PlannedWrite, ...] = ()
    changes: Mapping[str, object] = {}
    due_at: datetime | None = None


def look_again(lease: Lease, ports: Ports) -> int:
    """Make one follow-up; return 1 if that settled it, else 0."""
    followup = ports.store.followup(lease.id)
    case = ports.store.case(followup.case_id) if followup else None
    if followup is None or case is None or followup.state is not FollowupState.OPEN:
        return 0
    refuse_stopped(case.ref.desk, ports)
    found = _found(followup, case, ports)
    settled = followup.but(**found.changes, state=found.state, finding=found.finding)
    after, now = followup if found.due_at else settled, ports.clock.now()
    committed = ports.store.commit_followup(lease, after, found.due_at, found.writes, now)
    return int(committed and found.due_at is None)


def _found(followup: Followup, case: Case, ports: Ports) -> Found:
    end, look = LOOKS[followup.kind]
    if case.round != followup.round or case.state is not end:
        return Found(FollowupState.DROPPED, Reason.of(R.ANOTHER_ROUND))
    try:
        return look(followup, case, ports)
    except _Unreadable as error:
        finding = Reason.of(R.TICKET_GONE, detail=plain(str(error), 120))
        over = FollowupState.MISSED if followup.kind is FollowupKind.AFTERWARDS else FollowupState.DROPPED
        return _later(followup, finding, ports, over)


def _ticket(case: Case, ports: Ports) -> Ticket:
    try:
        return ports.desks[case.ref.desk].read(case.ref)
    except Refused as error:
        raise _Unreadable(error.detail) from error


def _recheck(_followup: Followup, case: Case, ports: Ports) -> Found:
    lost = _missing(case, ports)
    if not lost:
        return Found(FollowupState.HOLDS, Reason.of(R.VALUES_HOLD))
    ticket, note = _ticket(case, ports), endings.value_lost(lost, ports.clock.now(), ports.reader(case))
    ours = ticket.assignee is None or ticket.assigned_to_worker
    finding = Reason.of(R.VALUES_LOST, names=", ".join(lost))
    alert(ports, case.ref.desk, f"{case.ref.key}: {finding.kind}", f"{case.ref.key}: {sentence(finding)}")
    return Found(FollowupState.CHANGED, finding, _written(case, ticket, "recheck", note, ports) if ours else ())


def _look_again(followup: Followup, case: Case, ports: Ports) -> Found:
    """Check whether the values came right, and note that once if the ticket is still open.

    If the ticket asks for something else by now, these values are no longer wanted: that is noted instead, and the
    follow-up ends.
    """
    ticket = _ticket(case, ports)
    change = change_in(case, _without_work_notes(case, ticket), ports)
    if change.otherwise or change.told:
        writes = _if_open(case, ticket, "changed", endings.request_changed(), ports)
        return Found(FollowupState.DROPPED, Reason.of(R.ASKS_OTHERWISE), writes)
    if _missing(case, ports):
        return _later(followup, Reason.of(R.VALUES_NEVER_CAME), ports)
    note = endings.came_right(case, ports.clock.now(), ports.reader(case))
    return Found(FollowupState.ARRIVED, Reason.of(R.VALUES_CAME), _if_open(case, ticket, "arrived", note, ports))


def _without_work_notes(case: Case, ticket: Ticket) -> Ticket:
    """Return the ticket without what agents noted since it was judged: by then it was theirs to work on."""
    since = max((item.verdict.judged_at for item in case.subjects if item.verdict), default=case.opened_at)
    return ticket.but(comments=tuple(item for item in ticket.comments if item.public or item.created <= since))


def _support_case(followup: Followup, case: Case, ports: Ports) -> Found:
    """Look for a Support Case's number in people's comments, and look it up in Okta."""
    ticket = _ticket(case, ports)
    number = number_in(ticket)
    if number is None:
        return _later(followup, Reason.of(R.NO_NUMBER), ports)
    status = _status(number, ports)
    note = endings.support_case_found(number, status, ports.reader(case))
    writes, finding = _if_open(case, ticket, "support", note, ports), Reason.of(R.SUPPORT_CASE, status, number=number)
    return Found(FollowupState.NOTED, finding, writes, {"number": number})


def _afterwards(followup: Followup, case: Case, ports: Ports) -> Found:
    """Check whether people have closed the ticket, and record what both copies hold then; nothing is written on it."""
    now, ticket = ports.clock.now(), _ticket(case, ports)
    closed, until = ticket.phase is Phase.DONE, followup.until or now
    if not closed and now < until:
        due_at = min(until, ports.after(ports.policy.recheck_after or ports.policy.look_again_every))
        return Found(FollowupState.OPEN, Reason.of(R.STILL_OPEN), due_at=due_at)
    state, what = (FollowupState.CLOSED, R.CLOSED_BY_PEOPLE) if closed else (FollowupState.MISSED, R.STILL_OPEN)
    return Found(state, Reason.of(what), changes={"aftermath": aftermath(case, ticket, ports)})


def _at_odds(followup: Followup, case: Case, ports: Ports) -> Found:
    """Note on a handed-over ticket that is still open that another one states another value."""
    other, ticket = ports.store.case(followup.other), _ticket(case, ports)
    step = f"{FollowupKind.AT_ODDS}-{followup.other}"
    noted = any(item.planned.intent == marker(case, step) for item in ports.store.writes(case.id))
    names = contradicted(case, other.subjects) if other and other.state is not CaseState.WITHDRAWN else ()
    over = noted or ticket.phase is Phase.DONE
    if other is None or not names or over or (is_handed_over(other) and not is_open_at_desk(other, ports)):
        return Found(FollowupState.DROPPED, Reason.of(R.NOTHING_TO_TELL))
    note = progress.at_odds_with(progress.OtherWish(other, names), ports.reader(case))
    writes = _written(case, ticket, step, note, ports)
    return Found(FollowupState.NOTED, Reason.of(R.OTHER_VALUE, key=other.ref.key), writes)


def _pattern(followup: Followup, case: Case, ports: Ports) -> Found:
    """Note on a handed-over ticket that is still open that it stands for others, or which one stands for it."""
    first, ticket = ports.store.case(followup.other), _ticket(case, ports)
    note = told_on(case, first, followup.due_at, ports) if first else None
    if first is None or note is None or ticket.phase is Phase.DONE:
        return Found(FollowupState.DROPPED, Reason.of(R.NOTHING_TO_TELL))
    related = first.ref if first.id != case.id else None
    writes = _written(case, ticket, f"{FollowupKind.PATTERN}-{first.id}", note, ports, related)
    return Found(FollowupState.NOTED, Reason.of(R.ONE_CAUSE, key=first.ref.key), writes)


# The end after which a follow-up is made, and how: of a case that has come to another one since, it is dropped.
LOOKS: dict[FollowupKind, tuple[CaseState, Callable[[Followup, Case, Ports], Found]]] = {
    FollowupKind.RECHECK: (CaseState.RESOLVED, _recheck),
    FollowupKind.LOOK_AGAIN: (CaseState.ESCALATED, _look_again),
    FollowupKind.SUPPORT_CASE: (CaseState.ESCALATED, _support_case),
    FollowupKind.AFTERWARDS: (CaseState.ADVISED, _afterwards),
    FollowupKind.AT_ODDS: (CaseState.ESCALATED, _at_odds),
    FollowupKind.PATTERN: (CaseState.ESCALATED, _pattern),
}


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
    judged = [(item, item.verdict.user_id) for item in case.subjects if item.verdict and item.verdict.user_id]
    profiles = [(subject.expectations, ports.org.user(user_id).profile) for subject, user_id in judged]
    return tuple(item.attribute for wanted, profile in profiles for item in wanted if not holds(profile, item))


def _written(
    case: Case, ticket: Ticket, step: str, note: Note, ports: Ports, related: TicketRef | None = None
) -> tuple[PlannedWrite, ...]:
    """Plan a note; nothing is written where somebody removed the tag: the ticket is no longer ours to comment on."""
    if not ticket.tagged:
        return ()
    return ports.desks[case.ref.desk].plan(ticket, Intent(key=marker(case, step), internal=note, related=related))


def _if_open(case: Case, ticket: Ticket, step: str, note: Note, ports: Ports) -> tuple[PlannedWrite, ...]:
    return () if ticket.phase is Phase.DONE else _written(case, ticket, step, note, ports)


def _later(followup: Followup, finding: Reason, ports: Ports, over: FollowupState = FollowupState.MISSED) -> Found:
    """Look again later; at the deadline it is `over`."""
    if followup.until is None or ports.clock.now() >= followup.until:
        return Found(over, finding)
    due_at = min(followup.until, ports.after(ports.policy.look_again_every))
    return Found(FollowupState.OPEN, finding, due_at=due_at)


def number_in(ticket: Ticket) -> str | None:
    """Return the number that a person wrote last; None if nobody wrote one."""
    texts = [comment.body for comment in ticket.comments if not comment.by_worker]
    found = [match["number"] for text in texts for match in _NUMBER.finditer(text.replace("\\", ""))]
    return found[-1] if found else None
