"""A run before its start: its window, what it would change, and whose word it needs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from workflows.engine.retries import report, retry_at
from workflows.errors import Refused
from workflows.model import Autonomy, CaseState, RunState, Scan, SyncRun
from workflows.precheck.verdict_texts import counted
from workflows.steps import Ports, RunAdvance, RunOutcome, RunWait
from workflows.sync.directory_reading import Mappings
from workflows.sync.policy import may_start, window_open
from workflows.sync.reach import above_thresholds, decision_holds, fold, radius
from workflows.sync.riders import Interrupted, kept, still_helped, tickets_read_again

PAGES_A_STEP = 10  # pages of a scan before the run's message ends, so that one directory does not hold a thread


def gathering(run: SyncRun, ports: Ports, still_ours: Callable[[], None]) -> RunOutcome:
    """Close the window, look at what would change, get a person's word where it is needed, and read every rider again.

    `still_ours` is called before each longer reading: it prolongs the lease, and raises where that has been lost.
    """
    now, store = ports.clock.now(), ports.store
    if wait := window_open(run, store.polls(), store.unjudged(now), ports.policy, now):
        return RunWait(wait.until, wait.reason)
    if wait := may_start(run, store.last_started(run.directory), store, ports.policy, now):
        return RunWait(wait.until, wait.reason)
    try:
        return _looked_over(run, ports, still_ours, now)
    except Interrupted as stopped:
        report(stopped.fault, ports)
        return RunWait(retry_at(stopped.fault, ports), str(stopped.fault), stopped.run)


def _looked_over(run: SyncRun, ports: Ports, still_ours: Callable[[], None], now: datetime) -> RunOutcome:
    """Look at every user of the directory where that is needed, and at every rider; `Interrupted` keeps what was."""
    mappings = Mappings(run.directory, ports)
    if _scan_needed(run, ports, now):
        run = _scanned(run, mappings, ports, still_ours)
        if run.scan is not None:
            return RunWait(ports.clock.now(), f"looking at every user: {run.scan.users} so far", run)
    riders = ports.store.riders(run.id, open_only=True)
    joined = [case for case in riders if case.state is CaseState.JOINED and case.subjects]
    run = tickets_read_again(run, joined, ports, still_ours)
    still_ours()
    with kept(run):
        helped = still_helped([case for case in joined if case.id in run.reread], run, mappings, ports)
    run = run.model_copy(update={"reread": {}})
    dropped = tuple(case.id for case in riders if case.id not in helped)
    if not helped:
        because = "no rider was left whom it would help"
        after = run.model_copy(update={"state": RunState.CANCELLED, "because": because})
        return RunAdvance(after, because, drop=dropped)
    return _next(run, ports, len(helped), dropped)


def _next(run: SyncRun, ports: Ports, riders: int, dropped: tuple[str, ...]) -> RunAdvance:
    """Decide how the run goes on: to a person for approval, to a person's hand, or to the press."""
    now, policy = ports.clock.now(), ports.policy
    why = _approval_needed(run, ports)
    if why and not decision_holds(run, policy, now):
        because = f"needs approval: {why}."
        deadline = now + timedelta(seconds=policy.approve_within)
        changes = {"state": RunState.PROPOSED, "decision": None, "asked_at": now, "deadline": deadline}
        after = run.model_copy(update={**changes, "because": because})
        return RunAdvance(after, because, due_at=deadline, drop=dropped, wake_riders=True)
    because = f"read again and still helped: {counted(riders, 'ticket')}"
    if ports.drivers[run.directory.ref.org].by_hand:
        deadline = now + timedelta(seconds=policy.press_within)
        changes = {"state": RunState.REQUESTED, "asked_at": now, "deadline": deadline}
        after = run.model_copy(update={**changes, "because": because})
        return RunAdvance(
            after, because, due_at=now + timedelta(seconds=policy.verify_every), drop=dropped, wake_riders=True
        )
    after = run.model_copy(update={"state": RunState.STARTING, "because": because})
    return RunAdvance(after, because, due_at=now, drop=dropped)


def _approval_needed(run: SyncRun, ports: Ports) -> str | None:
    """Say why a person must approve, None where nobody must. A person who presses decides by pressing."""
    if ports.drivers[run.directory.ref.org].by_hand:
        return None
    if ports.policy.autonomy_of(run.directory) is Autonomy.APPROVE:
        return "the settings ask for it"
    if not ports.policy.scan:
        return None
    if run.radius is None:
        return "what it would change could not be looked up"
    return above_thresholds(run.radius, ports.policy)


def _scan_needed(run: SyncRun, ports: Ports, now: datetime) -> bool:
    if not ports.policy.scan or ports.drivers[run.directory.ref.org].by_hand:
        return False
    valid_for = timedelta(seconds=ports.policy.scan_valid_for)
    return run.scan is not None or run.radius is None or now - run.radius.at > valid_for or run.decision is not None


def _scanned(run: SyncRun, mappings: Mappings, ports: Ports, still_ours: Callable[[], None]) -> SyncRun:
    """Go on with the scan for some pages; it is done when `scan` is None again."""
    scan = run.scan or Scan(begun_at=ports.clock.now())
    for _ in range(PAGES_A_STEP):
        still_ours()
        with kept(run.model_copy(update={"scan": scan})):
            try:
                page = mappings.page(scan.after)
            except Refused:
                return run.model_copy(update={"scan": None, "radius": None})
            found = [item for member in page.members for item in mappings.drift_of(member)]
        scan = fold(scan, len(page.members), found, page.next)
        if page.next is None:
            return run.model_copy(
                update={"scan": None, "radius": radius(scan, mappings.unpredictable(), ports.clock.now())}
            )
    return run.model_copy(update={"scan": scan})
