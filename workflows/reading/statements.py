"""What explicit channels of a ticket say: form fields, lines with a label, and changes written with an arrow.

A bare `Department: Sales` states nothing, for forms print what is there; only a label of the expected kind does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from workflows.model import Statement
from workflows.reading.vocabulary import Label, Vocabulary
from workflows.values.masking import plain

TWO_SIDES = 2  # of an arrow
NAME_WORDS = 4  # of an attribute's name
LONGEST = 200  # characters of a value; longer texts are sentences
_LABELLED = re.compile(
    r"\s*+(?:[*•–·#-]{1,3}\s++)?(?P<label>[^\s:：=][^:：=\n]{0,59}?)"
    r"\s*(?:\.{3,60}\s*[:：]?|[:：]|=(?!>)|(?<=\s)\.(?=\s))\s*(?P<value>[^\n]*)"
)
_LABELLED_AGAIN = re.compile(r"\s=\s")  # several labels in a line are prose
_ARROW = re.compile(r"(?:(?<!\s)\s+)?(?:-{1,3}>|=>|→|⇒|➔|»)\s*")
_PLACEHOLDER = re.compile(r"<[^<>]{0,80}>|\[[^\[\]]{0,80}\]|\([^()]{0,80}\)")
_REMARK = re.compile(r"(?<=\w)\s*\([^()]{1,120}\)\s*$")
_QUOTES = "\"'“”„«»‚‘’`*_ \t"


class Line(NamedTuple):
    """A line with a label: what the label asks for, and what stands behind it."""

    label: Label
    value: str


class Stated(NamedTuple):
    """What the explicit channels of one text say: statements, whom they name, and the day from which it holds."""

    statements: tuple[Statement, ...] = ()
    users: tuple[str, ...] = ()
    effective: str | None = None
    named: tuple[str, ...] = ()  # attributes that a form or a labelled line names
    loose: bool = False  # a label that is not known has a value, or a field one that cannot be used


def value_of(text: str, vocabulary: Vocabulary) -> str | None:
    """Return a field's value without marks around it; None where it says that there is none."""
    value = plain(text.strip(_QUOTES), LONGEST + 1).strip(_QUOTES)
    if not value or len(value) > LONGEST or _PLACEHOLDER.fullmatch(value) or vocabulary.is_one_of("no_value", value):
        return None
    return value


def labelled(line: str, vocabulary: Vocabulary) -> Line | None:
    """Read a line as a label and its value."""
    match = _LABELLED.match(line)
    label = vocabulary.label(match["label"]) if match else None
    if match is None or label is None or _LABELLED_AGAIN.search(match["value"]):
        return None
    return Line(label, match["value"])


def arrow(text: str, vocabulary: Vocabulary) -> tuple[str | None, str] | None:
    """Read "old -> new"; None where the text holds no single arrow."""
    parts = _ARROW.split(text)
    new = value_of(parts[1], vocabulary) if len(parts) == TWO_SIDES else None
    return (value_of(parts[0], vocabulary), new) if new else None


def in_form(fields: dict[str, str], vocabulary: Vocabulary) -> Stated:
    """Read a desk's own fields: user, attribute and expected."""
    told = {name: value for name, text in fields.items() if (value := value_of(text, vocabulary))}
    attribute, expected, user = told.get("attribute"), told.get("expected"), told.get("user")
    still, expected = (expected and arrow(expected, vocabulary)) or (None, expected)
    statements = (Statement(attribute=attribute, expected=expected, still=still),) if attribute or expected else ()
    named = (attribute,) if attribute else ()
    unusable = expected is None and bool(fields.get("expected", "").strip(_QUOTES))
    return Stated(statements, (user,) if user else (), told.get("effective"), named, unusable)


def in_lines(lines: Iterable[str], vocabulary: Vocabulary, *, answered: bool = False) -> Stated:
    """Read the labelled lines of a text; `answered` takes a bare `Department: Sales` as what the question asked for."""
    found = _Block(vocabulary, answered=answered)
    for line in lines:
        found.read(line)
    found.close()
    if len(set(found.users)) <= 1:  # what stands before the one user's line is about them, too
        found.statements = [item.but(user=None) for item in found.statements]
    return Stated(
        tuple(found.statements), tuple(dict.fromkeys(found.users)), found.effective, tuple(found.named), found.loose
    )


class _Block:
    """Puts together what the lines of a form say, one attribute after the other."""

    def __init__(self, vocabulary: Vocabulary, *, answered: bool) -> None:
        self._vocabulary, self._answered = vocabulary, answered
        self.statements: list[Statement] = []
        self.users: list[str] = []
        self.named: list[str] = []
        self.effective: str | None = None
        self.loose = False  # a label that is not known has a value
        self._of: list[str] = []  # whom the lines below are about
        self._open = False  # no line has said anything of them yet
        self._attribute: str | None = None
        self._expected: str | None = None
        self._current: str | None = None
        self._of_system = False  # the expected value is said to be the directory's: "AD: Sales"

    def read(self, line: str) -> None:
        """Take in one line; one without a label is prose."""
        found = labelled(line, self._vocabulary)
        if (match := _LABELLED.match(line)) and match["value"].strip():
            self.loose = self.loose or found is None
        if found is None:
            return
        change = arrow(found.value, self._vocabulary)
        if found.label.kind == "bare" and change:
            self.close()
            self._add(found.label.attributes, change[1], change[0])
            return
        changed = change if found.label.kind == "expected" else None
        value = changed[1] if changed else value_of(found.value, self._vocabulary)
        if value is not None:
            self._take(found.label, value)
            self._current = changed[0] if changed else self._current
            of_system = match is not None and self._vocabulary.is_one_of("profile_words", match["label"])
            self._of_system = self._of_system or (found.label.kind == "expected" and of_system)

    def close(self) -> None:
        """Finish the attribute that the last lines were about; a comparison in which nothing differs says nothing."""
        if self._of_system and self._current is None:  # nothing beside it tells that it is this attribute's value
            self._expected, self.loose = None, True
        says = self._attribute is not None or self._expected is not None
        if says and (self._expected is None or self._expected != self._current):
            self.named += [self._attribute] if self._attribute else []
            self._state(self._attribute, self._expected, self._current)
        self._attribute = self._expected = self._current = None
        self._of_system = False

    def _state(self, attribute: str | None, expected: str | None, still: str | None) -> None:
        self._open = False
        if expected and self._vocabulary.is_one_of("profile_words", expected):  # "Target: Okta" names no value
            expected = None
        users: list[str | None] = [*self._of] or [None]
        self.statements += [Statement(user=user, attribute=attribute, expected=expected, still=still) for user in users]

    def _add(self, attributes: Sequence[str], expected: str | None, still: str | None) -> None:
        name = attributes[0] if len(attributes) == 1 else "|".join(attributes)
        self.named.append(name)
        self._state(name, expected, still)

    def _take(self, label: Label, value: str) -> None:
        """Take in a label's value by what the label asks for."""
        if label.kind == "user":
            self.close()
            self.users.append(value)
            self._of = [*self._of, value] if self._open else [value]
            self._open = True
        elif label.kind == "attribute":
            if len(value.split()) > NAME_WORDS and not self._vocabulary.attributes_of(value):
                return  # a sentence, which is read as prose
            self.close()
            self._attribute = value
        elif label.kind in {"expected", "current"}:
            if label.kind == "expected" and self._is_called_wrong(value):
                self.loose = True
                return
            self._value(label, value, f"_{label.kind}")
        elif label.kind == "effective":
            self.effective = value
        elif self._answered:
            self.close()
            self._add(label.attributes, value, None)

    def _is_called_wrong(self, value: str) -> bool:
        """Say whether a value's own remark takes it back: "Sales (wrong, I left)"."""
        remark = _REMARK.search(value)
        return remark is not None and any(hit.field == "wrong" for hit in self._vocabulary.hits(remark[0]))

    def _value(self, label: Label, value: str, which: str) -> None:
        name = "|".join(label.attributes) or None
        if (name and self._attribute and name != self._attribute) or getattr(self, which) is not None:
            self.close()
        self._attribute = name or self._attribute
        setattr(self, which, value)
