"""Notes become wiki markup in which nothing that a stranger wrote has any effect."""

from __future__ import annotations

import pytest

from connectors.jira.writing.rendering import CAP, CUT, inert, wiki
from workflows.model import Bullets, Heading, Note, Table, Text

INVISIBLE = "\u200b"


def read_by_people(markup: str) -> str:
    """Return the text that a reader sees: escapes and invisible breaks gone."""
    return markup.replace("\\" + INVISIBLE, "\0").replace("\\", "").replace("\0", "\\").replace(INVISIBLE, "")


def test_blocks_become_headings_paragraphs_bullets_and_tables() -> None:
    note = Note(
        blocks=(
            Heading(text="Finding"),
            Text(text="One sentence."),
            Bullets(items=("first", "second")),
            Table(header=("Attribute", "After"), rows=(("title", "Engineer"), ("department", ""))),
        )
    )
    assert wiki(note) == (
        "*Finding*\n\nOne sentence.\n\n* first\n* second\n\n||Attribute||After||\n|title|Engineer|\n|department| |"
    )


@pytest.mark.parametrize(
    "hostile",
    [
        "[~accountid:712020:abc]",
        "!https://evil.example/pixel.png!",
        "[^report.txt]",
        "{code}rm{code}",
        "{noformat}",
        "{}",
        "|cell|",
        "----",
        "* bullet",
        "# number",
        "@team",
        "??cite??",
        "+inserted+ ~sub~ ^sup^ -gone- _em_ *strong*",
    ],
)
def test_every_mark_of_a_stranger_is_escaped_and_still_readable(hostile: str) -> None:
    markup = inert(hostile)
    for position, sign in enumerate(markup):
        if sign in "[]{}!|#*~^?":
            assert markup[position - 1] == "\\", f"{sign} at {position} of {markup!r} is live"
    assert read_by_people(markup) == hostile


@pytest.mark.parametrize("sign", ["(x)", "(/)", "(i)", "(Y)", "(on)", "(flagoff)", "(tm)", "(!)", "(*r)", "(-)"])
def test_text_in_parentheses_never_becomes_an_emoticon(sign: str) -> None:
    markup = inert(f"of {sign}")
    assert markup.removeprefix("of ")[0:2] == "\\(" or markup.removeprefix("of (")[0] == "\\"
    assert read_by_people(markup) == f"of {sign}"


def test_other_parentheses_stay_unchanged() -> None:
    text = "Okta profile of 00u1 (d0db657e), operational (2), (not set)"
    assert inert(text) == text
    assert inert(":) ;(") == f":{INVISIBLE}) ;{INVISIBLE}("


def test_a_backslash_cannot_undo_the_escape_after_it() -> None:
    assert inert("\\[~x]") == f"\\{INVISIBLE}\\[\\~x\\]"


@pytest.mark.parametrize("link", ["https://evil.example/", "HTTP://evil.example", "mailto:a@example.com", "file:x"])
def test_an_address_is_shown_but_not_linked(link: str) -> None:
    markup = inert(link)
    assert markup[markup.index(":") + 1] == INVISIBLE
    assert read_by_people(markup) == link


@pytest.mark.parametrize("line", ["h1. Big", "bq. Quoted", "  H3. Indented"])
def test_a_line_cannot_turn_into_a_heading_or_quotation(line: str) -> None:
    assert inert(f"before\n{line}").splitlines()[1].index(INVISIBLE) == line.index(".")


def test_a_drive_letter_is_not_a_smiley() -> None:
    assert inert("C:D and Attribute:Department") == f"C:{INVISIBLE}D and Attribute:Department"


def test_names_dates_and_addresses_stay_as_they_are() -> None:
    text = "mobile_phone of ann-mary.lee+x@example.com at 2026-11-24 09:00:00 UTC"
    assert inert(text) == text


def test_only_what_begins_with_the_orgs_own_console_stays_a_link() -> None:
    own, other = (
        "https://example-admin.okta.com/admin/user/profile/view/00u1",
        "https://example-admin.okta.com.evil.test/x",
    )
    markup = wiki(Note(blocks=(Text(text=f"See {own}, not {other}"),)), "https://example-admin.okta.com")
    assert own in markup
    assert other not in markup
    assert own not in wiki(Note(blocks=(Text(text=own),)))


def test_a_line_break_in_a_cell_does_not_end_the_row() -> None:
    note = Note(blocks=(Table(header=("a",), rows=(("one\n|two|",),)),))
    assert wiki(note).splitlines() == ["||a||", "|one \\|two\\||"]


def test_control_and_direction_characters_and_secrets_are_removed() -> None:
    assert inert("a\x07b\u202ec") == "abc"
    assert "hunter2" not in inert("password: hunter2")


def test_a_note_that_is_too_long_is_cut_between_lines_and_says_so() -> None:
    rows = tuple((f"row {number}", "x" * 100) for number in range(1000))
    markup = wiki(Note(blocks=(Table(header=("a", "b"), rows=rows), Text(text="the end"))))
    assert len(markup) <= CAP + len(CUT) + 2
    assert markup.endswith(CUT)
    assert all(line.endswith("|") for line in markup.splitlines()[:-2])
