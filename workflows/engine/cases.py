"""Works one leased case: reconciles and delivers its writes, then steps and commits until it waits.

A step's new state and its writes are committed together before anything is sent; the next step begins only when they
are delivered. So a crash at any point loses nothing: the next worker looks for what was in flight, and continues.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import NamedTuple

from workflows.case.closing import Delivered, advise_blind, escalate_again, escalate_blind, marker, withdraw
from workflows.case.sight import Sight, TakenOver, Unreadable
from workflows.case.steps import STEPS, let_go
from workflows.engine import machine
from workflows.engine.delivery import Delivery, Progress
from workflows.engine.trouble import (
    BELIEVED,
    MOST_FAULTS,
    WAITS,
    found_by_search,
    met,
    next_look,
    several,
    shared_with,
    tell_of_silence,
)
from workflows.errors import FarSideError, Misconfigured, Refused, StoreUnavailable, Transient, Uncertain
from workflows.model import (
    Case,
    CaseState,
    PlannedWrite,
    QuestionKind,
    Reason,
    Ticket,
    Trouble,
    Write,
    WriteState,
)
from workflows.model import ReasonKind as R
from workflows.notes.reasons import sentence
from workflows.ports import CaseCommit, Joined, Lease
from workflows.precheck.verdicts import observed
from workflows.steps import (
    Advance,
    Outcome,
    Ports,
    alert,
    refuse_stopped,
    report,
    retry_at,
    same_for_all,
    times,
    what,
)
from workflows.values.case_values import hidden

MOST_STEPS = 12  # per message; a case that needs more continues in the next, so that none starves the others
BLOCKED = timedelta(minutes=5)  # until a case looks again at an open run without a deadline, which wakes it at its end


class Advanced(NamedTuple):
    """A case as its last step left it, and whether that step planned writes, which go out before the next one.

    `rests`: until when the case waits and what for, once those writes are delivered.
    """

    case: Case
    writes: bool
    rests: tuple[datetime, str] | None = None


class CaseWork:
    """Works cases, one at a time."""

    def __init__(self, ports: Ports, lease_seconds: float) -> None:
        self._ports = ports
        self._lease_seconds = lease_seconds
        self._delivery = Delivery(ports, lease_seconds)

    def work(self, lease: Lease) -> int:
        """Advance the case until it waits; return the number of transitions made."""
        case = self._ports.store.case(lease.id)
        if case is None:
            return 0
        sight, last = Sight(case, self._ports), None
        for transitions in range(MOST_STEPS):
            kept = self._delivery.keep(lease)
            if kept is None:
                return transitions
            lease, last = kept, self._guarded_step(kept, last.case if last else case, sight, last)
            if last is None:
                return transitions
            if last.case.ended and not last.writes:
                return transitions + 1
        return MOST_STEPS

    def _guarded_step(self, lease: Lease, case: Case, sight: Sight, last: Advanced | None) -> Advanced | None:
        """Run one step, and turn every fault into what the case does about it; None if it goes on later."""
        try:
            return self._next_step(lease, last, sight) if last else self._first_step(lease, case, sight)
        except TakenOver as taken:
            return self._let_go(lease, case, taken)
        except Unreadable as error:
            return self._unreadable(lease, case, error.refused)
        except (Transient, Uncertain) as error:
            after = met(case, error, self._ports.clock.now())
            until = next_look(after, error, self._ports) if isinstance(error, Uncertain) else None
            self._wait_out(lease, after, error, case, until)
            tell_of_silence(case, error, self._ports)
        except Misconfigured as error:
            report(error, self._ports)
            self._wait_out(lease, met(case, error, self._ports.clock.now()), error, case)
        except FarSideError as error:
            return self._doubt(lease, case, error)
        except StoreUnavailable:
            raise  # nothing can be recorded now; the next worker finds the stored state
        except Exception as error:  # noqa: BLE001  # our own defect: counted, logged, handed over after some retries
            return self._defect(lease, case, error)
        return None

    def _first_step(self, lease: Lease, case: Case, sight: Sight) -> Advanced | None:
        """Deliver what an earlier message left open; then step."""
        refuse_stopped(case.ref.desk, self._ports)
        writes = self._ports.store.writes(case.id)
        progress = self._delivery.deliver(lease, case, sight, writes)
        if progress is Progress.DONE and not case.ended and self._was_refused(case, writes):
            progress = Progress.REFUSED
        return self._step(lease, case, sight, progress)

    def _next_step(self, lease: Lease, last: Advanced, sight: Sight) -> Advanced | None:
        """Deliver what the step before has planned; then step."""
        progress = self._delivery.deliver_new(lease, last.case, sight) if last.writes else Progress.DONE
        if progress is Progress.DONE and last.rests and not sight.overtaken:
            self._ports.store.defer(lease, *last.rests, self._ports.clock.now())
            return None
        return self._step(lease, last.case, sight, progress)

    def _step(self, lease: Lease, case: Case, sight: Sight, progress: Progress) -> Advanced | None:
        ports = self._ports
        if progress is Progress.LOST:
            return None
        if progress is Progress.REFUSED:
            return self._refused(lease, case)
        if case.ended:
            ports.store.defer(lease, None, "", ports.clock.now())
            return None
        if case.state is CaseState.CLOSING:
            self._delivery.take_back_copies(case)
        return self._commit(lease, case, STEPS[case.state](case, sight, ports), sight)

    def _let_go(self, lease: Lease, case: Case, taken: TakenOver) -> Advanced | None:
        return self._commit(lease, case, let_go(case, taken.ticket, self._ports, taken.reason), taken.ticket)

    def _commit(
        self, lease: Lease, before: Case, outcome: Outcome, seen: Sight | Ticket | None = None
    ) -> Advanced | None:
        if isinstance(outcome, Advance):
            return self._advance(lease, before, outcome, seen)
        after = _noted(outcome.case or before, seen).but(trouble=None)
        now, until = self._ports.clock.now(), _until(outcome.until, after, self._ports.clock.now())
        commit = CaseCommit(
            before=before,
            after=after,
            due_at=until,
            because=sentence(outcome.reason),
            waits_for=outcome.waits_for,
        )
        self._ports.store.commit_case(lease, commit, now)
        return None

    def _advance(self, lease: Lease, before: Case, outcome: Advance, seen: Sight | Ticket | None) -> Advanced | None:
        writes = self._plan(outcome, seen)
        ports, now, after = self._ports, self._ports.clock.now(), _noted(outcome.case, seen)
        machine.check(machine.CASE_EDGES, before.state, after.state)
        due_at, waiting = _until(outcome.due_at or now, after, now), sentence(outcome.waits) if outcome.waits else ""
        rests = (due_at, waiting) if writes and due_at > now and isinstance(seen, Sight) else None
        commit = CaseCommit(
            before=before,
            after=after.but(faults=0, trouble=_kept_trouble(after)),
            due_at=None if after.ended else now if rests else due_at,  # at once, should this process end
            because=sentence(outcome.because),
            waiting=waiting,
            writes=writes,
            ride=outcome.ride,
            join=outcome.join,
            press=outcome.press,
            followups=outcome.followups,
            sole=outcome.sole,
        )
        joined = ports.store.commit_case(lease, commit, now)
        if joined is None:
            ports.tell("stale step dropped", {"case": before.id, "state": before.state})
            return None
        if joined.blocked_by:
            return self._blocked(lease, before, after, joined, writes)
        facts = {"case": after.id, "ticket": after.ref.key, "from": before.state, "to": after.state}
        ports.tell("case", facts | {"because": hidden(after, ports.policy, names=True)(sentence(outcome.because))})
        if outcome.due_at is not None and outcome.due_at > now and not writes:
            return None
        stored = commit.after.but(run_id=joined.run_id) if joined.run_id else commit.after
        return Advanced(stored, bool(writes), rests)

    def _blocked(
        self, lease: Lease, before: Case, judged: Case, joined: Joined, writes: tuple[PlannedWrite, ...]
    ) -> Advanced | None:
        """Wait for the open run's end; keep the claim and the verdicts, as that run may fix the profile anyway."""
        ports, now = self._ports, self._ports.clock.now()
        until = max(joined.blocked_until or now + BLOCKED, now + timedelta(seconds=ports.policy.verify_every))
        because = sentence(Reason.of(R.OPEN_RUN_FIRST, run=joined.blocked_by))
        said = before.said.but(claimed=judged.said.claimed, older_ticket=judged.said.older_ticket)
        kept = before.but(org=judged.org, subjects=judged.subjects, said=said, known=judged.known, sla_at=judged.sla_at)
        until = _until(until, kept, now)
        commit = CaseCommit(
            before=before,
            after=kept.but(trouble=None),
            due_at=now if writes else until,
            because=because,
            waits_for=joined.blocked_by,
            writes=writes,
        )
        ports.store.commit_case(lease, commit, now)
        return Advanced(commit.after, writes=True, rests=(until, because)) if writes else None

    def _plan(self, outcome: Advance, seen: Sight | Ticket | None) -> tuple[PlannedWrite, ...]:
        if not outcome.intents:
            return ()
        desk = self._ports.desks[outcome.case.ref.desk]
        ticket = seen if isinstance(seen, Ticket) else (seen or Sight(outcome.case, self._ports)).state()
        return tuple(write for intent in outcome.intents for write in desk.plan(ticket, intent))

    def _wait_out(
        self, lease: Lease, case: Case, error: FarSideError, before: Case | None = None, until: datetime | None = None
    ) -> None:
        """Retry later; the time until then does not count against the case's deadline.

        `before` is the case as it is stored, if `case` is to replace it.
        """
        ports, now, until = self._ports, self._ports.clock.now(), until or retry_at(error, self._ports)
        because = self._words(case, str(error))
        if case.deadline is not None and not case.ended:
            before, case = before or case, case.but(deadline=case.deadline + (until - now))
        if before is None or case.ended:
            ports.store.defer(lease, until, because, now)
        else:
            ports.store.commit_case(lease, CaseCommit(before=before, after=case, due_at=until, because=because), now)
        ports.tell("waiting", {"case": case.id, "ticket": case.ref.key, "until": until, "because": because})

    def _words(self, case: Case, text: str) -> str:
        """Return a product's words with the values that the case knows hidden."""
        return hidden(case, self._ports.policy)(text)

    def _doubt(self, lease: Lease, before: Case, error: FarSideError) -> Advanced | None:
        """Look again before a refusal or an odd answer is believed; then a person gets the ticket.

        What several tickets meet is the desk's or the account's: it is paused, and they wait.
        """
        ports, case = self._ports, met(before, error, self._ports.clock.now())
        if isinstance(error, Refused) and before.ended:
            return self._given_up(lease, before, error)
        if isinstance(error, Refused) and (shared := shared_with(case, error, ports)):
            report(shared, ports)
        elif before.ended or times(case, error) < BELIEVED:
            report(error, ports)
        else:
            because = self._words(case, str(error))
            if case.state is not CaseState.CLOSING:
                alert(ports, error.system, what(error), f"{case.ref.key} goes to a person: {because}")
            why = Reason.of(R.PRODUCT_FAULT, words=self._words(case, error.told), operation=error.operation)
            return self._to_a_person(lease, before, why)
        self._wait_out(lease, case, error, before, next_look(case, error, ports))
        return None

    def _given_up(self, lease: Lease, case: Case, error: Refused) -> Advanced | None:
        """Give up what an ended case still has to write: its ticket is gone, or hidden."""
        ports, now, words = self._ports, self._ports.clock.now(), self._words(case, str(error))
        for write in ports.store.writes(case.id, open_only=True):
            ports.store.write_refused(lease, write.planned.key, words, now)
        alert(ports, error.system, what(error), f"{case.ref.key}: the last note or change was not made: {words}")
        ports.store.defer(lease, None, "", now)
        return None

    def _unreadable(self, lease: Lease, before: Case, error: Refused) -> Advanced | None:
        """Look again several times; then withdraw if the search does not find the ticket either, else keep looking."""
        ports, case = self._ports, met(before, error, self._ports.clock.now())
        if times(case, error) >= BELIEVED:
            found = found_by_search(case, ports)
            told = "it is found but cannot be read, and is looked at again" if found else "it is no longer worked"
            alert(ports, error.system, what(error), f"{case.ref.key}: {told}: {self._words(case, str(error))}")
            if not found:
                gone = Reason.of(R.TICKET_UNREADABLE, detail=error.detail)
                return self._commit(lease, before, withdraw(case, None, ports, gone))
        else:
            deleted = error.status == HTTPStatus.NOT_FOUND  # a deleted ticket tells nothing about the account
            report((None if deleted else several(case, error, ports)) or error, ports)
        self._wait_out(lease, case, error, before, next_look(case, error, ports))
        return None

    def _was_refused(self, case: Case, writes: Sequence[Write]) -> bool:
        """Return whether this round's last write was refused, and a fault or a crash kept it from having followed."""
        of_round = [item for item in writes if item.planned.key.startswith(marker(case, ""))]
        return bool(of_round) and of_round[-1].state is WriteState.REFUSED

    def _refused(self, lease: Lease, case: Case) -> Advanced | None:
        """Hand the case over after a refused write; a refused hand-over is tried again, then the operator is told."""
        ports, now = self._ports, self._ports.clock.now()
        writes = ports.store.writes(case.id)
        reason = next((write.reason for write in reversed(writes) if write.reason), "no reason was given")
        words = self._words(case, reason)
        ports.tell("write refused", {"case": case.id, "ticket": case.ref.key, "text": words})
        if case.ended:
            alert(ports, case.ref.desk, f"refused: {same_for_all(words)}", f"{case.ref.key}: {words}")
            return None
        marked = case.but(refused=words)
        if not (case.state is CaseState.CLOSING and case.closing is CaseState.ESCALATED):
            if taken := self._taken(case):
                return self._let_go(lease, case, taken)
            return self._to_a_person(lease, case, Reason.of(_refusal(case), words=words), marked)
        if not any(item.planned.intent == marker(case, "escalated-again") for item in writes):
            delivered = [item.planned for item in writes if item.state is WriteState.DELIVERED]
            parts = [item for item in delivered if item.intent == marker(case, "escalated")]
            outcome = escalate_again(
                marked,
                ports,
                Reason.of(R.CHANGE_REFUSED, words=words),
                Delivered(
                    note=bool(parts),  # the first write of an intent carries it
                    file=any(item.content is not None for item in parts),
                ),
            )
            return self._commit(lease, case, outcome)
        text = f"{case.ref.key} could not be handed over: {words}"
        alert(ports, case.ref.desk, f"undelivered: {same_for_all(words)}", text)
        because = Reason.of(R.UNDELIVERED, case.because, words=words)
        after = marked.but(state=CaseState.ESCALATED, because=because, ended_at=now)
        return self._commit(lease, case, Advance(after, because))

    def _taken(self, case: Case) -> TakenOver | None:
        """Return that a person took over, if that is why a write was refused."""
        try:
            Sight(case, self._ports).state()
        except TakenOver as taken:
            return taken
        except Unreadable:
            return None
        return None

    def _to_a_person(self, lease: Lease, case: Case, because: Reason, marked: Case | None = None) -> Advanced | None:
        """Hand the case over; on an observed ticket, only note why it could not be judged.

        An observed ticket on which the desk refused our note is handed over too, so that something is written on it.
        """
        if case.state is CaseState.CLOSING and case.closing is CaseState.ESCALATED and marked is None:
            return self._handed_over_already(lease, case, because)
        watched = observed(case, self._ports.policy) and marked is None and case.state is not CaseState.CLOSING
        try:
            outcome = (advise_blind if watched else escalate_blind)(marked or case, self._ports, because)
            return self._commit(lease, case, outcome)
        except TakenOver as taken:
            return self._let_go(lease, case, taken)
        except Unreadable as error:
            return self._unreadable(lease, case, error.refused)
        except Misconfigured as error:
            report(error, self._ports)
            self._wait_out(lease, case, error)
        except FarSideError as error:
            case, before = met(case, error, self._ports.clock.now()), case
            self._wait_out(lease, case, error, before, next_look(case, error, self._ports))
        return None

    def _handed_over_already(self, lease: Lease, case: Case, because: Reason) -> Advanced | None:
        """Keep delivering the stored hand-over, and tell the operator what keeps it from the ticket."""
        ports, now, words = self._ports, self._ports.clock.now(), self._words(case, sentence(because))
        alert(ports, case.ref.desk, same_for_all(words), f"{case.ref.key} could not be handed over yet: {words}")
        until = now + timedelta(seconds=WAITS[-1] * ports.policy.retry_after)
        ports.store.commit_case(lease, CaseCommit(before=case, after=case, due_at=until, because=words), now)
        return None

    def _defect(self, lease: Lease, case: Case, error: Exception) -> Advanced | None:
        ports, now = self._ports, self._ports.clock.now()
        ports.tell("defect", {"case": case.id, "ticket": case.ref.key, "state": case.state, "error": error})
        until = now + timedelta(seconds=ports.policy.retry_after)
        if case.ended:
            ports.store.defer(lease, until, repr(error), now)
            return None
        if case.faults + 1 >= MOST_FAULTS:
            because = Reason.of(R.STOPPED_BY_A_DEFECT, name=type(error).__name__)
            return self._to_a_person(lease, case, because)
        after = case.but(faults=case.faults + 1)
        text = sentence(Reason.of(R.DEFECT, name=type(error).__name__))
        ports.store.commit_case(lease, CaseCommit(before=case, after=after, due_at=until, because=text), now)
        return None


def _noted(case: Case, seen: Sight | Ticket | None) -> Case:
    return seen.noted(case) if isinstance(seen, Sight) else case


def _until(wanted: datetime, case: Case, now: datetime) -> datetime:
    """Return when a waiting case is due: earlier than it wants where its SLA is to be looked at before."""
    return min(wanted, case.sla_at) if case.sla_at and now < case.sla_at else wanted


def _kept_trouble(case: Case) -> Trouble | None:
    """Return the fault that a case ended on, for those that meet the same; a ticket that is gone has none."""
    return case.trouble if case.ended and case.state is not CaseState.WITHDRAWN else None


def _refusal(case: Case) -> R:
    """Return what the desk refused, by where the case stood: its end, a question, or anything else."""
    if case.state is CaseState.CLOSING and case.closing is CaseState.RESOLVED:
        return R.RESOLUTION_REFUSED
    asked = case.state is CaseState.ASKED and case.question is not QuestionKind.PROFILE_PAGE
    return R.QUESTION_REFUSED if asked else R.CHANGE_REFUSED
