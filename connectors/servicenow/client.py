"""Wraps pysnow, which builds URLs and parameters and parses results; all rules are in the session that it is given.

pysnow 0.7.17 leaks parameters between calls on one Resource, has no paging and no PATCH, and ignores errors that come
beside a result (https://github.com/rbw/pysnow). So each call gets a Resource of its own, and the session cleans the
parameters, checks every answer and never retries a write.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Literal
from urllib.parse import urlsplit

import pysnow
from pysnow.exceptions import PysnowException

from connectors.http import Timeouts, Transport, of_the_system
from connectors.servicenow.answers import Record, Row, plain
from connectors.servicenow.calls import GovernedCalls
from connectors.servicenow.credentials import credential, credential_setting
from connectors.servicenow.settings import ServiceNowSettings
from workflows.errors import Refused, Transient, Uncertain, Unexpected
from workflows.ports import Clock

SYS_ID = re.compile(r"[0-9a-f]{32}")
MOST_PAGES = 500


class ServiceNowClient:
    """One instance as one account; threads may share it."""

    def __init__(self, system: str, settings: ServiceNowSettings, clock: Clock) -> None:
        self.system = system
        self._page_size = settings.page_size
        self._transport = self._new_transport(settings, clock)
        self._transport.session.auth = credential(system, settings, clock, self._new_transport(settings, clock))
        parts = urlsplit(settings.url)
        session = GovernedCalls(self._transport)
        self._library = pysnow.Client(host=parts.netloc, use_ssl=parts.scheme == "https", session=session)

    def _new_transport(self, settings: ServiceNowSettings, clock: Clock) -> Transport:
        return Transport(
            self.system,
            settings.url,
            clock=clock,
            timeouts=Timeouts(settings.connect_timeout, settings.read_timeout),
            ca_bundle=settings.ca_bundle,
            request_id_headers=("X-Transaction-ID",),
            credential_setting=credential_setting(self.system, settings),
        )

    # -- reading

    def records(
        self, operation: str, table: str, query: str, fields: Sequence[str], display: Literal["false", "all"] = "false"
    ) -> Iterator[Row]:
        """Yield every record of a query; each page starts after the last sys_id, so that shifting rows do no harm.

        A page may be short or empty although more records follow, because the limit is applied before access rules
        (https://www.servicenow.com/docs/, "Table API"). So the total decides where the list ends.
        """
        last, skipped = "", 0
        for _ in range(MOST_PAGES):
            behind = f"^sys_id>{value(last)}" if last else ""
            page, end = self._page(
                operation, table, f"{query}{behind}^ORDERBYsys_id", ["sys_id", *fields], skipped, display
            )
            ids = [plain(row.get("sys_id")) for row in page]
            if not all(ids):
                raise Unexpected(self.system, operation, "a record came without its sys_id")
            fresh = [row for row, sys_id in zip(page, ids, strict=True) if sys_id > last]
            yield from fresh
            if end or (end is None and not fresh):
                return
            last, skipped = (max(ids), 0) if fresh else (last, skipped + self._page_size)
        raise self._endless(operation)

    def journal(self, operation: str, table: str, query: str, fields: Sequence[str]) -> Iterator[Row]:
        """Yield every record in order of creation; for append-only tables."""
        for number in range(MOST_PAGES):
            ordered = f"{query}^ORDERBYsys_created_on"
            page, end = self._page(operation, table, ordered, ["sys_id", *fields], number * self._page_size, "false")
            yield from page
            if end or (end is None and not page):
                return
        raise self._endless(operation)

    def first(self, operation: str, table: str, query: str, fields: Sequence[str], limit: int = 1) -> list[Row]:
        """Return the first records of a query."""
        with self._of_table(operation, table):
            answer = self._library.resource(api_path=f"/table/{table}").get(
                query=query, fields=list(fields), limit=limit, exclude_reference_link=True
            )
            return self._rows(operation, answer.all())

    def read(self, operation: str, table: str, sys_id: str, fields: Sequence[str]) -> Record:
        """Read one record with values and display values; `Refused` if it is gone or hidden by an ACL."""
        with self.operation(operation, write=False):
            resource = self._library.resource(api_path=f"/table/{table}/{self.checked(operation, sys_id)}")
            answer = resource.get(fields=["sys_id", *fields], limit=1, display_value="all", exclude_reference_link=True)
            return self._record(operation, answer, sys_id)

    def attachments(self, operation: str, table: str, sys_id: str, name: str) -> list[Row]:
        """Return the attachments of that name on a record."""
        query = f"table_name={table}^table_sys_id={self.checked(operation, sys_id)}^file_name={value(name)}"
        with self._of_table(operation, "sys_attachment"):
            answer = self._library.resource(api_path="/attachment").get(query=query, limit=100)
            rows = self._rows(operation, answer.all())
        return [row for row in rows if row.get("table_sys_id") == sys_id and row.get("file_name") == name]

    # -- writing

    def patch(self, operation: str, table: str, sys_id: str, fields: Mapping[str, str], echo: Sequence[str]) -> Record:
        """Change fields of one record, once; return the fields named by `echo` as they are after the change."""
        with self.operation(operation, write=True):
            resource = self._library.resource(api_path=f"/table/{table}/{self.checked(operation, sys_id)}")
            params = {"sysparm_fields": ",".join(("sys_id", *echo)), "sysparm_exclude_reference_link": "true"}
            resource.parameters.add_custom(params)
            return self._record(operation, resource.request("PATCH", json=dict(fields)), sys_id)

    def attach(self, operation: str, table: str, sys_id: str, name: str, content_type: str, content: bytes) -> Record:
        """Upload a file to a record, once."""
        with self.operation(operation, write=True):
            resource = self._library.resource(api_path="/attachment/file")
            where = {"table_name": table, "table_sys_id": self.checked(operation, sys_id), "file_name": name}
            resource.parameters.add_custom(where)
            answer = resource.request("POST", headers={"Content-Type": content_type}, data=content)
            return self._record(operation, answer, None)

    def delete_attachment(self, operation: str, sys_id: str) -> None:
        """Delete one attachment."""
        with self.operation(operation, write=True):
            self._library.resource(api_path=f"/attachment/{self.checked(operation, sys_id)}").request("DELETE")

    # -- faults

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
    def _of_table(self, operation: str, table: str) -> Iterator[None]:
        """Name a read of a list, whose refusal concerns no record: the account may not read the table."""
        try:
            with self.operation(operation, write=False):
                yield
        except Refused as error:
            raise of_the_system(error, f"to read {table}") from error

    @contextmanager
    def after_write(self, operation: str) -> Iterator[None]:
        """Turn a failed verification of a write into `Uncertain`: the write may have been made."""
        try:
            yield
        except (Transient, Refused) as error:
            detail = f"it was sent, but could not be verified: {error.detail}"
            raise Uncertain(self.system, operation, detail, request_id=error.request_id) from error

    def checked(self, operation: str, sys_id: str) -> str:
        """Return a sys_id that is safe in a path or query."""
        if not SYS_ID.fullmatch(sys_id):
            raise Refused(self.system, operation, f"{sys_id[:40]!r} is not a sys_id")
        return sys_id

    # -- internals

    def _page(
        self, operation: str, table: str, query: str, fields: Sequence[str], offset: int, display: str
    ) -> tuple[list[Row], bool | None]:
        """Return one page, and whether it is the last (`None` if the answer does not say)."""
        with self._of_table(operation, table):
            answer = self._library.resource(api_path=f"/table/{table}").get(
                query=query,
                fields=list(dict.fromkeys(fields)),
                limit=self._page_size,
                offset=offset,
                display_value="all" if display == "all" else False,
                exclude_reference_link=True,
            )
            rows = self._rows(operation, answer.all())
            total, links = answer.headers.get("X-Total-Count"), answer.headers.get("Link")
        if total and total.isdigit():
            return rows, offset + self._page_size >= int(total)
        return rows, 'rel="next"' not in links if links else None

    def _record(self, operation: str, answer: Any, asked: str | None) -> Record:
        request_id = answer.headers.get("X-Transaction-ID")
        (record,) = self._rows(operation, [answer.one()])
        if asked is not None and plain(record.get("sys_id")) != asked:
            raise Unexpected(
                self.system, operation, "another record was returned than the requested one", request_id=request_id
            )
        return Record(record, request_id)

    def _rows(self, operation: str, found: Any) -> list[Row]:
        records = list(found)
        if not all(isinstance(record, Mapping) for record in records):
            raise Unexpected(self.system, operation, "a record was expected, something else was returned")
        return records

    def _endless(self, operation: str) -> Unexpected:
        return Unexpected(self.system, operation, f"the list did not end within {MOST_PAGES} pages")


def value(text: str) -> str:
    """Escape a value for a query: `^`, which ends a condition, is doubled; a script is refused."""
    if text.lower().lstrip().startswith("javascript:") or not text.isprintable():
        raise ValueError(f"{text[:40]!r} cannot be used in a query")
    return text.replace("^", "^^")


def members(texts: Iterable[str]) -> str:
    """Write the members of an IN list; a comma would split a member, so it is refused."""
    escaped = [value(text) for text in texts]
    if not escaped or any("," in text or not text for text in escaped):
        raise ValueError("a list in a query needs members without commas")
    return ",".join(escaped)
