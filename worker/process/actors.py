"""Hands work to the engine: the one actor takes a message (kind, id); `drain` needs no broker."""

from __future__ import annotations

from collections import Counter
from typing import Protocol

import dramatiq

from worker.process.broker import QUEUE
from workflows.engine.engine import Engine
from workflows.errors import StoreUnavailable
from workflows.ports import Kind
from workflows.steps import Ports, Tell

TIME_LIMIT = 15 * 60 * 1000  # ms; a run with thousands of riders to read again takes minutes
RETRIES = 2  # for faults of our own infrastructure only: the engine handles those of the products
MOST_ROUNDS = 100_000  # a bound against a defect that keeps something due forever


class Lateness(Protocol):
    """Counts how late due work is begun."""

    def late(self, kind: Kind, id: str) -> float | None:
        """Return for how many seconds something has been due; `None` if it is not."""

    def begun(self, kind: Kind, late: float) -> None:
        """Count something due that was begun so many seconds late."""


def register(
    broker: dramatiq.Broker, engine: Engine, tell: Tell, lateness: Lateness | None = None
) -> dramatiq.Actor[[Kind, str], None]:
    """Register the actor on an explicit broker."""

    @dramatiq.actor(
        broker=broker,
        actor_name="work",
        queue_name=QUEUE,
        max_retries=RETRIES,
        min_backoff=500,
        max_backoff=5000,
        time_limit=TIME_LIMIT,
    )
    def work(kind: Kind, id: str) -> None:
        try:
            late = lateness.late(kind, id) if lateness else None
            worked = engine.run_once(kind, id, only_due=True)
            if lateness and late is not None and worked.leased:
                lateness.begun(kind, late)
        except StoreUnavailable as error:
            tell("store", {"kind": kind, "id": id, "text": str(error)})
            raise
        except Exception as error:
            tell("defect", {"kind": kind, "id": id, "error": error})
            raise

    return work


def drain(engine: Engine, ports: Ports) -> Counter[str]:
    """Work in this thread until nothing is due now, for `forcesync once` and tests; returns transitions by kind."""
    counts: Counter[str] = Counter()
    for _ in range(MOST_ROUNDS):
        due = ports.store.due(ports.clock.now(), 100)
        if not due:
            return counts
        for kind, id in due:
            counts[kind] += engine.run_once(kind, id).transitions
    raise RuntimeError(f"after {MOST_ROUNDS} rounds something is still due; this is a defect")
