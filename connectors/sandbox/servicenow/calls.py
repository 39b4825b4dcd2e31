"""One request to the simulated ServiceNow, and its answers in JSON or XML.

https://www.servicenow.com/docs/r/api-reference/rest-apis/c_TableAPI.html and
https://www.servicenow.com/docs/r/api-reference/rest-api-explorer/r_RESTAPIHTTPResponseCodes.html. Without an `Accept`
header the answer is XML, as reports show.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree as Xml

from starlette.requests import Request
from starlette.responses import Response

from connectors.sandbox.servicenow.errors import SnowError

JSON, XML = "application/json;charset=UTF-8", "application/xml;charset=UTF-8"
MOST_RECORDS = 10000  # sysparm_limit's default


class Call:
    """One authenticated request: its parameters, its body and its account."""

    def __init__(self, request: Request, body: bytes, user: str) -> None:
        self.method = request.method
        self.path = request.path_params
        self.version = self.path.get("version", "")
        self.query = dict(request.query_params)
        self.headers = request.headers
        self.body = body
        self.user = user
        self.url = f"{request.url.scheme}://{request.url.netloc}{request.url.path}"
        self.api = f"{request.url.scheme}://{request.url.netloc}/api/now{'/' if self.version else ''}{self.version}"
        self.display = self.query.get("sysparm_display_value", "false").lower()

    def fields(self) -> dict[str, str]:
        """Return the body's fields as strings."""
        kind = self.headers.get("content-type", "")
        if not kind:
            raise SnowError(400, "Bad Request", "Content-Type is mandatory")
        if "json" not in kind:
            raise SnowError(415, "Unsupported media type", "Content-Type must be application/json")
        try:
            found = json.loads(self.body)
        except ValueError:
            raise SnowError(400, "Exception while reading request", "The body is not JSON") from None
        if not isinstance(found, dict):
            raise SnowError(400, "Exception while reading request", "One record per write")
        return {name: _text(value) for name, value in found.items()}

    def flag(self, name: str) -> bool:
        """Return a boolean parameter."""
        return self.query.get(name, "").lower() == "true"

    def page(self, most: int = MOST_RECORDS) -> tuple[int, int]:
        """Return the limit and the offset; negative ones are an error, as following `prev` to the end shows."""
        limit, offset = (_whole(self.query, *asked) for asked in (("sysparm_limit", most), ("sysparm_offset", 0)))
        return limit, offset

    def silent(self) -> bool:
        """Say whether the client asked for no response body."""
        return self.headers.get("x-no-response-body", "").lower() == "true"

    def links(self, total: int) -> str:
        """Return the Link header as recorded; on the first page `prev` points before the start."""
        limit, offset = self.page()
        if limit <= 0 or total <= limit:
            return ""
        last = (total - 1) // limit * limit
        places = {"first": 0, "prev": offset - limit, "next": offset + limit, "last": last}
        if places["next"] >= total:
            del places["next"]
        asked = {name: text for name, text in self.query.items() if name not in {"sysparm_limit", "sysparm_offset"}}
        links = []
        for rel, place in places.items():
            query = urlencode(asked | {"sysparm_limit": str(limit), "sysparm_offset": str(place)})
            links.append(f'<{self.url}?{query}>;rel="{rel}"')
        return ",".join(links)


def form(headers: Mapping[str, str]) -> str:
    """Return the media type of the answer; raise `SnowError` 406 if there is none."""
    wanted = headers.get("accept", "application/xml").lower()
    if any(kind in wanted for kind in ("json", "*/*", "application/*")):
        return JSON
    if "xml" in wanted:
        return XML
    raise SnowError(406, "Not acceptable", "Only application/json and application/xml are served here")


def answer(body: Any, status: int, media: str, headers: Mapping[str, str] | None = None) -> Response:
    """Return a response in that media type."""
    text = json.dumps(body, ensure_ascii=False).encode() if media == JSON else _xml(body)
    return Response(text, status, headers={"Content-Type": media} | dict(headers or {}))


def refusal(error: SnowError, media: str, headers: Mapping[str, str] | None = None) -> Response:
    """Return an error object."""
    words = {"message": error.message, "detail": error.detail or None}
    return answer({"error": words, "status": "failure"}, error.status, media, headers)


def _xml(body: dict[str, Any]) -> bytes:
    root = Xml.Element("response")
    for name, value in body.items():
        for item in value if isinstance(value, list) else [value]:
            _grow(Xml.SubElement(root, name), item)
    written: bytes = Xml.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _grow(element: Xml.Element, value: Any) -> None:
    if isinstance(value, dict):
        for name, part in value.items():
            _grow(Xml.SubElement(element, name), part)
    else:
        element.text = _text(value)


def _whole(query: Mapping[str, str], name: str, default: int) -> int:
    text = query.get(name, "")
    if text.removeprefix("-").isdigit():
        if int(text) < 0:
            raise SnowError(400, "Bad Request", f"{name} cannot be negative")
        return int(text)
    return default


def _text(value: Any) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)
