"""What explicit channels of a ticket say: form fields, lines with a label, and changes written with an arrow.

A bare `Department: Sales` states nothing, for forms print what is there; only a label of the expected kind does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from workflows.model import Statement
from workflows.reading.vocabulary import Label, Vocabulary
from workflows.values.masking import plain

NAME_WORDS = 4  # of an attribute's name
LONGEST = 200  # characters of a value; longer texts are sentences
_LABELLED = re.compile(
    r"\s*+(?:[*•–·#-]{1,3}\s++)?(?P<label>[^\s:：=][^:：=\n]{0,59}?)"
    r"\s*(?:\.{3,60}\s*[:：]?|[:：]|=(?!>)|(?<=\s)\.(?=\s))\s*(?P<value>[^\n]*)"
)
_LABELLED_AGAIN = re.compile(r"\s=\s")  # several labels in a line are prose
_ARROW = re.compile(r"(?:(?<!\s)\s+)?(?:-{1,3}>|=>|→|⇒|➔|»)\s*")
_PLACEHOLDER = re.compile(r"<[^<>]{0,80}>|\[(?!~)[^\[\]]{0,80}\]|\([^()]{0,80}\)")
_REMARK = re.compile(r"(?<=\w)\s*\([^()]{1,120}\)\s*$")
_QUOTES = "\"'“”„«»‚‘’`*_ \t"


class Labelled(NamedTuple):
    """What a line's label asks for, and what stands behind it."""

    label: Label
    value: str


class Stated(NamedTuple):
    """What the explicit channels of one text say: statements, whom they name, and the day from which it holds."""

    statements: tuple[Statement, ...] = ()
    users: tuple[str, ...] = ()
    effective: str | None = None
    named: tuple[str, ...] = ()  # attributes of which nothing is stated, though a column is theirs
    loose: bool = False  # a label that is not known has a value, or the one of the expected value none that can be used


def value_of(text: str, vocabulary: Vocabulary) -> str | None:
    """Return a field's value without marks around it; None where it says that there is none."""
    value = plain(text.strip(_QUOTES), LONGEST + 1).strip(_QUOTES)
    nothing = _PLACEHOLDER.fullmatch(value) or vocabulary.is_one_of("no_value", value)
    return value if value and len(value) <= LONGEST and not nothing else None


def labelled(line: str, vocabulary: Vocabulary) -> Labelled | None:
    """Read a line as a label and its value."""
    match = _LABELLED.match(line)
    label = vocabulary.label(match["label"]) if match else None
    if match is None or label is None or _LABELLED_AGAIN.search(match["value"]):
        return None
    return Labelled(label, match["value"])


def arrow(text: str, vocabulary: Vocabulary) -> tuple[str | None, str] | None:
    """Read "old -> new"; None where the text holds no single arrow."""
    old, *others = _ARROW.split(text)
    new = value_of(others[0], vocabulary) if len(others) == 1 else None
    return (value_of(old, vocabulary), new) if new else None


def in_form(fields: Mapping[str, str], vocabulary: Vocabulary) -> Stated:
    """Read a desk's own fields: user, attribute and expected."""
    told = {name: value for name, text in fields.items() if (value := value_of(text, vocabulary))}
    attribute, expected, user = told.get("attribute"), told.get("expected"), told.get("user")
    still, expected = (expected and arrow(expected, vocabulary)) or (None, expected)
    statements = (Statement(attribute=attribute, expected=expected, still=still),) if attribute or expected else ()
    unusable = expected is None and bool(fields.get("expected", "").strip(_QUOTES))
    return Stated(statements, (user,) if user else (), told.get("effective"), loose=unusable)


def in_lines(lines: Iterable[str], vocabulary: Vocabulary, *, answered: bool = False) -> Stated:
    """Read the labelled lines of a text; `answered` takes a bare `Department: Sales` as what the question asked for."""
    found = Block(vocabulary, answered=answered)
    for line in lines:
        found.read(line)
    stated = found.close()
    alone = tuple(item.but(user=None) for item in stated.statements)
    return stated if len(stated.users) > 1 else stated._replace(statements=alone)  # what stands before their line, too


class Block:
    """Puts together what the lines of a form say, one attribute after the other."""

    def __init__(self, vocabulary: Vocabulary, *, answered: bool = False, of: str | None = None) -> None:
        self._vocabulary, self._answered = vocabulary, answered
        self._stated = Stated()
        self._of = [of]  # whom the lines below are about
        self._open = False  # no line has said anything of them yet
        self._said: dict[str, str] = {}  # of the attribute at hand: its name, the expected and the current value

    def read(self, line: str) -> None:
        """Take in one line; one without a label is prose."""
        match, found = _LABELLED.match(line), labelled(line, self._vocabulary)
        if match is None or found is None:
            if match and match["value"].strip():
                self._stated = self._stated._replace(loose=True)
            return
        label, change = found.label, arrow(found.value, self._vocabulary)
        if change and label.kind in {"bare", "expected"}:
            self.take(Label("expected", label.attributes), change[1])
            self._said |= {"current": change[0]} if change[0] else {}
        elif value := value_of(found.value, self._vocabulary):
            self.take(label, value)
        elif label.kind == "expected":
            self._stated = self._stated._replace(loose=True)
        if "expected" in self._said and self._vocabulary.is_one_of("profile_words", match["label"]):
            self._said["system"] = match["label"]

    def take(self, label: Label, value: str) -> None:
        """Take in a label's value by what the label asks for."""
        if label.kind == "user":
            self.close()
            self._stated = self._stated._replace(users=tuple(dict.fromkeys((*self._stated.users, value))))
            self._of = [*self._of, value] if self._open else [value]
            self._open = True
        elif label.kind == "effective":
            self._stated = self._stated._replace(effective=value)
        elif label.kind == "attribute":
            if len(value.split()) <= NAME_WORDS or self._vocabulary.attributes_of(value):  # else a sentence
                self.close()
                self._said = {"attribute": value}
        elif label.kind == "expected" and "wrong" in self._vocabulary.fields_in("".join(_REMARK.findall(value))):
            self._stated = self._stated._replace(loose=True)  # taken back: "Sales (wrong, I left)"
        elif label.kind != "bare" or self._answered:
            kind, name = "current" if label.kind == "current" else "expected", "|".join(label.attributes)
            if kind in self._said or (name and self._said.get("attribute", name) != name):
                self.close()
            self._said |= {"attribute": name, kind: value} if name else {kind: value}

    def close(self) -> Stated:
        """Finish the attribute that the last lines were about; a comparison in which nothing differs says nothing."""
        attribute, expected, still = map(self._said.get, ("attribute", "expected", "current"))
        if "system" in self._said and still is None:  # nothing beside it tells that it is this attribute's value
            self._stated, expected = self._stated._replace(loose=True), None
        if (attribute or expected) and (expected is None or expected != still):
            self._open = False
            if expected and self._vocabulary.is_one_of("profile_words", expected):  # "Target: Okta" names no value
                expected = None
            new = [Statement(user=user, attribute=attribute, expected=expected, still=still) for user in self._of]
            self._stated = self._stated._replace(statements=(*self._stated.statements, *new))
        self._said = {}
        return self._stated
