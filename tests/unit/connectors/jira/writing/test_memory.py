"""What is remembered of a site is short-lived, bounded, and gone after a failed write."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from connectors.jira.writing.memory import MOST_VIEWS, PROPERTIES_LAST, VIEW_LASTS, Memory
from tests.unit.builders import NOW


class Time:
    def __init__(self) -> None:
        self.at = NOW

    def now(self) -> Any:
        return self.at


ISSUE = {"id": "1", "fields": {"status": {"name": "Open"}, "description": "long"}, "transitions": [{"id": "5"}]}


def test_a_view_is_kept_without_its_words_for_a_moment() -> None:
    time = Time()
    memory = Memory(time)
    memory.keep("1", ISSUE, time.now())
    time.at += VIEW_LASTS
    view = memory.view("1")
    assert view is not None
    assert (view["transitions"], view["fields"]["status"]) == ([{"id": "5"}], {"name": "Open"})
    assert "description" not in view["fields"]
    time.at += timedelta(milliseconds=1)
    assert memory.view("1") is None


def test_a_view_is_as_old_as_its_question_and_gone_when_dropped() -> None:
    memory = Memory(Time())
    memory.keep("1", ISSUE, NOW - VIEW_LASTS - timedelta(seconds=1))
    assert memory.view("1") is None
    memory.keep("1", ISSUE, NOW)
    memory.drop("1")
    memory.drop("2")
    assert memory.view("1") is None


def test_the_oldest_views_go_first() -> None:
    memory = Memory(Time())
    for number in range(MOST_VIEWS + 1):
        memory.keep(str(number), ISSUE, NOW)
    assert memory.view("0") is None
    assert memory.view("1") is not None


def test_properties_are_trusted_for_a_while() -> None:
    time = Time()
    memory = Memory(time)
    assert not memory.keeps_properties()
    memory.note_properties()
    assert memory.keeps_properties()
    time.at += PROPERTIES_LAST
    assert not memory.keeps_properties()
