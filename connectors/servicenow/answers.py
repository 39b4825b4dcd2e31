"""ServiceNow's answers: records, the two forms of a cell, and error messages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

import requests

Row = Mapping[str, Any]
LONGEST_END = 2000  # characters: the error stands at the end
_SPOILT = re.compile(r'"(message|detail)"\s*:\s*"([^"\\]{1,300})"')


class Record(NamedTuple):
    """One record and ServiceNow's transaction id."""

    fields: Row
    request_id: str | None


def plain(item: Any) -> str:
    """Return a cell's value in either form; for a reference without a value, the id at the end of its link."""
    if isinstance(item, Mapping):
        if item.get("value") is None and item.get("link"):
            return str(item["link"]).rsplit("/", 1)[-1]
        return str(item.get("value") or "")
    return "" if item is None else str(item)


def shown(item: Any) -> str:
    """Return a cell's display value."""
    return str(item.get("display_value") or "") if isinstance(item, Mapping) else "" if item is None else str(item)


def cancelled_words(text: str) -> str:
    """Return the words of an error within spoilt JSON, as a transaction that is cancelled while it answers leaves it.

    Seen in the wild: https://github.com/ServiceNow/PySNC/issues/95.
    """
    said = dict(_SPOILT.findall(text[-LONGEST_END:]))
    return ": ".join(said[name] for name in ("message", "detail") if said.get(name))


def explain(response: requests.Response) -> str:
    """Return ServiceNow's own words for an error."""
    try:
        body = response.json()
    except (ValueError, RecursionError):
        return ""
    return error_words(body) if isinstance(body, Mapping) else ""


def error_words(body: Mapping[str, Any]) -> str:
    """Return an error's message; the error is either a text or an object with message and detail."""
    error = body.get("error")
    texts = [error.get(name) for name in ("message", "detail")] if isinstance(error, Mapping) else [error]
    return ": ".join(text for text in texts if text and isinstance(text, str))


def right_for(path: str) -> str:
    """Name the right that a call needs; its last parts are the table and the record."""
    found = re.search(r"/table/([a-z0-9_]+)", path)
    if found:
        return f"the right to read the table {found[1]} by its access rules (ACL)"
    return "the right to read attachments" if "/attachment" in path else ""
