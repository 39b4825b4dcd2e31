"""A cell is read in each form in which ServiceNow returns it."""

from __future__ import annotations

from typing import Any

import pytest

from connectors.servicenow.answers import plain, shown

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
