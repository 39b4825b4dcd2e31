"""The Table API of the simulated ServiceNow: find, read, create, update and delete records.

https://www.servicenow.com/docs/r/api-reference/rest-apis/c_TableAPI.html.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from functools import partial
from typing import Any

from starlette.responses import Response

from connectors.sandbox.servicenow import tables
from connectors.sandbox.servicenow.calls import JSON, Call, answer, form
from connectors.sandbox.servicenow.display import View
from connectors.sandbox.servicenow.errors import SnowError, no_record
from connectors.sandbox.servicenow.instance import ServiceNowState
from connectors.sandbox.servicenow.query import Query, Row, parse, ranges_of, run
from connectors.sandbox.servicenow.quirks import Kind, cancelled
from connectors.sandbox.servicenow.times import as_utc

_CANCELLED: tuple[Kind, ...] = ("cancelled", "cancelled_error_first", "cancelled_text")


class TableApi:
    """The endpoints below `/api/now/table`."""

    def __init__(self, state: ServiceNowState) -> None:
        self.state = state
        self._answers = 0

    def many(self, call: Call, quirk: Kind | None = None) -> Response:
        """List records, or create one."""
        table = self._table(call)
        if call.method == "POST":
            return self._create(table, call)
        view = View(self.state, table, call)
        rows = self._found(table, call, view)
        limit, offset = call.page()
        page = [row for row in rows[offset : offset + limit] if self.state.acl.visible(table, row, call.user)]
        headers = {} if call.flag("sysparm_no_count") else {"X-Total-Count": str(len(rows))}
        if not call.flag("sysparm_suppress_pagination_header") and (links := call.links(len(rows))):
            headers["Link"] = links
        if not rows and call.version == "v1":
            raise no_record()  # version 2 and the unversioned API answer with an empty list
        result: list[dict[str, Any]] = [view.shown(row) for row in page]
        if quirk in _CANCELLED:
            return answer(cancelled(quirk, result), 200, JSON)
        return answer({"result": result}, 200, form(call.headers), headers)

    def single(self, call: Call, quirk: Kind | None = None) -> Response:
        """Read, change or delete one record."""
        table, sys_id = self._table(call), call.path["sys_id"]
        record = self.state.records[table].get(sys_id)
        if record is None or not self.state.acl.visible(table, record, call.user):
            raise no_record()
        if call.method == "DELETE":
            self.state.acl.check_delete(table)
            self.state.delete(table, sys_id)
            return Response(status_code=204)
        if call.method != "GET":
            self.state.acl.check_update(table)
            self.state.update(table, sys_id, self._written(call), call.user)
            if call.silent():
                return Response(status_code=204)
        else:
            self.state.judge.read_well({sys_id})
        shown = View(self.state, table, call).shown(record)
        if quirk in _CANCELLED:
            return answer(cancelled(quirk, shown), 200, JSON)
        return answer({"result": shown}, 200, form(call.headers))

    def _create(self, table: str, call: Call) -> Response:
        self.state.acl.check_insert(table)
        record = self.state.insert(table, self._written(call), call.user)
        place = {"Location": f"{call.api}/table/{table}/{record['sys_id']}"}
        if call.silent():
            return Response(status_code=201, headers=place)
        return answer({"result": View(self.state, table, call).shown(record)}, 201, form(call.headers), place)

    def _table(self, call: Call) -> str:
        table = str(call.path["table"])
        if table not in tables.COLUMNS:
            raise SnowError(400, f"Invalid table {table}")
        self.state.acl.check_read(table)
        return table

    def _written(self, call: Call) -> dict[str, str]:
        fields = call.fields()
        if call.flag("sysparm_input_display_value"):
            zone = self.state.switches.zone
            return {name: as_utc(text, zone) if name in tables.TIMES else text for name, text in fields.items()}
        return fields

    def _found(self, table: str, call: Call, view: View) -> list[Row]:
        """Return the rows that match the call's query, visible or not: ACLs apply after paging."""
        switches = self.state.switches
        query = self._query(table, call)
        rows: Iterable[Row] = self.state.records[table].values()
        natural = None
        # With a stopped clock, a question and its answer share a second; in production they never do.
        in_time = table == "sys_journal_field" and query.order
        if switches.rows_in_any_order and not in_time:
            self._answers += 1
            natural = partial(_anywhere, self._answers)
        if any({name, f"{table}.{name}"} & switches.denied_ranges for name in ranges_of(query)):
            if switches.denied_range_answer == "refused":
                raise SnowError(403, "User Not Authorized", "Insufficient rights to query records")
            rows = []
        nothing = switches.invalid_query_returns_no_rows
        found = run(query, rows, view.lookup, invalid_returns_nothing=nothing, natural=natural)
        if table in tables.TASKS:
            ids = {row["sys_id"] for row in found}
            (self.state.judge.read_ill if query.invalid else self.state.judge.read_well)(ids)
        return found

    def _query(self, table: str, call: Call) -> Query:
        """Return the encoded query, or the column=value pairs of the URL."""

        def known(name: str) -> bool:
            return tables.known(table, name)

        if text := call.query.get("sysparm_query", ""):
            return parse(text, known, self.state.switches.zone)
        pairs = [(name, value) for name, value in call.query.items() if not name.startswith("sysparm_")]
        group = [[(name, "=", value)] for name, value in pairs if known(name)]
        return Query(groups=[group], invalid=sum(not known(name) for name, _ in pairs))


def _anywhere(answer: int, row: Row) -> int:
    return zlib.crc32(f"{row['sys_id']}{answer}".encode())
