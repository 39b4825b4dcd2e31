"""ServiceNow's answers: records, the two forms of a cell, and the words of an error."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import requests

Row = Mapping[str, Any]


class Record(NamedTuple):
    """One record and ServiceNow's id of the transaction that answered."""

    fields: Row
    request_id: str | None


def plain(item: Any) -> str:
    """Return a cell's value, in whichever form it came; of a reference without a value, what its link leads to."""
    if isinstance(item, Mapping):
        if item.get("value") is None and item.get("link"):
            return str(item["link"]).rsplit("/", 1)[-1]
        return str(item.get("value") or "")
    return "" if item is None else str(item)


def shown(item: Any) -> str:
    """Return what people see in a cell."""
    return str(item.get("display_value") or "") if isinstance(item, Mapping) else "" if item is None else str(item)


def explain(response: requests.Response) -> str:
    """Return ServiceNow's own words for an error."""
    try:
        body = response.json()
    except ValueError:
        return ""
    return error_words(body) if isinstance(body, Mapping) else ""


def error_words(body: Mapping[str, Any]) -> str:
    """Return the words of an error, which may be an object of two texts or a text."""
    error = body.get("error")
    if isinstance(error, Mapping):
        return ": ".join(str(error[name]) for name in ("message", "detail") if error.get(name))
    return str(error or "")
