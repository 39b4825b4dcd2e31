"""The steps of a case on a run: wait for its start, then watch the Okta profiles."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from workflows.case.asking import says_it_was_pressed, written_after
from workflows.case.closing import escalate, marker, run_of, with_story
from workflows.case.confirming import confirm
from workflows.case.judging import judged
from workflows.case.older_ticket import leader_first, note_leader
from workflows.case.sight import Sight
from workflows.case.watching import look, turn
from workflows.model import (
    Case,
    CaseState,
    Evidence,
    EvidenceKind,
    Intent,
    JoinRequest,
    Note,
    Press,
    Reason,
    RideState,
    RunNotice,
    RunState,
    StopKind,
    Subject,
    SyncRun,
    Verdict,
    WaitsFor,
)
from workflows.model import ReasonKind as R
from workflows.notes import progress
from workflows.notes.audience import Reader
from workflows.precheck.verdicts import VERDICTS, Act, act_for, riding
from workflows.reading.wishes import Change
from workflows.steps import Advance, Outcome, Ports, Wait, audience, change_in, too_late
from workflows.sync.policy import join_request, may_start, switched_off
from workflows.sync.reach import touched


def joined(case: Case, sight: Sight, ports: Ports) -> Outcome:
    """Wait for the run to start, unless the ticket asks for something else by now."""
    run, heard = _run(case, ports), _heard(case, sight, ports) if sight.news else case
    if heard is None:
        return _asked_otherwise(case, ports)
    return _carrying(heard, _joined(heard, run, sight, ports))


def _heard(case: Case, sight: Sight, ports: Ports) -> Case | None:
    """Return the case with what was said on its ticket since it was judged; None if it can't ride on as it does.

    Before the start it is judged again. What speaks against the judgement without changing it keeps the ticket from
    being resolved without a word of the requester's.
    """
    ticket = sight.changed(case)
    change = change_in(case, ticket, ports) if ticket else Change.NONE
    if ticket is None or change is Change.NONE:
        return case
    if _run(case, ports).started_at is None:
        before, case = case, judged(case, ticket, ports)
        if [_aim(item) for item in before.subjects] != [_aim(item) for item in case.subjects]:
            return None
    elif change is Change.OTHERWISE:
        return None
    return _unsure(case) if change is Change.ADDED else case


def _aim(subject: Subject) -> tuple[object, ...]:
    """Return what a Force Sync is to bring a subject."""
    verdict = subject.verdict
    return (subject.right, verdict and (verdict.user_id, verdict.kind, verdict.expectations, verdict.target_type_id))


def _unsure(case: Case) -> Case:
    """Let what comes right be confirmed."""
    subjects = (item.but(verdict=item.verdict.but(firm=False)) if item.verdict else item for item in case.subjects)
    return case.but(subjects=tuple(subjects))


def _asked_otherwise(case: Case, ports: Ports) -> Advance:
    """Judge the case again, by its words as they are now; what it rode is told if it was started."""
    now = ports.clock.now()
    after = with_story(case, now, Reason.of(R.REQUEST_CHANGED)).but(state=CaseState.CLAIMED, deadline=None)
    return Advance(after, Reason.of(R.ASKS_OTHERWISE), due_at=now, ride=RideState.DROPPED)


def _carrying(case: Case, outcome: Outcome) -> Outcome:
    """Return the outcome of a step of which the case keeps what was heard."""
    return replace(outcome, case=case) if isinstance(outcome, Wait) and outcome.case is None else outcome


def _joined(case: Case, run: SyncRun, sight: Sight, ports: Ports) -> Outcome:
    """Follow the run, after noting once which other ticket with the same fault leads, if any."""
    now = ports.clock.now()
    if noted := note_leader(case, ports):
        return noted
    ride = ports.store.ride(run.id, case.id)
    if ride is not None and ride.state is RideState.DROPPED:
        return _judge_again(case, now, R.FACTS_CHANGED, R.RIDE_DROPPED)
    if run.state in {RunState.STARTED, RunState.ENDED}:
        return _started(case, run, ports, now)
    if run.state in {RunState.CANCELLED, RunState.FAILED}:
        why = run.because
        if why is None or why.kind is not R.NOT_PRESSED:  # whether nobody pressed it is not known
            why = Reason.of(R.NOT_STARTED, why)
        return _not_started(case, run, ports, why, RideState.UNSEEN, sight)
    return _waits(case, run, sight, ports)


def _waits(case: Case, run: SyncRun, sight: Sight, ports: Ports) -> Outcome:
    """Wait for the run, which wakes its riders when it changes, until the case's deadline or the SLA's."""
    now = ports.clock.now()
    with_a_person = run.state in {RunState.PROPOSED, RunState.REQUESTED}
    why = too_late(sight.sla(case)) if run.state is not RunState.STARTING else None
    if not with_a_person and case.deadline and now >= case.deadline:
        held_back = may_start(run, ports.store, ports.policy, now)
        why = Reason.of(R.NOT_STARTED_IN_TIME, held_back.reason if held_back else Reason.of(R.HELD_BACK))
    if why:
        return _not_started(case, run, ports, why, RideState.DROPPED, sight)
    if with_a_person:
        return _pressed(case, run, sight, ports) or _with_a_person(case, run, ports, now)
    until = case.deadline or now + timedelta(seconds=ports.policy.ride_for)
    return _paused(case, run, ports, now) or Wait(until, Reason.of(R.WAITS_FOR_SYNC, label=run.label))


def _not_started(case: Case, run: SyncRun, ports: Ports, why: Reason, ride: RideState, sight: Sight) -> Outcome:
    """Hand the case over without a Force Sync, unless what was asked has come right without one.

    If only the console's own button was left to press, what ended the case is that the call had no effect.
    """
    now, riders = ports.clock.now(), riding(case, run)
    looked = {id(item): look(item, ports, now, tuple) for item in riders}
    if all(item.right for item in looked.values()):
        subjects = tuple(looked.get(id(item), item) for item in case.subjects)
        after = case.but(subjects=subjects)
        return _judge_again(after, now, R.CAME_RIGHT_MEANWHILE, R.CAME_RIGHT_MEANWHILE, RideState.DROPPED)
    if run.assisted:
        first = leader_first(case, run, ports, run.deadline or now) if run.state is RunState.FAILED else None
        if first is not None:
            return Wait(first.until, Reason.of(R.OLDER_TICKET_FIRST), case, waits_for=first.case_id)
        case, why = with_story(case, now, why).but(run_id=run.successor_of), Reason.of(R.NO_EFFECT, why)
    return escalate(case, ports, why, ride=ride, readers=audience(sight.state()))


def _started(case: Case, run: SyncRun, ports: Ports, now: datetime) -> Advance:
    """Start watching for the effect."""
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


def _with_a_person(case: Case, run: SyncRun, ports: Ports, now: datetime) -> Outcome:
    """Note on the ticket each time that its run comes to wait for a person, and remind once each time."""
    remind_at = (run.asked_at or now) + timedelta(seconds=ports.policy.nudge_after)
    first = RunNotice(run_id=run.id, wait=WaitsFor(run.state), time=max(run.asked, 1))
    again = first.but(reminder=True)
    if first not in case.said.runs:
        note = _ask_of(run, ports, ports.reader(case))
        return _note_once(case, first, note, Reason.of(R.RUN_WAITS_FOR_A_PERSON, run=run.id), now)
    if now >= remind_at and again not in case.said.runs:
        note = progress.still_waits(run, ports.reader(case))
        return _note_once(case, again, note, Reason.of(R.RUN_STILL_WAITS_FOR_A_PERSON, run=run.id), now)
    until = remind_at if now < remind_at else (run.deadline or now)
    return Wait(max(until, now + timedelta(seconds=1)), Reason.of(R.RUN_WAITS_FOR_A_PERSON, run=run.id))


def _ask_of(run: SyncRun, ports: Ports, reader: Reader) -> Note:
    """Write what a run that waits for a person asks of them."""
    if run.state is RunState.PROPOSED:
        return progress.waits_for_approval(run, reader)
    before = ports.store.run(run.successor_of) if run.assisted and run.successor_of else None
    if before is None:
        return progress.asks_to_press(run, reader)
    url = ports.orgs[run.directory.ref.org].organization().url or ""
    return progress.asks_to_press_after_the_call(run, before, url, reader)


def _pressed(case: Case, run: SyncRun, sight: Sight, ports: Ports) -> Advance | None:
    """Tell the run that somebody wrote on the ticket, since it was asked for, that they pressed the button."""
    if run.state is not RunState.REQUESTED or run.press is not None or not sight.news:
        return None
    asked = RunNotice(run_id=run.id, wait=WaitsFor.PERSON, time=max(run.asked, 1))
    since, now = run.asked_at or run.opened_at, ports.clock.now()
    ticket, ours = sight.words(), marker(case, asked.step)
    for comment in written_after(ticket, ours, since):
        if says_it_was_pressed(case, ticket, comment, ours, ports.policy):
            by = ticket.group or "a person"  # not the author: what is kept of a run names no agent
            after = with_story(case, now, Reason.of(R.SAID_PRESSED, by=by))
            press = Press(by=by, at=min(comment.created, now))
            return Advance(after, Reason.of(R.SAID_PRESSED, by=by), due_at=now, press=press)
    return None


def _paused(case: Case, run: SyncRun, ports: Ports, now: datetime) -> Advance | None:
    """Note once on the ticket that Force Sync is switched off, or refused to our account; None if neither is new."""
    if run.state is not RunState.GATHERING or now < run.gather_until:
        return None
    reader, refused = ports.reader(case), ports.store.paused(StopKind.START, run.directory.ref.org, now)
    if paused := switched_off(run.directory, ports.store, ports.policy, now):
        notice, because = RunNotice(run_id=run.id, wait=WaitsFor.SWITCH), Reason.of(R.OFF, paused)
        note = progress.waits_for_the_switch(run, paused, case.deadline, reader)
    elif refused:
        notice, because = RunNotice(run_id=run.id, wait=WaitsFor.RIGHT), Reason.of(R.PRESS_REFUSED, words=refused.why)
        note = progress.waits_for_the_right(run, case.deadline, reader)
    else:
        return None
    return None if notice in case.said.runs else _note_once(case, notice, note, because, now)


def _note_once(case: Case, notice: RunNotice, note: Note, because: Reason, now: datetime) -> Advance:
    after = case.but(said=case.said.but(runs=(*case.said.runs, notice)))
    return Advance(after, because, due_at=now, intents=(Intent(key=marker(case, notice.step), internal=note),))


def synced(case: Case, sight: Sight, ports: Ports) -> Outcome:
    """Watch the riding subjects' Okta profiles until they hold what is expected, or the deadline passes."""
    heard = _heard(case, sight, ports) if sight.news else case
    if heard is None:
        return _asked_otherwise(case, ports)
    return _carrying(heard, _watched(heard, sight, ports))


def _watched(case: Case, sight: Sight, ports: Ports) -> Outcome:
    now, run = ports.clock.now(), _run(case, ports)
    riders, this = riding(case, run), turn(run, case.deadline or now, ports.policy, now)
    if this.due is None or (now < this.next and all(_looked_since(item, this.due) for item in riders)):
        return Wait(this.next, Reason.of(R.WAITS_FOR_EFFECT))
    fresh = max(this.due, now - timedelta(seconds=ports.policy.verify_every))

    def looked(subject: Subject) -> Subject:
        return look(subject, ports, fresh, lambda: ports.store.awaiting(run.id)) if subject in riders else subject

    case = case.but(subjects=tuple(looked(item) for item in case.subjects))
    now = ports.clock.now()
    if not riding(case, run):
        return _all_seen(case, sight, ports, now)
    deadline = case.deadline or now
    if now < deadline:
        until = turn(run, deadline, ports.policy, now).next
        return Wait(until, Reason.of(R.WAITS_FOR_EFFECT), case)
    return _unseen(case, sight, run, ports)


def _unseen(case: Case, sight: Sight, run: SyncRun, ports: Ports) -> Outcome:
    """Find why the time is over without an effect: repeat an uncertain start, have the button pressed, or hand over."""
    now = ports.clock.now()
    once_more = run.uncertain and run.successor_of is None and not _effect_seen(run, ports)
    if not once_more and (first := leader_first(case, run, ports, case.deadline or now)) is not None:
        return Wait(first.until, Reason.of(R.OLDER_TICKET_FIRST), case, waits_for=first.case_id)
    if change_in(case, sight.words(), ports) is Change.OTHERWISE:
        return _asked_otherwise(case, ports)
    case, why = _judged_after(case, sight, run, ports)
    if riding(case, run):  # for these, nothing stands in the way
        if once_more:
            return _successor(case, run, ports, now)
        if not run.by_hand:
            return _button(case, run, ports, now)
        why = Reason.of(R.NO_EFFECT, why)
    elif why is None:
        raise LookupError(f"case {case.id} waits for an effect on nobody")
    return escalate(case, ports, why, ride=RideState.UNSEEN, readers=audience(sight.state()))


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


def _looked_since(subject: Subject, moment: datetime) -> bool:
    return bool(subject.seen) and all(item.at >= moment for item in subject.seen)


def _all_seen(case: Case, sight: Sight, ports: Ports, now: datetime) -> Outcome:
    heard = _heard(case, sight, ports)
    if heard is None:
        return _asked_otherwise(case, ports)
    case = heard
    if all(act_for(item) is Act.RESOLVE for item in case.subjects):
        return confirm(case, sight.state(), ports, Reason.of(R.EFFECT_SEEN), ride=RideState.SEEN)
    return _judge_again(case, now, R.EFFECT_SEEN_OTHERS_NEXT, R.OTHERS_UNSETTLED, RideState.SEEN)


def _judge_again(case: Case, now: datetime, what: R, because: R, ride: RideState | None = None) -> Advance:
    after = with_story(case, now, Reason.of(what)).but(state=CaseState.CLAIMED, run_id=None, deadline=None)
    return Advance(after, Reason.of(because), due_at=now, ride=ride)


def _run(case: Case, ports: Ports) -> SyncRun:
    run = run_of(case, ports)
    if run is None:
        raise LookupError(f"case {case.id} rides run {case.run_id}, which is not in the store")
    return run


def _start_evidence(run: SyncRun) -> Evidence:
    how = R.SYNC_BY_A_PERSON if run.by_hand else R.SYNC_ANSWER_LOST if run.uncertain else R.SYNC_ACCEPTED
    what = Reason.of(how, label=run.label, app=run.directory.ref.app_id)
    return Evidence(
        kind=EvidenceKind.START,
        what=what,
        system=run.directory.ref.org,
        at=run.started_at or run.opened_at,
        request_id=run.request_id,
    )


def _effect_seen(run: SyncRun, ports: Ports) -> bool:
    return any(ride.state is RideState.SEEN for ride in ports.store.rides(run.id))


def _successor(case: Case, run: SyncRun, ports: Ports, now: datetime) -> Outcome:
    """Join the one successor run after an uncertain start without effect, once the uncertain run has ended."""
    if run.state is RunState.STARTED:
        until = now + timedelta(seconds=ports.policy.verify_every)
        return Wait(until, Reason.of(R.UNCERTAIN_RUN_FIRST), case, waits_for=run.id)
    join = join_request(_verdict(case, run), ports.policy, now, successor_of=run.id)
    return _again(case, join, Reason.of(R.ONCE_MORE), Reason.of(R.UNCERTAIN_WITHOUT_EFFECT), ports, now)


def _button(case: Case, run: SyncRun, ports: Ports, now: datetime) -> Advance:
    """Join the run that a person starts by the console's own button, which Okta documents, after a call without effect.

    https://support.okta.com/help/s/article/force-updates-from-active-directory-to-okta
    """
    join = join_request(_verdict(case, run), ports.policy, now, successor_of=run.id, assisted=True)
    return _again(case, join, Reason.of(R.BUTTON_NEXT), Reason.of(R.CALL_WITHOUT_EFFECT), ports, now)


def _again(case: Case, join: JoinRequest, what: Reason, because: Reason, ports: Ports, now: datetime) -> Advance:
    after = with_story(case, now, what).but(
        state=CaseState.JOINED, deadline=now + timedelta(seconds=ports.policy.ride_for)
    )
    return Advance(after, because, due_at=now, join=join, ride=RideState.UNSEEN)


def _verdict(case: Case, run: SyncRun) -> Verdict:
    rider: Subject = riding(case, run)[0]
    if rider.verdict is None:
        raise LookupError("a subject without a verdict cannot have ridden")
    return rider.verdict
