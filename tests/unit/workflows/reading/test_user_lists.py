"""Lists of users with a value each."""

from __future__ import annotations

import pytest

from workflows.model import Want
from workflows.reading.sentence_forms import words_of
from workflows.reading.user_lists import in_user_lists

WORDS = words_of(())
EVE, MAX = "eve@example.com", "max@example.com"


@pytest.mark.parametrize(
    ("line", "expected", "still"),
    [
        (f"{EVE}: Finance", "Finance", None),
        (f"- {EVE} Finance", "Finance", None),
        (f"2) {EVE} -> Finance (antes Sales)", "Finance", "Sales"),
        (f"{EVE} is now Finance", "Finance", None),
        (f"* {EVE} - department: Finance, was Sales", "Finance", "Sales"),
        (f"{EVE}: Finance statt Sales", "Finance", "Sales"),
        (f"{EVE}: should be empty", "", None),
        (f"{EVE}: updated on Monday", None, None),
    ],
)
def test_a_line_gives_its_user_a_value(line: str, expected: str | None, still: str | None) -> None:
    first, second = in_user_lists(["intro", line, f"{MAX}: Tax"], "department", WORDS)
    assert (EVE, Want(attribute="department", expected=expected, still=still)) == (first.user, first.want)
    assert (MAX, "Tax") == (second.user, second.want.expected)


@pytest.mark.parametrize(
    "lines",
    [
        [f"{EVE}: Finance"],
        [f"{EVE}: Finance", f"{EVE}: Tax"],
        [f"{EVE} and {MAX} are in Finance", "both of them"],
        ["Department: Finance", "City: Oslo"],
    ],
)
def test_what_is_no_list_of_users_gives_nothing(lines: list[str]) -> None:
    assert [] == list(in_user_lists(lines, "department", WORDS))


def test_without_one_attribute_that_the_text_names_a_list_gives_nothing() -> None:
    assert [] == list(in_user_lists([f"{EVE}: Finance", f"{MAX}: Tax"], None, WORDS))


def test_a_line_may_name_its_own_attributes() -> None:
    lines = [f"{EVE} - department Tax; title Treaty Analyst", f"{MAX} - city Oslo"]
    found = [(item.user, item.want.attribute, item.want.expected) for item in in_user_lists(lines, None, WORDS)]
    assert [(EVE, "department", "Tax"), (EVE, "title", "Treaty Analyst"), (MAX, "city", "Oslo")] == found
