"""Computes the report of a period: counts with their shares, durations, causes and teams, by desk and by week."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import fmean, median

from worker.cases.records import Cause
from worker.reporting.metrics import COUNTED, DURATIONS
from worker.reporting.rounds import Round, rounds_of
from worker.store import Store
from workflows.model import Ride, RideState, Route, SyncRun, TicketRef

P90 = 0.9


@dataclass(frozen=True)
class Share:
    """A count, and what it is a share of; `of` is None for the first count. `known`: whether that is known yet."""

    number: int
    of: int | None = None
    known: bool = True

    @property
    def rate(self) -> float | None:
        """Return the share from 0 to 1; None where there is nothing to share, or it is not known yet."""
        return self.number / self.of if self.of and self.known else None


@dataclass(frozen=True)
class Spread:
    """Durations in seconds: how many, their median, mean, and 90th percentile (nearest rank); None without any."""

    number: int
    median: float | None = None
    mean: float | None = None
    p90: float | None = None


@dataclass(frozen=True)
class Figures:
    """The counts and durations of some rounds, by the metrics' ids."""

    counts: Mapping[str, Share]
    spreads: Mapping[str, Spread]


@dataclass(frozen=True)
class HandedOver:
    """How many tickets were handed to a team for a cause."""

    cause: Cause
    team: Route
    number: int


@dataclass(frozen=True)
class SyncFigures:
    """The numbers about Force Syncs of the period; `foreseen` leaves out those before which nobody looked."""

    started: int
    tickets: int
    repaired: int
    foreseen: int

    @property
    def tickets_per_sync(self) -> float | None:
        """Return how many tickets one Force Sync served; None without any."""
        return self.tickets / self.started if self.started else None


Started = tuple[SyncRun, tuple[Ride, ...]]


@dataclass(frozen=True)
class Report:
    """A period's numbers, and the rounds and Force Syncs that they count. Times are UTC; `until` is not included.

    `tickets` are those that rode on the Force Syncs, by their cases' ids.
    """

    since: datetime
    until: datetime
    desk: str | None
    rounds: tuple[Round, ...]
    started: tuple[Started, ...]
    tickets: Mapping[str, TicketRef]
    whole: Figures
    by_desk: Mapping[str, Figures]
    by_week: Mapping[str, Figures]
    handed_over: tuple[HandedOver, ...]
    syncs: SyncFigures

    @property
    def is_empty(self) -> bool:
        """Say whether nothing happened in the period."""
        return not self.rounds and not self.started


def reported(store: Store, since: datetime, until: datetime, desk: str | None = None) -> Report:
    """Read a period's outcomes from the store and count them; with `desk`, those of one desk."""
    begun = store.syncs_started(since)
    rounds = tuple(
        item for item in rounds_of(store.outcomes(since, until), begun) if desk in {None, item.case.ref.desk}
    )
    started = tuple(_riding(begun, until))
    tickets = store.tickets_of({ride.case_id for _, rides in started for ride in rides})
    if desk is not None:
        started = tuple(_of_desk(started, desk, tickets))
    return Report(
        since=since,
        until=until,
        desk=desk,
        rounds=rounds,
        started=started,
        tickets=tickets,
        whole=figures(rounds),
        by_desk=_grouped(rounds, lambda item: item.case.ref.desk),
        by_week=_grouped(rounds, lambda item: item.week),
        handed_over=_handed_over(rounds),
        syncs=SyncFigures(
            started=len(started),
            tickets=sum(len(rides) for _, rides in started),
            repaired=sum(item.repaired for item in rounds),
            foreseen=sum(run.radius.changed for run, _ in started if run.radius),
        ),
    )


def figures(rounds: Iterable[Round]) -> Figures:
    """Count and measure some rounds."""
    some = tuple(rounds)
    numbers = {metric.id: sum(metric.counts(item) for item in some) for metric in COUNTED}
    counts = {
        metric.id: Share(
            numbers[metric.id],
            None if metric.of is None else numbers[metric.of],
            known=not numbers[metric.id] or not metric.seen_by or numbers[metric.seen_by] > 0,
        )
        for metric in COUNTED
    }
    return Figures(
        counts=counts,
        spreads={metric.id: _spread(metric.measures(item) for item in some) for metric in DURATIONS},
    )


def _spread(found: Iterable[timedelta | None]) -> Spread:
    seconds = sorted(item.total_seconds() for item in found if item is not None)
    if not seconds:
        return Spread(0)
    rank = math.ceil(P90 * len(seconds)) - 1
    return Spread(len(seconds), median(seconds), fmean(seconds), seconds[rank])


def _grouped(rounds: Iterable[Round], by: Callable[[Round], str]) -> dict[str, Figures]:
    found = dict[str, list[Round]]()
    for item in rounds:
        found.setdefault(by(item), []).append(item)
    return {name: figures(found[name]) for name in sorted(found)}


def _handed_over(rounds: Iterable[Round]) -> tuple[HandedOver, ...]:
    found = Counter((item.cause, item.team) for item in rounds)
    some = [
        HandedOver(cause, team, number)
        for (cause, team), number in found.items()
        if cause is not None and team is not None
    ]
    return tuple(sorted(some, key=lambda item: (-item.number, item.cause.name, item.team)))


def _riding(begun: Iterable[Started], until: datetime) -> Iterator[Started]:
    """Yield the Force Syncs that were started before then, with the rides that were not dropped before."""
    for run, rides in begun:
        if run.started_at and run.started_at < until:
            yield run, tuple(ride for ride in rides if ride.state is not RideState.DROPPED)


def _of_desk(started: Iterable[Started], desk: str, tickets: Mapping[str, TicketRef]) -> Iterator[Started]:
    """Yield the Force Syncs that served tickets of a desk, with those."""
    for run, rides in started:
        if own := tuple(ride for ride in rides if tickets[ride.case_id].desk == desk):
            yield run, own
