"""Recorded answers of real services, replayed to the connectors.

The folder is named by the environment (`FORCESYNC_RECORDINGS`): unset, a test skips and says so; set and missing, it
fails. An answer is sent as it was recorded, status, headers and body; only the recorded host's name is replaced by the
server's, since links are followed on one host only.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from tests.sandbox.descriptions import RECORDINGS, named_file
from tests.unit.wire import Act, Request, Wire, answer, serving

FRAMING = frozenset({"content-length", "content-encoding", "transfer-encoding", "connection"})


@dataclass(frozen=True)
class Recorded:
    """One answer and its call, as far as recorded."""

    method: str
    url: str
    status: int
    headers: Mapping[str, str]
    body: Any

    @property
    def at(self) -> datetime:
        """Return the time in its Date header."""
        return parsedate_to_datetime(self.headers["Date"])

    @property
    def call(self) -> str:
        """Return the call without its parameters."""
        return f"{self.method} {urlsplit(self.url).path}"

    def act(self, wire: Wire) -> Act:
        """Send this answer."""
        parts = urlsplit(self.url)
        headers = {
            name.replace("-", "_"): text.replace(f"{parts.scheme}://{parts.netloc}", wire.url)
            for name, text in self.headers.items()
            if name.lower() not in FRAMING
        }
        return answer(self.status, b"" if self.body is None else json.dumps(self.body).encode(), **headers)


def recorded(name: str) -> list[Recorded]:
    """Return every answer of a recording."""
    whole = json.loads(named_file(RECORDINGS, name).read_text(encoding="utf-8"))
    return [_one(item.get("request") or {}, item["response"]) for item in whole["interactions"]]


def made_up(body: Any, status: int = 200, **headers: Any) -> Act:
    """Return an answer that was not recorded, for the calls around one that was."""
    return answer(status, json.dumps(body).encode(), **headers)


@contextmanager
def replaying(acts: Mapping[str, Recorded | Act], otherwise: Act) -> Iterator[Wire]:
    """Serve answers by `METHOD /path`; all other calls are answered by `otherwise`."""
    with serving() as wire:

        def route(request: Request) -> Act:
            method, target, _ = request.line.split()
            found = acts.get(f"{method} {urlsplit(target).path}", otherwise)
            return found.act(wire) if isinstance(found, Recorded) else found

        wire.route = route
        yield wire


def _one(request: Mapping[str, Any], response: Mapping[str, Any]) -> Recorded:
    url = str(request.get("url") or "https://recorded.invalid/")
    return Recorded(
        str(request.get("method") or "GET"), url, response["status"], response["headers"], response.get("body")
    )
