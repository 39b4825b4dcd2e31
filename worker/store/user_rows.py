"""Which cases are about which Okta users: an index beside the cases' documents, so that siblings are found."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from worker.store.database import Database, transaction
from worker.store.documents import load_case
from worker.store.tables import case_users, cases
from workflows.model import ENDS, Case, CaseState

OPEN = sorted(set(CaseState) - ENDS)


class UserRows:
    """The part of the store that finds cases by their users."""

    _database: Database

    @transaction
    def cases_about(self, org: str, user_ids: Sequence[str], escalated_after: datetime) -> tuple[Case, ...]:
        """Return the cases about any of these users that are open, or were handed over after then, oldest first."""
        about = sa.select(case_users.c.case_id).where(case_users.c.org == org, case_users.c.user_id.in_(user_ids))
        handed_over = sa.and_(cases.c.state == CaseState.ESCALATED, cases.c.ended_at > escalated_after)
        query = sa.select(cases).where(cases.c.id.in_(about), sa.or_(cases.c.state.in_(OPEN), handed_over))
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(cases.c.opened_at, cases.c.id))
            return tuple(load_case(row) for row in rows)


def note_users(connection: sa.Connection, before: Case, after: Case) -> None:
    """Bring the index of a case up to date, where its users are others than before."""
    if (users := _users(after)) == _users(before):
        return
    connection.execute(case_users.delete().where(case_users.c.case_id == before.id))
    if users:
        rows = [{"org": org, "user_id": user_id, "case_id": before.id} for org, user_id in sorted(users)]
        connection.execute(case_users.insert(), rows)


def _users(case: Case) -> set[tuple[str, str]]:
    found = (item.verdict.user_id for item in case.subjects if item.verdict)
    return {(case.org, user_id) for user_id in found if user_id}
