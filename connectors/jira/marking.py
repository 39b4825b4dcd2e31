"""How a comment carries the key of its write: as a property, which nobody sees, or as its last line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

MARKER = "forcesync.write"  # the comment property that holds a write's key; customers cannot see it
_LAST_LINE = re.compile(rf"(?:^|\n){re.escape(MARKER)}: (?P<key>[^\s]+)\s*$")


def with_marker(body: str, key: str) -> str:
    """Return a comment's text with its key as the last line, for sites that drop the properties of comments."""
    return f"{body}\n\n{MARKER}: {key}"


def marker(comment: Mapping[str, Any]) -> str | None:
    """Return the key that a comment carries; whether it may be believed depends on whose comment it is."""
    properties = comment.get("properties")
    for item in properties if isinstance(properties, list) else []:
        value = item.get("value") if isinstance(item, Mapping) and item.get("key") == MARKER else None
        if isinstance(value, Mapping):
            key = value.get("key")
            return key if isinstance(key, str) else None
    body = comment.get("body")
    line = _LAST_LINE.search(body) if isinstance(body, str) else None
    return line["key"] if line else None
