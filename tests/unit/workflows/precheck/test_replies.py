"""What a reply to a question says."""

from __future__ import annotations

import pytest

from workflows.model import Person
from workflows.precheck.wishes import Reply, reply_in, says_pressed
from workflows.reading.vocabulary import vocabulary_of

BO = (Person(id="u4711", login="bo.stone@example.com", name="Bo Stone"),)


def said(text: str) -> Reply:
    return reply_in(text.split("\n"), vocabulary_of({}), BO)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Yes", Reply.YES),
        ("Yes, it is!", Reply.YES),
        ("Ja", Reply.YES),
        ("Yes\n\nBo Stone", Reply.YES),
        ("No", Reply.NO),
        ("No, not yet.", Reply.NO),
        ("No, it shows Clerk", Reply.NO),
        ("Still wrong", Reply.NO),
        ("Something else", Reply.SOMETHING_ELSE),
        ("Chief Planner", Reply.VALUE),
        ("No – Ocean Freight", Reply.VALUE),
        ("No (Ocean Freight)", Reply.VALUE),
        ("No: Ocean Freight", Reply.VALUE),
        ("NO (Norway)", Reply.VALUE),
        ("No, Ocean Freight", Reply.NO),
        ("no(t yet)", Reply.WORDS),
        ("Yes, but the city is old", Reply.WORDS),
        ("I do not know. Please ask Bo.", Reply.WORDS),
        ("What do you mean?", Reply.WORDS),
        ("", Reply.WORDS),
    ],
)
def test_a_reply_says_one_thing(text: str, meant: Reply) -> None:
    assert meant == said(text)


def test_a_yes_with_more_behind_it_is_for_a_person() -> None:
    assert said("Yes\nbut my department is still the old one") == Reply.WORDS


@pytest.mark.parametrize("text", ["No, thanks. It is right now.", "Yes\nDepartment Wrong"])
def test_a_reply_that_says_two_things_is_a_persons_to_read(text: str) -> None:
    assert said(text) is Reply.WORDS


@pytest.mark.parametrize("name", ["Bo Stone", "Bo", "bo stone", "B. Stone", "- Bo", "Stone, Bo"])
def test_whoever_signs_a_yes_has_said_yes(name: str) -> None:
    assert said(f"Yes\n\n{name}") is Reply.YES


@pytest.mark.parametrize(
    "second",
    [
        "Nope", "Nothing Changed", "Partially", "Teilweise", "Faux", "However Outlook Differs", "Unknown Again",
        "Regression", "Eve Jones", "50%", "N", "...but",
    ],
)  # fmt: skip
def test_a_second_line_that_is_not_the_writers_name_is_for_a_person(second: str) -> None:
    assert said(f"Yes\n{second}") is Reply.WORDS


def test_who_is_called_no_signs_nothing() -> None:
    assert reply_in(["Yes", "No"], vocabulary_of({}), (Person(id="1", name="No Min-ho"),)) is Reply.WORDS


@pytest.mark.parametrize(
    "text", ["pressed", "Pressed.", "I've pressed it", "Done!\n\nBo Stone", "Gedrückt", "erledigt"]
)
def test_whoever_pressed_the_button_says_so(text: str) -> None:
    assert says_pressed(text.split("\n"), vocabulary_of({}), BO)


@pytest.mark.parametrize(
    "text", ["", "not pressed", "Pressed?", "pressed it, no change", "I will press it", "nicht gedrückt"]
)
def test_anything_else_is_no_press(text: str) -> None:
    assert not says_pressed(text.split("\n"), vocabulary_of({}), BO)
