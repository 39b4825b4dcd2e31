"""A site that answers as a test tells it to, for answers that a healthy Jira never gives."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from pydantic import SecretStr

from connectors.jira import JiraDesk, JiraSettings, ProjectSettings
from tests.unit.builders import NOW
from workflows.model import PlannedWrite, TicketRef

TOKEN = "api-t0ken-of-a-test"
REF = TicketRef(desk="jira", id="10017", key="SUP-1")
APPROVALS = f"/rest/servicedeskapi/request/{REF.id}/approval"
KNOWN = {"X-AACCOUNTID": "712020%3Aus", "X-AREQUESTID": "req-1"}


@dataclass(frozen=True)
class Reply:
    """One answer; `headers` replace the usual ones, and `drop` breaks the connection instead of answering."""

    body: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=lambda: dict(KNOWN))
    content_type: str = "application/json"
    drop: bool = False


@dataclass(frozen=True)
class Asked:
    """One request as it came in."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    content: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.content)


class Site:
    """Replies by method and path, in the order given; the last one stays."""

    def __init__(self) -> None:
        self.url = ""
        self.asked: list[Asked] = []
        self._replies: dict[tuple[str, str], list[Reply]] = {}

    def on(self, call: str, *replies: Reply) -> None:
        """Say what `METHOD /path` answers; paths are those below `/rest/api/2`, or from `/rest` on."""
        method, path = call.split()
        self._replies[method, path if "/rest/" in path else f"/rest/api/2{path}"] = list(replies)

    def calls(self) -> list[str]:
        return [f"{asked.method} {asked.path.removeprefix('/rest/api/2')}" for asked in self.asked]

    def reply(self, asked: Asked) -> Reply:
        self.asked.append(asked)
        replies = self._replies.get((asked.method, asked.path), [Reply({"errorMessages": ["no such thing"]}, 404)])
        return replies.pop(0) if len(replies) > 1 else replies[0]


class _Server(ThreadingHTTPServer):
    daemon_threads = True


@contextmanager
def serving() -> Iterator[Site]:
    """Serve a site on a free port of this machine."""
    site = Site()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def answer(self) -> None:
            parts = urlsplit(self.path)
            content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            reply = site.reply(Asked(self.command, parts.path, query, dict(self.headers), content))
            if reply.drop:
                self.close_connection = True
                return
            raw = reply.body if isinstance(reply.body, str) else json.dumps(reply.body)
            data = b"" if reply.body is None else raw.encode()
            self.send_response(reply.status)
            for name, value in {**reply.headers, "Content-Type": reply.content_type}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_PUT = do_DELETE = answer  # noqa: N815  # the names that http.server calls

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    with _Server(("127.0.0.1", 0), Handler) as server:
        site.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        site.on("GET /myself", Reply({"accountId": "712020:us", "name": "forcesync"}))
        site.on(f"GET {APPROVALS}", Reply({"isLastPage": True, "values": []}))
        try:
            yield site
        finally:
            server.shutdown()
            thread.join()


class StoppedClock:
    def now(self) -> datetime:
        return NOW


def desk(site: Site, **changes: Any) -> JiraDesk:
    """Return a desk of that site, on Cloud unless told otherwise."""
    values: dict[str, Any] = {
        "url": site.url,
        "email": "forcesync@example.com",
        "token": SecretStr(TOKEN),
        "projects": {"SUP": ProjectSettings(service_desk_id="1")},
    }
    return JiraDesk("jira", JiraSettings(**values | changes), clock=StoppedClock())


def datacenter(site: Site) -> JiraDesk:
    return desk(site, deployment="datacenter", email="")


def attachment(*, service_desk_id: str | None) -> PlannedWrite:
    payload = {"name": "d.json", "content_type": "application/json", "size": 2, "sha256": "x"}
    operation = "attach_internal" if service_desk_id else "attach"
    return PlannedWrite(
        key="c1.file1", operation=operation, payload=payload | {"service_desk_id": service_desk_id}, content=b"{}"
    )


def assign(to: str | None, instead_of: str | None) -> PlannedWrite:
    payload: dict[str, Any] = {"to": to, "instead_of": instead_of, "worker": "712020:us"}
    if to == "712020:us":
        payload["proof"] = {"claimed": True}
    return PlannedWrite(key="c1.assignee", operation="assign", payload=payload)
