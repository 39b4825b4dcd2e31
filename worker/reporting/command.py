"""The command `report`: what forcesync did in a period, in the form that is asked for. It reads the store alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from worker import wiring
from worker.cases.choosing import check_desk, moment_of
from worker.errors import OperatorError
from worker.output import aligned, check_file, print_aside, print_json, print_lines, print_whole, room, write_file
from worker.reporting.figures import reported
from worker.reporting.forms import as_csv, as_json, rows_as_csv
from worker.reporting.lines import definition_rows, list_rows, report_lines
from worker.reporting.listing import Row, listed
from worker.reporting.metrics import METRICS
from worker.reporting.wording import period
from worker.settings.model import load


@dataclass(frozen=True)
class Asked:
    """What a report is asked for; `since` and `until` as `--since` takes them, `cases` the name of a number."""

    since: str
    until: str | None = None
    desk: str | None = None
    cases: str | None = None
    as_json: bool = False
    as_csv: bool = False
    html: Path | None = None
    replace: bool = False


def report(config: Path, asked: Asked) -> None:
    """Print the report, or the list behind one of its numbers, and write the page. Raises `OperatorError`."""
    _check(asked)
    settings, now = load(config), datetime.now(UTC)
    since = moment_of(asked.since, now)
    until = moment_of(asked.until, now, "--until") if asked.until else now
    if since >= until:
        if asked.until is None:
            raise OperatorError(f"--since: {since:%Y-%m-%d %H:%M} UTC is still to come")
        raise OperatorError(f"--until: {until:%Y-%m-%d %H:%M} UTC is not after --since, {since:%Y-%m-%d %H:%M} UTC")
    with wiring.opened_store(config) as store:
        found, name = reported(store, since, until, asked.desk), store.name
    if found.is_empty:
        check_desk(asked.desk, settings.desks)  # one that the settings name no more may have left cases behind
    if asked.html is not None:
        from worker.reporting.page import page  # noqa: PLC0415  # brings the library for charts

        print_aside(write_file(asked.html, "--html", page(found)))
    if asked.cases is not None:
        _print_rows(asked, asked.cases, listed(found, asked.cases))
    elif asked.as_json:
        print_json(as_json(found))
    elif asked.as_csv:
        print_whole(as_csv(found).rstrip())
    elif found.is_empty:
        print_aside(f"nothing to report from {period(found)} in {name}")
    else:
        print_lines(report_lines(found))


def _check(asked: Asked) -> None:
    """Refuse options of which one would be ignored, and a page that could not be written."""
    if asked.as_json and asked.as_csv:
        raise OperatorError("--json and --csv are two forms of the same: give one of them")
    if asked.html is not None:
        check_file(asked.html, "--html", replace=asked.replace)
    elif asked.replace:
        raise OperatorError("--replace goes with --html")


def definitions(*, as_json: bool = False) -> None:
    """Print what each number means."""
    if as_json:
        print_json({"definitions": {metric.id: metric.definition for metric in METRICS}})
    else:
        print_lines(aligned(definition_rows(), room()))


def _print_rows(asked: Asked, name: str, rows: tuple[Row, ...]) -> None:
    if asked.as_json:
        print_json({"metric": name, "cases": [row._asdict() for row in rows]})
    elif asked.as_csv:
        print_whole(rows_as_csv(rows).rstrip())
    else:
        print_aside(f"{name}: {len(rows)}")
        print_lines(aligned(list_rows(rows), room()))
