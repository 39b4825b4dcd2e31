"""Gauges that are read from the store, and from the last answers of Okta, at the moment when they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import TypeVar

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from worker.store import Store
from worker.store.health import Health
from workflows.errors import StoreUnavailable
from workflows.ports import Clock, Kind

Budgets = Callable[[], Mapping[str, tuple[int, int]]]  # by endpoint family: calls left in the window, and its limit
KINDS: tuple[Kind, ...] = ("desk", "case", "run", "followup")
Key = TypeVar("Key", bound=tuple[str, ...])


class StoreGauges(Collector):
    """Reads the gauges; of a store that does not answer, only that it does not."""

    def __init__(self, store: Store, clock: Clock, desks: Iterable[str], budgets: Mapping[str, Budgets]) -> None:
        self._store, self._clock, self._desks, self._budgets = store, clock, tuple(desks), budgets

    def describe(self) -> Iterable[Metric]:
        """Return nothing, so that registering reads nothing."""
        return ()

    def collect(self) -> Iterator[Metric]:
        """Yield every gauge."""
        now = self._clock.now()
        yield from self._okta()
        try:
            health = self._store.health(now)
        except StoreUnavailable:
            yield _gauge("store_up", "Whether the store answers.", (), {(): 0})
            return
        yield _gauge("store_up", "Whether the store answers.", (), {(): 1})
        yield from _of_cases(health, now)
        yield from _of_runs(health, now)
        yield from _of_processes(health, now)
        searched = {(desk,): at.timestamp() if (at := health.searched.get(desk)) else 0.0 for desk in self._desks}
        told = "When the last complete search of a desk ended; 0 if none was complete yet."
        yield _gauge("last_complete_search_timestamp_seconds", told, ("desk",), searched)

    def _okta(self) -> Iterator[Metric]:
        budgets = {(org, name): found for org, left in self._budgets.items() for name, found in left().items()}
        labels = ("org", "family")
        left = {key: float(number) for key, (number, _) in budgets.items()}
        limits = {key: float(limit) for key, (_, limit) in budgets.items()}
        told = "as Okta's last answer to this process says; nothing once that window is over"
        yield _gauge("okta_calls_left", f"Calls left in the present window of a rate limit, {told}.", labels, left)
        yield _gauge("okta_calls_limit", f"Calls that a window of the rate limit allows, {told}.", labels, limits)


def _of_cases(health: Health, now: datetime) -> Iterator[Metric]:
    of = ("desk", "state")
    yield _gauge("cases", "Cases by state.", of, health.cases)
    ages = {key: (now - since).total_seconds() for key, since in health.oldest.items()}
    yield _gauge("oldest_open_case_seconds", "Age of the oldest open case.", of, ages)
    late = {(kind,): (now - health.overdue.get(kind, now)).total_seconds() for kind in KINDS}
    yield _gauge("overdue_seconds", "For how long the oldest due work has been waiting for a process.", ("kind",), late)
    looked = health.followups
    yield _gauge("followups", "Later looks at ended cases, by what was found.", ("kind", "state"), looked)
    rate = {} if health.durable_rate is None else {(): health.durable_rate}
    some = "of the resolved tickets that were taken up in the last 30 days"
    yield _gauge("durable_ratio", f"Share that lasted {some}, and of which that is known.", (), rate)
    yield _gauge(
        "durable_looks", f"Number {some}, and of which it is known whether they lasted.", (), {(): sum(health.durable)}
    )


def _of_runs(health: Health, now: datetime) -> Iterator[Metric]:
    yield _gauge("force_sync_runs", "Force Sync runs by state.", ("org", "state"), health.runs)
    waiting = float(len(health.proposed))
    yield _gauge("approvals_waiting", "Force Sync runs that wait for a person's approval.", (), {(): waiting})
    asked = [run.asked_at or run.opened_at for run in health.proposed]
    age = (now - min(asked)).total_seconds() if asked else 0.0
    yield _gauge("oldest_approval_seconds", "For how long the oldest of them has been waiting.", (), {(): age})
    stops = {(kind.value, name): float(number) for (kind, name), number in health.stops.items()}
    yield _gauge("stops", "What is paused or stopped now; switches are pauses by a person.", ("kind", "name"), stops)


def _of_processes(health: Health, now: datetime) -> Iterator[Metric]:
    if health.led_until is not None:
        leads = float(health.led_until > now)
        yield _gauge("leader", "Whether a scheduler leads, on a broker that processes share.", (), {(): leads})
    yield _gauge("processes", "Living processes that share the store.", (), {(): float(health.processes)})


def _gauge(name: str, told: str, labels: tuple[str, ...], numbers: Mapping[Key, float]) -> Metric:
    family = GaugeMetricFamily(f"forcesync_{name}", told, labels=labels)
    for key, number in sorted(numbers.items()):
        family.add_metric(key, number)
    return family
