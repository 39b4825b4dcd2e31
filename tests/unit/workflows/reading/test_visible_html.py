"""What is seen of a mail's HTML, and that an address in angle brackets is never a tag."""

from __future__ import annotations

import pytest

from tests.unit import builders as build
from workflows.reading.intake import understand
from workflows.reading.visible_html import visible

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
def test_a_forwarded_mail_speaks_for_its_sender_whatever_the_address(local: str, around: str) -> None:
    end = "<br>\n" if "<" in around else "\n"
    head = [
        "-----Original Message-----",
        f"From: Li Wei <{local}@corp.example.com>",
        "Sent: Monday",
        "Subject: profile",
        "",
        "My title should be Lead Planner.",
    ]
    (request,) = understand(build.ticket(description=around.format(end.join(head))), {})
    assert (request.user, request.wants[0].expected) == (f"{local}@corp.example.com", "Lead Planner")


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
