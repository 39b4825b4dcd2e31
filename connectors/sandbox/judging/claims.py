"""Reads what a note claims about the world, as its reader would: in English, and only where it is said plainly.

What a sentence supposes, asks, hopes or quotes is no claim, and what is not understood is not judged.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

ClaimKind = Literal["right", "wrong", "no effect", "started"]

# A time in UTC, or in the desk's zone with UTC behind it, where the day is told only if it differs.
_TIME = (
    r"\b(?P<day>\d{4}-\d\d-\d\d) (?P<clock>\d\d:\d\d)(?::\d\d)? "
    r"(?:UTC|(?!UTC)\S+ \((?:(?P<utc_day>\d{4}-\d\d-\d\d) )?(?P<utc_clock>\d\d:\d\d)(?::\d\d)? UTC\))"
)
_MOMENT = re.compile(_TIME)
_QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"|\{noformat\}.*?\{noformat\}|\{code[^}]*\}.*?\{code\}", re.DOTALL)
_ESCAPED = re.compile(r"\\([^\w\s])")  # wiki markup: a backslash before a sign
_SENTENCE = re.compile(r"(?<=[.!?;])\s+|\n+")
_SUPPOSED = re.compile(
    r"\b(?:if|whether|unless|until|till|once|as soon as|which value|would|could(?! not)|may|might|should|cannot|can't)"
    r"\b|\?\s*$",
    re.I,
)
_UNSURE = re.compile(r"\b(?:not certain|uncertain|not known|unknown|lost|by a person|by hand)\b", re.I)
_WHAT = (
    r"(?:the )?(?:expected|right|correct|new|same|stated) value|the expected \w+|the value"
    r"|what (?:the ticket|you|it) asks? for"
)
_OKTA = r"\b(?:okta|(?:your |the )?(?:okta )?profile)"
_RIGHT = re.compile(
    rf"{_OKTA}(?: has| had| have)?(?: already| now)? (?:held|holds|shows?|showed|shown)\b.*?(?:{_WHAT})"
    r"|\byour okta profile has been (?:updated|corrected)"
    r"|\b(?:value|profile) (?:is|was|came)(?: already| now)? right\b"
    r"|\bthe value has arrived\b",
    re.I,
)
_WRONG = re.compile(
    rf"{_OKTA}(?: still)? (?:(?:did|does)(?: still)?(?: not|n't) (?:hold|show)|no longer (?:held|holds|showed|shows))\b"
    rf".*?(?:{_WHAT})",
    re.I,
)
_NO_EFFECT = re.compile(
    r"\bforce sync\b[^.]{0,200}\b(?:had|has had|showed|shows|was) (?:no|without) effect"
    r"|\bhaven't been able to update your profile\b",
    re.I,
)
_STARTED = re.compile(
    r"\b(?:force sync of (?P<label>\S+) (?:was|has been) (?:started|run|pressed|made)\b"
    r"|forcesync ran force sync for (?P<ran>[^\s,]+))(?: a second time)?"
    rf"(?: at {_TIME})?",
    re.I,
)


@dataclass(frozen=True)
class Claim:
    """One claim: its words, and the minute that it names; `label` is the directory of a Force Sync."""

    kind: ClaimKind
    words: str
    at: datetime | None = None
    label: str | None = None


def claims_in(text: str) -> list[Claim]:
    """Return what a note claims, sentence by sentence."""
    plain = _ESCAPED.sub(r"\1", _QUOTED.sub(" ", text))
    return [claim for part in _SENTENCE.split(plain) for claim in _claims(part.strip())]


def _claims(sentence: str) -> Iterator[Claim]:
    if _SUPPOSED.search(sentence):
        return
    started = _STARTED.search(sentence)
    if started and not _UNSURE.search(sentence):
        yield Claim("started", sentence, _moment(started), started["label"] or started["ran"])
    at = None if started else _moment(_MOMENT.search(sentence))
    if _NO_EFFECT.search(sentence):
        yield Claim("no effect", sentence)
    elif _WRONG.search(sentence):
        yield Claim("wrong", sentence, at)
    elif _RIGHT.search(sentence):
        yield Claim("right", sentence, at)


def _moment(told: re.Match[str] | None) -> datetime | None:
    if told is None or told["day"] is None:
        return None
    text = f"{told['utc_day'] or told['day']} {told['utc_clock'] or told['clock']}"
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=UTC)
