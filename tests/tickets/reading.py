"""Reads the ticket texts of this folder, each with the reading of it that a careful person would give."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from tests.unit import builders as build
from workflows.model import Person, Request, Ticket, Want
from workflows.reading.attribute_words import meanings
from workflows.reading.intake import understand

HERE = Path(__file__).parent
TEXT, READING = "=== ", "==> "
_ESCAPE = re.compile(r"\\(?:u|x)([0-9a-f]{4}|[0-9a-f]{2})")  # how the table writes what an editor would not show
EMPTY, UNSAID = "(empty)", "?"


class Score(StrEnum):
    """How a reading compares with the careful person's."""

    RIGHT = "right"
    ASKS = "asks"  # less was taken than the text says, so that a question follows
    PARTLY = "partly"  # an attribute was missed beside one that was understood: the ticket may end too early
    WRONG = "wrong"


class Meant(NamedTuple):
    """One affected user as the table names it: `requester`, `unclear` or an identifier; and what is wanted."""

    who: str
    wants: tuple[Want, ...] = ()


class Told(NamedTuple):
    """One text of the table."""

    theme: str
    name: str
    ticket: Ticket
    meant: tuple[Meant, ...]


def all_texts() -> list[Told]:
    """Return every text of the folder: each shows one thing that reading has to get right."""
    return [told for path in sorted(HERE.glob("*.txt")) for told in texts_of(path)]


def everyday_texts() -> list[Told]:
    """Return texts that were written without knowing the rules, as they come to a desk."""
    return [told for path in sorted(HERE.glob("everyday/*.txt")) for told in texts_of(path)]


def texts_of(path: Path) -> Iterator[Told]:
    """Read one theme's file."""
    for block in path.read_text(encoding="utf-8").removeprefix(TEXT).split(f"\n{TEXT}"):
        name, _, rest = block.partition("\n")
        head, _, rest = rest.partition("\n") if rest.startswith("\n") else rest.partition("\n\n")
        lines = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), rest).rstrip("\n").split("\n")
        body = "\n".join(line for line in lines if not line.startswith(READING))
        readings = [line.removeprefix(READING) for line in lines if line.startswith(READING)]
        yield Told(path.stem, name, _ticket(head, body), tuple(_meant(readings)))


def _ticket(head: str, body: str) -> Ticket:
    parts = dict(line.split(": ", 1) for line in head.splitlines())
    form = {name: parts[f"Form {name}"] for name in ("user", "attribute", "expected") if f"Form {name}" in parts}
    changes: dict[str, object] = {"description": body, "fields": form}
    if summary := parts.get("Summary"):
        changes["summary"] = summary
    if address := parts.get("Requester"):
        changes["requester"] = Person(id="p2", login=address, email=address)
    if first := parts.get("Answers"):
        changes["description"] = first
        changes["comments"] = (build.comment("?", by_worker=True), build.comment(body, minutes=1))
    return build.ticket(**changes)


def _meant(readings: Iterable[str]) -> Iterator[Meant]:
    who = ""
    wants: list[Want] = []
    for line in readings:
        label, text = line.split(": ", 1)
        if label == "who":
            if who:
                yield Meant(who, tuple(wants))
            who, wants = text, []
        else:
            expected, _, was = text.partition(", was ")
            value = None if expected == UNSAID else "" if expected == EMPTY else expected
            wants.append(Want(attribute=label, expected=value, still=was or None))
    yield Meant(who, tuple(wants))


def score(told: Told) -> tuple[Score, str]:
    """Read a text with the product's rules; return how that compares, and what was read."""
    requests = understand(told.ticket, {})
    requester = told.ticket.requester.email if told.ticket.requester else None
    left = {meant.who.casefold(): meant for meant in told.meant}
    found = [_score(request, left.pop(who_is_meant(request, requester), None)) for request in requests]
    if left and Score.ASKS not in found:
        found.append(Score.PARTLY)
    return max(found, key=list(Score).index), str(requests)


def _score(request: Request, meant: Meant | None) -> Score:
    if meant is None:
        return Score.ASKS if request.unclear or (request.somebody_else and not request.user) else Score.WRONG
    wanted = list(meant.wants)
    scores = [_want(want, wanted) for want in request.wants]
    if wanted:
        scores.append(Score.PARTLY if len(wanted) < len(meant.wants) else Score.ASKS)
    return max(scores, key=list(Score).index, default=Score.RIGHT)


def _want(want: Want, wanted: list[Want]) -> Score:
    """Compare one thing that was read with what is wanted, and take off what it matches."""
    if want.attribute is None:
        known = {None} | {value for item in wanted for value in (item.expected, item.still)}
        return Score.ASKS if {want.expected, want.still} <= known else Score.WRONG
    item = next((item for item in wanted if _named(want.attribute, item.attribute or "")), None)
    if item is None:
        return Score.ASKS if want.expected is None else Score.WRONG
    wanted.remove(item)
    if want.expected not in {None, item.expected} or (want.still and item.still and want.still != item.still):
        return Score.WRONG
    return Score.RIGHT if want.expected == item.expected else Score.ASKS


def who_is_meant(request: Request, requester: str | None) -> str:
    """Return whom a reading is about, as the table names it."""
    if request.unclear:
        return "unclear"
    if request.somebody_else and not request.user:
        return "somebody else"
    user = (request.user or "requester").casefold()
    return "requester" if user == (requester or "").casefold() else user


def _named(word: str, names: str) -> bool:
    wanted = {name.casefold() for name in names.split("|")}
    return bool(wanted & {word.casefold(), *(name.casefold() for name in meanings(word, {}))})
