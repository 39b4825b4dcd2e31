"""Maps an answer to an error of the core, by its status and by who speaks in it; and reads how long to wait."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from math import ceil

from connectors.http.clocks import by_our_clock, http_date
from connectors.http.network import table_of
from workflows.errors import FarSideError, Misconfigured, NotAllowed, Refused, Transient, Uncertain, Unexpected

OK = (200, 201, 204)
# A token endpoint refuses a credential with a 400: https://www.rfc-editor.org/rfc/rfc6749#section-5.2
DENIALS = (HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
# How another product, or a proxy, answers a path or method that it does not have; ServiceNow does with a 400.
UNKNOWN_THERE = (HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED)
# Whoever says so, these are about the size of this one request.
TOO_LARGE = (
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.REQUEST_URI_TOO_LONG,
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
)
CREDENTIAL, ADDRESS = "the credential", "the address"  # causes that concern a whole system
DEFAULT_WAIT = timedelta(seconds=30)  # after a 429 that names no time
LONGEST_WAIT = timedelta(days=1)  # quotas are hourly or daily; anything longer is a mistake
_SECONDS = re.compile(r"\d{1,9}(?:\.\d{1,9})?", re.ASCII)
_EPOCH = re.compile(r"(\d{9,11})(\d{3})?(?:\.\d{1,9})?", re.ASCII)  # in seconds, or in milliseconds
LONGEST_RESET = timedelta(hours=2)  # a reset further ahead comes from a wrong clock


def error_for(status: int, *, write: bool, own: bool) -> type[FarSideError]:
    """Return the error for a status; every connector uses this table.

    401 and 407 are about the account, a redirect (to a login page) about the address. A 429 was not carried out. After
    a 5xx or a 408 a write may have been made, whatever its headers: Jira Data Center puts `Retry-After: 0` on every
    answer (recorded). Any other 4xx refuses this record. All of that holds for the product's `own` words: a 4xx of
    something in front of it says nothing about the account or a record.
    """
    may_have_happened = Uncertain if write else Transient
    known: dict[int, type[FarSideError]] = {
        HTTPStatus.UNAUTHORIZED: Misconfigured if own else may_have_happened,
        HTTPStatus.PROXY_AUTHENTICATION_REQUIRED: Misconfigured,
        HTTPStatus.REQUEST_TIMEOUT: may_have_happened,
        HTTPStatus.TOO_MANY_REQUESTS: Transient,
        HTTPStatus.NOT_MODIFIED: Uncertain if write else Unexpected,  # we never ask for it
        **dict.fromkeys(TOO_LARGE, Refused),
    }
    if status in known:
        return known[status]
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return may_have_happened
    if status >= HTTPStatus.BAD_REQUEST:
        return Refused if own else may_have_happened
    if status >= HTTPStatus.MULTIPLE_CHOICES:
        return Misconfigured
    return Uncertain if write else Unexpected


def cause_of(status: int) -> str:
    """Return what a status is about that concerns the whole system."""
    return ADDRESS if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST else CREDENTIAL


class InFront(Transient):
    """A refusal that is not the product's. Its advice, which names a setting, is for the operator alone."""

    def __init__(self, error: Transient, advice: str) -> None:
        super().__init__(
            error.system, error.operation, error.detail + advice, until=error.until, request_id=error.request_id
        )
        self._words = error.detail

    @property
    def said(self) -> str:
        """Return what came, without the advice."""
        return self._words


class Denied(Refused):
    """A refusal by its status. It may concern this record only and its text stand on a ticket, so it names no setting.

    `right` is what the account needs for the call, where that is known; `setting` is the key of its credential.
    """

    def __init__(
        self,
        error: Refused,
        *,
        setting: str,
        right: str,
    ) -> None:
        super().__init__(error.system, error.operation, error.detail, status=error.status, request_id=error.request_id)
        self.setting, self.right = setting, right


def see(setting: str) -> str:
    """Return the end of an error text that names what to look at by its settings key; "" where that is unknown."""
    return f"; see `{setting}` in the settings" if setting else ""


def elsewhere(status: int, credential_setting: str) -> str:
    """Say what to look at where something other than the product does not know the call; "" otherwise."""
    if status not in UNKNOWN_THERE or not credential_setting:
        return ""
    return f"; check `{table_of(credential_setting)}.url`: another product may answer there, or none"


def of_the_system(error: Refused, right: str = "") -> Misconfigured:
    """Return the error for a refusal that concerns no record, such as that of a list: the account or its rights.

    `right` is what the account needs for the call, if that is not told by its path.
    """
    if not isinstance(error, Denied):
        return Misconfigured(error.system, error.operation, error.detail, request_id=error.request_id)
    right, advice = right or error.right, ""
    if error.status == HTTPStatus.FORBIDDEN:
        whose = f"the account of `{error.setting}` was accepted and lacks" if error.setting else "the account lacks"
        advice = f"; {whose} {right or 'the right to do this'}"
    trace = error.request_id
    return NotAllowed(error.system, error.operation, error.detail, advice, cause=right, request_id=trace)


def retry_time(status: int, headers: Mapping[str, str], now: datetime) -> datetime | None:
    """Return the time (UTC) to wait until after a 429 or 503, `None` where none is named.

    The time comes from Retry-After (seconds or date) or, after a 429, from a rate limit's reset (epoch or ISO). Other
    answers carry a reset too, without asking us to wait. Times by the product's clock are relative to its `Date`. A
    time that is over, such as a Retry-After of 0, names none: it must not make a loop. Fractions are rounded up; of a
    header that a proxy repeats ("5, 7"), the longest counts.
    """
    if status not in {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}:
        return None
    until = _retry_after(headers, now)
    if until is None and status == HTTPStatus.TOO_MANY_REQUESTS:
        named = (_reset(headers.get(name)) for name in ("X-Rate-Limit-Reset", "X-RateLimit-Reset"))
        resets = (by_our_clock(reset, headers, now) for reset in named if reset)
        until = next((reset for reset in resets if now < reset <= now + LONGEST_RESET), None)
        until = until or now + DEFAULT_WAIT
    if until is None:
        return None
    return min(until, now + LONGEST_WAIT) + timedelta(seconds=1)  # products count whole seconds


def _retry_after(headers: Mapping[str, str], now: datetime) -> datetime | None:
    text = headers.get("Retry-After", "").strip()
    given = [part.strip() for part in text.split(",")]
    if all(map(_SECONDS.fullmatch, given)):
        seconds = ceil(max(map(float, given)))
        return now + timedelta(seconds=seconds) if seconds else None
    found = http_date(text)
    until = by_our_clock(found, headers, now) if found else now
    return until if until > now else None


def _reset(text: str | None) -> datetime | None:
    if not text:
        return None
    if epoch := _EPOCH.fullmatch(text.strip()):
        return datetime.fromtimestamp(int(epoch[1]), UTC)
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        return http_date(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)
