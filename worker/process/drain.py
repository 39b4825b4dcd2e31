"""Works everything that is due now, in this thread and without a broker. For `forcesync once` and for tests."""

from __future__ import annotations

from collections import Counter

from workflows.engine.engine import Engine
from workflows.steps import Ports

MOST = 100_000  # messages; a bound against a defect that keeps something due for ever


def drain(engine: Engine, ports: Ports) -> Counter[str]:
    """Work until nothing is due now; returns transitions by kind."""
    counts: Counter[str] = Counter()
    for _ in range(MOST):
        due = ports.store.due(ports.clock.now(), 100)
        if not due:
            return counts
        for kind, id in due:
            counts[kind] += engine.run_once(kind, id).transitions
    raise RuntimeError(f"after {MOST} rounds something is still due; this is a defect")
