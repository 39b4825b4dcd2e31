"""Finds the cases that have a user or a cause in common. An index holds the Okta users that each case is about."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from worker.store.database import Database, transaction
from worker.store.documents import load_case
from worker.store.tables import case_users, cases
from workflows.model import ENDS, Case, CaseState
from workflows.ports import Sole

OPEN = sorted(set(CaseState) - ENDS)


class UserRows:
    """The part of the store that finds cases by what they share."""

    _database: Database

    @transaction
    def cases_about(self, org: str, user_ids: Sequence[str], handed_over_after: datetime) -> tuple[Case, ...]:
        """Return the cases about any of these users that are open, or were handed over after then."""
        with self._database.reading() as connection:
            return _about(connection, org, user_ids, handed_over_after)

    @transaction
    def ended_for(self, cause: str, since: datetime, limit: int) -> tuple[Case, ...]:
        """Return the newest cases that ended for this cause since then, newest first, at most so many."""
        lately = sa.and_(cases.c.archived_at.is_(None), cases.c.ended_at > since)  # as the index has it
        query = sa.select(cases).where(lately, cases.c.doc["cause"].as_string() == cause)
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(cases.c.ended_at.desc()).limit(limit)).all()
        return tuple(load_case(row) for row in rows)


def has_support_case(connection: sa.Connection, sole: Sole, case_id: str) -> bool:
    """Say whether another case about the same users already has a Support Case, and keep it so in this transaction.

    The users' rows are locked: of two cases that want a Support Case at once, the later sees what the other did.
    """
    lines = sa.select(case_users.c.case_id).where(_of_users(sole.org, sole.user_ids))
    connection.execute(lines.order_by(case_users.c.user_id, case_users.c.case_id).with_for_update()).all()
    others = _about(connection, sole.org, sole.user_ids, sole.handed_over_after)
    return any(item.said.support_case for item in others if item.id not in {case_id, *sole.besides})


def note_users(connection: sa.Connection, before: Case, after: Case) -> None:
    """Update the index of a case if its users have changed."""
    if (users := _users(after)) == _users(before):
        return
    connection.execute(case_users.delete().where(case_users.c.case_id == before.id))
    if users:
        rows = [{"org": org, "user_id": user_id, "case_id": before.id} for org, user_id in sorted(users)]
        connection.execute(case_users.insert(), rows)


def _about(
    connection: sa.Connection, org: str, user_ids: Sequence[str], handed_over_after: datetime
) -> tuple[Case, ...]:
    about = sa.select(case_users.c.case_id).where(_of_users(org, user_ids))
    handed_over = sa.and_(cases.c.state == CaseState.ESCALATED, cases.c.ended_at > handed_over_after)
    query = sa.select(cases).where(cases.c.id.in_(about), sa.or_(cases.c.state.in_(OPEN), handed_over))
    return tuple(load_case(row) for row in connection.execute(query.order_by(cases.c.id)))


def _of_users(org: str, user_ids: Sequence[str]) -> sa.ColumnElement[bool]:
    return sa.and_(case_users.c.org == org, case_users.c.user_id.in_(user_ids))


def _users(case: Case) -> set[tuple[str, str]]:
    found = (item.verdict.user_id for item in case.subjects if item.verdict)
    return {(case.org, user_id) for user_id in found if user_id}
