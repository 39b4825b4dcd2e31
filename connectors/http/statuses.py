"""The one table from an answer's status to an error of the core, and the time that a product wants us to wait."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from http import HTTPStatus

from connectors.http.clocks import by_our_clock, http_date
from workflows.errors import FarSideError, Misconfigured, Refused, Transient, Uncertain, Unexpected

OK = (200, 201, 204)
SECONDS_WITHOUT_WORD = 30.0  # how long to wait after a 429 that does not say
LONGEST_WAIT = timedelta(days=1)  # quotas are by the hour or the day; more is a mistake of somebody
LONGEST_RESET = timedelta(hours=2)  # a reset, which is a clock's time, further ahead is a clock gone wrong


def error_for(status: int, *, write: bool, headers: Mapping[str, str]) -> type[FarSideError]:
    """Return what a status means: the one table of every connector.

    401 and a redirect (to a login page) concern the whole system. 4xx refuses this record. 429 says that nothing was
    done, and so does a 503 that names a time; any other 5xx, and a 408, leave open what became of a write.
    """
    if status == HTTPStatus.UNAUTHORIZED or HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        return Misconfigured
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return Transient
    if status == HTTPStatus.SERVICE_UNAVAILABLE and "Retry-After" in headers:
        return Transient
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.REQUEST_TIMEOUT:
        return Uncertain if write else Transient
    if status >= HTTPStatus.BAD_REQUEST:
        return Refused
    return Unexpected


def retry_time(status: int, headers: Mapping[str, str], now: datetime) -> datetime | None:
    """Return the time (UTC) to wait until, `None` where it was not said; asked of 429 and 503 alone.

    It is named by Retry-After (seconds or date), or after a 429 by a rate limit's reset (epoch or ISO), which other
    answers carry too without meaning that we wait. What their clock tells counts from the answer's own `Date`.
    """
    if status not in {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}:
        return None
    until = _retry_after(headers, now)
    if until is None and status == HTTPStatus.TOO_MANY_REQUESTS:
        told = (_reset(headers.get(name)) for name in ("X-Rate-Limit-Reset", "X-RateLimit-Reset"))
        resets = (by_our_clock(reset, headers, now) for reset in told if reset)
        until = next((reset for reset in resets if reset - now <= LONGEST_RESET), None)
        until = until or now + timedelta(seconds=SECONDS_WITHOUT_WORD)
    if until is None:
        return None
    return min(max(until, now), now + LONGEST_WAIT) + timedelta(seconds=1)  # their clocks count whole seconds


def _retry_after(headers: Mapping[str, str], now: datetime) -> datetime | None:
    text = headers.get("Retry-After", "").strip()
    if re.fullmatch(r"[0-9]{1,9}", text):
        return now + timedelta(seconds=int(text))
    found = http_date(text)
    return by_our_clock(found, headers, now) if found else None


def _reset(text: str | None) -> datetime | None:
    if not text:
        return None
    try:
        if re.fullmatch(r"[0-9]{9,11}", text.strip()):
            return datetime.fromtimestamp(int(text), UTC)
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
