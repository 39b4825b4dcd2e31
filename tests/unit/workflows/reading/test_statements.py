"""What forms, labelled lines and arrows state, and that nothing else states anything."""

from __future__ import annotations

import pytest

from workflows.model import Statement
from workflows.reading.statements import Stated, in_form, in_lines
from workflows.reading.vocabulary import vocabulary_of

WORDS = vocabulary_of({})
CHIEF = Statement(attribute="title", expected="Chief")
CLERK_TO_CHIEF = CHIEF.but(still="Clerk")


def stated(text: str, *, answered: bool = False) -> Stated:
    return in_lines(text.split("\n"), WORDS, answered=answered)


@pytest.mark.parametrize(
    "text",
    ["New title: Chief", "- Title (should be): *Chief*", "Attribute: title\nNew value: Chief", "Neuer Titel: Chief"],
)
def test_a_label_of_the_expected_kind_states_a_value(text: str) -> None:
    assert stated(text).statements == (CHIEF,)


@pytest.mark.parametrize(
    "text",
    [
        "Title: Clerk -> Chief",
        "Attribute: title\nOld value: Clerk\nNew value: Chief",
        "Attribute: title\nNew value: Chief\nOkta shows: Clerk",
    ],
)
def test_a_change_states_both_values(text: str) -> None:
    assert stated(text).statements == (CLERK_TO_CHIEF,)


@pytest.mark.parametrize(
    "text", ["Department: Sales", "My title should be Chief", "Okta shows: Clerk", "a: b = c", "A -> B -> C", "Hm: x"]
)
def test_what_a_form_prints_and_what_prose_says_states_nothing(text: str) -> None:
    assert stated(text).statements == ()


def test_a_bare_label_is_no_more_than_a_mention() -> None:
    assert stated("Department: Sales") == Stated()


def test_a_bare_label_states_a_value_in_a_reply_to_a_question() -> None:
    assert stated("Title: Chief", answered=True).statements == (CHIEF,)


@pytest.mark.parametrize("value", ["n/a", "-", "<your title>", "[new title]", "", "unknown", "x" * 201])
def test_an_expected_label_without_a_value_that_can_be_used_states_nothing_and_leaves_it_open(value: str) -> None:
    assert stated(f"New title: {value}") == Stated(loose=True)


def test_each_line_is_about_the_attribute_above_it() -> None:
    text = "What is wrong: title\nCorrect value: Chief\nWhat is wrong: city\nCorrect value: Bonn"
    assert stated(text).statements == (CHIEF, Statement(attribute="city", expected="Bonn"))


def test_a_name_of_several_attributes_keeps_them_all() -> None:
    assert stated("New name: Ada King").statements == (
        Statement(attribute="displayName|firstName|lastName", expected="Ada King"),
    )


def test_a_value_may_stand_without_its_attribute() -> None:
    assert stated("Should be: Chief").statements == (Statement(expected="Chief"),)


def test_users_and_the_day_are_kept_as_they_are_written() -> None:
    found = stated("User: Ada Byron\nEmployee email: ada@example.com\nUser: Ada Byron\nValid from: 3 May 2026")
    assert (found.users, found.effective) == (("Ada Byron", "ada@example.com"), "3 May 2026")


def test_a_form_states_what_its_fields_hold() -> None:
    form = {"user": "ada", "attribute": "title", "expected": "'Chief'", "effective": "2026-05-03"}
    assert in_form(form, WORDS) == Stated((CHIEF,), ("ada",), "2026-05-03")
    assert in_form({"user": "-", "attribute": "n/a", "expected": " "}, WORDS) == Stated()


@pytest.mark.parametrize(
    "text", ["New title ........ Chief", "New title ....: Chief", "New title . Chief", "New title (from HR): Chief"]
)
def test_leaders_and_remarks_belong_to_no_label(text: str) -> None:
    assert stated(text).statements == (CHIEF,)


def test_a_remark_that_calls_a_value_wrong_takes_it_back() -> None:
    assert stated("New title: Chief (wrong, I left)").statements == ()


def test_a_value_that_only_names_a_system_is_none() -> None:
    assert stated("Attribute: title\nNew value: Okta").statements == (Statement(attribute="title"),)


def test_a_sentence_behind_a_label_for_attributes_is_prose() -> None:
    assert stated("What is wrong: My title did not change after my promotion").named == ()
