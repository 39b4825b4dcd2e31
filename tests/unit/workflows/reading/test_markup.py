"""What is seen of a mail's HTML, and that an address in angle brackets is never a tag."""

from __future__ import annotations

import pytest

from tests.unit import builders as build
from workflows.reading.markup import plain_lines, visible
from workflows.reading.request import read
from workflows.reading.vocabulary import vocabulary_of

LOCAL_PARTS = [
    "li.wei",
    "b.smith",
    "p.jones",
    "i",
    "a",
    "td",
    "br",
    "p-m",
    "b_k",
    "u+okta",
    "s",
    "body.shop",
    "head.of",
]


@pytest.mark.parametrize("local", LOCAL_PARTS)
def test_an_address_in_angle_brackets_is_no_tag(local: str) -> None:
    line = f"From: Li Wei <{local}@corp.example.com> to me"
    assert line == visible(line)
    assert f"{local}@corp.example.com" in visible(f"<p>{line}</p>")


@pytest.mark.parametrize("local", LOCAL_PARTS)
@pytest.mark.parametrize("around", ["{}", "<div>{}</div>"])
def test_a_forwarded_mail_is_cut_off_whatever_its_senders_address(local: str, around: str) -> None:
    end = "<br>\n" if "<" in around else "\n"
    lines = [
        "See below.",
        f"From: Li Wei <{local}@corp.example.com>",
        "Sent: Monday",
        "Subject: profile",
        "",
        "New title: X1",
    ]
    reading = read(build.ticket(description=around.format(end.join(lines))), vocabulary_of({}), build.NOW.date())
    assert [line.text for line in reading.lines[1:]] == ["See below."]
    assert reading.statements == ()


@pytest.mark.parametrize(
    "text", ["a < b", "<mailto:ada@example.com>", "<https://okta.example.com/x>", "<empty>", "i <3 u"]
)
def test_other_words_in_angle_brackets_stay_in_markup_too(text: str) -> None:
    assert text == visible(f"<span>{text}</span>")


@pytest.mark.parametrize("mark", ["<![note]>", "<![if-new]>", "<![>", "<![ x>"])
def test_a_mark_that_no_mail_program_writes_is_text(mark: str) -> None:
    assert visible(f"<p>One {mark} two</p>").strip() == f"One {mark} two"


def test_what_nobody_sees_is_left_out() -> None:
    seen = visible(
        "<style>p{}</style><p>One<o:p></o:p></p><script>x</script><blockquote>Two</blockquote><!-- three -->"
    )
    assert seen.split() == ["One"]


def test_a_plain_text_with_a_bold_word_keeps_its_lines() -> None:
    assert visible("User: ada\nExpected: <b>Editor</b>\nThanks") == "User: ada\nExpected: Editor\nThanks"


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("One {quote}two{quote} three", ["One ", " three"]),
        ("One {quote}two", ["One {quote}two"]),
        ("*Title*: __Chief__ *", ["Title: Chief *"]),
        ("[Ada|mailto:ada@example.com] and <https://okta.example.com>", ["Ada and "]),
        ("One\u200b two\xa0 three\r\nfour\rfive", ["One two  three", "four", "five"]),
    ],
)
def test_wiki_marks_and_invisible_signs_are_left_out(text: str, lines: list[str]) -> None:
    assert [line.strip() for line in lines] == [line.strip() for line in plain_lines(text)]


def test_cells_stand_apart_by_bars_and_hidden_text_is_not_read() -> None:
    seen = visible("<table><tr><td>User</td><td>ada</td></tr></table><p style='display: none'>New title: X1</p>")
    assert seen.split() == ["|", "User", "|", "ada"]


def test_monospaced_words_are_plain_and_templates_stay() -> None:
    assert plain_lines("{{estone}} and {{ config }}") == ["estone and {{ config }}"]


FORM = ("Attribute: department", "Expected: Legal")


@pytest.mark.parametrize(
    "struck",
    [
        "<s>{}<br>{}</s>",
        "<del>{}<br>{}</del>",
        "<strike>{}</strike><br><strike>{}</strike>",
        "<span style='text-decoration: underline line-through'>{}<br>{}</span>",
        "<!--\n{}\n{}\n-->",
        "~~{}~~\n~~{}~~",
        "-{}-\n-{}-",
    ],
)
def test_nobody_asks_for_what_is_struck_or_commented_out(struck: str) -> None:
    text = f"{struck.format(*FORM)}\nMy phone is broken."
    assert ["My phone is broken."] == [line.strip() for line in plain_lines(text) if line.strip()]


@pytest.mark.parametrize(
    "text",
    ["- Sales", "-- Sales --", "Legal - EMEA - Sales", "-5 to -3", "Non-IT", "a -> b-> c", "a <!-- b", "2026-03-02"],
)
def test_a_dash_strikes_nothing_out_unless_one_stands_on_either_side(text: str) -> None:
    assert [text] == plain_lines(text)
