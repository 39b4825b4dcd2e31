"""What it costs to read a text that was written to cost much: no pattern goes back, no effort grows with a square."""

from __future__ import annotations

import time

import pytest

from tests.unit import builders as build
from workflows.model import Ticket
from workflows.reading.request import MOST, read
from workflows.reading.vocabulary import vocabulary_of

pytestmark = pytest.mark.long

SECONDS = 1.0  # of CPU: 0.25 on a machine of its own, more on a crowded one; what is quadratic takes minutes
UNITS = [
    "my department is ",
    ">",
    "a@b.c ",
    "{quote}",
    "{quote}a",
    "-----",
    "1234567890",
    "部署が違います。",
    "<",
    "<b>",
    "<div ",
    "<!--",
    "<p style='display:none'>",
    "[x|mailto:",
    "*a",
    "a (b",
    "+49 ",
    "1.2.2026 ",
    "1 may ",
    "a@b.",
    "for Ada Byron ",
    "wrote ",
    "On ",
    "->",
    "a = b ",
    ":",
    "\n",
    "\u200b",
    "&amp;",
    "İ",
]
DENSE = ["my department is old {} ", "Title: {} x ", "from 3 May {} to ", "a{}@b.cc | Boss ", "not {} wrong app "]
MANY_LINES = [
    "From: x\n",
    "| a | b |\n",
    "a@b.cc | Boss\n",
    "#\n",
    "title a -> b\n",
    "my department is old\n",
]


def cpu_seconds(unit: str, characters: int = MOST) -> float:
    return cpu_seconds_of((unit * (characters // len(unit) + 1))[:characters])


def dense(unit: str, width: int) -> str:
    """Return lines of a width, no two of which are the same, as long as is read."""
    count = MOST // len(unit)
    words = "".join(unit.format(number) for number in range(count))
    return "\n".join(words[start : start + width] for start in range(0, MOST, width))


def cpu_seconds_of(text: str) -> float:
    ticket = build.ticket(description=text)
    read(build.ticket(description="My title is old since 3 May 2026."), vocabulary_of({}), build.NOW.date())
    return min(_once(ticket) for _ in range(3))  # a busy machine takes longer for the same


def _once(ticket: Ticket) -> float:
    started = time.process_time()
    read(ticket, vocabulary_of({}), build.NOW.date())
    return time.process_time() - started


@pytest.mark.parametrize("unit", UNITS)
def test_a_hostile_line_is_read_in_time(unit: str) -> None:
    assert cpu_seconds(unit) < SECONDS


@pytest.mark.parametrize("width", [100, 1900])
@pytest.mark.parametrize("unit", DENSE)
def test_lines_full_of_words_that_tell_something_are_read_in_time(unit: str, width: int) -> None:
    assert cpu_seconds_of(dense(unit, width)) < SECONDS


@pytest.mark.long
@pytest.mark.parametrize("unit", MANY_LINES[:2])
def test_hostile_lines_take_time_by_their_number_alone(unit: str) -> None:
    half, whole = cpu_seconds(unit, MOST // 2), cpu_seconds(unit)
    assert whole < 3 * half + 0.1


@pytest.mark.long
@pytest.mark.parametrize("unit", MANY_LINES)
def test_hostile_lines_are_read_in_time(unit: str) -> None:
    assert cpu_seconds(unit) < SECONDS
