"""Reads an instance's lists by encoded queries, page by page, so that none is cut short without an error."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

import structlog

from connectors.http.totals import Totals
from connectors.servicenow.answers import Row, plain
from connectors.servicenow.calls import ServiceNowCalls
from workflows.errors import NotAllowed, Refused, Unexpected

SYS_ID = re.compile(r"[0-9a-f]{32}")
MOST_PAGES = 500
_COUNT = re.compile(r"[0-9]{1,18}")


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


class ServiceNowLists:
    """Reads the lists of one instance as one account; threads may share it."""

    def __init__(self, calls: ServiceNowCalls, page_size: int) -> None:
        self._calls, self._page_size = calls, page_size
        self._system = calls.system
        self._totals = Totals(calls.system)
        self._by_offset: set[str] = set()  # tables on which range conditions are denied

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
                raise Unexpected(self._system, operation, "a record came without its sys_id")
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
            log.warning("lists are read by offset", system=self._system, text=why)

    def first(self, operation: str, table: str, query: str, fields: Sequence[str], limit: int = 1) -> list[Row]:
        """Return the first records of a query."""
        with self._calls.of_list(operation):
            answer = self._calls.resource(f"/table/{table}").get(
                query=query, fields=list(fields), limit=limit, exclude_reference_link=True
            )
            return self._calls.rows(operation, answer.all())

    def counted(self, operation: str, table: str, query: str, fields: Sequence[str]) -> tuple[list[Row], int | None]:
        """Return the first records of a query, and how many there are, hidden ones included, if the answer says so."""
        page = self._page(_Asked(operation, table, query, tuple(fields), "false"), query, 0)
        return page.rows, page.total

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
        with self._calls.of_list(asked.operation):
            answer = self._calls.resource(f"/table/{asked.table}").get(
                query=query,
                fields=list(asked.fields),
                limit=self._page_size,
                offset=offset,
                display_value="all" if asked.display == "all" else False,
                exclude_reference_link=True,
            )
            rows = self._calls.rows(asked.operation, answer.all())
            total, links = answer.headers.get("X-Total-Count"), answer.headers.get("Link")
        count = int(total) if total and _COUNT.fullmatch(total) else None
        return _Page(rows, count, offset + self._page_size < count if count is not None else _more(links))

    def _endless(self, operation: str) -> Unexpected:
        return Unexpected(self._system, operation, f"the list did not end within {MOST_PAGES} pages")


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
