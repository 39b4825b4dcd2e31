"""What stands before every simulated product: counting, latency, planned faults, and rules about how we call.

Faults happen on the wire as they do in life: a reset closes the TCP connection, before or after the product did what
it was asked for, and a stalled body never ends.
"""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import MutableMapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.responses import JSONResponse, Response
from starlette.routing import Match
from starlette.types import Message, Receive, Scope, Send

from connectors.sandbox.frame import Fault, Frame, Product

GRACE = timedelta(seconds=1)  # calls that were on their way when the refusal was answered
HTML = "<!DOCTYPE html><html><head><title>Sign in</title></head><body><form action='/login.do'></form></body></html>"
TOO_MANY = 429


class Gate:
    """An ASGI application in front of a product's. `hosts` are the `Host` values that are this product's own."""

    def __init__(self, frame: Frame, product: Product, app: Starlette, hosts: frozenset[str]) -> None:
        self._frame, self._product, self._app, self._hosts = frame, product, app, hosts
        self._not_before: dict[str, tuple[datetime, datetime]] = {}  # endpoint -> refused at, not before
        self._redirects: set[str] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        with self._frame.lock:
            template = self._template(scope)
            endpoint = f"{scope['method']} {template}"
            self._frame.calls[self._product][endpoint] += 1
            self._judge(scope, endpoint)
            fault = self._take_fault(scope)
            latency = self._frame.settings.latency_ms / 1000
        if latency > 0:
            await asyncio.sleep(latency)
        if fault is None:
            await self._app(scope, receive, send)
        else:
            await self._misbehave(fault, endpoint, scope, receive, send)

    def _template(self, scope: Scope) -> str:
        for route in self._app.routes:
            match, _ = route.matches(scope)
            if match is not Match.NONE:
                return str(getattr(route, "path", scope["path"]))
        return "(no such path)"

    def _judge(self, scope: Scope, endpoint: str) -> None:
        headers = Headers(scope=scope)
        signed = "authorization" in headers
        if signed and headers.get("host", "").lower() not in self._hosts:
            detail = f"{endpoint} came with credentials for {headers.get('host')}"
            self._frame.violate(self._product, "credentials sent to another host's name", detail)
        if signed and scope["path"] in self._redirects:
            self._frame.violate(self._product, "redirect followed with credentials", endpoint)
        refused_at, not_before = self._not_before.get(endpoint, (None, None))
        now = self._frame.clock()
        if refused_at and not_before and now < not_before and now - refused_at > GRACE:
            self._frame.violate(self._product, "called before Retry-After", f"{endpoint} before {not_before:%H:%M:%S}")

    def _take_fault(self, scope: Scope) -> Fault | None:
        for fault in self._frame.faults:
            if fault.product != self._product or fault.times < 1:
                continue
            if fault.method and fault.method != scope["method"]:
                continue
            if fault.path and not fault.path.search(scope["path"]):
                continue
            if fault.probability < 1 and self._frame.random.random() >= fault.probability:
                continue
            fault.times -= 1
            self._frame.faults_hit += 1
            return fault
        return None

    async def _misbehave(self, fault: Fault, endpoint: str, scope: Scope, receive: Receive, send: Send) -> None:
        if fault.kind == "delay":
            await asyncio.sleep(fault.seconds)
            await self._app(scope, receive, send)
        elif fault.kind in {"status", "html"}:
            await _drained(receive)
            await self._planned(fault, endpoint)(scope, receive, send)
        elif fault.kind == "reset_before":
            await _reset(scope, receive)
        else:
            start, body = await _answered(self._app, scope, receive)
            if fault.kind == "reset_after":
                await _reset(scope, receive)
                return
            await send(start)
            await send({"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True})
            if fault.kind == "stall":
                await asyncio.sleep(fault.seconds)
            await _reset(scope, receive)

    def _planned(self, fault: Fault, endpoint: str) -> Response:
        if fault.kind == "html":
            return Response(HTML, 200, headers=fault.headers, media_type="text/html")
        with self._frame.lock:
            if fault.status == TOO_MANY:
                now = self._frame.clock()
                not_before = _not_before(Headers(fault.headers), now)
                if not_before:
                    self._not_before[endpoint] = (now, not_before)
            for name, value in fault.headers.items():
                if name.lower() == "location":
                    self._redirects.add(urlsplit(value).path)
        if fault.body is None or isinstance(fault.body, str):
            return Response(fault.body or "", fault.status, headers=fault.headers)
        return JSONResponse(fault.body, fault.status, headers=fault.headers)


def _not_before(headers: Headers, now: datetime) -> datetime | None:
    """Read when the next call may come, by any of the three products' headers."""
    wait, reset = headers.get("retry-after"), headers.get("x-rate-limit-reset")
    if wait and wait.isdigit():
        return now + timedelta(seconds=int(wait))
    if wait:
        return parsedate_to_datetime(wait)
    if reset and reset.isdigit():
        return datetime.fromtimestamp(int(reset), UTC)
    iso = headers.get("x-ratelimit-reset")
    return datetime.fromisoformat(iso) if iso else None


async def _drained(receive: Receive) -> None:
    while (await receive()).get("more_body"):
        pass


async def _answered(app: Starlette, scope: Scope, receive: Receive) -> tuple[Message, bytes]:
    """Let the product do its work and keep the answer."""
    messages: list[MutableMapping[str, Any]] = []

    async def keep(message: Message) -> None:
        messages.append(message)

    await app(scope, receive, keep)
    body = b"".join(item.get("body", b"") for item in messages if item["type"] == "http.response.body")
    return next(item for item in messages if item["type"] == "http.response.start"), body


async def _reset(scope: Scope, receive: Receive) -> None:
    """Cut the connection with a TCP reset; only a server of server.py can."""
    transport = scope["state"]["transport"]
    raw = transport.get_extra_info("socket")
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
    while (await receive())["type"] != "http.disconnect":
        pass
