"""What a person orders about a case: the act for the audit, and a case that is looked at again at once."""

from __future__ import annotations

from datetime import datetime

from worker.store.database import Database, transaction
from worker.store.desks import write_act
from worker.store.tables import cases
from workflows.model import ENDS, OperatorAct


class OrderRows:
    """The part of the store that records a person's orders about cases."""

    _database: Database

    @transaction
    def note_order(self, act: OperatorAct) -> None:
        """Record an order for the audit."""
        with self._database.writing() as connection:
            write_act(connection, act)

    @transaction
    def retry(self, act: OperatorAct, now: datetime) -> bool:
        """Make an open case due at once, its ticket to be read again, and record who ordered it; False if it ended."""
        still_open = cases.update().where(cases.c.id == act.target, cases.c.state.not_in(sorted(ENDS)))
        with self._database.writing() as connection:
            if not connection.execute(still_open.values(due_at=now, woken_until=None, known="")).rowcount:
                return False
            write_act(connection, act)
        return True
