"""Values that stand in rows: tables with a header, comma separated lines, and lists under a heading such as "After:".

A row counts only under a header or heading that says which value is the wanted one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from workflows.model import Want
from workflows.reading.attribute_words import OWN_NAME, meanings
from workflows.reading.labelled_lines import LABELS
from workflows.reading.value_ends import emptied, untold

COLUMNS: Mapping[str, frozenset[str]] = {
    "attribute": frozenset(
        {"attribute", "field", "attributes", "profile field", "property", "attribut", "feld", "champ", "campo",
         "atributo", "veld"}
    ),
    "expected": frozenset(
        {"expected", "new", "new value", "expected value", "should be", "should show", "correct", "correct value",
         "right", "right value", "target", "after", "desired", "wanted", "neu", "soll", "erwartet", "nouveau", "nuevo",
         "novo", "nieuw"}
    ),
    "still": frozenset(
        {"current", "old", "old value", "current value", "is", "now", "in okta", "okta", "shows", "actual", "wrong",
         "wrong value", "before", "from", "today", "alt", "ist", "ancien", "antiguo", "antigo", "oud"}
    ),
    "user": frozenset(
        {"user", "login", "email", "e-mail", "username", "affected user", "employee", "person", "who", "benutzer",
         "utilisateur", "usuario", "usuário", "gebruiker"}
    ),
    "directory": frozenset({"ad", "in ad", "active directory", "ldap", "in ldap", "directory", "ad value"}),
}  # fmt: skip
_PAIR = re.compile(rf"^[\s*•\-–\d.)]{{0,6}}(?P<name>{OWN_NAME}|[^\W\d][\w .-]{{0,40}}?)\s*[:=]\s*(?P<value>\S.*)$")
_WISHED_EMPTY = re.compile(r"(?i)\(?(?:should|must|has\s+to)\s+be\s+(?:empty|blank|cleared)\)?\W*")
_SYSTEM = re.compile(r"^\W*(?:in\s+)?(?P<system>okta|ad|active directory|ldap)\s*[:–-]\s*(?P<pair>.*)$", re.I)
_HEADING = re.compile(
    r"^\W*(?P<role>[a-zäöü]+(?:\s(?:values?|be|show|wert|data))?)\b(?P<rest>[^:]*)(?P<end>:?)\W*$", re.I
)
_LDIF = re.compile(r"^(?:replace|add):\s*(?P<name>[\w-]{1,60})\s*$", re.I)
_ADDRESS = re.compile(r"[\w.%+'-]{1,64}@[\w-]+(?:\.[\w-]+)+")
_BRACKETED = re.compile(r"\s*\(([^()]{1,40})\)\s*$")


class Stated(NamedTuple):
    """A want, and the user it is about where a table's row says so."""

    want: Want
    user: str | None = None


def in_rows(lines: Sequence[str]) -> Iterable[Stated]:
    """Return what tables and lists state."""
    yield from _tables(lines)
    yield from _lists(lines)
    yield from _systems(lines)


def is_row(line: str) -> bool:
    """Say whether a line is a table's rather than a sentence's."""
    return len([cell for cell in re.split(r"[|\t]", line) if cell.strip()]) > 1


def _tables(lines: Sequence[str]) -> Iterable[Stated]:
    """Read tables with a header that names at least an attribute's and an expected value's column."""
    columns: Mapping[str, int] = {}
    mark, width = "", 0
    for line in lines:
        cells, used = _cells(line, mark)
        if len(cells) < 2:  # noqa: PLR2004  # one cell is no row
            columns, mark = ({}, "") if line.strip() else (columns, mark)
        elif not columns:
            columns, mark, width = _header(cells), used, len(cells)
            mark = mark if columns else ""
        elif not re.fullmatch(r"[\s:|-]*", line) and (mark in "|\t" or len(cells) == width):
            row = {role: cells[place] for role, place in columns.items() if place < len(cells)}
            yield from _row(row) if "attribute" in columns else _people_row(row)


def _cells(line: str, mark: str) -> tuple[list[str], str]:
    """Split a line at its bars or tabs, or at what its table is written with."""
    if not mark:
        mark = "|" if "|" in line or "\t" in line else ";" if ";" in line else ","
    parts = re.split(r"\|\||\||\t", line.strip(" ").strip("|")) if mark == "|" else line.split(mark)
    return [part.strip(" *_\t") for part in parts], mark


def _header(cells: Sequence[str]) -> Mapping[str, int]:
    heads: dict[str, int] = {}
    for place, cell in enumerate(cells):
        for role in _roles(cell):
            heads.setdefault(role, place)
    if "directory" in heads and "still" in heads:  # Okta beside the directory: the directory's value is the wanted one
        heads.setdefault("expected", heads["directory"])
    if {"attribute", "expected"} <= heads.keys():
        return heads
    named = {cell: place for place, cell in enumerate(cells) if place != heads.get("user") and _is_attribute(cell)}
    return {"user": heads["user"]} | named if "user" in heads and len(named) == len(cells) - 1 else {}


def _roles(cell: str) -> Iterable[str]:
    words = " ".join(cell.casefold().split())
    aside = _BRACKETED.search(words)
    for text in ([aside[1]] if aside else []) + [_BRACKETED.sub("", words)]:
        yield from (role for role, names in COLUMNS.items() if text in names or text in LABELS.get(role, ()))


def _row(row: Mapping[str, str]) -> Iterable[Stated]:
    if row.get("attribute") and (expected := row.get("expected")) and not untold(expected):
        still = row.get("still") or None
        if still == expected and "directory" in row:
            return  # a row of a comparison, in which both agree
        want = Want(attribute=row["attribute"], expected=emptied(expected), still=still)
        yield Stated(want, row.get("user") or None)


def _people_row(row: Mapping[str, str]) -> Iterable[Stated]:
    """Read a row of a person and their attributes, which does not say what role its values have."""
    if row.get("user"):
        yield from (Stated(Want(attribute=name), row["user"]) for name in row if name != "user")


def _lists(lines: Sequence[str]) -> Iterable[Stated]:
    """Read pairs of attribute and value under a heading that says whether they are wanted or complained about."""
    role, replaced = "", ""
    for line in lines:
        if found := _LDIF.match(line):
            role, replaced = "", found["name"].casefold()
            continue
        pair = _PAIR.match(line)
        if pair and _WISHED_EMPTY.fullmatch(pair["value"].strip()) and _is_attribute(pair["name"]):
            yield Stated(Want(attribute=pair["name"].strip(), expected=""))
        elif pair and (role or pair["name"].casefold() == replaced) and _is_attribute(pair["name"]):
            value = pair["value"].strip(" *_")
            if role != "still" and not untold(value):
                yield Stated(Want(attribute=pair["name"].strip(), expected=emptied(value)))
            elif role == "still":
                yield Stated(Want(attribute=pair["name"].strip(), still=value))
        elif line.strip():
            role, replaced = _heading(line), ""


def _systems(lines: Sequence[str]) -> Iterable[Stated]:
    """Read what the directory and Okta are said to hold, line beside line: the directory's value is the wanted one."""
    found: dict[str, dict[str, str]] = {}
    for line in lines:
        match = _SYSTEM.match(line)
        pair = _PAIR.match(match["pair"]) if match else None
        if match and pair and _is_attribute(pair["name"]):
            of_okta = match["system"].casefold() == "okta"
            found.setdefault(pair["name"].casefold(), {})["okta" if of_okta else "directory"] = pair["value"].strip(
                " *_"
            )
    for name, values in found.items():
        if len(values) > 1 and not untold(values["directory"]):
            yield Stated(Want(attribute=name, expected=emptied(values["directory"]), still=values["okta"]))


def _heading(line: str) -> str:
    """Return the role of a line that is nothing but a heading: "AFTER", "Correct values for ada@example.com:"."""
    found = _HEADING.match(_ADDRESS.sub("", line.rsplit(". ", maxsplit=1)[-1]))
    if not found or (found["rest"].strip() and not found["end"]):
        return ""
    word = " ".join(found["role"].casefold().split())
    word = re.sub(r"\s(?:values?|data|wert)$", "", word)
    return next((role for role in ("expected", "still") if word in COLUMNS[role]), "")


def _is_attribute(name: str) -> bool:
    return bool(meanings(name, {})) or re.fullmatch(OWN_NAME, name.strip()) is not None
