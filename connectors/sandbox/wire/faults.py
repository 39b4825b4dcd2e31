"""Planned faults on the wire, as they happen in production.

A reset closes the TCP connection before or after the product has processed the request; a stalled body never ends.
"""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import MutableMapping
from contextlib import suppress
from datetime import timedelta
from email.utils import format_datetime
from math import ceil
from typing import Any

from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response
from starlette.types import Message, Receive, Scope, Send

from connectors.sandbox.wire.frame import Fault, Frame
from connectors.sandbox.wire.mutations import mutated

LOGIN = "/login.do"  # target of redirects, for all three products
HTML = "<!DOCTYPE html><html><head><title>Sign in</title></head><body><form action='/login.do'></form></body></html>"
# What a gateway answers that does not pass a request on, as Kong's "no Route matched": https://docs.konghq.com/gateway/
GATEWAY = {"message": "no Route matched with those values", "request_id": "4d5e6f708192a3b4c5d6e7f809"}
ENDLESS = 600.0  # seconds; the longest that a stalled body is held


def login_page() -> Response:
    """Return a login page, meant for people."""
    return Response(HTML, media_type="text/html")


async def misbehave(fault: Fault, frame: Frame, app: Starlette, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer a request as the fault says; whether the product sees the request depends on the kind."""
    if fault.kind == "delay":
        await asyncio.sleep(fault.seconds)
        await app(scope, receive, send)
    elif fault.kind in {"status", "gateway", "html", "redirect"}:
        await _drained(receive)
        await _planned(fault, frame)(scope, receive, send)
    elif fault.kind == "reset_before":
        await _reset(scope, receive)
    else:
        start, body = await _answered(app, scope, receive)
        await _spoilt(fault, frame, scope, receive, send, start, body)


async def _spoilt(
    fault: Fault, frame: Frame, scope: Scope, receive: Receive, send: Send, start: Message, body: bytes
) -> None:
    """Send the product's answer damaged."""
    half = body[: len(body) // 2]
    if fault.kind == "mutate":
        with frame.lock:
            await _whole(send, start, mutated(body, fault, frame.random))
    elif fault.kind == "truncate":
        await _whole(send, start, half)
    else:
        if fault.kind in {"stall", "cut"}:
            await send(start)
            await send({"type": "http.response.body", "body": half, "more_body": True})
        if fault.kind == "stall":
            with suppress(TimeoutError):
                await asyncio.wait_for(_gone(receive), fault.seconds or ENDLESS)
        await _reset(scope, receive)


def _planned(fault: Fault, frame: Frame) -> Response:
    headers = dict(fault.headers)
    if fault.retry_after is not None:
        moment = frame.clock() + timedelta(seconds=fault.retry_after)
        if fault.retry_form == "seconds":
            headers["Retry-After"] = str(ceil(fault.retry_after))
        elif fault.retry_form == "date":
            headers["Retry-After"] = format_datetime(moment + timedelta(seconds=1), usegmt=True)
        else:
            headers["X-Rate-Limit-Reset"] = str(ceil(moment.timestamp()))
    if fault.kind == "redirect":
        return Response(status_code=302, headers={"Location": LOGIN} | headers)
    if fault.kind == "html":
        body = fault.body if isinstance(fault.body, str) else HTML
        return Response(body, 200, headers=headers, media_type="text/html")
    answer = GATEWAY if fault.kind == "gateway" and fault.body is None else fault.body
    if answer is None or isinstance(answer, str):
        return Response(answer or "", fault.status, headers=headers)
    return JSONResponse(answer, fault.status, headers=headers)


async def _whole(send: Send, start: Message, body: bytes) -> None:
    """Send an answer with a correct Content-Length."""
    kept = [(name, value) for name, value in start["headers"] if name.lower() != b"content-length"]
    await send({**start, "headers": [*kept, (b"content-length", str(len(body)).encode("ascii"))]})
    await send({"type": "http.response.body", "body": body})


async def _drained(receive: Receive) -> None:
    while (await receive()).get("more_body"):
        pass


async def _answered(app: Starlette, scope: Scope, receive: Receive) -> tuple[Message, bytes]:
    """Run the product and capture its answer."""
    messages: list[MutableMapping[str, Any]] = []

    async def keep(message: Message) -> None:
        messages.append(message)

    # Uncompressed: half of an answer must be half of its text, not a truncated compressed stream.
    plain = [header for header in scope["headers"] if header[0] != b"accept-encoding"]
    await app({**scope, "headers": plain}, receive, keep)
    body = b"".join(item.get("body", b"") for item in messages if item["type"] == "http.response.body")
    return next(item for item in messages if item["type"] == "http.response.start"), body


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _reset(scope: Scope, receive: Receive) -> None:
    """Reset the TCP connection; works only under server.py."""
    transport = scope["state"]["transport"]
    raw = transport.get_extra_info("socket")
    with suppress(OSError):  # the client may have closed the connection first
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
    await _gone(receive)
