"""A ticket reads as in its product: its entries named as there, Jira's markup without its signs."""

from __future__ import annotations

from typing import Any

import pytest

from worker.demo.ticket import drawn, shown

BODY = "*Resolved\\!*\n\n||Attribute||Okta||\n|department|Sales \\| EMEA|\n\nNothing to do."


def lines(desk: str, visibility: str) -> list[str]:
    entry = {"author": "svc", "visibility": visibility, "created": "2026-03-02T09:00:01+00:00", "body": BODY}
    fields: dict[str, Any] = {"status": "Done", "resolution": "", "assignee": "svc", "group": None}
    ticket = {"desk": desk, "key": "T-1", "summary": "[b]Profile", "description": "Old value", "attachments": []}
    return list(shown(ticket | fields | {"comments": [entry]}))


@pytest.mark.parametrize(
    ("desk", "visibility", "side"),
    [
        ("servicenow", "internal", "Work notes"),
        ("servicenow", "public", "Additional comments"),
        ("jira", "internal", "Internal note"),
        ("jira", "public", "Comment"),
    ],
)
def test_an_entry_is_named_as_in_the_product(desk: str, visibility: str, side: str) -> None:
    assert [
        "T-1  [b]Profile",
        "Status: Done · Assigned to: svc",
        "",
        "Old value",
        "",
        f"--- {side} · svc · 2026-03-02 09:00:01 UTC",
    ] == lines(desk, visibility)[:6]


def test_jiras_markup_is_drawn() -> None:
    expected = ["Resolved!", "", "Attribute | Okta", "department | Sales | EMEA", "", "Nothing to do."]
    assert expected == lines("jira", "internal")[6:]


def test_a_files_name_is_read_without_jiras_signs() -> None:
    assert ["", "Attachment: 1.escalated_evidence.html"] == list(drawn("\n[^1.escalated_evidence.html]"))


def test_in_servicenow_a_body_is_shown_as_it_is() -> None:
    assert BODY.splitlines() == lines("servicenow", "internal")[6:]
