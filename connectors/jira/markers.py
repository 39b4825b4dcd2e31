"""The markers by which our comments and files are found again: a comment's property, its last line, a file's name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

PROPERTY = "forcesync.write"  # the comment property that holds a write's key; customers cannot see it
FILE = "forcesync-"  # what the names of our files begin with; the key of their intent and an underscore follow
_LISTED = re.compile(rf"\[\^{FILE}(?P<intent>[0-9a-z.-]+)_")  # a note's words cannot hold it: they are escaped
_LAST_LINE = re.compile(rf"(?:^|\n){re.escape(PROPERTY)}: (?P<key>[^\s]+)\s*$")


def with_marker(body: str, key: str) -> str:
    """Return a comment's text with its key as the last line, for sites that drop comment properties."""
    return f"{body}\n\n{PROPERTY}: {key}"


def marker(comment: Mapping[str, Any]) -> str | None:
    """Return the key that a comment carries; it can be trusted only on our own comments.

    The comment that a file went up with has no property: there, the file's name tells the key of its write.
    """
    properties = comment.get("properties")
    for item in properties if isinstance(properties, list) else []:
        value = item.get("value") if isinstance(item, Mapping) and item.get("key") == PROPERTY else None
        if isinstance(value, Mapping):
            key = value.get("key")
            return key if isinstance(key, str) else None
    body = comment.get("body")
    if not isinstance(body, str):
        return None
    if listed := _LISTED.search(body):
        return f"{listed['intent']}.file1"
    line = _LAST_LINE.search(body)
    return line["key"] if line else None
