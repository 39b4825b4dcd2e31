"""However long and strange a text is, reading it takes little work, and the note says where it stopped.

The bound is ten times what was measured (0.2 s), so that only work which grows faster than the text breaks it.
"""

from __future__ import annotations

import time

import pytest

from tests.unit import builders as build
from workflows.precheck.unread_values import seems_to_state
from workflows.reading.intake import understand
from workflows.reading.ticket_text import MOST_TEXT, said_in

pytestmark = pytest.mark.long

LENGTH = 100_000
MOST_SECONDS = 2.0  # of processor time
PIECES = [
    *(
        "a",
        " ",
        "\r\n",
        "\t",
        "|a",
        "<",
        "(",
        "[a|",
        "*",
        "**a",
        "__a ",
        "-",
        "_",
        "1 ",
        "a:",
        "a=",
        '"a',
        "'a'b",
        "a.",
    ),
    *(
        "should be ",
        "title should be ",
        "title should be A, ",
        "title was changed from a ",
        "title still ",
        "title A -",
    ),
    *(
        "title is now A in ",
        "it is A ",
        "title de a b ",
        "title von a ",
        "title of Aa ",
        "Aa Bb's ",
        "my okta ",
        "aaB ",
    ),
    *("<p ", "<p style=", "<p style='x", "<div style='display:none'>", "<script>", "<!--", "<mailto:a", "&#", "&amp;"),
    *("{quote}", "{quote:", "{code:a}", "> a\n", "On aaaaa ", "am aaaaa schrieb ", "-- Original\nFrom: a@b.cd\n"),
    *("From: a\nTo: b\nCc: c\n", "User: a\n", "User: a\nUser: b\n", "attribute,expected\na,b\n", "- a@b.cd\n", "a@b."),
    *("not ", "my own ", "not my own "),
    *("a@b.cd title should be X\n", "ändern a ", "nicht a ", "employee number ", "password ", "okta still ", "A. "),
]


def spent(text: str) -> float:
    """Return the processor time that the text takes in every place of a ticket."""
    asked = (build.comment("?", by_worker=True), build.comment(text, minutes=1))
    begin = time.process_time()
    understand(
        build.ticket(description=text, summary=text, comments=asked, fields={"user": text, "expected": text}), {}
    )
    return time.process_time() - begin


@pytest.mark.parametrize("piece", PIECES)
def test_a_long_text_of_one_piece_takes_little_work(piece: str) -> None:
    understand(build.ticket(description="My title should be Clerk"), {})  # what is made once is not the text's
    assert spent(piece * (LENGTH // len(piece))) < MOST_SECONDS


@pytest.mark.parametrize("piece", [piece for piece in PIECES if set(piece) & set("<&{")])
def test_a_long_text_in_markup_takes_little_work(piece: str) -> None:
    understand(build.ticket(description="<p>My title should be Clerk"), {})
    assert spent("x <b>y</b><p>" + piece * (LENGTH // len(piece))) < MOST_SECONDS


def test_brackets_too_deep_for_json_are_a_line_of_text() -> None:
    (request,) = understand(build.ticket(description='My title should be Clerk.\n{"a":' + "[" * 1900), {})
    assert request.wants[0].expected == "Clerk"


def test_empty_lines_below_an_address_take_little_work() -> None:
    ticket = build.ticket(description="Title of eve@example.com is old." + "\n" * (MOST_TEXT - 100) + "x")
    begun = time.process_time()
    (request,) = understand(ticket, {})
    assert request.user == "eve@example.com"
    facts = build.facts(request=request, words=said_in(ticket, request.user))
    assert seems_to_state(facts, named=True) is False
    assert time.process_time() - begun < MOST_SECONDS


def test_the_note_can_say_that_a_text_was_too_long_to_be_read_to_its_end() -> None:
    (request,) = understand(build.ticket(description="My title should be Clerk.\n" + "bla " * MOST_TEXT), {})
    assert ("Clerk", True) == (
        request.wants[0].expected,
        "value: the first 20,000 characters of the description" in request.source,
    )
    (request,) = understand(build.ticket(description="bla\n" * MOST_TEXT), {})
    assert request.source == ("length: the first 20,000 characters of the description",)


def test_the_style_that_a_mail_program_puts_first_is_no_part_of_the_length() -> None:
    style = "<style>" + "p.MsoNormal {margin:0cm;}\n" * 2000 + "</style>"
    (request,) = understand(build.ticket(description=f"<html>{style}<p>My title should be Clerk.</p></html>"), {})
    assert request.wants[0].expected == "Clerk"
    assert not any("20,000" in item for item in request.source)
