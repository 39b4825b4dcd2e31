"""Rows under a header, one user or one attribute a row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from workflows.model import Statement
from workflows.reading.statements import in_row, value_of
from workflows.reading.vocabulary import Label, Vocabulary

LEAST_CELLS, MOST_CELLS = 2, 40  # of a row; a line with more is a dump
LEAST_PEOPLE = 2
IDENTITY = frozenset({"employeeNumber", "login", "email", "displayName"})
_PERSON = re.compile(r"[\s*•\d.)–-]{0,8}(?P<user>[\w.%+'-]{1,64}@[\w.-]{3,190}\w)\s*(?:[:=|>→–-]|\(|is\b|,)")
_BULLET = r"(?P<bullet>[\s*•\d.)–-]{0,8}(?:[a-z]\)\s)?)"
_FULL_NAME = r"[^\W\d_][\w'’.-]*(?:\s[^\W\d_][\w'’.-]*){1,3}"
_LISTED = re.compile(rf"{_BULLET}(?P<user>{_FULL_NAME})\s*(?::|[–-]\s|>)")  # "- Eve Stone: Sales"
_NUMBERED = re.compile(rf"{_BULLET}[^\W\d_]{{2,20}}\.?(?:\s[^\W\d_]{{1,12}}\.?)?\s(?P<user>\d{{3,10}})\s*[:=|>→–-]")
_RULE = re.compile(r"[\s|:+=-]*")
_CELLS = re.compile(r"\|\|?|\t+|\s*;\s*|\s{3,}")


class Row(NamedTuple):
    """One row: the line that it stands in, whom it names, and what it states; the header says nothing."""

    line: int
    user: str | None = None
    statements: tuple[Statement, ...] = ()
    named: tuple[str, ...] = ()

    @property
    def says_nothing(self) -> bool:
        """Return whether it is a header, or a row in which nothing differs."""
        return self == Row(self.line)


def rows(lines: Sequence[str], vocabulary: Vocabulary) -> Iterator[Row]:
    """Yield the rows of every table whose header has labels for at least two of its columns."""
    yield from _people(lines, vocabulary)
    header: list[Label | None] = []
    comma = False
    for number, line in enumerate(lines):
        cells = _cells(line) or (line.split(",") if comma or not header else [])
        if not LEAST_CELLS <= len(cells) <= MOST_CELLS:
            header = [] if line.strip() and not _RULE.fullmatch(line) else header
            continue
        if not header:
            labels = _labels(cells, vocabulary)
            header = labels if _is_header(labels) else []
            comma = bool(header) and not _cells(line)
            if header:
                yield Row(number)
        elif not _RULE.fullmatch(line):
            yield _row(number, header, cells, vocabulary)


def _people(lines: Sequence[str], vocabulary: Vocabulary) -> Iterator[Row]:
    """Yield the lines of a list that gives each person one: "- eve@example.com: Finance"."""
    found = [(number, user) for number, line in enumerate(lines) if (user := _user_of(line, vocabulary))]
    identified = any(not user.isdigit() for _, user in found)  # a list of numbers alone may be one of rooms
    if identified and len({user.casefold() for _, user in found}) >= LEAST_PEOPLE:
        yield from (Row(number, user) for number, user in found)


def _user_of(line: str, vocabulary: Vocabulary) -> str | None:
    """Return by what a list's line identifies a person: an address, a number or a full name."""
    if match := _PERSON.match(line) or _NUMBERED.match(line):
        return match["user"]
    listed = _LISTED.match(line)
    return listed["user"] if listed and _is_full_name(listed, vocabulary) else None


def _is_full_name(listed: re.Match[str], vocabulary: Vocabulary) -> bool:
    """Say whether a person's name stands before a colon; behind a bullet, its words may be everyday ones, too."""
    words = listed["user"].split()
    known = all(vocabulary.is_known(word) for word in words) and not listed["bullet"].strip()
    return all(word[0].isupper() for word in words) and not known and vocabulary.label(listed["user"]) is None


def _cells(line: str) -> list[str]:
    text = line.strip()
    inner = text.strip("|") if text.startswith("|") else text
    return [cell.strip() for cell in _CELLS.split(inner)] if _CELLS.search(inner) else []


def _labels(cells: Sequence[str], vocabulary: Vocabulary) -> list[Label | None]:
    """Return the labels of a row's cells, up to where too many have none for a header."""
    labels: list[Label | None] = []
    for cell in cells:
        labels.append(vocabulary.label(cell))
        if labels.count(None) * 2 >= len(cells):
            break
    return labels


def _is_header(labels: list[Label | None]) -> bool:
    kinds = [label.kind for label in labels if label]
    says_what = any(kind in {"attribute", "expected", "bare"} for kind in kinds)
    return len(kinds) >= LEAST_CELLS and says_what and len(kinds) * 2 > len(labels)


def _row(number: int, header: list[Label | None], cells: list[str], vocabulary: Vocabulary) -> Row:
    values = [value_of(cell, vocabulary) for cell in cells]
    told = [(label, value) for label, value in zip(header, values, strict=False) if label and value]
    users = [value for label, value in told if label.kind == "user"]
    bare = [(label.attributes, value) for label, value in told if label.kind == "bare"]
    if any(label.kind == "attribute" for label, _ in told):  # then another column's login names the person
        users += [value for attributes, value in bare if IDENTITY & set(attributes)]
        bare = []
    user = next(iter(users), None)
    stated = in_row((item for item in told if item[0].kind != "user"), user, vocabulary)
    return Row(number, user, stated.statements, tuple("|".join(attributes) for attributes, _ in bare))
