"""Encoded queries, built so that no value becomes a part of one.

https://www.servicenow.com/docs/, "Encoded query strings" and "GlideStringUtil.escapeQueryTermSeparator".
"""

from __future__ import annotations

import re
from collections.abc import Iterable

SYS_ID = re.compile(r"[0-9a-f]{32}")


def value(text: str) -> str:
    """Escape a value: `^`, which ends a condition, is doubled; what would be evaluated is refused."""
    if text.lower().lstrip().startswith("javascript:") or not text.isprintable():
        raise ValueError(f"{text[:40]!r} cannot be used in a query")
    return text.replace("^", "^^")


def members(texts: Iterable[str]) -> str:
    """Write the members of an IN list; a comma would make two of one, so it is refused."""
    escaped = [value(text) for text in texts]
    if not escaped or any("," in text or not text for text in escaped):
        raise ValueError("a list in a query needs members without commas")
    return ",".join(escaped)
