"""The steps of a case on a run: wait for its start, then watch the Okta profiles."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from workflows.case.closing import escalate, judge_again, marker, with_story
from workflows.case.confirming import confirm
from workflows.case.judging import judged, with_verdicts
from workflows.case.siblings import leader
from workflows.case.sight import Sight
from workflows.case.waiting_runs import held_back, note_leader, with_a_person
from workflows.case.watching import looked, turn
from workflows.model import (
    WITH_A_PERSON,
    Case,
    CaseState,
    Evidence,
    EvidenceKind,
    Intent,
    Reason,
    RideState,
    RunState,
    Subject,
    SyncRun,
)
from workflows.model import ReasonKind as R
from workflows.notes import progress
from workflows.precheck.verdicts import VERDICTS, Act, act_for, riding
from workflows.precheck.wishes import NOTHING_NEW
from workflows.steps import Advance, Outcome, Ports, Wait, change_in, in_public, tied, too_late
from workflows.sync.policy import join_request, may_start
from workflows.sync.reach import touched


def joined(case: Case, sight: Sight, ports: Ports) -> Outcome:
    """Wait for the run to start, unless the ticket asks for something else by now."""
    return _as_heard(case, sight, ports, _joined)


def synced(case: Case, sight: Sight, ports: Ports) -> Outcome:
    """Watch the riding subjects' Okta profiles until they hold what is expected, or the deadline passes."""
    return _as_heard(case, sight, ports, _watched)


def _as_heard(
    case: Case, sight: Sight, ports: Ports, step: Callable[[Case, SyncRun, Sight, Ports], Outcome]
) -> Outcome:
    """Take a step on the run with what is new on the ticket, which the case keeps, too, where it waits."""
    run = ports.run_of(case)
    if run is None:
        raise LookupError(f"case {case.id} rides run {case.run_id}, which is not in the store")
    heard = _heard(case, run, sight, ports) if sight.news else case
    if heard is None:
        return _asked_otherwise(case, ports)
    outcome = step(heard, run, sight, ports)
    return replace(outcome, case=heard) if isinstance(outcome, Wait) and outcome.case is None else outcome


def _heard(case: Case, run: SyncRun, sight: Sight, ports: Ports) -> Case | None:
    """Return the case with what was said on its ticket since it was judged; None if it can't ride on as it does.

    Before the start, words that may object keep it from riding: nothing is pressed over them. Where a person is to
    press the button, an agent's are theirs to heed. After the start, such words keep the ticket from being resolved
    without the requester's.
    """
    ticket = sight.changed(case)
    change = change_in(case, ticket, ports) if ticket else NOTHING_NEW
    if ticket is None or change == NOTHING_NEW:
        return case
    if run.started_at is None:
        heeded = run.state is RunState.REQUESTED
        if (change_in(case, in_public(ticket), ports) if heeded else change).unread:
            return None
        before, case = case, judged(case, ticket, ports)
        if [_aim(item) for item in before.subjects] != [_aim(item) for item in case.subjects]:
            return None
    elif change.otherwise:
        return None
    return with_verdicts(case, firm=False) if change.unread else case


def _aim(subject: Subject) -> tuple[object, ...]:
    """Return what a Force Sync is to bring a subject."""
    verdict = subject.verdict
    return (subject.right, verdict and (verdict.user_id, verdict.kind, verdict.expectations, verdict.target_type_id))


def _asked_otherwise(case: Case, ports: Ports) -> Advance:
    """Judge the case again, by its words as they are now; what it rode is told if it was started."""
    return judge_again(case, ports, Reason.of(R.REQUEST_CHANGED), Reason.of(R.ASKS_OTHERWISE), RideState.DROPPED)


def _joined(case: Case, run: SyncRun, sight: Sight, ports: Ports) -> Outcome:
    """Follow the run, after noting once which other ticket with the same fault leads, if any."""
    if noted := note_leader(case, ports):
        return noted
    ride = ports.store.ride(run.id, case.id)
    if ride is not None and ride.state is RideState.DROPPED:
        return judge_again(case.but(run_id=None), ports, Reason.of(R.FACTS_CHANGED), Reason.of(R.RIDE_DROPPED))
    if run.state in {RunState.STARTED, RunState.ENDED}:
        return _started(case, run, ports)
    if run.state in {RunState.CANCELLED, RunState.FAILED}:
        why = run.because
        if why is None or why.kind is not R.NOT_PRESSED:  # whether nobody pressed it is not known
            why = Reason.of(R.NOT_STARTED, why)
        return _not_started(case, run, ports, why, RideState.UNSEEN, sight)
    return _waits(case, run, sight, ports)


def _waits(case: Case, run: SyncRun, sight: Sight, ports: Ports) -> Outcome:
    """Wait for the run, which wakes its riders when it changes, until it is awaited no longer, or the SLA's mark."""
    now, asked, until = ports.clock.now(), run.state in WITH_A_PERSON, run.awaited_until(case.deadline)
    why = too_late(sight.sla(case)) if run.state is not RunState.STARTING else None
    if not asked and until and now >= until:
        not_yet = may_start(run, ports.store, ports.policy, now)
        met = run.trouble.why if run.trouble else None
        why = Reason.of(R.NOT_STARTED_IN_TIME, not_yet.because if not_yet else met or Reason.of(R.HELD_BACK))
    if why:
        return _not_started(case, run, ports, why, RideState.DROPPED, sight)
    if asked:
        return with_a_person(case, run, sight, ports)
    until = until or ports.after(ports.policy.ride_for)
    return held_back(case, run, ports) or Wait(until, Reason.of(R.WAITS_FOR_SYNC, label=run.label))


def _not_started(case: Case, run: SyncRun, ports: Ports, why: Reason, ride: RideState, sight: Sight) -> Outcome:
    """Hand the case over without a Force Sync, unless what was asked has come right without one.

    If only the console's own button was left to press, what ended the case is that the call had no effect.
    """
    now = ports.clock.now()
    after = looked(case, riding(case, run), ports, now)
    if not riding(after, run):
        return judge_again(after.but(run_id=None), ports, Reason.of(R.CAME_RIGHT_MEANWHILE), ride=RideState.DROPPED)
    if run.assisted:
        if run.state is RunState.FAILED and (older_first := _leader_first(case, run, ports, run.deadline or now)):
            return older_first
        case, why = with_story(case, now, why).but(run_id=run.successor_of), Reason.of(R.NO_EFFECT, why)
    return escalate(case, ports, why, ride=ride, inside=tied(sight.state()) is not None)


def _leader_first(case: Case, run: SyncRun, ports: Ports, deadline: datetime) -> Wait | None:
    """Wait for the leading case, on the same run, that has not ended yet; None to wait no longer.

    This way the older ticket gets the Support Case and the younger one names it. If the older one has not ended within
    two more `verify_every` (its desk may be down, or refuse the file), this one continues by itself.
    """
    first, until = leader(case, ports), deadline + timedelta(seconds=2 * ports.policy.verify_every)
    on_a_run = {CaseState.JOINED, CaseState.SYNCED, CaseState.CLOSING}
    same = {run.id, run.successor_of} if run.assisted else {run.id}  # where nobody pressed, it went back to that one
    if first is None or first.state not in on_a_run or first.run_id not in same or ports.clock.now() >= until:
        return None
    return Wait(until, Reason.of(R.OLDER_TICKET_FIRST), case, waits_for=first.id)


def _started(case: Case, run: SyncRun, ports: Ports) -> Advance:
    now = ports.clock.now()
    kind = R.SYNC_STARTED_UNCERTAIN if run.uncertain else R.SYNC_STARTED_BY_HAND if run.by_hand else R.SYNC_STARTED
    after = with_story(case, run.started_at or now, Reason.of(kind, label=run.label)).but(
        state=CaseState.SYNCED, deadline=run.deadline, evidence=(*case.evidence, _start_evidence(run))
    )
    this = turn(run, run.deadline or now, ports.policy, now)
    due_at = this.next if this.due is None else now
    waits = Reason.of(R.WAITS_FOR_EFFECT)
    if run.decision is None or not (run.radius and touched(run.radius, ports.policy)):
        return Advance(after, Reason.of(R.RUN_STARTED), due_at=due_at, waits=waits)
    # Who approved a change of what people sign in with stands on the ticket before the effect. Of any other approval
    # the end's note tells.
    intent = Intent(key=marker(case, f"started-{run.id}"), internal=progress.approved_start(run, ports.reader(case)))
    return Advance(after, Reason.of(R.RUN_STARTED), due_at=now, waits=waits, intents=(intent,))


def _start_evidence(run: SyncRun) -> Evidence:
    how = R.SYNC_BY_A_PERSON if run.by_hand else R.SYNC_ANSWER_LOST if run.uncertain else R.SYNC_ACCEPTED
    return Evidence(
        kind=EvidenceKind.START,
        what=Reason.of(how, label=run.label, app=run.directory.ref.app_id),
        system=run.directory.ref.org,
        at=run.started_at or run.opened_at,
        request_id=run.request_id,
    )


def _watched(case: Case, run: SyncRun, sight: Sight, ports: Ports) -> Outcome:
    now = ports.clock.now()
    deadline, riders = case.deadline or now, riding(case, run)
    due, later = turn(run, deadline, ports.policy, now)
    if due is None or (now < later and all(item.seen and min(at.at for at in item.seen) >= due for item in riders)):
        return Wait(later, Reason.of(R.WAITS_FOR_EFFECT))
    fresh = max(due, now - timedelta(seconds=ports.policy.verify_every))
    case = looked(case, riders, ports, fresh, lambda: ports.store.awaiting(run.id))
    now = ports.clock.now()
    if not riding(case, run):
        return _all_seen(case, run, sight, ports)
    if now < deadline:
        return Wait(turn(run, deadline, ports.policy, now).next, Reason.of(R.WAITS_FOR_EFFECT), case)
    return _unseen(case, run, sight, ports)


def _all_seen(case: Case, run: SyncRun, sight: Sight, ports: Ports) -> Outcome:
    heard = _heard(case, run, sight, ports)
    if heard is None:
        return _asked_otherwise(case, ports)
    if all(act_for(item) is Act.RESOLVE for item in heard.subjects):
        return confirm(heard, sight.state(), ports, Reason.of(R.EFFECT_SEEN), ride=RideState.SEEN)
    seen, others = Reason.of(R.EFFECT_SEEN_OTHERS_NEXT), Reason.of(R.OTHERS_UNSETTLED)
    return judge_again(heard.but(run_id=None), ports, seen, others, RideState.SEEN)


def _unseen(case: Case, run: SyncRun, sight: Sight, ports: Ports) -> Outcome:
    """Find why the time is over without an effect: repeat an uncertain start, have the button pressed, or hand over.

    The console's own button is what Okta documents
    (https://support.okta.com/help/s/article/force-updates-from-active-directory-to-okta).
    """
    now = ports.clock.now()
    effect_seen = any(ride.state is RideState.SEEN for ride in ports.store.rides(run.id))
    once_more = run.uncertain and run.successor_of is None and not effect_seen
    if not once_more and (older_first := _leader_first(case, run, ports, case.deadline or now)):
        return older_first
    if change_in(case, sight.words(), ports).otherwise:
        return _asked_otherwise(case, ports)
    case, why = _judged_after(case, sight, run, ports)
    if riding(case, run):  # for these, nothing stands in the way
        if once_more and run.state is RunState.STARTED:
            until = ports.after(ports.policy.verify_every)
            return Wait(until, Reason.of(R.UNCERTAIN_RUN_FIRST), case, waits_for=run.id)
        if once_more:
            return _joins_next(case, run, ports, R.ONCE_MORE, R.UNCERTAIN_WITHOUT_EFFECT)
        if not run.by_hand:
            return _joins_next(case, run, ports, R.BUTTON_NEXT, R.CALL_WITHOUT_EFFECT, assisted=True)
        why = Reason.of(R.NO_EFFECT, why)
    elif why is None:
        raise LookupError(f"case {case.id} waits for an effect on nobody")
    return escalate(case, ports, why, ride=RideState.UNSEEN, inside=tied(sight.state()) is not None)


def _judged_after(case: Case, sight: Sight, run: SyncRun, ports: Ports) -> tuple[Case, Reason | None]:
    """Judge the riders again, since only the sync makes Okta log what stands in its way.

    Returns the case with whatever does in the place of its verdict, and the first such reason.
    """
    fresh = {item.verdict.user_id: item.verdict for item in judged(case, sight.words(), ports).subjects if item.verdict}
    riders = riding(case, run)

    def again(subject: Subject) -> Subject:
        found = fresh.get(subject.verdict.user_id) if subject.verdict and subject in riders else None
        return subject.but(verdict=found) if found and VERDICTS[found.kind].act is Act.ESCALATE else subject

    subjects = tuple(again(item) for item in case.subjects)
    changed = (new.verdict for old, new in zip(case.subjects, subjects, strict=True) if new is not old)
    why = next((verdict.reason for verdict in changed if verdict), None)
    evidence = (item for subject in subjects if subject.verdict for item in subject.verdict.evidence)
    return case.but(subjects=subjects, evidence=tuple(dict.fromkeys((*case.evidence, *evidence)))), why


def _joins_next(case: Case, run: SyncRun, ports: Ports, what: R, because: R, *, assisted: bool = False) -> Advance:
    """Join the run that follows one without effect; `assisted`: a person starts it, by the console's own button."""
    now, verdict = ports.clock.now(), riding(case, run)[0].verdict
    if verdict is None:
        raise LookupError("a subject without a verdict cannot have ridden")
    join = join_request(verdict, ports.policy, now, successor_of=run.id, assisted=assisted)
    deadline = ports.after(ports.policy.ride_for)
    after = with_story(case, now, Reason.of(what)).but(state=CaseState.JOINED, deadline=deadline)
    return Advance(after, Reason.of(because), due_at=now, join=join, ride=RideState.UNSEEN)
