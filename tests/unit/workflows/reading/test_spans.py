"""Where values stand in a text, and whether what stands beside them may belong to them."""

from __future__ import annotations

import pytest

from workflows.reading.spans import Held, Line, spans_of
from workflows.reading.vocabulary import vocabulary_of

WORDS = vocabulary_of({})


def whole(text: str, value: str) -> bool:
    """Return whether a value that the copy holds stands whole in a line."""
    spans = spans_of([text], {"title": Held(None, value, frozenset({"title"}))}, WORDS)[0]
    return all(Line(text, WORDS.hits(text), spans).is_whole(span, WORDS) for span in spans)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('become "Battery Systems" already', "Battery Systems"),
        ("hele gewoon Bakker!", "Bakker"),
        ("laut SAP 100420", "100420"),
        ("agora eh (11) 5550-0188, fixo", "(11) 5550-0188"),
        ("総務部から海外事業部に移りました", "海外事業部"),
        ("役職はPlannerです", "Planner"),
        ("SHOULD BE 9015 NOW", "9015"),
    ],
)
def test_marks_small_words_and_other_scripts_do_not_belong_to_a_value(text: str, value: str) -> None:
    assert whole(text, value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("nuevo Director zyxwal", "Director"),
        ("Senior Planner", "Planner"),
        ("海外事業部門に移りました", "海外事業部"),
        ("call 555 1234 77", "555 1234"),
        ("room 2019-B", "2019"),
        ("I AM SALES DIRECTOR NORTH", "SALES DIRECTOR"),
    ],
)
def test_words_that_may_go_on_leave_it_open(text: str, value: str) -> None:
    assert not whole(text, value)


def test_places_count_from_the_start_of_their_line() -> None:
    spans = spans_of(["Straße und mehr", "der Lead Planner"], {"title": Held(None, "Lead Planner", frozenset())}, WORDS)
    assert [(4, 16)] == [(span.start, span.end) for span in spans[1]]
