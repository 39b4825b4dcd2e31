"""Values that a ticket tells as a change which Okta has not followed, and what is no such change."""

from __future__ import annotations

import pytest

from workflows.reading.told_changes import told_changes


def _told(text: str, named: str | None) -> list[tuple[str | None, str | None, str | None]]:
    return [(want.attribute, want.expected, want.still) for want in told_changes(text.split("\n"), named, {})]


@pytest.mark.parametrize(
    ("text", "named", "expected"),
    [
        ("HR changed my last name to Lane but Okta still has Reyes.", "last name", ("last name", "Lane", None)),
        ("Please update Okta. Her title is now Team Coordinator.", "title", ("title", "Team Coordinator", None)),
        (
            "I moved from Sales to Tax two weeks ago. My department has not been updated.",
            "department",
            ("department", "Tax", "Sales"),
        ),
        ("I got promoted to Lead Buyer, Okta has my old title.", "title", ("title", "Lead Buyer", None)),
        ("Moved from Leeds to York, Okta is not updated.", None, (None, "York", "Leeds")),
    ],
)
def test_a_change_that_okta_lags_behind_states_its_value(
    text: str, named: str | None, expected: tuple[str | None, str | None, str | None]
) -> None:
    assert [expected] == _told(text, named)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("I moved from Berlin to Munich. My title is still old.", "title"),
        ("Okta changed my title to Intern, please update it.", "title"),
        ("HR changed my title to Intern by mistake, please update Okta.", "title"),
        ("HR changed my title to Clerk, Okta still has Intern; it should be Chef.", "title"),
        ("HR changed my title to Clerk.", "title"),
        ("HR changed my department to Tax but I asked them not to. Okta still has Sales.", "department"),
    ],
)
def test_what_is_no_change_for_the_better_or_of_another_thing_states_nothing(text: str, named: str) -> None:
    assert [] == _told(text, named)
