"""What the worker wrote on a ticket, as people read it."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable
from typing import Any

from tests.e2e.tickets import Shown

MARKER = re.compile(r" \[forcesync [^\]]*\]$")


def by_worker(ticket: Shown, visibility: str | None = None) -> list[str]:
    """Return our comments on a ticket in order, as people read them: without Jira's markup escapes.

    The comments that Jira adds for attachments are left out; `files` has those.
    """
    return [
        item["body"].replace("\\", "")
        for item in ticket["comments"]
        if item["by_worker"] and visibility in {None, item["visibility"]} and not item["body"].startswith("[^")
    ]


def data_of(page: bytes) -> dict[str, Any]:
    """Return what an evidence page holds for programs."""
    found = re.search(r'<pre id="data">(.*)</pre>', page.decode(), re.DOTALL)
    assert found
    data: dict[str, Any] = json.loads(html.unescape(found[1]))
    return data


def headings(ticket: Shown, visibility: str | None = None) -> list[str]:
    """Return the first line of each of our comments without markup and marker.

    Times become "(then)", so that a story reads the same whenever it happens.
    """
    lines = (MARKER.sub("", body.strip().splitlines()[0]) for body in by_worker(ticket, visibility))
    return [re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d)? UTC", "(then)", line).strip("*") for line in lines]


def files(ticket: Shown) -> list[str]:
    """Return the names of the files we attached."""
    return [item["name"] for item in ticket["attachments"] if item["by_worker"]]


def without_repetition(items: Iterable[str]) -> bool:
    """Say whether every item is unique."""
    listed = list(items)
    return len(listed) == len(set(listed))
