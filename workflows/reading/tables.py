"""Rows under a header, one user or one attribute a row."""

from __future__ import annotations

import re
from collections.abc import Sequence

from workflows.model import folded
from workflows.reading.statements import Block, Stated, value_of
from workflows.reading.vocabulary import Label, Vocabulary

ATTRIBUTE, UNNAMED = Label("attribute"), Label("user", ("",))  # the second of a column whose header nobody knows
LEAST_CELLS, MOST_CELLS = 2, 40  # of a row; a line with more is a dump
IDENTITY = frozenset({"employeeNumber", "login", "email", "displayName"})
_PERSON = re.compile(r"[\s*•\d.)–-]{0,8}(?P<user>[\w.%+'-]{1,64}@(?:[\w-]++\.)+\w++)\s*(?:[:=|>→–-]|\(|is\b|,)")
_BULLET = r"(?P<bullet>[\s*•\d.)–-]{0,8}(?:[a-z]\)\s)?)"
_FULL_NAME = r"[^\W\d_][\w'’.-]*(?:\s[^\W\d_][\w'’.-]*){1,3}"
_LISTED = re.compile(rf"{_BULLET}(?P<user>{_FULL_NAME})(?:\s\([^()]{{1,80}}\))?\s*(?::|[–-]\s|>)")
_NUMBERED = re.compile(rf"{_BULLET}[^\W\d_]{{2,20}}\.?(?:\s[^\W\d_]{{1,12}}\.?)?\s(?P<user>\d{{3,10}})\s*[:=|>→–-]")
_RULE = re.compile(r"[\s|:+=-]*")
_CELLS = re.compile(r"\|\|?|\t+|;")
_BLANKS = re.compile(r"(?<!\s)\s{2,}+(?![:=])")  # between columns that nothing else parts: an empty cell is not seen


def rows_in(lines: Sequence[str], vocabulary: Vocabulary) -> dict[int, Stated]:
    """Return what each row of a list of people, or of a table with labels for two columns, says; a header: nothing."""
    rows = _people(lines, vocabulary)
    header: list[Label | None] = []
    comma = False
    for number, line in enumerate(lines):
        if _RULE.fullmatch(line):
            continue
        cells = _cells(line) or (line.split(",") if comma or not header else [])
        if not LEAST_CELLS <= len(cells) <= MOST_CELLS:
            header = []
        elif header:
            unseen = len(cells) != len(header) and not (comma or _CELLS.search(line))
            rows[number] = Stated(loose=True) if unseen else _row(header, cells, vocabulary)
        elif header := _header(cells, vocabulary):
            comma = not _cells(line)
            rows[number] = Stated()
    return rows


def _people(lines: Sequence[str], vocabulary: Vocabulary) -> dict[int, Stated]:
    """Return the lines of a list that gives each person one: "- eve@example.com: Finance"."""
    found = {number: user for number, line in enumerate(lines) if (user := _user_of(line, vocabulary))}
    identified = any(not user.isdigit() for user in found.values())  # a list of numbers alone may be one of rooms
    several = len(set(map(folded, found.values()))) > 1
    return {number: Stated(users=(user,)) for number, user in found.items()} if identified and several else {}


def _user_of(line: str, vocabulary: Vocabulary) -> str | None:
    """Return by what a list's line identifies a person: an address, a number or a full name.

    Behind a bullet, the words of a name may be everyday ones, too.
    """
    if match := _PERSON.match(line) or _NUMBERED.match(line):
        return match["user"]
    listed = _LISTED.match(line)
    if listed is None or vocabulary.label(listed["user"]):
        return None
    words = listed["user"].split()
    known = all(map(vocabulary.is_known, words)) and not listed["bullet"].strip()
    return listed["user"] if all(word[0].isupper() for word in words) and not known else None


def _cells(line: str) -> list[str]:
    text = line.strip()
    inner = text.strip("|") if text.startswith("|") else text
    mark = _CELLS if _CELLS.search(inner) else _BLANKS
    indent = [""] if mark is _BLANKS and line[:LEAST_CELLS].isspace() else []  # nothing stands above the first column
    return [*indent, *(cell.strip() for cell in mark.split(inner))] if mark.search(inner) else []


def _header(cells: Sequence[str], vocabulary: Vocabulary) -> list[Label | None]:
    """Return the labels of a header's cells, most of which have one; nothing where a row is none.

    Where only values have one, the first tells whose they are, whatever it is called: "Agent | Old | New".
    """
    labels = [vocabulary.label(cell) for cell in cells]
    kinds = [label.kind for label in labels if label]
    if labels[0] is None and {"expected", "current"} >= {*kinds}:
        labels[0] = UNNAMED if cells[0] else ATTRIBUTE
    says_what = not {"attribute", "expected", "bare"}.isdisjoint(kinds)
    return labels if says_what and len(kinds) >= LEAST_CELLS and len(kinds) * 2 > len(cells) else []


def _row(header: list[Label | None], cells: list[str], vocabulary: Vocabulary) -> Stated:
    written = [(label, cell) for label, cell in zip(header, cells, strict=False) if label]
    sides = [(label.kind, cell) for label, cell in written if label.kind in {"expected", "current"} and cell]
    cells_of = [(label, value_of(cell, vocabulary)) for label, cell in written]
    cells_of = [
        (ATTRIBUTE if of is UNNAMED and vocabulary.attributes_of(said or "") else of, said) for of, said in cells_of
    ]
    told = [(of, said) for of, said in cells_of if said and (of is not UNNAMED or _user_of(f"- {said}:", vocabulary))]
    unread = any(label.kind == "expected" and not value for label, value in cells_of)
    users = [value for label, value in told if label.kind == "user"]
    if sides and sorted(sides) == [(kind, sides[0][1]) for kind in ("current", "expected")]:  # "(same) | (same)"
        return Stated(users=tuple(users[:1]))
    bare = [(label.attributes, value) for label, value in told if label.kind == "bare"]
    if any(label.kind in {"attribute", "expected"} for label, _ in told):  # a login names the person
        users += [value for attributes, value in bare if IDENTITY & set(attributes)]
        of_one = any(label.kind == "expected" and label.attributes for label, _ in told)
        bare = [(names, value) for names, value in bare if of_one and not IDENTITY & set(names)]
    found = Block(vocabulary, of=next(iter(users), None))
    for label, value in sorted(told, key=lambda cell: (cell[0].kind != "attribute", cell[0].attributes)):
        if label.kind != "user":
            found.take(label, value)
    stated = found.close()
    named = tuple("|".join(names) for names, _ in bare)
    return stated._replace(users=tuple(users[:1]), named=named, loose=stated.loose or unread)
