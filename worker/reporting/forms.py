"""The report for programs: one JSON object, or CSV with one line a number."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from worker.reporting.figures import Figures, Report, Share, Spread
from worker.reporting.listing import Row
from worker.reporting.metrics import METRICS

COLUMNS = (
    "scope",
    "name",
    "metric",
    "number",
    "of",
    "share",
    "median_seconds",
    "mean_seconds",
    "p90_seconds",
    "definition",
)
WHOLE = ("all", "")


def as_json(report: Report) -> dict[str, Any]:
    """Return the report; times are ISO 8601 in UTC, durations seconds, shares from 0 to 1."""
    return {
        "since": report.since.isoformat(),
        "until": report.until.isoformat(),
        "desk": report.desk,
        "empty": report.is_empty,
        "numbers": _figures(report.whole),
        "force_syncs": sync_numbers(report),
        "handed_over": [
            {"cause": item.cause.name, "title": item.cause.title, "team": item.team.value, "number": item.number}
            for item in report.handed_over
        ],
        "by_desk": {name: _figures(some) for name, some in report.by_desk.items()},
        "by_week": {name: _figures(some) for name, some in report.by_week.items()},
        "definitions": {metric.id: metric.definition for metric in METRICS},
    }


def sync_numbers(report: Report) -> dict[str, float | None]:
    """Return the numbers about Force Syncs by the metrics' ids."""
    syncs = report.syncs
    return {
        "force_syncs": syncs.started,
        "tickets_per_sync": syncs.tickets_per_sync,
        "profiles_repaired": syncs.repaired,
        "profiles_foreseen": syncs.foreseen,
    }


def _figures(some: Figures) -> dict[str, Any]:
    shares = {id: {"number": share.number, "of": share.of, "share": share.rate} for id, share in some.counts.items()}
    return shares | {id: _seconds(spread) for id, spread in some.spreads.items()}


def _seconds(spread: Spread) -> dict[str, float | None]:
    return {
        "number": spread.number,
        "median_seconds": spread.median,
        "mean_seconds": spread.mean,
        "p90_seconds": spread.p90,
    }


def as_csv(report: Report) -> str:
    """Return the report as CSV: a line for each number, of everything, of each desk, of each week, cause and team.

    What a number means stands with that of everything.
    """
    definitions = {metric.id: metric.definition for metric in METRICS}
    whole = [*_lines(WHOLE, report.whole), *((*WHOLE, id, number) for id, number in sync_numbers(report).items())]
    lines: list[Sequence[object]] = [(*_filled(line, COLUMNS[:-1]), definitions[str(line[2])]) for line in whole]
    for item in report.handed_over:
        lines.append(("cause and team", f"{item.cause.name}, {item.team.value}", "handed_over", item.number))
    for scope, groups in (("desk", report.by_desk), ("week", report.by_week)):
        for name, some in groups.items():
            lines += _lines((scope, name), some)
    return _written(COLUMNS, lines)


def rows_as_csv(rows: Iterable[Row]) -> str:
    """Return a list of cases as CSV."""
    return _written(Row._fields, rows)


def _lines(where: tuple[str, str], some: Figures) -> Iterator[Sequence[object]]:
    for id, share in some.counts.items():
        yield *where, id, *_of(share)
    for id, spread in some.spreads.items():
        yield *where, id, spread.number, None, None, spread.median, spread.mean, spread.p90


def _of(share: Share) -> tuple[int, int | None, float | None]:
    return share.number, share.of, share.rate


def _written(columns: Sequence[str], lines: Iterable[Sequence[object]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    for line in lines:
        writer.writerow(_filled(line, columns))
    return text.getvalue()


def _filled(line: Sequence[object], columns: Sequence[str]) -> list[object]:
    return [*line, *[None] * (len(columns) - len(line))]
