"""What a ticket is told while its run waits: which ticket leads, what is asked of a person, what holds it back.

Each is noted once. What a person writes on the ticket about the button is read too.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from workflows.case.asking import answers_inside
from workflows.case.closing import marker, with_story
from workflows.case.siblings import leader
from workflows.case.sight import Sight
from workflows.model import Case, Intent, Note, Press, Reason, RunNotice, RunState, StopKind, SyncRun, WaitsFor
from workflows.model import ReasonKind as R
from workflows.notes import progress
from workflows.precheck.wishes import says_pressed
from workflows.reading.own_words import MOST_READ, own_words
from workflows.reading.vocabulary import vocabulary_of
from workflows.steps import Advance, Outcome, Ports, Wait
from workflows.sync.policy import switched_off

LEADER = "same"  # the note that names the leading ticket, once in a round


def note_leader(case: Case, ports: Ports) -> Advance | None:
    """Link the ticket to the leading one and note that; None if it was done in this round, or if none leads."""
    first = None if case.said.older_ticket else leader(case, ports)
    if first is None:
        return None
    now, key = ports.clock.now(), first.ref.key
    after = with_story(case, now, Reason.of(R.SAME_FAULT_NOTED, key=key)).but(said=case.said.but(older_ticket=True))
    note = progress.led_by(first, ports.reader(case))
    intent = Intent(key=marker(case, LEADER), internal=note, related=first.ref, only_inside=True)
    return Advance(after, Reason.of(R.SAME_FAULT, key=key), due_at=now, intents=(intent,))


def with_a_person(case: Case, run: SyncRun, sight: Sight, ports: Ports) -> Outcome:
    """Note on the ticket each time that its run comes to wait for a person, and remind once each time."""
    now, asked = ports.clock.now(), RunNotice(run_id=run.id, wait=WaitsFor(run.state), time=max(run.asked, 1))
    if pressed := _pressed(case, run, asked, sight, ports):
        return pressed
    remind_at = (run.asked_at or now) + timedelta(seconds=ports.policy.nudge_after)
    waits, again = Reason.of(R.RUN_WAITS_FOR_A_PERSON, run=run.id), asked.but(reminder=True)
    if asked not in case.said.runs:
        return _noted(case, asked, _ask_of(case, run, ports), waits, now)
    if now >= remind_at and again not in case.said.runs:
        note = progress.still_waits(run, ports.reader(case))
        return _noted(case, again, note, Reason.of(R.RUN_STILL_WAITS_FOR_A_PERSON, run=run.id), now)
    until = remind_at if now < remind_at else (run.deadline or now)
    return Wait(max(until, ports.after(1)), waits)


def _ask_of(case: Case, run: SyncRun, ports: Ports) -> Note:
    reader = ports.reader(case)
    if run.state is RunState.PROPOSED:
        return progress.waits_for_approval(run, reader)
    before = ports.store.run(run.successor_of) if run.assisted and run.successor_of else None
    if before is None:
        return progress.asks_to_press(run, reader)
    return progress.asks_to_press_after_the_call(run, before, reader)


def _pressed(case: Case, run: SyncRun, asked: RunNotice, sight: Sight, ports: Ports) -> Advance | None:
    """Tell the run that somebody wrote on the ticket, since it was asked for, that they pressed the button."""
    if run.state is not RunState.REQUESTED or run.press is not None or not sight.news:
        return None
    ticket, now, vocabulary = sight.words(), ports.clock.now(), vocabulary_of(ports.policy.synonyms)
    for comment in answers_inside(case, ticket, marker(case, asked.step), run.asked_at or run.opened_at):
        lines = own_words(comment.body, vocabulary, MOST_READ).lines
        if says_pressed(lines, vocabulary, ticket.writer_of(comment)):
            said, press = Reason.of(R.SAID_PRESSED), Press(at=min(comment.created, now))
            return Advance(with_story(case, now, said), said, due_at=now, press=press)
    return None


def held_back(case: Case, run: SyncRun, ports: Ports) -> Advance | None:
    """Note once on the ticket that Force Sync is switched off, or that we cannot run it; None if neither is new."""
    now, reader = ports.clock.now(), ports.reader(case)
    if run.state is not RunState.GATHERING or now < run.gather_until:
        return None
    until = run.awaited_until(case.deadline)
    if off := switched_off(run.directory, ports.store, ports.policy, now):
        notice, because = RunNotice(run_id=run.id, wait=WaitsFor.SWITCH), Reason.of(R.OFF, off)
        note = progress.waits_for_the_switch(run, off, until, reader)
    elif refused := ports.store.paused(StopKind.START, run.directory.ref.org, now):
        notice, because = RunNotice(run_id=run.id, wait=WaitsFor.RIGHT), Reason.of(R.PRESS_REFUSED, words=refused.why)
        note = progress.cannot_press(run, refused.by, until, reader)
    else:
        return None
    return None if notice in case.said.runs else _noted(case, notice, note, because, now)


def _noted(case: Case, notice: RunNotice, note: Note, because: Reason, now: datetime) -> Advance:
    after = case.but(said=case.said.but(runs=(*case.said.runs, notice)))
    return Advance(after, because, due_at=now, intents=(Intent(key=marker(case, notice.step), internal=note),))
