"""The outcome of each round of a case, without any person: what the report counts.

Outcomes outlive the records that they tell of. One is kept when a round is over for good: when its case is archived, is
opened again, or is forgotten at a person's request.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from worker.store.database import Database, transaction
from worker.store.desks import OPERATOR
from worker.store.documents import case_of, dump, load_case, load_followup, load_run
from worker.store.tables import cases, events, followups, outcomes, rides, runs, writes
from workflows.model import (
    Case,
    CaseState,
    Followup,
    FollowupKind,
    FollowupState,
    Reason,
    Request,
    Ride,
    RideState,
    Subject,
    SyncRun,
    TicketRef,
    Value,
    WriteState,
)

AT_ONCE = 500  # cases in one statement; SQLite takes 32,766 parameters
_LASTED = {FollowupState.HOLDS: True, FollowupState.CHANGED: False}


class Outcome(Value):
    """One round: its case and later looks without people, and what others did. Times are UTC.

    `responded_at` is when the first of our writes was on the ticket. `orders` counts what persons ordered about it.
    """

    case: Case
    looks: tuple[Followup, ...] = ()
    responded_at: datetime | None = None
    orders: int = 0
    reopened_at: datetime | None = None

    @property
    def lasted(self) -> bool | None:
        """Say whether what was resolved lasted; None if it was not resolved, or not looked at again yet."""
        if self.case.state is not CaseState.RESOLVED:
            return None
        if self.reopened_at is not None:
            return False
        return next((_LASTED.get(look.state) for look in self.looks if look.kind is FollowupKind.RECHECK), None)


class OutcomeRows:
    """The part of the store that returns outcomes, whether their records are kept or not."""

    _database: Database

    def outcomes(self, since: datetime, until: datetime) -> Iterator[Outcome]:
        """Yield the outcome, so far, of every round that was opened from `since` and before `until`."""
        after: tuple[str, int] | None = None
        while rows := self._kept(since, until, after):
            yield from (_load(row) for row in rows)
            after = (rows[-1].case_id, rows[-1].round)
        ids = self._with_records(since, until)
        for first in range(0, len(ids), AT_ONCE):
            yield from self._current(ids[first : first + AT_ONCE])

    @transaction
    def syncs_started(self, since: datetime) -> tuple[tuple[SyncRun, tuple[Ride, ...]], ...]:
        """Return the Force Syncs that were started since then, oldest first, with every ride."""
        started = sa.select(runs).where(runs.c.started_at >= since).order_by(runs.c.started_at, runs.c.id)
        rode = sa.select(rides).join(runs, runs.c.id == rides.c.run_id).where(runs.c.started_at >= since)
        with self._database.reading() as connection:
            of_run = dict[str, list[Ride]]()
            for row in connection.execute(rode.order_by(rides.c.case_id)):
                ride = Ride(run_id=row.run_id, case_id=row.case_id, state=RideState(row.state))
                of_run.setdefault(row.run_id, []).append(ride)
            found = [load_run(row) for row in connection.execute(started)]
        return tuple((run, tuple(of_run.get(run.id, ()))) for run in found)

    @transaction
    def tickets_of(self, case_ids: Collection[str]) -> dict[str, TicketRef]:
        """Return the tickets of these cases, by the cases' ids."""
        wanted, found = sorted(case_ids), dict[str, TicketRef]()
        columns = sa.select(cases.c.id, cases.c.desk, cases.c.ticket_id, cases.c.ticket_key)
        with self._database.reading() as connection:
            for first in range(0, len(wanted), AT_ONCE):
                some = columns.where(cases.c.id.in_(wanted[first : first + AT_ONCE]))
                for row in connection.execute(some):
                    found[row.id] = TicketRef(desk=row.desk, id=row.ticket_id, key=row.ticket_key)
        return found

    @transaction
    def _kept(self, since: datetime, until: datetime, after: tuple[str, int] | None) -> Sequence[Any]:
        query = sa.select(outcomes).where(outcomes.c.opened_at >= since, outcomes.c.opened_at < until)
        if after is not None:
            key = sa.tuple_(outcomes.c.case_id, outcomes.c.round)
            query = query.where(key > sa.tuple_(*(sa.literal(part) for part in after)))
        with self._database.reading() as connection:
            return connection.execute(query.order_by(outcomes.c.case_id, outcomes.c.round).limit(AT_ONCE)).all()

    @transaction
    def _with_records(self, since: datetime, until: datetime) -> list[str]:
        states = cases.c.state.in_(sorted(CaseState))  # the index begins with it
        query = sa.select(cases.c.id).where(states, cases.c.opened_at >= since, cases.c.opened_at < until)
        with self._database.reading() as connection:
            return list(connection.scalars(query.where(cases.c.archived_at.is_(None)).order_by(cases.c.id)))

    @transaction
    def _current(self, ids: Sequence[str]) -> list[Outcome]:
        with self._database.reading() as connection:
            return outcomes_of(connection, ids)


def durable(connection: sa.Connection, since: datetime) -> tuple[int, int]:
    """Count what `Outcome.lasted` says of the rounds that were opened since then: how often yes, how often no."""
    look = cases.c.id + "." + sa.cast(cases.c.round, sa.String) + f".{FollowupKind.RECHECK}"
    with_record = (
        sa.select(followups.c.state, sa.func.count())
        .join(cases, followups.c.id == look)
        .where(cases.c.state == CaseState.RESOLVED, cases.c.opened_at >= since, cases.c.archived_at.is_(None))
    )
    kept = sa.select(outcomes.c.lasted, sa.func.count()).where(outcomes.c.opened_at >= since)
    numbers = Counter[bool | None]()
    for state, number in connection.execute(with_record.group_by(followups.c.state)):
        numbers[_LASTED.get(FollowupState(state))] += number
    for lasted, number in connection.execute(kept.group_by(outcomes.c.lasted)):
        numbers[lasted] += number
    return numbers[True], numbers[False]


def keep_outcomes(connection: sa.Connection, ids: Collection[str], reopened_at: datetime | None = None) -> None:
    """Keep the outcome of the present round of each of these cases, whose records go or whose next round begins."""
    for outcome in outcomes_of(connection, ids):
        kept = outcome.but(reopened_at=reopened_at)
        row = {"case_id": kept.case.id, "round": kept.case.round, "opened_at": kept.case.opened_at}
        connection.execute(outcomes.insert().values(row | {"lasted": kept.lasted, "doc": dump(kept)}))


def note_reopened(connection: sa.Connection, case: Case, now: datetime) -> None:
    """Keep the outcome of a case's round that ends by being opened again; that of an archived one is kept already."""
    this = sa.and_(outcomes.c.case_id == case.id, outcomes.c.round == case.round)
    row = connection.execute(sa.select(outcomes).where(this)).first()
    if row is None:
        keep_outcomes(connection, [case.id], now)
        return
    kept = _load(row).but(reopened_at=now)
    connection.execute(outcomes.update().where(this).values(lasted=kept.lasted, doc=dump(kept)))


def outcomes_of(connection: sa.Connection, ids: Collection[str]) -> list[Outcome]:
    """Return the outcome, so far, of the present round of each of these cases, in the order of their ids."""
    if not ids:
        return []
    wanted = sa.select(cases).where(cases.c.id.in_(ids)).order_by(cases.c.id)
    found = [load_case(row) for row in connection.execute(wanted)]
    answered = dict[str, list[datetime]]()
    sent = sa.select(writes.c.key, writes.c.receipt).where(writes.c.case_id.in_(ids))
    for key, receipt in connection.execute(sent.where(writes.c.state == WriteState.DELIVERED)):
        if receipt:
            answered.setdefault(round_of(key), []).append(datetime.fromisoformat(receipt["at"]))
    looks = dict[str, list[Followup]]()
    for doc in connection.scalars(sa.select(followups.c.doc).where(followups.c.case_id.in_(ids))):
        look = _bare_look(load_followup(doc))
        looks.setdefault(f"{look.case_id}.{look.round}", []).append(look)
    orders = dict[str, list[datetime]]()
    ordered = sa.select(events.c.aggregate_id, events.c.at).where(events.c.kind == OPERATOR)
    for id, at in connection.execute(ordered.where(events.c.aggregate_id.in_(ids))):
        orders.setdefault(id, []).append(at)
    return [
        Outcome(
            case=_bare_case(case),
            looks=tuple(looks.get(f"{case.id}.{case.round}", ())),
            responded_at=min(answered.get(f"{case.id}.{case.round}", ()), default=None),
            orders=sum(at >= case.opened_at for at in orders.get(case.id, ())),
        )
        for case in found
    ]


def round_of(key: str) -> str:
    """Return the case's id and the round that a write's key begins with."""
    return ".".join(key.split(".")[:2])


def _load(row: Any) -> Outcome:
    return Outcome.model_validate(row.doc | {"case": case_of(row.doc["case"], row.case_id)})


def _bare_case(case: Case) -> Case:
    """Return a case without people and their values: what was asked and found in kinds, states and times."""
    return Case(
        id=case.id,
        ref=case.ref,
        round=case.round,
        state=case.state,
        opened_at=case.opened_at,
        filed_at=case.filed_at,
        given_at=case.given_at,
        org=case.org,
        subjects=tuple(map(_bare_subject, case.subjects)),
        run_id=case.run_id,
        questions=case.questions,
        question=case.question,
        asked_inside=case.asked_inside,
        unconfirmed=case.unconfirmed,
        closing=case.closing,
        because=_bare_reason(case.because) if case.because else None,
        ended_at=case.ended_at,
    )


def _bare_subject(subject: Subject) -> Subject:
    verdict = subject.verdict
    if verdict is not None:
        verdict = verdict.but(
            reason=_bare_reason(verdict.reason),
            spoken=(),
            user_id=None,
            login=None,
            expectations=(),
            carried=(),
            observations=(),
            evidence=(),
            also=(),
            suspicions=(),
        )
    return Subject(request=Request(), verdict=verdict, right=subject.right)


def _bare_look(look: Followup) -> Followup:
    aftermath = look.aftermath.but(held_by=None) if look.aftermath else None
    return look.but(finding=None, number="", aftermath=aftermath)


def _bare_reason(reason: Reason) -> Reason:
    return Reason(kind=reason.kind, about=_bare_reason(reason.about) if reason.about else None)
