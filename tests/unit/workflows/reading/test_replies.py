"""What a reply to a question says."""

from __future__ import annotations

import pytest

from workflows.reading.replies import Reply, reply_in, says_pressed
from workflows.reading.vocabulary import vocabulary_of


def said(text: str) -> Reply:
    return reply_in(text.split("\n"), vocabulary_of({}))


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
    assert reply_in(text.split("\n"), vocabulary_of({})) is Reply.WORDS


@pytest.mark.parametrize(
    "text", ["pressed", "Pressed.", "I've pressed it", "Done!\n\nBo Stone", "Gedrückt", "erledigt"]
)
def test_whoever_pressed_the_button_says_so(text: str) -> None:
    assert says_pressed(text.split("\n"), vocabulary_of({}))


@pytest.mark.parametrize(
    "text", ["", "not pressed", "Pressed?", "pressed it, no change", "I will press it", "nicht gedrückt"]
)
def test_anything_else_is_no_press(text: str) -> None:
    assert not says_pressed(text.split("\n"), vocabulary_of({}))
