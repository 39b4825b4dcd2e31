"""Maps an answer's status to an error of the core, and reads how long a product wants us to wait."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from http import HTTPStatus

from connectors.http.clocks import by_our_clock, http_date
from workflows.errors import FarSideError, Misconfigured, Refused, Transient, Uncertain, Unexpected

OK = (200, 201, 204)
# A token endpoint refuses a credential with a 400: https://www.rfc-editor.org/rfc/rfc6749#section-5.2
DENIALS = (HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
DEFAULT_WAIT = timedelta(seconds=30)  # after a 429 that names no time
LONGEST_WAIT = timedelta(days=1)  # quotas are hourly or daily; anything longer is a mistake
LONGEST_RESET = timedelta(hours=2)  # a reset further ahead comes from a wrong clock


def error_for(status: int, *, write: bool, headers: Mapping[str, str]) -> type[FarSideError]:
    """Return the error for a status; every connector uses this table.

    401 and a redirect (to a login page) affect the whole system. Other 4xx refuse this record. After a 429, or a 503
    that names a time, nothing was done. After any other 5xx, or a 408, a write may have been made.
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


class Denied(Refused):
    """A refusal by its status. It may concern this record only and its text stand on a ticket, so it names no setting.

    `advice` is what an operator can do if it concerns no record, but the account or the address.
    """

    def __init__(self, system: str, operation: str, detail: str, advice: str, *, request_id: str | None = None) -> None:
        super().__init__(system, operation, detail, request_id=request_id)
        self.advice = advice


def advice_for(status: int, credential_setting: str, right: str) -> str:
    """Return what to do about a refusal that concerns no record: a 403 is the account's rights, not its password."""
    table = ".".join(credential_setting.split(".")[:2])
    if not table:
        return ""
    if status == HTTPStatus.FORBIDDEN:
        return f"; the account of `{credential_setting}` was accepted and lacks {right or 'the right to do this'}"
    return f"; check `{table}.url`: another product may answer there, or none"


def see(credential_setting: str) -> str:
    """Return the end of an error text that names the credential's settings key; "" where the key is unknown."""
    return f"; see `{credential_setting}` in the settings" if credential_setting else ""


def of_the_system(error: Refused) -> Misconfigured:
    """Return the error for a refusal that concerns no record: the account or the settings are wrong."""
    advice = error.advice if isinstance(error, Denied) else ""
    return Misconfigured(error.system, error.operation, error.detail + advice, request_id=error.request_id)


def retry_time(status: int, headers: Mapping[str, str], now: datetime) -> datetime | None:
    """Return the time (UTC) to wait until after a 429 or 503, `None` where none is named.

    The time comes from Retry-After (seconds or date) or, after a 429, from a rate limit's reset (epoch or ISO). Other
    answers carry a reset too, without asking us to wait. Times by the product's clock are relative to its `Date`.
    """
    if status not in {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}:
        return None
    until = _retry_after(headers, now)
    if until is None and status == HTTPStatus.TOO_MANY_REQUESTS:
        named = (_reset(headers.get(name)) for name in ("X-Rate-Limit-Reset", "X-RateLimit-Reset"))
        resets = (by_our_clock(reset, headers, now) for reset in named if reset)
        until = next((reset for reset in resets if reset - now <= LONGEST_RESET), None)
        until = until or now + DEFAULT_WAIT
    if until is None:
        return None
    return min(max(until, now), now + LONGEST_WAIT) + timedelta(seconds=1)  # products count whole seconds


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
