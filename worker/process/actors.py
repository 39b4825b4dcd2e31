"""The one actor. It passes a message (kind, id) to the engine."""

from __future__ import annotations

import dramatiq

from worker.process.broker import QUEUE
from workflows.engine.engine import Engine
from workflows.errors import StoreUnavailable
from workflows.ports import Kind
from workflows.steps import Tell

TIME_LIMIT = 15 * 60 * 1000  # ms; a run with thousands of riders to read again takes minutes
RETRIES = 2  # for faults of our own infrastructure only: far-side faults never leave the engine


def register(broker: dramatiq.Broker, engine: Engine, tell: Tell) -> dramatiq.Actor[[Kind, str], None]:
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
            engine.run_once(kind, id, only_due=True)
        except StoreUnavailable as error:
            tell("store", {"kind": kind, "id": id, "text": str(error)})
            raise
        except Exception as error:
            tell("defect", {"kind": kind, "id": id, "error": error})
            raise

    return work
