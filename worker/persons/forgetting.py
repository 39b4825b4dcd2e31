"""The command `person forget`: a preview first, and with `--yes` every record in which the person occurs is erased."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from worker import wiring
from worker.audit import named
from worker.errors import OperatorError
from worker.output import print_aside, print_json, print_lines
from worker.persons.search import Found, Held, found, nothing_of, ordered
from workflows.model import ENDS, Act
from workflows.values.wording import counted


def forget(config: Path, users: Sequence[str], *, by: str, why: str, yes: bool, as_json: bool = False) -> int:
    """Print what would be erased, or erase it; return the exit code: 1 if nothing was erased, else 0.

    Raises `OperatorError` while a case of theirs is worked.
    """
    named(by, why)
    with wiring.opened_store(config) as store:
        person = found(store, users)
        act = ordered(Act.FORGET, person, by=by, why=why)
        if person.held and (busy := store.worked(person.case_ids)):
            raise OperatorError(_still_worked(person, busy))
        if person.held and yes and (busy := store.erase(person.case_ids, act)):
            raise OperatorError(_still_worked(person, busy))
    done = bool(person.held) and yes
    if as_json:
        print_json(_told(person, done=done))
    elif not person.held:
        print_aside(*_nothing(person))
    elif not done:
        print_lines(_preview(person))
    else:
        print_lines([f"forgotten: {act.target}; the audit has that it was done, and not about whom", *_kept(person)])
    return int(not done)


def _told(person: Found, *, done: bool) -> dict[str, Any]:
    return {
        "done": done,
        "names": list(person.spelt),
        "records": [
            {
                "case": item.case.id,
                "ticket": item.case.ref.key,
                "desk": item.case.ref.desk,
                "round": item.case.round,
                "state": item.case.state.value,
                "as": [part.value for part in item.parts],
                **_numbers(item),
            }
            for item in person.held
        ],
        "acts_kept": len(person.acts),
    }


def _numbers(item: Held) -> dict[str, int]:
    writes, looks = item.record["writes"], item.record["followups"]
    return {"writes": len(writes), "later_looks": len(looks), "files": sum(bool(write["bytes"]) for write in writes)}


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
    yield f"known as: {', '.join(person.spelt)}"
    yield f"to be erased, the records of {counted(len(person.case_ids), 'case')}:"
    yield from (_line(item) for item in person.held)
    others = sum(len(item.case.subjects) > 1 for item in person.held)
    if others:
        yield f"of these, {others} {'is' if others == 1 else 'are'} about other people too, whose part goes with them"
    yield from _kept(person)
    yield "nothing was erased yet: --yes does it"


def _line(item: Held) -> str:
    as_what = " and ".join(part.value for part in item.parts)
    held = ", ".join(counted(number, name.rstrip("s").replace("_", " ")) for name, number in _numbers(item).items())
    return f"  {item.case.ref.key} on {item.case.ref.desk}, {item.case.state}, {as_what}: {held}; case {item.case.id}"


def _kept(person: Found) -> Iterator[str]:
    yield "kept for the report: that the ticket was worked, by its key, and how it ended; the ticket is the desk's"
    if person.acts:
        yield f"kept: {counted(len(person.acts), 'act')} of theirs in the audit"


def _nothing(person: Found) -> Iterator[str]:
    yield nothing_of(person)
    if person.acts:
        yield f"the audit has {counted(len(person.acts), 'act')} of theirs, which stays"
