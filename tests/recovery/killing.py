"""Real processes that are killed or frozen while they have work in hand, and what the store then shows of it."""

from __future__ import annotations

import os
import signal
import sqlite3
import time
from contextlib import closing

from tests.recovery.programs import FarSides, Program

READS_TAKE = 3.0  # seconds while a process is to be struck in the middle of a step
WORKER = {"threads": 16, "lease_for": 180.0}  # as in the defaults: no lease runs out here
STEPS = """
CREATE TABLE IF NOT EXISTS steps (case_id TEXT, holder TEXT, at REAL);
DROP TRIGGER IF EXISTS notes_steps;
CREATE TRIGGER notes_steps AFTER UPDATE OF lease_holder ON cases WHEN NEW.lease_holder IS NOT NULL
BEGIN INSERT INTO steps VALUES (NEW.id, NEW.lease_holder, (julianday('now') - 2440587.5) * 86400.0); END;
"""


class Seen:
    """The SQLite store of running processes, read beside them."""

    def __init__(self, far: FarSides) -> None:
        self._file = far.store_url().removeprefix("sqlite:///")

    def ask(self, sql: str, *values: object) -> list[tuple[str, ...]]:
        """Return the rows of a query; none where the store is not made yet."""
        try:
            with closing(sqlite3.connect(f"file:{self._file}?mode=ro", uri=True)) as connection:
                return connection.execute(sql, values).fetchall()
        except sqlite3.OperationalError:
            return []

    def processes(self) -> dict[int, str]:
        """Return the ids of the registered processes, by pid."""
        return {int(pid): id for pid, id in self.ask("SELECT pid, id FROM processes")}

    def leased(self, holder: str) -> set[str]:
        """Return the cases that a process is working."""
        return {id for (id,) in self.ask("SELECT id FROM cases WHERE lease_holder = ?", holder)}

    def interrupted(self, holder: str) -> set[str]:
        """Return the cases that a process was working, or had been woken for."""
        return {
            id
            for (id,) in self.ask(
                "SELECT id FROM cases WHERE lease_holder = ?1 OR woken_by = ?1 AND woken_until IS NOT NULL", holder
            )
        }

    def sent(self) -> set[str]:
        """Return the cases with a write that was sent and not answered."""
        return {id for (id,) in self.ask("SELECT case_id FROM writes WHERE state = 'sent'")}

    def note_steps(self) -> None:
        """Let the store note every step that begins from now on."""
        with closing(sqlite3.connect(self._file, timeout=30)) as connection:
            connection.executescript(STEPS)

    def first_steps(self, besides: str) -> dict[str, float]:
        """Return when each case's first noted step of another process than this began, in seconds since 1970."""
        rows = self.ask("SELECT case_id, min(at) FROM steps WHERE holder != ? GROUP BY case_id", besides)
        return {id: float(at) for id, at in rows}


def kill(program: Program) -> float:
    """Kill a program without warning; returns when, in seconds since 1970."""
    os.kill(program.process.pid, signal.SIGKILL)
    program.process.wait()
    return time.time()


def slow_reads(far: FarSides) -> None:
    """Let every read of a desk take long, so that a process that is struck is in the middle of its steps."""
    for product in ("servicenow", "jira"):
        fault = {"product": product, "method": "GET", "kind": "delay", "seconds": READS_TAKE, "times": 10_000}
        far.control.post("/faults", fault)
