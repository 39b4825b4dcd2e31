"""Cases: how one is opened, found, waited for, reopened and stepped.

Every transition of a case or a run adds one event row, in the same transaction.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from worker.store.database import Database, Raced, clock_of, times, transaction
from worker.store.documents import load_case
from worker.store.joining import Blocked, run_kind
from worker.store.leases import leased, woken
from worker.store.retention.outcomes import note_reopened
from worker.store.steps import LostGuard, columns_of, commit_step, write_event
from worker.store.tables import Moment, cases, events
from worker.store.users import note_users
from worker.store.writes import writes_of
from workflows.model import ENDS, Case, CaseState, DirectoryRef, Reason, ReasonKind, Sighting, StoryEntry, Write
from workflows.ports import CaseCommit, Joined, Kind, Lease, SeenBefore, Standing

MOST_IDS = 500  # in one statement; SQLite takes 32,766 parameters
LONGEST_STORY = 40  # sentences of earlier rounds that are kept; a round adds about five

# Statements of every step are built once: to build one takes longer than to run it.
ONE = sa.select(cases).where(cases.c.id == sa.bindparam("of"))
STAMPED = cases.update().where(cases.c.id == sa.bindparam("of")).values(stamp=sa.bindparam("stamp"))
STAMPED_SINCE = STAMPED.where(cases.c.stamp == sa.bindparam("last"))
SEEN_BEFORE = sa.select(cases.c.ticket_id, cases.c.id, cases.c.stamp, cases.c.state, cases.c.known).where(
    cases.c.desk == sa.bindparam("at_desk"), cases.c.ticket_id.in_(sa.bindparam("tickets", expanding=True))
)
OPENED = cases.insert()
_opened = sa.bindparam("opened", type_=Moment())
_earlier = sa.or_(cases.c.opened_at < _opened, sa.and_(cases.c.opened_at == _opened, cases.c.id < sa.bindparam("of")))
FILED_BEFORE = sa.select(sa.func.count()).where(
    cases.c.state.in_(sorted(CaseState)),  # the index begins with it
    cases.c.opened_at >= sa.bindparam("since", type_=Moment()),
    _earlier,
    cases.c.desk.concat("") == sa.bindparam("at_desk"),  # else SQLite reads every case of the desk, by the other index
    cases.c.doc["requester"].as_string() == sa.bindparam("requester", type_=sa.String()),
)


class CaseRows:
    """The part of the store that keeps cases and records transitions."""

    _database: Database
    _ended: set[str]

    @transaction
    def seen_before(self, desk: str, ticket_ids: Sequence[str]) -> dict[str, SeenBefore]:
        """Return what is known of those of these tickets that have a case, by ticket id."""
        with self._database.reading() as connection:
            rows = connection.execute(SEEN_BEFORE, {"at_desk": desk, "tickets": ticket_ids}).all()
        return {row.ticket_id: SeenBefore(row.id, row.stamp, CaseState(row.state), row.known) for row in rows}

    def open_case(self, sighting: Sighting, now: datetime) -> Case | None:
        """Open a case, due at once; `None` if the ticket already has one."""
        return next(iter(self.open_cases(sighting.ref.desk, [sighting], now)), None)

    @transaction
    def open_cases(self, desk: str, sightings: Sequence[Sighting], now: datetime) -> tuple[Case, ...]:
        """Open a case, due at once, for each of a desk's tickets that has none."""
        if not sightings:
            return ()
        tickets = {"at_desk": desk, "tickets": [item.ref.id for item in sightings]}
        with self._database.writing(lasting=False) as connection:
            known = {row.ticket_id for row in connection.execute(SEEN_BEFORE, tickets)}
            opened = tuple(
                Case(id=secrets.token_hex(6), ref=item.ref, opened_at=now, stamp=item.stamp)
                for item in sightings
                if item.ref.id not in known
            )
            if not opened:
                return ()
            try:
                connection.execute(OPENED, [_opened_row(case) for case in opened])
            except sa.exc.IntegrityError as error:
                raise Raced from error
        return opened

    @transaction
    def reopen(self, case: Case, stamp: str, now: datetime, why: Reason, because: str) -> bool:
        """Start the next round of an ended case from scratch; only its story is kept."""
        ended = Reason.of(ReasonKind.ROUND_ENDED, why, round=case.round, state=case.state)
        last = StoryEntry(at=now, what=ended)
        after = Case(
            id=case.id,
            ref=case.ref,
            round=case.round + 1,
            opened_at=now,
            stamp=stamp,
            tagged_at=case.tagged_at,
            given_at=case.given_at,
            written=case.written,
            story=(*case.story[-LONGEST_STORY:], last),
        )
        same = sa.and_(cases.c.id == case.id, cases.c.round == case.round, cases.c.state == case.state)
        with self._database.writing() as connection:
            free = sa.select(cases.c.id).where(same, sa.not_(leased(cases, clock_of(connection))))
            if connection.scalar(free.with_for_update(), times(connection, now)) is None:
                return False
            note_reopened(connection, case, now)
            values = columns_of(after) | {"stamp": stamp, "known": "", "waits_for": None, "waiting": ""}
            values |= woken(cases, now) | {"archived_at": None}
            connection.execute(cases.update().where(same).values(values))
            note_users(connection, case, after)
            write_event(connection, "case", case.id, now, case.state, CaseState.RECEIVED, because)
            return True

    @transaction
    def note_stamp(self, case: Case, stamp: str, now: datetime, *, wake: bool) -> None:
        """Record the ticket's stamp as seen; with `wake`, make an open case due at once."""
        with self._database.writing(lasting=False) as connection:
            connection.execute(STAMPED, {"of": case.id, "stamp": stamp})
            if wake:
                still_open = cases.update().where(cases.c.id == case.id, cases.c.state.not_in(sorted(ENDS)))
                connection.execute(still_open.values(woken(cases, now)))

    @transaction
    def note_stamps(self, found: Sequence[tuple[SeenBefore, str]]) -> None:
        """Record the tickets' stamps as seen, each unless another was recorded since `seen_before`."""
        if found:
            rows = [{"of": last.case_id, "last": last.stamp, "stamp": stamp} for last, stamp in found]
            with self._database.writing(lasting=False) as connection:
                connection.execute(STAMPED_SINCE, rows)

    @transaction
    def note_missing(self, desk: str, seen: Collection[str], begun: datetime, now: datetime) -> int:
        """Make the desk's open cases due that a complete search did not show, and forget the stamps of all of these."""
        query = sa.select(cases.c.id, cases.c.ticket_id, cases.c.state, cases.c.known).where(
            cases.c.desk == desk, cases.c.stamp != "", cases.c.opened_at < begun
        )
        with self._database.reading() as connection:
            missing = [row for row in connection.execute(query) if row.ticket_id not in seen]
        still_open = [row.id for row in missing if row.known and row.state not in ENDS]
        to_look = {"known": ""} | woken(cases, now)
        for ids, values in (([row.id for row in missing], {"stamp": ""}), (still_open, to_look)):
            for first in range(0, len(ids), MOST_IDS):
                with self._database.writing(lasting=False) as connection:
                    these = cases.update().where(cases.c.id.in_(ids[first : first + MOST_IDS]))
                    connection.execute(these.values(values))
        return len(still_open)

    @transaction
    def case(self, case_id: str) -> Case | None:
        """Load a case."""
        with self._database.reading() as connection:
            row = connection.execute(ONE, {"of": case_id}).first()
        return load_case(row) if row else None

    @transaction
    def case_with_writes(self, case_id: str) -> tuple[Case, tuple[Write, ...]] | None:
        """Load a case and its writes, in order, as they were at one moment."""
        with self._database.reading() as connection:
            row = connection.execute(ONE, {"of": case_id}).first()
            return (load_case(row), writes_of(connection, case_id)) if row else None

    @transaction
    def cases(self, *, open_only: bool = False, limit: int = 1000) -> tuple[Case, ...]:
        """Return cases, newest first."""
        query = sa.select(cases).order_by(cases.c.opened_at.desc(), cases.c.id).limit(limit)
        if open_only:
            query = query.where(cases.c.state.not_in(sorted(ENDS)))
        with self._database.reading() as connection:
            return tuple(load_case(row) for row in connection.execute(query))

    @transaction
    def waits(self, case_id: str | None = None) -> dict[str, Standing]:
        """Return what each open case, or this one, is waiting for."""
        columns = (cases.c.id, cases.c.due_at, cases.c.lease_until, cases.c.waiting)
        query = sa.select(*columns).where(cases.c.id == case_id if case_id else cases.c.state.not_in(sorted(ENDS)))
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        return {row.id: Standing(due_at=row.due_at, leased_until=row.lease_until, waiting=row.waiting) for row in rows}

    @transaction
    def find_case(self, text: str) -> Case | None:
        """Return the case with this id, ticket key or ticket id (with or without its table), ignoring case."""
        small = text.strip().lower()
        ticket_id = sa.func.lower(cases.c.ticket_id)
        fits = sa.or_(
            cases.c.id == small,
            sa.func.lower(cases.c.ticket_key) == small,
            ticket_id == small,
            ticket_id.endswith(f"/{small}", autoescape=True),
        )
        with self._database.reading() as connection:
            row = connection.execute(sa.select(cases).where(fits).order_by(cases.c.opened_at.desc())).first()
        return load_case(row) if row else None

    @transaction
    def wanting(self, directory: DirectoryRef, type_id: str) -> tuple[Case, ...]:
        """Return the cases that wait for a user's page and would else join the run of this directory and user type."""
        query = sa.select(cases).where(cases.c.wants == run_kind(directory, type_id)).order_by(cases.c.id)
        with self._database.reading() as connection:
            return tuple(load_case(row) for row in connection.execute(query))

    @transaction
    def unjudged(self, desks: Collection[str], opened_before: datetime) -> int:
        """Count these desks' cases opened before `opened_before` that are received or claimed and not judged yet.

        A judged case that waits for its directory's open run does not hold back another directory's run.
        """
        early = sa.and_(
            cases.c.state.in_([CaseState.RECEIVED, CaseState.CLAIMED]),
            cases.c.opened_at <= opened_before,
            cases.c.desk.in_(desks),
            cases.c.doc["subjects"].as_string() == "[]",
        )
        with self._database.reading() as connection:
            return connection.scalar(sa.select(sa.func.count()).select_from(cases).where(early)) or 0

    @transaction
    def open_on(self, desk: str) -> int:
        """Count the open cases of a desk."""
        theirs = sa.and_(cases.c.desk == desk, cases.c.state.not_in(sorted(ENDS)))
        with self._database.reading() as connection:
            return connection.scalar(sa.select(sa.func.count()).select_from(cases).where(theirs)) or 0

    @transaction
    def troubled(self, what: str, ended_after: datetime, *, besides: str) -> int:
        """Count the other cases that meet this trouble, open or ended after then."""
        met = sa.and_(
            cases.c.doc["trouble"]["what"].as_string() == what,
            cases.c.id != besides,
            sa.or_(cases.c.ended_at.is_(None), cases.c.ended_at > ended_after),
        )
        with self._database.reading() as connection:
            return connection.scalar(sa.select(sa.func.count()).select_from(cases).where(met)) or 0

    @transaction
    def filed_before(self, case: Case, since: datetime) -> int:
        """Count the other cases of the case's requester, on the same desk, opened since then and before it."""
        earlier = {"of": case.id, "opened": case.opened_at, "since": since}
        by_them = {"at_desk": case.ref.desk, "requester": case.requester}
        with self._database.reading() as connection:
            return connection.scalar(FILED_BEFORE, earlier | by_them) or 0

    @transaction
    def commit_case(self, lease: Lease, commit: CaseCommit, now: datetime) -> Joined | None:
        """Commit a case's step; `None` if the guard failed.

        Only the way to an end, which a person may have ordered, is waited for on the disk. Any other step that a power
        cut undid is made again as if it had never been: no product is changed before `write_sent` or `commit_run`, and
        either makes all before it last.
        """
        is_end = commit.after.ended or commit.after.state is CaseState.CLOSING
        try:
            with self._database.writing(lasting=is_end) as connection:
                joined = commit_step(connection, lease, commit, now)
        except Blocked as blocked:
            return blocked.answer
        except LostGuard:
            return None
        if commit.releases:
            self._ended.add(lease.token)
        return joined

    @transaction
    def events(self, kind: Kind, id: str) -> tuple[tuple[datetime, str, str, str], ...]:
        """Return (time, from, to, because) of every transition, oldest first."""
        query = sa.select(events).where(events.c.kind == kind, events.c.aggregate_id == id).order_by(events.c.id)
        with self._database.reading() as connection:
            return tuple((row.at, row.from_state, row.to_state, row.because) for row in connection.execute(query))


def _opened_row(case: Case) -> dict[str, Any]:
    ref = {"desk": case.ref.desk, "ticket_id": case.ref.id, "ticket_key": case.ref.key}
    return columns_of(case) | ref | {"id": case.id, "stamp": case.stamp, "due_at": case.opened_at}
