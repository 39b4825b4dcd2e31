"""A run before its start: its window, what it would change, whose word it needs, and a last look at every rider."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from workflows.acts import riding
from workflows.blast_radius import above_thresholds, decision_holds, described, drift, fold, radius
from workflows.comparison import identity
from workflows.errors import Refused
from workflows.expectations import still_helps
from workflows.model import (
    AttributeRule,
    Autonomy,
    Case,
    CaseState,
    Directory,
    Drift,
    Member,
    MemberPage,
    OktaUser,
    ProfileMapping,
    RideState,
    RunState,
    Scan,
    SyncRun,
    Verdict,
)
from workflows.outcome import Ports, RunAdvance, RunOutcome, RunWait
from workflows.ownership import taken_over
from workflows.rejection import would_be_refused
from workflows.run_policy import may_start, window_open

JUST_READ = timedelta(seconds=10)  # what was read this long ago is what the press rests on
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
    mappings = Mappings(run.directory, ports)
    if _scan_needed(run, ports, now):
        run = _scanned(run, mappings, ports, still_ours)
        if run.scan is not None:
            return RunWait(ports.clock.now(), f"looking at every user: {run.scan.users} so far", run)
    riders = [ride.case_id for ride in store.rides(run.id) if ride.state is RideState.OPEN]
    cases = {}
    for case_id in riders:
        still_ours()
        case = store.case(case_id)
        if case is not None and _still_rides(case, ports):
            cases[case_id] = case
    still_ours()
    helped = _still_helped(cases, run, mappings, ports)
    dropped = [case_id for case_id in riders if case_id not in helped]
    left = len(riders) - len(dropped)
    if not left:
        because = "no rider was left whom it would help"
        after = run.model_copy(update={"state": RunState.CANCELLED, "because": because})
        return RunAdvance(after, because, drop=tuple(dropped))
    return _next(run, ports, left, tuple(dropped))


def _still_rides(case: Case, ports: Ports) -> bool:
    """Read a rider's ticket again: still ours."""
    if case.state is not CaseState.JOINED or not case.subjects:
        return False
    return not taken_over(ports.desks[case.ref.desk].read(case.ref))


def _still_helped(cases: Mapping[str, Case], run: SyncRun, mappings: Mappings, ports: Ports) -> set[str]:
    """Read the riders again, all together: whose app user is still ahead of Okta in this directory."""
    verdicts = {
        case_id: [subject.verdict for subject in riding(case, run.directory)] for case_id, case in cases.items()
    }
    wanted = {item.user_id for found in verdicts.values() for item in found if item and item.user_id}
    members = mappings.just_read(wanted) or ports.org.members(run.directory, sorted(wanted))

    def helps(verdict: Verdict | None) -> bool:
        member = members.get(verdict.user_id) if verdict and verdict.user_id else None
        if verdict is None or verdict.target_type_id is None or member is None or member.user is None:
            return False
        user, copy = member.user, member.copy_in_directory
        mapping, rules = mappings.of(user.type_id), mappings.rules_of(user)
        return still_helps(verdict, user, copy, mapping, rules) and not would_be_refused(user, copy, mapping, rules)

    return {case_id for case_id, found in verdicts.items() if found and all(helps(verdict) for verdict in found)}


def _next(run: SyncRun, ports: Ports, riders: int, dropped: tuple[str, ...]) -> RunAdvance:
    """Decide how the run goes on: to a person for approval, to a person's hand, or to the press."""
    now, policy = ports.clock.now(), ports.policy
    why = _approval_needed(run, ports)
    if why and not decision_holds(run, policy, now):
        because = f"needs approval: {why}. {described(run.radius)}"
        deadline = now + timedelta(seconds=policy.approve_within)
        changes = {"state": RunState.PROPOSED, "decision": None, "asked_at": now, "deadline": deadline}
        after = run.model_copy(update={**changes, "because": because})
        return RunAdvance(after, because, due_at=deadline, drop=dropped, wake_riders=True)
    because = f"{riders} riders read again and still helped"
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


class Mappings:
    """A directory's mappings and schema rules by user type, read for this step, and the members read on the way."""

    def __init__(self, directory: Directory, ports: Ports) -> None:
        self._since = ports.clock.now() - JUST_READ
        self._directory, self._ports = directory, ports
        self._read: dict[str, ProfileMapping | None] = {}
        self._rules: dict[str, dict[str, AttributeRule]] = {}
        self._members: dict[str, tuple[datetime, Member]] = {}

    def page(self, after: str | None) -> MemberPage:
        """Read a page of the directory's members, and remember them for this step."""
        at = self._ports.clock.now()
        page = self._ports.org.directory_users(self._directory, after)
        self._members |= {item.copy_in_directory.user_id: (at, item) for item in page.members if item.user}
        return page

    def just_read(self, user_ids: set[str]) -> dict[str, Member]:
        """Return these members if all of them were read in this step, seconds ago; else nothing."""
        since = self._ports.clock.now() - JUST_READ
        found = {id: self._members[id] for id in user_ids if id in self._members}
        whole = len(found) == len(user_ids) and all(at >= since for at, _ in found.values())
        return {id: member for id, (_, member) in found.items()} if whole else {}

    def of(self, type_id: str) -> ProfileMapping | None:
        """Return the mapping onto a user type."""
        if type_id not in self._read:
            self._read[type_id] = self._ports.org.mapping(self._directory, type_id, not_before=self._since)
        return self._read[type_id]

    def drift_of(self, member: Member) -> tuple[tuple[Drift, str], ...]:
        """Return what a Force Sync would change for one user of the directory, each with the new value's text."""
        user = member.user
        if user is None:
            return ()
        mapping = self.of(user.type_id)
        return drift(member.copy_in_directory, user, mapping, self.rules_of(user)) if mapping else ()

    def rules_of(self, user: OktaUser) -> dict[str, AttributeRule]:
        """Return the rules of the user's schema, by attribute."""
        if user.type_id not in self._rules:
            rules = self._ports.org.attribute_rules(user, not_before=self._since)
            self._rules[user.type_id] = {rule.attribute: rule for rule in rules}
        return self._rules[user.type_id]

    def unpredictable(self) -> tuple[str, ...]:
        """Return the attributes that an expression fills, in the mappings read so far."""
        rules = (rule for mapping in self._read.values() if mapping for rule in mapping.rules.values())
        return tuple(sorted({rule.attribute for rule in rules if identity(rule.expression) is None}))
