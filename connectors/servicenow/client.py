"""Wraps pysnow, which builds URLs and parameters and parses results; all rules are in the session that it is given.

pysnow 0.7.17 leaks parameters between calls on one Resource, has no paging and no PATCH, and ignores errors that come
beside a result (https://github.com/rbw/pysnow). So each call gets a Resource of its own, and the session cleans the
parameters, checks every answer and never retries a write.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Literal, NamedTuple
from urllib.parse import urlsplit

import structlog

from connectors.http import Timeouts, Totals, Transport, after_write, of_the_system
from connectors.servicenow.answers import Record, Row, plain, right_for
from connectors.servicenow.calls import GovernedCalls
from connectors.servicenow.credentials import credential, credential_setting
from connectors.servicenow.settings import ServiceNowSettings
from workflows.errors import NotAllowed, Refused, Unexpected
from workflows.ports import Clock

with warnings.catch_warnings():  # it misses a library that guesses files' types; ours go up with their own
    warnings.filterwarnings("ignore", message=".*magic", category=UserWarning)
    import pysnow
    from pysnow.exceptions import PysnowException

SYS_ID = re.compile(r"[0-9a-f]{32}")
MOST_PAGES = 500


class _Asked(NamedTuple):
    """One list that is read page by page."""

    operation: str
    table: str
    query: str
    fields: tuple[str, ...]
    display: str


class _Page(NamedTuple):
    """One page, the total of its query, and whether more follows it; `None` where the answer does not say."""

    rows: list[Row]
    total: int | None
    more: bool | None


class ServiceNowClient:
    """One instance as one account; threads may share it."""

    def __init__(self, system: str, settings: ServiceNowSettings, clock: Clock) -> None:
        self.system = system
        self._page_size = settings.page_size
        self._totals = Totals(system)
        self._by_offset: set[str] = set()  # tables on which range conditions are denied
        self._transport = self._new_transport(settings, clock, "/api/now/table/sys_user?sysparm_limit=1")
        self._transport.session.auth = credential(system, settings, clock, self._new_transport(settings, clock))
        self._transport.right_for = right_for
        parts = urlsplit(settings.url)
        session = GovernedCalls(self._transport)
        self._library = pysnow.Client(host=parts.netloc, use_ssl=parts.scheme == "https", session=session)

    def _new_transport(self, settings: ServiceNowSettings, clock: Clock, canary: str = "") -> Transport:
        return Transport(
            self.system,
            settings.url,
            clock=clock,
            network=settings.network(Timeouts(settings.connect_timeout, settings.read_timeout)),
            request_id_headers=("X-Transaction-ID",),
            credential_setting=credential_setting(self.system, settings),
            canary=canary,
        )

    # -- reading

    def records(
        self,
        operation: str,
        table: str,
        query: str,
        fields: Sequence[str],
        display: Literal["false", "all"] = "false",
        *,
        held: bool = True,
    ) -> Iterator[Row]:
        """Yield every record of a query; each page starts after the last sys_id, so that shifting rows do no harm.

        A page may be short or empty although more records follow, because the limit is applied before access rules
        (https://www.servicenow.com/docs/r/api-reference/rest-apis/c_TableAPI.html). So the total decides where the list
        ends. Query ACLs may deny the condition `sys_id>` or the order; what such a query answers is not documented. So
        a list whose next page is refused, or that lacks more of its total than before, is read again by offset. With
        `held` false, hidden rows are usual.
        """
        asked = _Asked(operation, table, query, tuple(dict.fromkeys(("sys_id", *fields))), display)
        known, last, offset, total = set[str](), "", 0, None
        by_offset = table in self._by_offset
        for _ in range(MOST_PAGES):
            behind = "" if by_offset else last
            page = self._page_behind(asked, behind, offset)
            if page is None:
                by_offset, offset = True, 0
                continue
            ids = [plain(row.get("sys_id")) for row in page.rows]
            if not all(ids):
                raise Unexpected(self.system, operation, "a record came without its sys_id")
            fresh = [row for row, sys_id in zip(page.rows, ids, strict=True) if sys_id not in known]
            yield from fresh
            known.update(ids)
            total = total if behind or not held else page.total
            if by_offset and fresh and last:
                self.read_by_offset(table)
            if page.more or (page.more is None and fresh):
                last, offset = (max(ids), 0) if fresh and not by_offset else (last, offset + self._page_size)
            elif by_offset or not last or not self._totals.newly_short(operation, table, len(known), total):
                break
            else:
                by_offset, offset = True, 0
        else:
            raise self._endless(operation)
        self._totals.hold(operation, table, len(known), total)

    def journal(self, operation: str, table: str, query: str, fields: Sequence[str]) -> Iterator[Row]:
        """Yield every record in order of creation; for append-only tables."""
        asked, came = _Asked(operation, table, f"{query}^ORDERBYsys_created_on", ("sys_id", *fields), "false"), 0
        for number in range(MOST_PAGES):
            page = self._page(asked, asked.query, number * self._page_size)
            yield from page.rows
            came += len(page.rows)
            if page.more is False or (page.more is None and not page.rows):
                self._totals.hold(operation, table, came, page.total)
                return
        raise self._endless(operation)

    def newest(self, operation: str, table: str, query: str, by: str, fields: Sequence[str]) -> Iterator[Row]:
        """Yield records with display values, newest first by a time, page by page; one that shifts may be left out."""
        asked = _Asked(operation, table, f"{query}^ORDERBYDESC{by}^ORDERBYsys_id", ("sys_id", *fields), "all")
        for number in range(MOST_PAGES):
            page = self._page(asked, asked.query, number * self._page_size)
            yield from page.rows
            if page.more is False or (page.more is None and not page.rows):
                return
        raise self._endless(operation)

    def try_range(self, table: str) -> None:
        """Find out whether the account may use range conditions on a table; two records are enough to see it."""
        operation = "try a range condition"
        two = self.first(operation, table, "ORDERBYsys_id", ["sys_id"], 2)
        if len(two) == len(("one", "behind it")):
            behind = _Asked(operation, table, "", ("sys_id",), "false")
            try:
                denied = not self._page(behind, _behind(behind, min(plain(row.get("sys_id")) for row in two)), 0).rows
            except (Refused, NotAllowed):
                denied = True  # what it asks for can be read otherwise, as has just been seen
            if denied:
                self.read_by_offset(table)

    def read_by_offset(self, table: str) -> None:
        """Read a table's lists by offset from now on, and log it once."""
        if table not in self._by_offset:
            self._by_offset.add(table)
            why = f"{table} shows this account nothing for `sys_id>`: a query ACL (query_range) denies it"
            log = structlog.get_logger("forcesync.servicenow")
            log.warning("lists are read by offset", system=self.system, text=why)

    def first(self, operation: str, table: str, query: str, fields: Sequence[str], limit: int = 1) -> list[Row]:
        """Return the first records of a query."""
        with self._of_list(operation):
            answer = self._library.resource(api_path=f"/table/{table}").get(
                query=query, fields=list(fields), limit=limit, exclude_reference_link=True
            )
            return self._rows(operation, answer.all())

    def counted(self, operation: str, table: str, query: str, fields: Sequence[str]) -> tuple[list[Row], int | None]:
        """Return the first records of a query, and how many there are, hidden ones included, if the answer says so."""
        page = self._page(_Asked(operation, table, query, tuple(fields), "false"), query, 0)
        return page.rows, page.total

    def read(self, operation: str, table: str, sys_id: str, fields: Sequence[str]) -> Record:
        """Read one record with values and display values; `Refused` if it is gone or hidden by an ACL."""
        with self.operation(operation, write=False):
            resource = self._library.resource(api_path=f"/table/{table}/{self.checked(operation, sys_id)}")
            answer = resource.get(fields=["sys_id", *fields], limit=1, display_value="all", exclude_reference_link=True)
            return self._record(operation, answer, sys_id)

    def attachments(self, operation: str, table: str, sys_id: str, name: str) -> list[Row]:
        """Return the attachments of that name on a record."""
        query = f"table_name={table}^table_sys_id={self.checked(operation, sys_id)}^file_name={value(name)}"
        with self._of_list(operation):
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
    def _of_list(self, operation: str) -> Iterator[None]:
        """Name a read of a list, whose refusal concerns no record: the account may not read the table."""
        try:
            with self.operation(operation, write=False):
                yield
        except Refused as error:
            raise of_the_system(error) from error

    def after_write(self, operation: str) -> AbstractContextManager[None]:
        """Turn a failed verification of a write into `Uncertain`: the write may have been made."""
        return after_write(self.system, operation)

    def checked(self, operation: str, sys_id: str) -> str:
        """Return a sys_id that is safe in a path or query."""
        if not SYS_ID.fullmatch(sys_id):
            raise Refused(self.system, operation, f"{sys_id[:40]!r} is not a sys_id")
        return sys_id

    # -- internals

    def _page_behind(self, asked: _Asked, last: str, offset: int) -> _Page | None:
        """Return the page behind a sys_id; `None` if the table proves to deny that condition."""
        try:
            return self._page(asked, _behind(asked, last), offset)
        except (Refused, NotAllowed):
            if last:
                self.try_range(asked.table)
            if not last or asked.table not in self._by_offset:
                raise
            return None

    def _page(self, asked: _Asked, query: str, offset: int) -> _Page:
        with self._of_list(asked.operation):
            answer = self._library.resource(api_path=f"/table/{asked.table}").get(
                query=query,
                fields=list(asked.fields),
                limit=self._page_size,
                offset=offset,
                display_value="all" if asked.display == "all" else False,
                exclude_reference_link=True,
            )
            rows = self._rows(asked.operation, answer.all())
            total, links = answer.headers.get("X-Total-Count"), answer.headers.get("Link")
        count = int(total) if total and total.isdigit() else None
        return _Page(rows, count, offset + self._page_size < count if count is not None else _more(links))

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


def _behind(asked: _Asked, last: str) -> str:
    """Return a list's query behind a sys_id, in the order of sys_ids."""
    return f"{asked.query}{f'^sys_id>{value(last)}' if last else ''}^ORDERBYsys_id".removeprefix("^")


def _more(links: str | None) -> bool | None:
    return 'rel="next"' in links if links else None


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
