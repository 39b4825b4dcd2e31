"""The `forcesync case` commands: a table, one case's page, and JSON for programs."""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Column, Table

from worker import wiring
from worker.commands.case_page import told_of
from worker.commands.case_records import case_line, masked_record
from worker.errors import OperatorError
from worker.settings.model import load
from workflows.engine.stopped import standing
from workflows.notes.reasons import sentence
from workflows.notes.standing import case_waits_for
from workflows.notes.standing import told_of as told_of_stop
from workflows.values.case_values import hidden
from workflows.values.masking import plain
from workflows.values.wording import moment

LONGEST = 120  # characters of what a case waits for


def case_list(config: Path, *, open_only: bool) -> None:
    """Print a table of cases; an open one says what it waits for, a resolved one whether its values did not last."""
    settings, now = load(config), datetime.now(UTC)
    with wiring.opened_store(config) as store:
        cases, waits, lost = store.cases(open_only=open_only), store.waits(), store.not_durable()
        any_case = bool(cases or store.cases(limit=1))
        stops = [f"stopped: {told_of_stop(stop)}" for stop in standing(store, settings.desks, settings.okta, now)]
    table = Table(
        Column("case", no_wrap=True, min_width=12),
        Column("ticket", no_wrap=True, min_width=10),
        "desk",
        "round",
        Column("state", min_width=9),
        Column("since", min_width=10),
        "because, or waits for",
        box=SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
    )
    for case in cases:
        since = case.ended_at or (case.story[-1].at if case.story else case.opened_at)
        state = f"{case.state}, NOT DURABLE" if (case.id, case.round) in lost else case.state
        why = case_waits_for(waits[case.id]) if case.id in waits else ""
        because = plain(hidden(case, settings.policy)(why or sentence(case.because)), LONGEST)
        table.add_row(case.id, case.ref.key, case.ref.desk, str(case.round), state, moment(since), because)
    for_tables().print(table if cases else _none(store.name, any_case=any_case))
    for line in stops:
        print(line)


def _none(store: str, *, any_case: bool) -> str:
    """Say why there is nothing to list."""
    if any_case:
        return f"no open cases in {store}; without --open, those that have ended are listed too"
    return f"no cases in {store} yet: `forcesync run` or `forcesync once` opens one for each open ticket with the tag"


def for_tables() -> Console:
    """Return the console for tables: as wide as the terminal, elsewhere wide enough for a row per line."""
    return Console() if sys.stdout.isatty() or "COLUMNS" in os.environ else Console(width=200)


def case_lines(config: Path, *, open_only: bool) -> None:
    """Print every case as one line of JSON, archived cases included."""
    policy = load(config).policy
    with wiring.opened_store(config) as store:
        for record in store.records():
            line = case_line(record, policy)
            if line["ended_at"] is None or not open_only:
                print(json.dumps(line, ensure_ascii=False))


def case_export(config: Path) -> None:
    """Print the record of every case and round as one line of JSON, archived ones included, with values masked."""
    policy = load(config).policy
    with wiring.opened_store(config) as store:
        for record in store.records():
            print(json.dumps(masked_record(record, policy), ensure_ascii=False, separators=(",", ":")))


def case_show(config: Path, text: str) -> None:
    """Print one case."""
    policy = load(config).policy
    with wiring.opened_store(config) as store:
        case = store.find_case(text)
        if case is None:
            raise OperatorError(f"no case has the id, ticket key or ticket id {text!r}; see `forcesync case list`")
        facts = list(told_of(case, store, policy, store.waits(case.id)[case.id]))
    console = Console(soft_wrap=True)
    for fact in facts:
        console.print(fact, markup=False, highlight=False)
