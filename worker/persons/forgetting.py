"""The command `person forget`: a preview first, and with `--yes` every record in which the person occurs is erased."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from worker import wiring
from worker.commands.people import named
from worker.errors import OperatorError
from worker.persons.orders import ordered
from worker.persons.search import Found, Held, found
from workflows.model import ENDS, Act
from workflows.values.wording import counted

WIDTH = 80


def forget(config: Path, users: Sequence[str], *, by: str, why: str, yes: bool) -> None:
    """Print what would be erased, or erase it. Raises `OperatorError` while a case of theirs is worked."""
    named(by, why)
    with wiring.opened_store(config) as store:
        person = found(store, users)
        act = ordered(Act.FORGET, person, by=by, why=why, now=datetime.now(UTC))
        if not person.held:
            _print(_nothing(person))
            return
        if busy := store.worked(person.case_ids):
            raise OperatorError(_still_worked(person, busy))
        if not yes:
            _print(_preview(person))
            return
        if busy := store.erase(person.case_ids, act):
            raise OperatorError(_still_worked(person, busy))
        _print([f"forgotten: {act.target}; the audit has that it was done, and not about whom", *_kept(person)])


def _still_worked(person: Found, ids: Sequence[str]) -> str:
    """Say which cases keep the person's records from being erased, and what to do."""
    cases = {item.case.id: item.case for item in person.held}
    told = []
    for case in (cases[id] for id in ids):
        if case.state in ENDS:
            told.append(f"case {case.id} ({case.ref.key}) has writes on the way to its ticket: try again in a minute")
        else:
            end = f"`forcesync case hand-over {case.id} --by ME --why TEXT`, or `case leave`"
            told.append(f"case {case.id} ({case.ref.key}) is {case.state}: end it first, with {end}")
    return f"nothing was forgotten: {'; '.join(told)}"


def _preview(person: Found) -> Iterator[str]:
    yield f"known as: {', '.join(sorted(person.names))}"
    yield f"to be erased, the records of {counted(len(person.case_ids), 'case')}:"
    yield from (_line(item) for item in person.held)
    others = sum(len(item.case.subjects) > 1 for item in person.held)
    if others:
        yield f"of these, {others} {'is' if others == 1 else 'are'} about other people too, whose part goes with them"
    yield from _kept(person)
    yield "nothing was erased yet: --yes does it"


def _line(item: Held) -> str:
    case, record = item.case, item.record
    as_what = " and ".join(part.value for part in item.parts)
    held = f"{counted(len(record['writes']), 'write')}, {counted(len(record['followups']), 'later look')}"
    files = sum(bool(write["bytes"]) for write in record["writes"])
    held = f"{held}, {counted(files, 'file')}"
    return f"  {case.ref.key} on {case.ref.desk}, {case.state}, {as_what}: {held}; case {case.id}"


def _kept(person: Found) -> Iterator[str]:
    yield "kept for the report: that the ticket was worked, by its key, and how it ended; the ticket is the desk's"
    if person.acts:
        yield f"kept: {counted(len(person.acts), 'act')} of theirs in the audit"


def _nothing(person: Found) -> Iterator[str]:
    yield f"the store has no record of {', '.join(sorted(person.names))}"
    if person.acts:
        yield f"the audit has {counted(len(person.acts), 'act')} of theirs, which stays"


def _print(lines: Iterator[str] | Sequence[str]) -> None:
    for line in lines:
        print(textwrap.fill(line, WIDTH, subsequent_indent="    ", break_long_words=False, break_on_hyphens=False))
