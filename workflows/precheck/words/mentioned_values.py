"""Where a known value stands in a ticket's words, as a whole: "EVP Sales" is no mention of Sales."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from pydantic import JsonValue

from workflows.precheck.facts import Facts
from workflows.reading.attribute_words import meanings
from workflows.values.comparing import typed

SHORTEST = 3  # characters; "IT" and "US" are everyday words
_BEFORE = re.compile(r"[\w,)&:]\s([^\W\d_][\w&-]*)\s$")
_GOES_ON = re.compile(
    r"\s&\s|\s(?!(?:Okta|In|It|Please|Thanks|And|But|Department|Team|Abteilung|Bitte|Merci|Gracias)\b)[A-ZÄÖÜ][a-zäöü]+"
)
# "The Finance group", "call me at 555-7777": a value's words, and nothing that a profile holds.
_OTHER_THING = re.compile(
    r"(?i)\s+(?:group|share|app|application|access|folder|licen[cs]e|drive|mailbox|channel|list|printer)s?\b"
)
_CALL_ME = re.compile(r"(?i)\b(?:call|reach|phone|text|ring|contact)\s+me\s+(?:at|on|under)\s+$")
_AS_A_VALUE = re.compile(r"(?i)(?:[\"“„«:=>→]\s*|\b(?:as|is|be|to|an?|says|shows|still|als|zu|comme|como)\s+)$")
# What stands before a value with a capital letter and is no part of it: systems, and months ("seit Mai Team Lead").
_ANNOUNCES = frozenset(
    {"okta", "ad", "ldap", "workday", "hr", "sap", "i", "oracle", "directory",
     "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
     "december", "januar", "februar", "märz", "mai", "juni", "juli", "oktober", "dezember"}
)  # fmt: skip


class Mention(NamedTuple):
    """A value as a line writes it, and what stands before and behind."""

    before: str
    written: str
    behind: str


def speaks_of(facts: Facts, value: JsonValue) -> bool:
    """Say whether the ticket's words contain a value as a whole."""
    words = facts.words.casefold()  # most values stand nowhere, which is told without looking at every line
    return any(_within(text, facts.words) for text in _texts(value) if _may_stand_in(words, text))


def found_in(line: str, value: str) -> Iterator[Mention]:
    """Yield each mention of a value as a whole, in whatever case; "EVP Sales" is no mention of Sales."""
    wanted, text = typed(value), typed(line)
    if len(wanted) < SHORTEST:
        return
    for match in re.finditer(rf"(?<!\w){re.escape(wanted)}(?!\w)", text, re.I):
        before, behind = text[: match.start()], text[match.end() :]
        if _OTHER_THING.match(behind) or _CALL_ME.search(before) or _is_part_of_quote(before, behind):
            continue
        if meanings(wanted, {}) and not (match[0] == wanted and _AS_A_VALUE.search(before)):
            continue  # "my manager" is no mention of the title Manager
        if text.isupper() or not wanted[0].isalpha() or not (_goes_before(before) or _GOES_ON.match(behind)):
            yield Mention(before, match[0], behind)


def _texts(value: JsonValue) -> Iterable[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else [str(value or "")]


def _may_stand_in(words: str, value: str) -> bool:
    """Say whether the words hold a value's longest part, which is written in one way only."""
    parts = re.findall(r"[a-z0-9]+", typed(value).casefold())
    return max(parts, key=len, default="") in words


@lru_cache(maxsize=256)  # one ticket's words are asked for the same values again and again
def _within(value: str, words: str) -> bool:
    if len(value) < SHORTEST and value.isupper():  # "State: WA"
        return re.search(rf"[:=]\s*{re.escape(value)}(?!\w)", words) is not None
    return any(True for line in words.split("\n") for _ in found_in(line, value))


def _is_part_of_quote(before: str, behind: str) -> bool:
    """Say whether a quoted text begins with a value and goes on with something in brackets."""
    return before.endswith(('"', "“", "„")) and behind.startswith(" (")


def _goes_before(text: str) -> bool:
    """Say whether a capitalised word in the middle of a sentence stands right before a value, and belongs to it."""
    word = _BEFORE.search(text)
    if word is None or not word[1][0].isupper():
        return False
    return word[1].casefold() not in _ANNOUNCES and not meanings(word[1], {})
