"""A ticket is drawn within 80 columns, its entries named as the product names them."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from rich.console import Console

from worker.demo.ticket import drawn

BODY = "*Resolved\\!*\n\n||Attribute||Okta||\n|department|Sales \\| EMEA|\n\nNothing to do."


def shown(desk: str, visibility: str) -> str:
    entry = {"author": "svc", "visibility": visibility, "created": "2026-03-02T09:00:01+00:00", "body": BODY}
    fields: dict[str, Any] = {"status": "Done", "resolution": "", "assignee": "svc", "group": None}
    ticket = {"desk": desk, "key": "T-1", "summary": "[b]Profile", "description": "Old value", "attachments": []}
    console = Console(width=80, record=True, file=StringIO())
    console.print(drawn(ticket | fields | {"comments": [entry]}))
    return console.export_text()


@pytest.mark.parametrize(
    ("desk", "visibility", "side"),
    [
        ("servicenow", "internal", "Work notes"),
        ("servicenow", "public", "Additional comments"),
        ("jira", "internal", "Internal note"),
        ("jira", "public", "Reply to customer"),
    ],
)
def test_an_entry_is_named_as_in_the_product(desk: str, visibility: str, side: str) -> None:
    text = shown(desk, visibility)
    assert f"svc · {side} · 09:00:01" in text
    assert "Status: Done · Assigned to: svc" in text
    assert max(map(len, text.splitlines())) <= 80


def test_jiras_markup_is_drawn_and_what_a_ticket_says_is_not() -> None:
    text = shown("jira", "internal")
    assert "Resolved!" in text
    assert "*Resolved" not in text
    assert "Sales | EMEA" in text
    assert "||" not in text
    assert "[b]Profile" in text
