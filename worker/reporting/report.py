"""The command `report`: what forcesync did in a period, in the form that is asked for. It reads the store alone."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from worker import wiring
from worker.commands.choosing import check_desk, moment_of
from worker.errors import OperatorError
from worker.reporting import file
from worker.reporting.figures import reported
from worker.reporting.forms import VERSION, as_csv, as_json, rows_as_csv
from worker.reporting.lines import definition_lines, report_lines, row_lines
from worker.reporting.listing import Row, listed
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
    """Print the report, or the list behind one of its numbers, or write the page. Raises `OperatorError`."""
    if asked.html is not None:
        file.check(asked.html, replace=asked.replace)
    settings, now = load(config), datetime.now(UTC)
    check_desk(asked.desk, settings.desks)
    since, until = moment_of(asked.since, now), moment_of(asked.until, now) if asked.until else now
    if since >= until:
        raise OperatorError(f"--until: {until:%Y-%m-%d %H:%M} UTC is not after --since, {since:%Y-%m-%d %H:%M} UTC")
    with wiring.opened_store(config) as store:
        found, name = reported(store, since, until, asked.desk), store.name
    if asked.cases is not None:
        _print_rows(asked, asked.cases, listed(found, asked.cases))
        return
    if asked.html is not None:
        from worker.reporting.page import page  # noqa: PLC0415  # brings the library for charts

        print(file.write(asked.html, page(found)))
        return
    if asked.as_json:
        print(json.dumps(as_json(found), ensure_ascii=False))
    elif asked.as_csv:
        sys.stdout.write(as_csv(found))
    else:
        _print(report_lines(found, name))


def definitions() -> None:
    """Print what each number means."""
    _print(definition_lines())


def _print_rows(asked: Asked, name: str, rows: tuple[Row, ...]) -> None:
    if asked.as_json:
        told = {"version": VERSION, "metric": name, "cases": [row._asdict() for row in rows]}
        print(json.dumps(told, ensure_ascii=False))
    elif asked.as_csv:
        sys.stdout.write(rows_as_csv(rows))
    else:
        _print(row_lines(name, rows))


def _print(lines: Iterable[str]) -> None:
    for line in lines:
        print(line)
