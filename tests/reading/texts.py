"""Ticket texts, each with the reading of it that a careful person would give: from files of blocks, or from JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from tests.unit import builders as build
from workflows.model import Person, Ticket

HERE = Path(__file__).with_name("texts")
TEXT, READING = "=== ", "==> "
_ESCAPE = re.compile(r"\\(?:u|x)([0-9a-f]{4}|[0-9a-f]{2})")  # how a file writes what an editor would not show
EMPTY, UNSAID = "(empty)", "?"
REQUESTER = "requester"
FORM = frozenset({"user", "attribute", "expected", "effective"})  # the fields that settings can name


class Wish(NamedTuple):
    """One attribute that should be right; several names that fit stand apart by bars. `expected` None: not said."""

    attribute: str
    expected: str | None
    was: str | None = None


class Meant(NamedTuple):
    """One affected user as the file names it: `requester`, `unclear` or an identifier; and what is wanted."""

    who: str
    wants: tuple[Wish, ...] = ()


class Told(NamedTuple):
    """One text; `clear` says that a careful person knows whose profile should hold what."""

    name: str
    ticket: Ticket
    meant: tuple[Meant, ...]
    clear: bool
    people: Mapping[str, dict[str, str]] = MappingProxyType({})  # login -> what else a text may call a person by


def all_texts() -> list[Told]:
    """Return every text of the folder."""
    return [told for path in sorted(HERE.rglob("*.txt")) for told in texts_of(path)]


def texts_of(path: Path) -> Iterator[Told]:
    """Read a file of texts."""
    if path.suffix == ".json":
        people = path.with_name("people.json")
        known = json.loads(people.read_text(encoding="utf-8")) if people.exists() else []
        yield from (_from_json(item, known) for item in json.loads(path.read_text(encoding="utf-8")))
        return
    for block in path.read_text(encoding="utf-8").removeprefix(TEXT).split(f"\n{TEXT}"):
        yield _from_block(block)


def _from_block(block: str) -> Told:
    name, _, rest = block.partition("\n")
    head, _, rest = rest.partition("\n") if rest.startswith("\n") else rest.partition("\n\n")
    lines = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), rest).rstrip("\n").split("\n")
    body = "\n".join(line for line in lines if not line.startswith(READING))
    meant = tuple(_meant(line.removeprefix(READING) for line in lines if line.startswith(READING)))
    clear = any(item.wants for item in meant) and all(item.who != "unclear" for item in meant)
    return Told(name, _ticket(head, body), meant, clear)


def _ticket(head: str, body: str) -> Ticket:
    parts = dict(line.split(": ", 1) for line in head.splitlines())
    form = {name: parts[f"Form {name}"] for name in ("user", "attribute", "expected") if f"Form {name}" in parts}
    changes: dict[str, Any] = {"description": body, "fields": form}
    if summary := parts.get("Summary"):
        changes["summary"] = summary
    if address := parts.get("Requester"):
        changes["requester"] = Person(id="p2", login=address, email=address)
    if first := parts.get("Answers"):
        requester = changes.get("requester", build.ADA)
        reply = build.comment(body, minutes=1, author=requester)
        changes |= {"description": first, "comments": (build.comment("?", by_worker=True), reply)}
    return build.ticket(**changes)


def _meant(readings: Iterable[str]) -> Iterator[Meant]:
    who = ""
    wants: list[Wish] = []
    for line in readings:
        label, text = line.split(": ", 1)
        if label == "who":
            if who:
                yield Meant(who, tuple(wants))
            who, wants = text, []
        else:
            expected, _, was = text.partition(", was ")
            value = None if expected == UNSAID else "" if expected == EMPTY else expected
            wants.append(Wish(label, value, was or None))
    yield Meant(who, tuple(wants))


def _from_json(item: dict[str, Any], people: Any) -> Told:
    person = item["requester"]
    requester = Person(id="p2", login=person["login"], email=person["login"], name=person.get("name"))
    comments = tuple(
        build.comment(text if isinstance(text, str) else text.get("body", ""), minutes=number + 1, author=requester)
        for number, text in enumerate(item.get("comments", ()))
    )
    fields = {name: value for name, value in item.get("fields", {}).items() if value}
    printed = [f"{name}: {value}" for name, value in fields.items() if name not in FORM]  # as portals print a form
    ticket = build.ticket(
        summary=item["summary"],
        description="\n".join((*printed, item["description"])),
        fields={name: value for name, value in fields.items() if name in FORM},
        requester=requester,
        comments=comments,
    )
    subjects = item["subject"] if isinstance(item["subject"], list) else [item["subject"]]
    several = isinstance(item["subject"], list)
    meant = tuple(
        Meant(
            REQUESTER if who in {REQUESTER, person["login"]} else who,
            tuple(
                _wishes(
                    item["wants"].get(who, {}) if several else item["wants"],
                    item["shows"].get(who, {}) if several else item["shows"],
                )
            ),
        )
        for who in subjects
    )
    known = (
        {entry["login"]: entry for entry in (people.values() if isinstance(people, dict) else people)} if people else {}
    )
    return Told(item["id"], ticket, meant, item["kind"] == "clear", known)


def _wishes(wants: dict[str, str], shows: dict[str, str]) -> Iterator[Wish]:
    for attribute, value in wants.items():
        yield Wish(attribute, None if value == UNSAID else value, shows.get(attribute))
