"""Calls an ASGI application in the same thread and returns its whole answer.

Starlette's test client needs a library that the project does not use, and these tests need no real port.
"""

from __future__ import annotations

import asyncio
import json as jsonlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Scope


@dataclass(frozen=True)
class Answer:
    """One answer of the application; header names ignore case."""

    status: int
    headers: Headers
    body: bytes

    @property
    def text(self) -> str:
        """Return the body as text."""
        return self.body.decode("utf-8")

    def json(self) -> Any:
        """Return the body as JSON; an empty body raises `ValueError`."""
        return jsonlib.loads(self.body)


def call(
    app: ASGIApp,
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    json: Any = None,
    body: bytes | None = None,
) -> Answer:
    """Send one request to the application.

    `url` is a path with its query, or a whole URL such as a `Link` header names; `json` is encoded and sets the content
    type. The `Host` is the URL's, or `sandbox.example.com`.
    """
    if json is not None and body is not None:
        raise ValueError("call() takes `json` or `body`, not both")
    sent = {name.lower(): value for name, value in (headers or {}).items()}
    content = body or b""
    if json is not None:
        content = jsonlib.dumps(json).encode("utf-8")
        sent.setdefault("content-type", "application/json")
    sent.setdefault("host", urlsplit(url).netloc or "sandbox.example.com")
    if content:
        sent.setdefault("content-length", str(len(content)))
    return asyncio.run(_exchange(app, _scope(method, url, sent), content))


def _scope(method: str, url: str, headers: Mapping[str, str]) -> Scope:
    parts = urlsplit(url)
    host, _, port = headers["host"].partition(":")
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": method.upper(),
        "scheme": parts.scheme or "http",
        "path": unquote(parts.path),
        "raw_path": parts.path.encode("ascii"),
        "query_string": parts.query.encode("ascii"),
        "root_path": "",
        "headers": [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()],
        "client": ("127.0.0.1", 50000),
        "server": (host, int(port or 80)),
    }


async def _exchange(app: ASGIApp, scope: Scope, content: bytes) -> Answer:
    requests: list[Message] = [{"type": "http.request", "body": content, "more_body": False}]
    answers: list[Message] = []

    async def receive() -> Message:
        return requests.pop() if requests else {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        answers.append(message)

    await app(scope, receive, send)
    start = next(message for message in answers if message["type"] == "http.response.start")
    parts = [message.get("body", b"") for message in answers if message["type"] == "http.response.body"]
    return Answer(status=start["status"], headers=Headers(raw=list(start["headers"])), body=b"".join(parts))
