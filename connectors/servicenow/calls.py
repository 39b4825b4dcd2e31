"""Makes calls to an instance through pysnow, which builds URLs and parameters and parses results.

pysnow 0.7.17 leaks parameters between calls on one Resource, has no paging and no PATCH, and ignores errors that come
beside a result (https://github.com/rbw/pysnow). So each call gets a Resource of its own, and the session that pysnow is
given cleans the parameters, checks every answer and never retries a write.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import requests

from connectors.http.governance import Timeouts
from connectors.http.samples import sample
from connectors.http.statuses import of_the_system
from connectors.http.transport import Transport
from connectors.servicenow.answers import VOICE, Row, cancelled_words, right_for
from connectors.servicenow.credentials import credential, credential_setting
from connectors.servicenow.settings import ServiceNowSettings
from workflows.errors import Refused, Unexpected
from workflows.ports import Clock

with warnings.catch_warnings():  # it misses a library that guesses files' types; ours go up with their own
    warnings.filterwarnings("ignore", message=".*magic", category=UserWarning)
    import pysnow
    from pysnow.exceptions import PysnowException

_JUNK = ("sysparm_view", "sysparm_suppress_pagination_header")
_OF_READS = ("sysparm_query", "sysparm_limit", "sysparm_offset")


class ServiceNowCalls:
    """Makes calls to one instance as one account; threads may share it."""

    def __init__(self, system: str, settings: ServiceNowSettings, clock: Clock) -> None:
        self.system = system
        self._transport = _transport(system, settings, clock, "/api/now/table/sys_user?sysparm_limit=1")
        self._transport.session.auth = credential(system, settings, clock, _transport(system, settings, clock))
        self._transport.right_for = right_for
        parts = urlsplit(settings.url)
        session = _LibrarySession(self._transport)
        self._library = pysnow.Client(host=parts.netloc, use_ssl=parts.scheme == "https", session=session)

    def resource(self, path: str) -> pysnow.Resource:
        """Return pysnow's access to a path below the API; good for one call."""
        return self._library.resource(api_path=path)

    @contextmanager
    def operation(self, name: str, *, write: bool) -> Iterator[None]:
        """Name the operation, and turn pysnow's error for an answer of the wrong form into ours."""
        with self._transport.operation(name, write=write):
            try:
                yield
            except PysnowException as error:
                detail = f"the answer has an unexpected form ({type(error).__name__})"
                raise Unexpected(self.system, name, detail) from error

    @contextmanager
    def of_list(self, operation: str) -> Iterator[None]:
        """Name a read of a list, whose refusal concerns no record: the account may not read the table."""
        try:
            with self.operation(operation, write=False):
                yield
        except Refused as error:
            raise of_the_system(error) from error

    def rows(self, operation: str, found: Any) -> list[Row]:
        """Return the records of an answer."""
        records = list(found)
        if not all(isinstance(record, Mapping) for record in records):
            raise Unexpected(self.system, operation, "a record was expected, something else was returned")
        return records


def _transport(system: str, settings: ServiceNowSettings, clock: Clock, canary: str = "") -> Transport:
    return Transport(
        system,
        settings.url,
        clock=clock,
        network=settings.network(Timeouts(settings.connect_timeout, settings.read_timeout)),
        request_id_headers=("X-Transaction-ID",),
        credential_setting=credential_setting(system, settings),
        canary=canary,
    )


class _LibrarySession:
    """The session given to pysnow: it cleans pysnow's parameters and lets only complete answers through."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self.headers: dict[str, str] = {}  # pysnow writes its own name and content types in here

    def request(self, method: str, url: str, *, params: Mapping[str, Any], **kwargs: Any) -> requests.Response:
        """Make one call and check its answer."""
        kwargs.pop("timeout", None)  # the transport sets its own
        kwargs.pop("stream", None)
        headers = {"Accept": "application/json"} | dict(kwargs.pop("headers", None) or {})
        transport = self._transport
        response = transport.session.request(method, url, params=_clean(method, params), headers=headers, **kwargs)
        transport.check(response, VOICE)
        if response.content:
            self._refuse_errors(response)
        return response

    def _refuse_errors(self, response: requests.Response) -> None:
        """Raise for a transaction that was cancelled while it answered with 200; any other form is an error too."""
        transport = self._transport
        request_id = transport.request_id(response)
        if said := cancelled_words(response):
            raise transport.passing(f"ServiceNow cancelled it: {transport.words(said, response)}", request_id)
        body = transport.json(response)
        if not isinstance(body, Mapping) or not isinstance(body.get("result"), Mapping | list):
            detail = f"the answer has an unexpected form ({sample(response)})"
            raise Unexpected(transport.system, transport.current.name, detail, request_id=request_id)


def _clean(method: str, params: Mapping[str, Any]) -> dict[str, str]:
    """Drop the parameters that pysnow adds by itself, and write booleans as ServiceNow does."""
    cleaned = {}
    for name, item in params.items():
        text = str(item).lower() if isinstance(item, bool) else str(item)
        if text in ("", "[]") or name in _JUNK or (method != "GET" and name in _OF_READS):
            continue
        cleaned[name] = text
    return cleaned
