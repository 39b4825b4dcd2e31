"""A run before its start: its window, its reach, its riders, and whether it needs approval."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from workflows.errors import FarSideError, Refused
from workflows.model import Autonomy, Case, CaseState, Radius, Reason, RunState, Scan, SyncRun, Verdict
from workflows.model import ReasonKind as R
from workflows.precheck.expectations import still_helps
from workflows.precheck.gathering import with_holders
from workflows.precheck.schema_refusal import breaking_values
from workflows.precheck.verdicts import justifies, riding
from workflows.precheck.wishes import NOTHING_NEW
from workflows.steps import BELIEVED, Ports, RunAdvance, RunOutcome, RunWait, change_in, stopped, taken_over, times
from workflows.sync.approvers import void
from workflows.sync.decisions import joined
from workflows.sync.directory_reading import Reach
from workflows.sync.faults import interrupted, told
from workflows.sync.overtaken import overtaken, overtakes, passing_over
from workflows.sync.policy import may_start, window_open
from workflows.sync.reach import above_thresholds, fold, radius
from workflows.values.masking import plain
from workflows.values.wording import counted

NOTED = frozenset({R.OFF, R.PRESS_REFUSED})  # what keeps a run from its start and is noted on its tickets
ONCE = frozenset({R.MAY_CHANGE, R.MAY_CHANGE_PROTECTED})  # approved once for each set of expressions
SOON = timedelta(seconds=5)  # until a rider has been judged by what was written on its ticket
PAGES_A_STEP = 10  # pages of a scan per message, so that one directory does not occupy a thread


def gathering(run: SyncRun, ports: Ports, still_ours: Callable[[], None]) -> RunOutcome:
    """Close the window, scan what would change, read every rider again, and ask for approval if needed.

    `still_ours` is called before each longer read: it extends the lease, and raises if that was lost.
    """
    now, store = ports.clock.now(), ports.store
    desks = _worked_desks(ports)
    outstanding = store.unjudged(desks, now) + len(store.unclaimed(run.id, desks))
    polls = [poll for poll in store.polls() if poll.name in desks]
    if wait := window_open(run, polls, outstanding, ports.policy, now):
        return wait
    if wait := may_start(run, store, ports.policy, now):
        news = wait.because.kind in NOTED and run.because != wait.because
        return replace(wait, run=run.but(because=wait.because), wake_riders=news)
    reach = Reach(run.directory, run.target_type_id, ports)
    if _scan_needed(run, ports, now):
        run, fault = _scanned(run, reach, ports, still_ours)
        if fault:
            return interrupted(run, fault, ports)
        if run.scan is not None:
            return RunWait(ports.clock.now(), Reason.of(R.LOOKING_AT_USERS, users=run.scan.users), run)
    return _checked(run, reach, ports, still_ours)


def _worked_desks(ports: Ports) -> frozenset[str]:
    """Return the desks that are not left alone: what is open on another neither causes nor delays a run."""
    return frozenset(desk for desk in ports.desks if not stopped(desk, ports))


def _checked(run: SyncRun, reach: Reach, ports: Ports, still_ours: Callable[[], None]) -> RunOutcome:
    """Read the riders again; drop those of a desk that is left alone. A product's fault keeps what was scanned."""
    now = ports.clock.now()
    riders = ports.store.riders(run.id, open_only=True)
    desks = _worked_desks(ports)
    worked = [case for case in riders if case.ref.desk in desks]
    # nothing is pressed for a ticket that does not show that it is ours
    unclaimed = ports.store.unclaimed(run.id, desks)
    waiting = [case for case in worked if case.state is CaseState.JOINED and case.subjects and case.id not in unclaimed]
    still_ours()
    try:
        if _guards_others(run, reach, ports):
            return RunWait(now, Reason.of(R.LOOKING_AT_USERS, users=0), run.but(radius=None))
        helped = still_helped(waiting, run, reach, ports)
        helped, unread = seen_ours([case for case in waiting if case.id in helped], run, ports, still_ours)
    except FarSideError as error:
        return interrupted(run, error, ports)
    run = run if run.radius is None else run.but(trouble=None)
    if unread:
        return _unjudged(run, unread, now + SOON)
    if not helped and unclaimed:
        return _unjudged(run, len(unclaimed), now + timedelta(seconds=ports.policy.verify_every))
    dropped = tuple(case.id for case in riders if case.id not in helped and case.id not in unclaimed)
    if not helped:
        return RunAdvance(run.but(state=RunState.CANCELLED, because=Reason.of(R.NO_RIDER_HELPED)), drop=dropped)
    return _next(run, ports, len(helped), dropped)


def _unjudged(run: SyncRun, number: int, until: datetime) -> RunWait:
    return RunWait(until, Reason.of(R.JUDGEMENT_OUTSTANDING, tickets=counted(number, "ticket")), run)


def _next(run: SyncRun, ports: Ports, riders: int, dropped: tuple[str, ...]) -> RunAdvance:
    """Decide what comes next: a person's approval, a manual start, or the start itself."""
    now, policy = ports.clock.now(), ports.policy
    why = _approval_needed(run, ports)
    gone = void(run, joined(run, ports), policy, ports.org, now) if why else None
    if why and (gone or run.decision is None):
        by = plain(run.decision.by, 80) if run.decision else ""
        because = Reason.of(R.APPROVAL_VOID, gone, by=by) if gone else Reason.of(R.NEEDS_APPROVAL, why)
        deadline = now + timedelta(seconds=policy.approve_within)
        waiting = {"state": RunState.PROPOSED, "asked_at": now, "asked": run.asked + 1, "deadline": deadline}
        trouble = run.trouble if run.radius is None else None  # it is still believed when the reach is looked up again
        after = run.but(**waiting, decision=None, because=because, trouble=trouble)
        return RunAdvance(after, due_at=deadline, drop=dropped, wake_riders=True)
    run = run.but(trouble=None)
    because = Reason.of(R.STILL_HELPS, tickets=counted(riders, "ticket"))
    if _by_hand(run, ports):
        deadline = now + timedelta(seconds=policy.press_within)
        after = run.but(state=RunState.REQUESTED, asked_at=now, deadline=deadline, because=because)
        look_at = now + timedelta(seconds=policy.verify_every)
        return RunAdvance(after, due_at=look_at, drop=dropped, wake_riders=True)
    return RunAdvance(run.but(state=RunState.STARTING, because=because), due_at=now, drop=dropped)


def _approval_needed(run: SyncRun, ports: Ports) -> Reason | None:
    """Return why a person must approve; None if nobody must. A person who presses the button approves by that."""
    if _by_hand(run, ports):
        return None
    if passed_over := overtakes(run, ports):
        return passed_over
    if ports.policy.autonomy_of(run.directory) is Autonomy.APPROVE:
        return Reason.of(R.SETTINGS_ASK)
    if run.radius is None:
        refused = run.trouble.why if run.trouble and ports.policy.scan else None
        return Reason.of(R.REACH_REFUSED, refused) if refused else Reason.of(R.REACH_UNKNOWN)
    why = above_thresholds(run.radius, ports.policy)
    return None if why and why.kind in ONCE and _was_approved(run.radius, why.kind, run, ports) else why


def _was_approved(radius: Radius, why: R, run: SyncRun, ports: Ports) -> bool:
    """Say whether an approved run of the same mapping, with these expressions, has started before.

    Where it is about protected users, that run was shown to be about them, and they were the same.
    """
    which = (run.directory.ref, run.target_type_id)
    past = (item for item in ports.store.runs() if (item.directory.ref, item.target_type_id) == which)
    shown = [item.radius for item in past if item.radius and item.decision and item.started_at]
    if why is R.MAY_CHANGE_PROTECTED:
        shown = [item for item in shown if item.protected_unpredictable and item.guarded == radius.guarded]
    return any(item.expressions == radius.expressions for item in shown)


def _by_hand(run: SyncRun, ports: Ports) -> bool:
    """Return whether a person is to press the button: always by the settings, or after a call without effect."""
    return run.assisted or ports.drivers[run.directory.ref.org].by_hand


def _scan_needed(run: SyncRun, ports: Ports, now: datetime) -> bool:
    if not ports.policy.scan or _by_hand(run, ports):
        return False
    valid_for = timedelta(seconds=ports.policy.scan_valid_for)
    return run.scan is not None or run.radius is None or now - run.radius.at > valid_for or run.decision is not None


def _scanned(
    run: SyncRun, reach: Reach, ports: Ports, still_ours: Callable[[], None]
) -> tuple[SyncRun, FarSideError | None]:
    """Continue the scan for some pages, or until a product's fault; it is complete when `scan` is None again.

    After a refusal it begins anew, for Okta may have forgotten how far it came. Only one that is met again and again
    leaves the reach unknown.
    """
    scan = run.scan or Scan(begun_at=ports.clock.now())
    for _ in range(PAGES_A_STEP):
        still_ours()
        try:
            guarded = reach.guarded
            page = reach.page(scan.after)
            run = run if scan.after else run.but(objecting=(), waiting=())
            found = reach.foreseen(page.members)
            scan = fold(scan if scan.after else scan.but(guarded=guarded), page, found)
            run = passing_over(run, overtaken(found, run, ports))
        except Refused as error:
            run = run.but(scan=None)
            if times(run, error) + 1 < BELIEVED:
                return run, error
            return told(run.but(radius=None), error, ports), None
        except FarSideError as error:
            return run.but(scan=scan), error
        if page.next is None:
            return run.but(scan=None, radius=radius(scan, ports.clock.now()), trouble=None), None
    return run.but(scan=scan), None


def seen_ours(
    riders: Sequence[Case], run: SyncRun, ports: Ports, still_ours: Callable[[], None]
) -> tuple[set[str], int]:
    """Return the riders to press for, of whom one that justifies the run was just seen to be ours; else none.

    The search has shown the others unchanged; one that it found changed is read too. Also returns how many have to be
    judged by new words before anything is pressed. A ticket that cannot be read keeps its ride, but justifies nothing:
    if none could be read, its fault is raised.
    """
    found, unread, proven, fault = {case.id for case in riders}, 0, False, None
    for case in riders:
        justified = justifies(case, run, ports.policy)
        if case.stamp <= case.known and (proven or not justified):
            continue
        still_ours()
        try:
            ours, said = _seen(case, ports)
        except FarSideError as error:
            fault = fault or error
            continue
        unread += said
        proven = proven or (ours and justified)
        found -= set() if ours else {case.id}
    if not proven and fault:
        raise fault
    return (found if proven else set()), unread


def _seen(case: Case, ports: Ports) -> tuple[bool, bool]:
    """Return whether a ticket is ours, and whether what was written on it since then is still to be judged."""
    desk = ports.desks[case.ref.desk]
    ticket = desk.glance(case.ref) if case.stamp <= case.known else None
    if ticket is None or ticket.stamp != case.known:
        ticket = desk.read(case.ref)
    if taken_over(ticket):
        return False, False
    said = ticket.stamp != case.known and change_in(case, ticket, ports) != NOTHING_NEW
    if said:
        ports.store.note_stamp(case, max(ticket.stamp, case.stamp), ports.clock.now(), wake=True)
    return True, said


def _guards_others(run: SyncRun, reach: Reach, ports: Ports) -> bool:
    """Say whether others are in the protected groups than when the run's reach was looked at."""
    return run.radius is not None and not _by_hand(run, ports) and run.radius.guarded != reach.guarded


def _is_protected(user_id: str, ports: Ports) -> bool:
    """Say whether a user is in a protected group by now, or may be."""
    names = ports.policy.protected_groups
    try:
        return bool(names) and any(group.is_named(text) for group in ports.org.groups(user_id) for text in names)
    except Refused:
        return True


def still_helped(cases: Sequence[Case], run: SyncRun, reach: Reach, ports: Ports) -> set[str]:
    """Read the riders' users again in bulk; return the cases whose app users are still ahead of Okta."""
    verdicts = {case.id: [subject.verdict for subject in riding(case, run)] for case in cases}
    wanted = {item.user_id for found in verdicts.values() for item in found if item and item.user_id}
    members = reach.just_read(wanted)
    if unread := wanted - members.keys():
        members |= ports.org.members(run.directory, sorted(unread))

    def helps(verdict: Verdict | None) -> bool:
        member = members.get(verdict.user_id) if verdict and verdict.user_id else None
        facts = reach.facts_of(member) if member else None
        if verdict is None or facts is None or not still_helps(verdict, facts):
            return False
        if facts.user.id in reach.protected if run.radius else _is_protected(facts.user.id, ports):
            return False
        return not breaking_values(with_holders(facts, ports.org))

    return {case_id for case_id, found in verdicts.items() if found and all(helps(verdict) for verdict in found)}
