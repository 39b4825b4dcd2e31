"""The `forcesync doctor` command: checks everything, and changes nothing anywhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from worker.doctor.checks import Check, Result, Status
from worker.doctor.examination import chosen, examination_of
from worker.doctor.hearing import listen
from worker.doctor.running import WITHIN, Running
from worker.errors import OperatorError
from worker.output import aligned, print_json, print_lines, room
from worker.progress import ProgressLine
from workflows.values.wording import counted

LAST = (Status.OK, Status.UNKNOWN, Status.WARN, Status.FAIL)  # what needs a person stands where a terminal ends
MARKS = {Status.OK: "ok", Status.WARN: "WARN", Status.FAIL: "FAIL", Status.UNKNOWN: "?"}


def doctor(config: Path, *, only: str, listed: bool, as_json: bool) -> int:
    """Print a line for each check; return the exit code: 1 if one failed, else 0.

    Settings that cannot be used are told whatever was asked for: nothing else can be looked at.
    Raises `OperatorError` if there is no settings file, or no check of this name.
    """
    listen()
    with examination_of(config) as examination:
        checks, named = chosen(examination.checks, (examination.whole and only) or "*")
        if not named:
            raise OperatorError(f"--only: found {only!r}; no check has such an id, see `forcesync doctor --list`")
        if listed and examination.whole:
            _list([check for check in checks if check.id in named], as_json=as_json)
            return 0
        line = ProgressLine()
        line.say(f"{counted(len(checks), 'check')}, at most {WITHIN:g} seconds ...")
        results = [
            item
            for item in Running(checks, manners=examination.manners, own=examination.own).results()
            if item.id in named
        ]
        line.over()
    ok = all(item.status is not Status.FAIL for item in results)
    if as_json:
        print_json({"ok": ok, "checks": [_record(item) for item in results]})
    else:
        print_lines(lines_of(results))
    return 0 if ok else 1


def _list(checks: Sequence[Check], *, as_json: bool) -> None:
    if as_json:
        print_json({"checks": [{"id": check.id, "tried": check.tried} for check in checks]})
    else:
        print_lines(aligned(((check.id, check.tried) for check in checks), room()))


def _record(result: Result) -> dict[str, str]:
    return {key: value for key, value in result._asdict().items() if key != "behind"}


def _each(_result: Result) -> bool:
    return True


def lines_of(results: Sequence[Result], shown: Callable[[Result], bool] = _each) -> Iterator[str]:
    """Yield a line for each check to be shown that was made, and one for all that one fault stands in front of.

    What is right comes first, then what is not, the failures last.
    """
    known = {item.id: item for item in results}
    made = sorted(
        (item for item in results if not item.behind and shown(item)), key=lambda item: LAST.index(item.status)
    )
    rows = [(MARKS[item.status], item.id, _told(item)) for item in made]
    hidden: dict[str, list[str]] = {}
    for item in results:
        if item.behind and ((first := _first(item, known)) not in known or shown(known[first])):
            hidden.setdefault(first, []).append(item.id)
    rows += [(MARKS[Status.UNKNOWN], id, f"stands in the way of: {', '.join(ids)}") for id, ids in hidden.items()]
    yield from aligned(rows, room())
    counts = Counter(item.status for item in results)
    yield from ([""] if rows else [])
    yield ", ".join(f"{counts[status]} {status}" for status in Status)


def _first(item: Result, known: Mapping[str, Result]) -> str:
    """Return the check that stands in front of a check and of all those before it."""
    while item.behind in known and known[item.behind].behind:
        item = known[item.behind]
    return item.behind


def _told(result: Result) -> str:
    return f"{result.tried}: {result.seen}" + (f" -> {result.action}" if result.action else "")
