"""What makes a ticket ask for something else, and what is only talk."""

from __future__ import annotations

import pytest

from tests.unit import builders as build
from workflows.model import Person
from workflows.reading.request import read
from workflows.reading.vocabulary import vocabulary_of
from workflows.reading.wishes import Change, change_in, heard_in

VOCABULARY = vocabulary_of({})
ADA = Person(id="ada", login="ada@example.com", email="ada@example.com", name="Ada Byron")
ASKED = "Attribute: department\nExpected: Finance"


def change(words: str, *held: str) -> Change:
    """Return what a comment by the requester changes of what the ticket asks."""
    before = build.ticket(description=ASKED, requester=ADA)
    after = before.but(comments=(build.comment(words, author=ADA, minutes=5),))
    first, now = (read(ticket, VOCABULARY, build.NOW.date()) for ticket in (before, after))
    return change_in(now, ADA, heard_in(first, ADA), held, VOCABULARY)


@pytest.mark.parametrize(
    "words",
    [
        "Expected: Marketing",
        "Attribute: title\nExpected: Conductor",
        "Please do not sync.",
        "This is about my colleague Tom Jones.",
        "User: tom@example.com",
        "From 1 December 2030, please.",
        "Effective date: 2030-12-01",
    ],
)
def test_what_is_stated_or_named_otherwise_is_another_request(words: str) -> None:
    assert Change.OTHERWISE is change(words)


@pytest.mark.parametrize(
    "words", ["My title is wrong, too.", "Stop, that is wrong.", "Department: Marketing", "Finance is the old one!"]
)
def test_prose_that_may_speak_against_the_request_adds_to_it(words: str) -> None:
    assert Change.ADDED is change(words, "Sales", "Finance")


@pytest.mark.parametrize(
    "words", ["Any news?", "Thank you!", "It's urgent.", "Expected: Finance", "I have signed in.", "Regards\nAda Byron"]
)
def test_talk_and_what_was_said_before_change_nothing(words: str) -> None:
    assert Change.NONE is change(words, "Sales", "Finance")


def test_nothing_of_the_words_is_kept() -> None:
    told = heard_in(read(build.ticket(description=ASKED, requester=ADA), VOCABULARY, build.NOW.date()), ADA)
    assert not any(word in told.model_dump_json() for word in ("Finance", "finance", "department"))
