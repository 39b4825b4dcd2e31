"""ServiceNow's answers: records, the two forms of a cell, and error messages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

import requests

from connectors.http.voice import Voice, error_object

Row = Mapping[str, Any]
LONGEST_END = 2000  # characters: the error stands at the end
_CANCELLED = re.compile(r"(?i)\btransaction cancell?ed\b|\bmaximum execution time\b")
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


def cancelled_words(response: requests.Response) -> str:
    """Return the words of a transaction that was cancelled while it answered; "" for any other answer.

    They are an error beside or instead of the result, or within spoilt JSON
    (https://github.com/ServiceNow/PySNC/issues/95), or a text among the records or instead of them
    (https://github.com/gflewis/sndml3/issues/38).
    """
    try:
        body = response.json()
    except (ValueError, RecursionError):
        return _joined(dict(_SPOILT.findall(response.text[-LONGEST_END:])))
    if not isinstance(body, Mapping):
        return ""
    if body.get("error"):
        return error_words(body) or "it gives no reason"
    result = body.get("result")
    texts = (item for item in (result if isinstance(result, list) else [result]) if isinstance(item, str))
    return next((text for text in texts if _CANCELLED.search(text)), "")


def explain(response: requests.Response) -> str:
    """Return the words of an error."""
    return error_words(error_object(response))


def error_words(body: Mapping[str, Any]) -> str:
    """Return an error's message; the error is either a text or an object with message and detail."""
    error = body.get("error")
    return _joined(error) if isinstance(error, Mapping) else error if isinstance(error, str) else ""


def _joined(error: Row) -> str:
    texts = (error.get(name) for name in ("message", "detail"))
    return ": ".join(text for text in texts if text and isinstance(text, str))


def is_own(response: requests.Response) -> bool:
    """Say whether a refusal has ServiceNow's form: an error of two texts, and the status "failure".

    https://www.servicenow.com/docs/, "REST API HTTP response codes".
    """
    body = error_object(response)
    error = body.get("error")
    both = isinstance(error, Mapping) and "detail" in error
    return bool(error_words(body)) and (both or body.get("status") == "failure")


VOICE = Voice(explain, is_own, "X-Transaction-ID")
ON_FILES = {"GET": "read", "POST": "add", "DELETE": "delete"}


def right_for(method: str, path: str) -> str:
    """Name the right that a call needs; its last parts are the table and the record."""
    if found := re.search(r"/table/([a-z0-9_]+)", path):
        act = "read" if method == "GET" else "write to"
        return f"the right to {act} the table {found[1]} by its access rules (ACL)"
    return f"the right to {ON_FILES.get(method, 'use')} attachments" if "/attachment" in path else ""
