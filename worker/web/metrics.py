"""The metrics of one process, in Prometheus' conventions (https://prometheus.io/docs/practices/naming/).

Counters and histograms are the process's own: Prometheus adds the processes up. Gauges come from the store when they
are asked for, so they are the same from every process, Okta's rate limits aside. Labels are names of the settings, our
own names of operations and closed sets of states; none is a value of a person, and none grows with the tickets.
"""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterable, Mapping
from importlib.metadata import version

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from worker.store import Store
from worker.web.gauges import Budgets, StoreGauges
from workflows.ports import Clock, Kind

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4
SECONDS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)  # a call may take a minute before it times out
LATE = (0.5, 1, 2.5, 5, 10, 30, 60, 300, 900)  # seconds; after 30 a lost message is sent again


class Metrics:
    """Everything that one process counts, with the store's gauges; threads share it."""

    def __init__(self, store: Store, clock: Clock, desks: Iterable[str], budgets: Mapping[str, Budgets]) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]  # a second series for each, which nothing here asks for
        self._store, self._clock = store, clock
        self._registry = registry = CollectorRegistry()
        self._operations = Counter(
            "forcesync_product_operations",
            "Operations that were sent to a product, or not sent because it is left alone (outcome waited).",
            ("product", "operation", "outcome"),
            registry=registry,
        )
        self._seconds = Histogram(
            "forcesync_product_operation_duration_seconds",
            "How long an operation that was sent to a product took, all its requests together.",
            ("product", "operation"),
            buckets=SECONDS,
            registry=registry,
        )
        self._late = Histogram(
            "forcesync_wake_delay_seconds", "How late due work was begun.", ("kind",), buckets=LATE, registry=registry
        )
        self._events = Counter(
            "forcesync_events", "What the process reported, by the name in its log.", ("event",), registry=registry
        )
        for event in ("alert", "defect"):  # there from the start: Prometheus sees no increase from nothing to one
            self._events.labels(event)
        build = Gauge(
            "forcesync_build_info", "1, with the version of the program.", ("version", "python"), registry=registry
        )
        build.labels(version("forcesync"), platform.python_version()).set(1)
        registry.register(StoreGauges(store, clock, desks, budgets))

    def operation(self, product: str, name: str, outcome: str, seconds: float | None) -> None:
        """Count an operation of a product; `seconds` is `None` if nothing was sent."""
        self._operations.labels(product, name, outcome).inc()
        if seconds is not None:
            self._seconds.labels(product, name).observe(seconds)

    def late(self, kind: Kind, id: str) -> float | None:
        """Return for how many seconds something has been due; `None` if it is not."""
        due_at, now = self._store.due_since(kind, id), self._clock.now()
        return (now - due_at).total_seconds() if due_at and due_at <= now else None

    def begun(self, kind: Kind, late: float) -> None:
        """Count something due that was begun so many seconds late."""
        self._late.labels(kind).observe(late)

    def counting(
        self, tell: Callable[[str, Mapping[str, object]], None]
    ) -> Callable[[str, Mapping[str, object]], None]:
        """Return `tell`, made to count each event by its name."""

        def told(event: str, facts: Mapping[str, object]) -> None:
            self._events.labels(event.replace(" ", "_")).inc()
            tell(event, facts)

        return told

    def text(self) -> bytes:
        """Return everything in Prometheus' text format."""
        return generate_latest(self._registry)
