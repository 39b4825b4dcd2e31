"""All of pysnow: it builds URLs and parameters and reads results; every policy is ours, in the session it is given.

pysnow 0.7.17 leaks parameters between calls on one Resource, has no paging, no PATCH of its own, and passes over errors
that come beside a result (https://github.com/rbw/pysnow). So each call gets a Resource of its own, and the session that
pysnow talks to cleans the parameters, checks every answer and never repeats a write.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pysnow
import requests
from pysnow.exceptions import PysnowException

from connectors.http import BasicCredential, Transport
from connectors.servicenow.settings import ServiceNowSettings
from workflows.errors import Refused, Transient, Uncertain, Unexpected
from workflows.ports import Clock

SYS_ID = re.compile(r"[0-9a-f]{32}")
MOST_PAGES = 500
_JUNK = ("sysparm_view", "sysparm_suppress_pagination_header")


class Record(NamedTuple):
    """One record and ServiceNow's id of the transaction that answered."""

    fields: Mapping[str, Any]
    request_id: str | None


class ServiceNowClient:
    """One instance as one account."""

    def __init__(self, system: str, settings: ServiceNowSettings, clock: Clock) -> None:
        self.system = system
        self._page_size = settings.page_size
        self._transport = Transport(
            system,
            settings.url,
            clock=clock,
            connect_timeout=settings.connect_timeout,
            read_timeout=settings.read_timeout,
            request_id_headers=("X-Transaction-ID",),
        )
        self._transport.session.auth = BasicCredential(settings.user, settings.password)
        self._governed = _GovernedCalls(self._transport)
        parts = urlsplit(settings.url)
        self._library = pysnow.Client(host=parts.netloc, use_ssl=parts.scheme == "https", session=self._governed)

    def records(self, operation: str, table: str, query: str, fields: Sequence[str]) -> Iterator[Mapping[str, Any]]:
        """Yield every record of a query, paged by offset until the total that ServiceNow tells.

        A page may be short although more records follow (the limit is applied before access rules,
        https://www.servicenow.com/docs/, "Table API"), so its length says nothing. `query` ends with an order.
        """
        seen: set[str] = set()
        for page in range(MOST_PAGES):
            offset = page * self._page_size
            with self._operation(operation, write=False):
                resource = self._library.resource(api_path=f"/table/{table}")
                answer = resource.get(
                    query=query,
                    fields=list(fields),
                    limit=self._page_size,
                    offset=offset,
                    display_value=False,
                    exclude_reference_link=True,
                )
                records = self._records(operation, answer.all())
                total = _number(answer.headers.get("X-Total-Count"))
            for record in records:
                if record.get("sys_id") not in seen:  # rows shift between pages when tickets come and go
                    seen.add(str(record.get("sys_id")))
                    yield record
            end = total is not None and offset + self._page_size >= total
            if end or (total is None and not records):
                return
        raise Unexpected(self.system, operation, f"the list did not end within {MOST_PAGES} pages")

    def read(self, operation: str, table: str, sys_id: str, fields: Sequence[str]) -> Record:
        """Read one record with both values and display values. `Refused` where it is gone or hidden by an ACL."""
        with self._operation(operation, write=False):
            resource = self._library.resource(api_path=f"/table/{table}/{self.checked(operation, sys_id)}")
            answer = resource.get(fields=list(fields), limit=1, display_value="all", exclude_reference_link=True)
            return self._record(operation, answer)

    def patch(self, operation: str, table: str, sys_id: str, fields: Mapping[str, str], echo: Sequence[str]) -> Record:
        """Change fields of one record, once; returns the fields named by `echo` as they stand then."""
        with self._operation(operation, write=True):
            resource = self._library.resource(api_path=f"/table/{table}/{self.checked(operation, sys_id)}")
            params = {"sysparm_fields": ",".join(("sys_id", *echo)), "sysparm_exclude_reference_link": "true"}
            resource.parameters.add_custom(params)
            return self._record(operation, resource.request("PATCH", json=dict(fields)))

    def attachments(self, operation: str, table: str, sys_id: str, name: str) -> list[Mapping[str, Any]]:
        """Return the attachments of that name on a record."""
        query = f"table_name={table}^table_sys_id={self.checked(operation, sys_id)}^file_name={value(name)}"
        with self._operation(operation, write=False):
            answer = self._library.resource(api_path="/attachment").get(query=query, limit=100)
            return self._records(operation, answer.all())

    def attach(self, operation: str, table: str, sys_id: str, name: str, content_type: str, content: bytes) -> Record:
        """Upload a file to a record, once."""
        with self._operation(operation, write=True):
            resource = self._library.resource(api_path="/attachment/file")
            where = {"table_name": table, "table_sys_id": self.checked(operation, sys_id), "file_name": name}
            resource.parameters.add_custom(where)
            answer = resource.request("POST", headers={"Content-Type": content_type}, data=content)
            return self._record(operation, answer)

    @contextmanager
    def _operation(self, name: str, *, write: bool) -> Iterator[None]:
        """Name what is done, and translate what pysnow makes of an answer that has the wrong form."""
        with self._transport.operation(name, write=write):
            try:
                yield
            except PysnowException as error:
                kind = Uncertain if write else Unexpected
                raise kind(self.system, name, f"the answer has another form ({type(error).__name__})") from error

    def checked(self, operation: str, sys_id: str) -> str:
        """Return a sys_id that may stand in a path or query."""
        if not SYS_ID.fullmatch(sys_id):
            raise Refused(self.system, operation, f"{sys_id[:40]!r} is not a sys_id")
        return sys_id

    def _record(self, operation: str, answer: Any) -> Record:
        (record,) = self._records(operation, [answer.one()])
        return Record(record, answer.headers.get("X-Transaction-ID"))

    def _records(self, operation: str, found: Any) -> list[Mapping[str, Any]]:
        records = list(found)
        if not all(isinstance(record, Mapping) for record in records):
            raise Unexpected(self.system, operation, "a record was expected, something else came in its place")
        return records


class _GovernedCalls:
    """What pysnow takes for a session: cleans its parameters, and lets only complete answers through."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self.headers: dict[str, str] = {}  # pysnow writes its own name and content types in here

    def request(self, method: str, url: str, *, params: Mapping[str, Any], **kwargs: Any) -> requests.Response:
        """Make one call and check its answer."""
        kwargs.pop("timeout", None)  # the transport's stand
        kwargs.pop("stream", None)
        headers = {"Accept": "application/json"} | dict(kwargs.pop("headers", None) or {})
        transport = self._transport
        response = transport.session.request(method, url, params=_clean(method, params), headers=headers, **kwargs)
        transport.check(response, explain=explain)
        if response.content:
            self._refuse_errors(transport.json(response), method)
        return response

    def _refuse_errors(self, body: Any, method: str) -> None:
        """Refuse an `error` inside a 200, even beside a result: a cancelled transaction leaves a partial one."""
        if not isinstance(body, Mapping):
            raise Unexpected(self._transport.system, "read the answer", "an object was expected")
        if "error" not in body:
            return
        kind = Transient if method == "GET" else Uncertain
        raise kind(self._transport.system, "complete the call", f"ServiceNow broke it off: {_words(body)}")


def value(text: str) -> str:
    """Escape a value for an encoded query: `^` is doubled; what would be evaluated or begin a list is refused.

    https://www.servicenow.com/docs/, "GlideStringUtil.escapeQueryTermSeparator".
    """
    if text.lower().lstrip().startswith("javascript:") or not text.isprintable():
        raise ValueError(f"{text[:40]!r} cannot be used in a query")
    return text.replace("^", "^^")


def explain(response: requests.Response) -> str:
    """Return ServiceNow's own words for an error."""
    try:
        body = response.json()
    except ValueError:
        return ""
    return _words(body) if isinstance(body, Mapping) else ""


def _words(body: Mapping[str, Any]) -> str:
    error = body.get("error")
    if isinstance(error, Mapping):
        return ": ".join(str(error[name]) for name in ("message", "detail") if error.get(name))
    return str(error or "")


def _clean(method: str, params: Mapping[str, Any]) -> dict[str, str]:
    """Drop what pysnow adds unasked and write booleans as ServiceNow does."""
    cleaned = {}
    for name, item in params.items():
        text = str(item).lower() if isinstance(item, bool) else str(item)
        if (
            text == ""
            or name in _JUNK
            or (method != "GET" and name in {"sysparm_query", "sysparm_limit", "sysparm_offset"})
        ):
            continue
        cleaned[name] = text
    return cleaned


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdigit() else None
