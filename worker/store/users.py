"""Finds the cases that have a user or a cause in common. An index holds the Okta users that each case is about."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from worker.store.database import Database, transaction
from worker.store.documents import load_case
from worker.store.tables import Moment, case_users, cases
from workflows.model import ENDS, Case, CaseState
from workflows.ports import Sole

OPEN = sorted(set(CaseState) - ENDS)

_of_users = sa.and_(
    case_users.c.org == sa.bindparam("org"), case_users.c.user_id.in_(sa.bindparam("users", expanding=True))
)
_handed_over = sa.and_(cases.c.state == CaseState.ESCALATED, cases.c.ended_at > sa.bindparam("after", type_=Moment()))
ABOUT = (
    sa.select(cases)
    .where(cases.c.id.in_(sa.select(case_users.c.case_id).where(_of_users)))
    .where(sa.or_(cases.c.state.in_(OPEN), _handed_over))
    .where(cases.c.id.not_in(sa.bindparam("besides", expanding=True)))
    .order_by(cases.c.id)
)
NOT_ABOUT = case_users.delete().where(case_users.c.case_id == sa.bindparam("of"))
NOW_ABOUT = case_users.insert()


class UserRows:
    """The part of the store that finds cases by what they share."""

    _database: Database

    @transaction
    def cases_about(
        self, org: str, user_ids: Sequence[str], handed_over_after: datetime, *, besides: str
    ) -> tuple[Case, ...]:
        """Return the other cases about any of these users that are open, or were handed over after then."""
        with self._database.reading() as connection:
            return _about(connection, org, user_ids, handed_over_after, {besides})

    @transaction
    def of_cause(self, cause: str, since: datetime, limit: int) -> tuple[Case, ...]:
        """Return the newest cases that are closing for this cause, or ended for it since then, newest first."""
        lately = sa.and_(cases.c.archived_at.is_(None), cases.c.ended_at > since)  # as the index has it
        either = sa.or_(lately, cases.c.state == CaseState.CLOSING)
        query = sa.select(cases).where(either, cases.c.doc["cause"].as_string() == cause)
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(cases.c.ended_at.desc().nulls_first()).limit(limit)).all()
        return tuple(load_case(row) for row in rows)


def has_support_case(connection: sa.Connection, sole: Sole, case_id: str) -> bool:
    """Say whether another case about the same users already has a Support Case, and keep it so in this transaction.

    The users' rows are locked: of two cases that want a Support Case at once, the later sees what the other did.
    """
    lines = sa.select(case_users.c.case_id).where(_of_users).order_by(case_users.c.user_id, case_users.c.case_id)
    connection.execute(lines.with_for_update(), {"org": sole.org, "users": sole.user_ids}).all()
    others = _about(connection, sole.org, sole.user_ids, sole.handed_over_after, {case_id, *sole.besides})
    return any(item.said.support_case for item in others)


def note_users(connection: sa.Connection, before: Case, after: Case) -> None:
    """Update the index of a case if its users have changed."""
    if (users := _users(after)) == _users(before):
        return
    connection.execute(NOT_ABOUT, {"of": before.id})
    if users:
        rows = [{"org": org, "user_id": user_id, "case_id": before.id} for org, user_id in sorted(users)]
        connection.execute(NOW_ABOUT, rows)


def _about(
    connection: sa.Connection, org: str, user_ids: Sequence[str], handed_over_after: datetime, besides: set[str]
) -> tuple[Case, ...]:
    of = {"org": org, "users": user_ids, "after": handed_over_after, "besides": sorted(besides)}
    return tuple(load_case(row) for row in connection.execute(ABOUT, of))


def _users(case: Case) -> set[tuple[str, str]]:
    found = (item.verdict.user_id for item in case.subjects if item.verdict)
    return {(case.org, user_id) for user_id in found if user_id}
