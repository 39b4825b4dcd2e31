"""The session given to pysnow: it cleans pysnow's parameters and lets only complete answers through."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import requests

from connectors.http import Transport, sample
from connectors.servicenow.answers import VOICE, cancelled_words
from workflows.errors import Unexpected

_JUNK = ("sysparm_view", "sysparm_suppress_pagination_header")
_OF_READS = ("sysparm_query", "sysparm_limit", "sysparm_offset")


class GovernedCalls:
    """Takes the place of the `requests.Session` that pysnow expects."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self.headers: dict[str, str] = {}  # pysnow writes its own name and content types in here

    def request(self, method: str, url: str, *, params: Mapping[str, Any], **kwargs: Any) -> requests.Response:
        """Make one call and check its answer."""
        kwargs.pop("timeout", None)  # the transport sets its own
        kwargs.pop("stream", None)
        headers = {"Accept": "application/json"} | dict(kwargs.pop("headers", None) or {})
        transport = self._transport
        response = transport.session.request(method, url, params=_clean(method, params), headers=headers, **kwargs)
        transport.check(response, VOICE)
        if response.content:
            self._refuse_errors(response)
        return response

    def _refuse_errors(self, response: requests.Response) -> None:
        """Raise for a transaction that was cancelled while it answered with 200; any other form is an error too."""
        transport = self._transport
        request_id = transport.request_id(response)
        if said := cancelled_words(response):
            raise transport.passing(f"ServiceNow cancelled it: {transport.words(said, response)}", request_id)
        body = transport.json(response)
        if not isinstance(body, Mapping) or not isinstance(body.get("result"), Mapping | list):
            detail = f"the answer has an unexpected form ({sample(response)})"
            raise Unexpected(transport.system, transport.current.name, detail, request_id=request_id)


def _clean(method: str, params: Mapping[str, Any]) -> dict[str, str]:
    """Drop the parameters that pysnow adds by itself, and write booleans as ServiceNow does."""
    cleaned = {}
    for name, item in params.items():
        text = str(item).lower() if isinstance(item, bool) else str(item)
        if text in ("", "[]") or name in _JUNK or (method != "GET" and name in _OF_READS):
            continue
        cleaned[name] = text
    return cleaned
