"""A cell is read in each form in which ServiceNow returns it."""

from __future__ import annotations

from typing import Any

import pytest

from connectors.servicenow.answers import plain, right_for, shown

SOMEBODY = "f" * 32


@pytest.mark.parametrize(
    ("cell", "value", "display"),
    [
        ("text", "text", "text"),
        (None, "", ""),
        ({"value": "1", "display_value": "New"}, "1", "New"),
        ({"value": SOMEBODY, "link": f"https://x/sys_user/{SOMEBODY}"}, SOMEBODY, ""),
        ({"display_value": "Ada", "link": f"https://x/sys_user/{SOMEBODY}"}, SOMEBODY, "Ada"),
        ({"value": None, "display_value": None}, "", ""),
    ],
)
def test_a_cell_is_read_in_every_form(cell: Any, value: str, display: str) -> None:
    assert (plain(cell), shown(cell)) == (value, display)


@pytest.mark.parametrize(
    ("method", "path", "right"),
    [
        ("GET", "/api/now/table/incident", "the right to read the table incident by its access rules (ACL)"),
        ("PATCH", "/api/now/table/incident/1", "the right to write to the table incident by its access rules (ACL)"),
        ("GET", "/api/now/attachment", "the right to read attachments"),
        ("POST", "/api/now/attachment/file", "the right to add attachments"),
        ("DELETE", "/api/now/attachment/1", "the right to delete attachments"),
        ("POST", "/oauth_token.do", ""),
    ],
)
def test_a_refused_call_names_the_right_that_it_needs(method: str, path: str, right: str) -> None:
    assert right_for(method, path) == right
