"""In front of every simulated product: call counts, latency, planned faults, and rules for clients.

The rules are common to all products: obey Retry-After, and send credentials only to the host they belong to.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
from contextlib import suppress
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.routing import Match
from starlette.types import Message, Receive, Scope, Send

from connectors.sandbox.wire.faults import LOGIN, login_page, misbehave
from connectors.sandbox.wire.frame import Fault, Frame, Product

GRACE = timedelta(seconds=1)  # calls in flight when the refusal was sent
SEE_OTHER = 303
REDIRECTS = (301, 302, SEE_OTHER, 307, 308)
REFUSALS = (429, 503)  # the statuses whose Retry-After is binding


class Gate:
    """An ASGI application in front of a product's. `hosts` are the product's own `Host` values."""

    def __init__(self, frame: Frame, product: Product, app: Starlette, hosts: frozenset[str]) -> None:
        self._frame, self._product, self._app, self._hosts = frame, product, app, hosts
        self._not_before: dict[str, tuple[datetime, datetime]] = {}  # endpoint -> refused at, not before
        self._under_way = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        self._under_way += 1
        try:
            scope["state"] = {**scope.get("state", {}), "under_way": self._under_way}
            await self._answer(scope, receive, send)
        finally:
            self._under_way -= 1

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self._frame.lock:
            endpoint = f"{scope['method']} {self._template(scope)}"
            self._frame.calls[self._product][endpoint] += 1
            self._judge(scope, endpoint)
            fault = self._take_fault(scope)
            latency = self._frame.settings.latency_ms / 1000
        if latency > 0:
            await asyncio.sleep(latency)

        async def watched(message: Message) -> None:
            if message["type"] == "http.response.start":
                with self._frame.lock:
                    self._note(scope, endpoint, message, planned=fault is not None)
                message = _dated(message, self._frame.clock())
            await send(message)

        if fault is not None:
            await misbehave(fault, self._frame, self._app, scope, receive, watched)
        elif scope["path"] == LOGIN:
            await login_page()(scope, receive, watched)
        else:
            await self._app(scope, receive, watched)

    def _template(self, scope: Scope) -> str:
        for route in self._app.routes:
            match, _ = route.matches(scope)
            if match is not Match.NONE:
                return str(getattr(route, "path", scope["path"]))
        return "(no such path)"

    def _judge(self, scope: Scope, endpoint: str) -> None:
        headers, now = Headers(scope=scope), self._frame.clock()
        host = headers.get("host", "").lower()
        if {"authorization", "x-sn-apikey"} & set(headers):
            if host not in self._hosts:
                self._violate("credentials sent to another host's name", f"{endpoint} came with them for {host}")
            if owner := self._owner(headers.get("authorization", "")):
                self._violate("credentials sent to another host's name", f"{endpoint} came with those for {owner}")
            if (host, scope["path"]) in self._frame.redirects:
                self._violate("redirect followed with credentials", endpoint)
        for held in (endpoint, _exact(scope)):
            refused_at, not_before = self._not_before.get(held, (None, None))
            if refused_at and not_before and now < not_before and now - refused_at > GRACE:
                late = (now - refused_at).total_seconds()
                detail = f"{endpoint} before {not_before:%H:%M:%S}, {late:.1f} s after the refusal"
                self._violate("called before Retry-After", detail)

    def _violate(self, rule: str, detail: str) -> None:
        self._frame.violate(self._product, rule, detail)

    def _owner(self, authorization: str) -> str | None:
        """Return the other product whose secret the header holds, if any."""
        scheme, _, sent = authorization.partition(" ")
        sent = sent or scheme  # Okta's scheme may come without a blank
        with suppress(binascii.Error, UnicodeDecodeError):
            sent += " " + base64.b64decode(sent, validate=True).decode("utf-8")
        for field in fields(self._frame.credentials):
            product, _, what = field.name.partition("_")
            secret = str(getattr(self._frame.credentials, field.name))
            hidden = what.endswith(("token", "password", "secret", "api_key"))
            if product != self._product and hidden and secret in sent:
                return product
        return None

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

    def _note(self, scope: Scope, endpoint: str, start: Message, *, planned: bool) -> None:
        """Note what an answer demands of later calls: to wait, or not to follow it with credentials."""
        headers, now = Headers(raw=list(start["headers"])), self._frame.clock()
        judges_itself = self._product == "okta" and not planned  # the simulated Okta judges its own limits
        if start["status"] in REFUSALS and not judges_itself:
            # A refusal to change one record applies to that record only.
            whose = _exact(scope) if "per-issue" in headers.get("ratelimit-reason", "") else endpoint
            not_before = not_before_of(headers, now)
            if not_before is not None:
                self._not_before[whose] = (now, not_before)
        if location := headers.get("location"):
            target = urlsplit(location)
            own = Headers(scope=scope).get("host", "").lower()
            led = target.netloc.lower() or own, target.path
            # "See other" on the same host may be followed, as for a task; https://www.rfc-editor.org/rfc/rfc9110
            fetched = start["status"] == SEE_OTHER and led[0] == own and led[1] != LOGIN
            if start["status"] in REDIRECTS and not fetched:
                self._frame.redirects.add(led)


def _dated(start: Message, now: datetime) -> Message:
    """Add the product's Date header unless a planned answer has one."""
    if "date" in Headers(raw=list(start["headers"])):
        return start
    date = format_datetime(now, usegmt=True).encode("ascii")
    return {**start, "headers": [*start["headers"], (b"date", date)]}


def _exact(scope: Scope) -> str:
    return f"{scope['method']} {scope['path']}"


def not_before_of(headers: Headers, now: datetime) -> datetime | None:
    """Return when the next call may come, by any of the three products' headers; None if no valid one says so."""
    wait = headers.get("retry-after", "")
    reset = headers.get("x-rate-limit-reset") or headers.get("x-ratelimit-reset") or ""
    if wait.isdigit():
        return now + timedelta(seconds=int(wait))
    with suppress(ValueError):
        if reset.isdigit() and not wait:
            return datetime.fromtimestamp(int(reset), UTC)
        moment = parsedate_to_datetime(wait) if wait else datetime.fromisoformat(reset)
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return None
