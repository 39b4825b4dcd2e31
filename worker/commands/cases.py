"""The `forcesync case` commands: a table, one case's page, and JSON for programs."""

from __future__ import annotations

import json
import os
import sys
import textwrap
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Column, Table

from worker import wiring
from worker.commands.case_page import lines_of, links_of, notes_of, story_of, told_of
from worker.commands.case_records import case_line, masked_record
from worker.commands.choosing import AT_ALL, Choice, Wanted, check_desk, chosen, in_state_since, stuck
from worker.errors import OperatorError
from worker.settings.model import load
from worker.store.documents import case_of
from workflows.engine.stopped import standing
from workflows.model import Case, Policy
from workflows.notes.reasons import sentence
from workflows.notes.standing import case_waits_for
from workflows.notes.standing import told_of as told_of_stop
from workflows.ports import Standing
from workflows.precheck.verdicts import leading_verdict
from workflows.values.case_values import hidden
from workflows.values.masking import called, plain
from workflows.values.wording import utc

LONGEST = 120  # characters of what a case waits for
MOST = 1000  # rows of a table, unless --limit says otherwise
WIDE = 120  # columns of a terminal in which a row is not folded into a ladder
VERSION = 1  # of a line of JSON


def case_list(config: Path, wanted: Wanted, *, limit: int = MOST) -> None:
    """Print a table of cases; an open one says what it waits for, a resolved one whether its values did not last.

    What has waited longer than its state should comes first, with the reason.
    """
    settings, now = load(config), datetime.now(UTC)
    with wiring.opened_store(config) as store:
        found, lost = chosen(store, wanted, now), store.not_durable()
        any_case = bool(found or store.cases(limit=1))
        stops = [f"stopped: {told_of_stop(stop)}" for stop in standing(store, settings.desks, settings.okta, now)]
    if found:
        show(found[:limit], settings.policy, lost)
    else:
        check_desk(wanted.desk, settings.desks)  # one that the settings name no more may have left cases behind
        print(_none(store.name, any_case=any_case, wanted=wanted))
    if len(found) > limit:
        print(f"{len(found) - limit} more; --limit shows them")
    for line in stops:
        print(line)


class Row(NamedTuple):
    """One case as the list shows it."""

    case: str
    ticket: str
    desk: str
    about: str
    state: str
    since: str
    why: str


def show(found: Sequence[Choice], policy: Policy, lost: Collection[tuple[str, int]] = ()) -> None:
    """Print a table where there is room for it; elsewhere two or three lines a case, so that nothing is cut.

    `lost` are the cases and rounds whose values did not last.
    """
    rows = [_row(item, policy, lost) for item in found]
    console = for_tables()
    if console.width < WIDE:
        for row in rows:
            head = f"{row.case}  {row.ticket}  {row.desk}  {row.state} since {row.since}"
            text = f"{row.about}: {row.why}" if row.about else row.why
            for line, indent in ((head, ""), (text, "  ")):
                lines = textwrap.wrap(line, console.width, initial_indent=indent, subsequent_indent="  ")
                print("\n".join(lines))
        return
    fold: Any = {"overflow": "fold"}
    columns = [Column(name, no_wrap=name in {"case", "ticket"}, **fold) for name in Row._fields[:-1]]
    table = Table(*columns, Column("because, or waits for", **fold), box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for row in rows:
        table.add_row(*row)
    console.print(table)


def _row(item: Choice, policy: Policy, lost: Collection[tuple[str, int]]) -> Row:
    case = item.case
    why = case_waits_for(item.standing) or sentence(case.because)
    why = plain(hidden(case, policy)(why), LONGEST)
    return Row(
        case=case.id,
        ticket=case.ref.key,
        desk=case.ref.desk,
        about=_about(case, policy),
        state=f"{case.state}, NOT DURABLE" if (case.id, case.round) in lost else case.state,
        since=utc(in_state_since(case)),
        why=f"STUCK: {item.late}; {why}" if item.late else why,
    )


def _about(case: Case, policy: Policy) -> str:
    """Return whom and what a case is about: the login by its class, and the attribute."""
    verdict = leading_verdict(case)
    if verdict is None:
        return ""
    return " ".join(filter(None, (called(verdict.login, policy), verdict.attribute)))


def _none(store: str, *, any_case: bool, wanted: Wanted) -> str:
    """Say why there is nothing to list."""
    if wanted not in {Wanted(), Wanted(open_only=True)}:
        return f"no such cases in {store}"
    if any_case:
        return f"no open cases in {store}; without --open, those that have ended are listed too"
    return f"no cases in {store} yet: `forcesync run` or `forcesync once` opens one for each open ticket with the tag"


def for_tables() -> Console:
    """Return the console for tables: as wide as the terminal, elsewhere wide enough for a row per line."""
    return Console() if sys.stdout.isatty() or "COLUMNS" in os.environ else Console(width=200)


def case_lines(config: Path, wanted: Wanted, *, limit: int = AT_ALL) -> None:
    """Print every case as one line of JSON, archived cases included.

    `version` is raised when a field is renamed or removed; a new field may come at any time.
    """
    settings, now, left = load(config), datetime.now(UTC), limit
    policy = settings.policy
    with wiring.opened_store(config) as store:
        waits, runs = store.waits(), {run.id: run for run in store.runs(open_only=True)}
        for record in store.records():
            case = case_of(record["case"], record["case"]["id"])
            stands = waits.get(case.id, Standing())
            late = stuck(case, stands, now, runs.get(case.run_id or ""))
            if left <= 0 or not wanted.passes(case) or (wanted.stuck and not late):
                continue
            left -= 1
            because = "" if case.ended else plain(hidden(case, policy)(stands.waiting), LONGEST)
            until = stands.due_at.isoformat() if stands.due_at and not case.ended else None
            waiting = {"waits_for": because or None, "waits_until": until, "stuck": late or None}
            print(json.dumps({"version": VERSION} | case_line(record, policy) | waiting, ensure_ascii=False))
    if left == limit:
        check_desk(wanted.desk, settings.desks)


def case_export(config: Path) -> None:
    """Print the record of every case and round as one line of JSON, archived ones included, with values masked."""
    policy = load(config).policy
    with wiring.opened_store(config) as store:
        for record in store.records():
            told = {"version": VERSION} | masked_record(record, policy)
            print(json.dumps(told, ensure_ascii=False, separators=(",", ":")))


def case_show(config: Path, text: str, *, as_json: bool = False) -> None:
    """Print one case: its links, what was found and happened, and the notes as they were written."""
    settings = load(config)
    with wiring.opened_store(config) as store:
        case = store.find_case(text)
        if case is None:
            raise OperatorError(f"no case has the id, ticket key or ticket id {text!r}; see `forcesync case list`")
        stands, org = store.waits(case.id)[case.id], settings.okta.get(case.org)
        links = list(links_of(case, store, org.url if org else ""))
        notes = list(notes_of(store.writes(case.id), lambda write: wiring.texts_of(case.ref.desk, settings, write)))
        page = [*told_of(case, store, settings.policy, stands), *story_of(case, store, settings.policy)]
        record = store.record(case.id)
    if as_json:
        shown = masked_record(record, settings.policy)
        told = {"links": [link._asdict() for link in links], "notes": [note._asdict() for note in notes]}
        print(json.dumps({"version": VERSION} | shown | told, ensure_ascii=False))
        return
    console = Console(soft_wrap=True)
    for line in (*(f"{link.to}: {link.where}" for link in links), *page, *lines_of(notes)):
        console.print(line, markup=False, highlight=False)
