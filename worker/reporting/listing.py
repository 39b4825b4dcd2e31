"""The list behind a number of the report: the rounds that it counts, or the Force Syncs with their tickets."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import NamedTuple

from worker.cases.records import advice_of
from worker.errors import OperatorError
from worker.reporting.figures import Report
from worker.reporting.metrics import COUNTED, DURATIONS, METRICS, SYNCS
from worker.reporting.rounds import Round
from workflows.model import ReasonKind, Route, VerdictKind
from workflows.values.wording import near_ones

BY_CAUSE, BY_TEAM = "cause:", "team:"
CAUSES = frozenset(kind.value for kind in (*VerdictKind, *ReasonKind))  # whether or not a ticket of the period has it
OF_PEOPLE = "profiles_repaired"


class Row(NamedTuple):
    """One line of a list; `seconds` is what a duration measured, `run` a Force Sync's id, each if the metric has it.

    `cause` is why the ticket was handed over, `advice` what one was left to people with.
    """

    case: str
    round: int
    ticket: str
    desk: str
    url: str
    state: str
    opened_at: str
    cause: str | None = None
    advice: str | None = None
    seconds: float | None = None
    run: str | None = None


def names(report: Report) -> tuple[str, ...]:
    """Return every name that a list can be asked for."""
    causes = dict.fromkeys(f"{BY_CAUSE}{item.cause.name}" for item in report.handed_over)
    ids = (metric.id for metric in METRICS)
    return (*ids, *causes, *(f"{BY_TEAM}{team.value}" for team in Route))


def listed(report: Report, name: str) -> tuple[Row, ...]:
    """Return the list behind a number. Raises `OperatorError` for one that there is not."""
    if name.startswith(BY_CAUSE) and name.removeprefix(BY_CAUSE) in CAUSES:
        return _rows(report, lambda item: item.cause is not None and BY_CAUSE + item.cause.name == name)
    if name.startswith(BY_TEAM) and name in names(report):
        return _rows(report, lambda item: item.team is not None and BY_TEAM + item.team.value == name)
    if count := next((metric for metric in COUNTED if metric.id == name), None):
        return _rows(report, count.counts)
    if duration := next((metric for metric in DURATIONS if metric.id == name), None):
        return _measured(report, duration.measures)
    if name == OF_PEOPLE:
        return _rows(report, lambda item: item.repaired > 0)
    if name in {metric.id for metric in SYNCS}:
        return tuple(_riders(report))
    known = names(report)
    raise OperatorError(f"--cases: found {name!r}{near_ones(name, known)}; allowed: {', '.join(known)}")


def _rows(report: Report, counts: Callable[[Round], bool]) -> tuple[Row, ...]:
    return tuple(_row(item) for item in report.rounds if counts(item))


def _measured(report: Report, measures: Callable[[Round], timedelta | None]) -> tuple[Row, ...]:
    """Return the rounds that have a duration, the longest first."""
    found = [(measured, item) for item in report.rounds if (measured := measures(item)) is not None]
    found.sort(key=lambda pair: pair[0], reverse=True)
    return tuple(_row(item)._replace(seconds=measured.total_seconds()) for measured, item in found)


def _row(item: Round) -> Row:
    case = item.case
    return Row(
        case=case.id,
        round=case.round,
        ticket=case.ref.key,
        desk=case.ref.desk,
        url=case.ref.url,
        state=case.state.value,
        opened_at=case.opened_at.isoformat(),
        cause=item.cause.name if item.cause else None,
        advice=advice_of(case) or None,
    )


def _riders(report: Report) -> Iterator[Row]:
    """Yield the tickets of each Force Sync; of one that was taken up before the period, with the state of its ride."""
    rounds = {(run.id, item.case.id): item for item in report.rounds for run, _ in item.syncs}
    for run, rides in report.started:
        at = run.started_at.isoformat() if run.started_at else ""
        for ride in rides:
            if item := rounds.get((run.id, ride.case_id)):
                yield _row(item)._replace(run=run.id)
            else:
                ref = report.tickets[ride.case_id]
                yield Row(ride.case_id, 0, ref.key, ref.desk, ref.url, f"ride {ride.state}", at, run=run.id)
        if not rides:
            yield Row("", 0, "", "", "", "", at, run=run.id)
