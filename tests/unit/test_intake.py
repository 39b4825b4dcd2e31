"""What is understood from a ticket's words."""

from __future__ import annotations

import pytest

from tests.unit import builders as build
from workflows.intake import labelled, understand
from workflows.model import Request

LINES = "My profile is wrong.\nUser: ada@example.com\nAttribute: department\nExpected: Finance\n"


def test_labelled_lines_say_who_and_what() -> None:
    request = understand(build.ticket(description=LINES))
    assert (request.user, request.attributes, request.expected) == ("ada@example.com", ("department",), "Finance")


def test_a_ticket_that_says_nothing_asks_about_its_requester() -> None:
    assert Request() == understand(build.ticket(description="My profile is not updating, please help!"))


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("user = ada@example.com", {"user": "ada@example.com"}),
        ("  *User:* ada@example.com", {"user": "ada@example.com"}),
        ("- Affected user : ada", {"user": "ada"}),
        ("EXPECTED VALUE: Research & Development", {"expected": "Research & Development"}),
        ("Should be: Finance", {"expected": "Finance"}),
        ("> User: quoted@example.com", {}),
        ("The user: is fine", {}),
        ("User:", {}),
        ("Users: many", {}),
    ],
)
def test_what_counts_as_a_labelled_line(line: str, found: dict[str, str]) -> None:
    assert found == labelled(line)


def test_windows_line_ends_and_control_characters_do_no_harm() -> None:
    assert labelled("User: ada@example.com\r\nExpected: Fin\u202e\x00\r\n") == {
        "user": "ada@example.com",
        "expected": "Fin",
    }


def test_the_form_is_read_and_later_words_beat_it() -> None:
    ticket = build.ticket(fields={"user": "bob@example.com", "expected": "Sales"}, description="User: ada@example.com")
    request = understand(ticket)
    assert (request.user, request.expected) == ("ada@example.com", "Sales")
    assert request.source == ("expected: the form", "user: the description")


def test_a_reply_completes_the_ticket() -> None:
    comments = (
        build.comment("Please tell us", by_worker=True),
        build.comment("Expected: Finance", minutes=1),
    )
    request = understand(build.ticket(description="Attribute: department", comments=comments))
    assert (request.attributes, request.expected) == (("department",), "Finance")


def test_our_own_comments_are_never_read() -> None:
    comments = (build.comment("User: (login or e-mail address)", by_worker=True),)
    assert understand(build.ticket(comments=comments)).user is None


def test_a_bare_address_answers_our_question_only_after_it_was_asked() -> None:
    answer = build.comment("It is bob@example.com, thanks", minutes=2)
    asked = build.comment("Which user?", by_worker=True, minutes=1)
    assert understand(build.ticket(comments=(asked, answer))).user == "bob@example.com"
    assert understand(build.ticket(comments=(answer,))).user is None


def test_a_name_with_an_address_is_the_address() -> None:
    assert understand(build.ticket(description="User: Ada Byron <ada@example.com>")).user == "ada@example.com"


def test_several_attributes_are_told_apart() -> None:
    request = understand(build.ticket(description="Attributes: department, job title and manager"))
    assert request.attributes == ("department", "job title", "manager")


def test_an_empty_value_can_be_asked_for() -> None:
    assert understand(build.ticket(description="Expected: (empty)")).expected == ""


def test_a_planted_secret_does_not_get_through() -> None:
    assert "hunter2" not in str(understand(build.ticket(description="User: ada password: hunter2")))


def test_very_long_values_are_cut() -> None:
    assert len(understand(build.ticket(description="Expected: " + "x" * 5000)).expected or "") <= 200
