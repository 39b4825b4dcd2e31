"""The Table API and the Attachment API over the simulated ServiceNow.

https://www.servicenow.com/docs/, "Table API", "Attachment API" and "REST API HTTP response codes".
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from connectors.sandbox import servicenow_tables as tables
from connectors.sandbox.servicenow_query import Row, parse, run
from connectors.sandbox.servicenow_state import Record, ServiceNowState, SnowError

Pure = Callable[["Call"], Response]
READ_ONLY = frozenset({"sys_choice", "sys_properties", "sys_journal_field", "sys_user", "sys_user_group", "label"})


class Call:
    """One authenticated request: its parameters, body and the account that makes it."""

    def __init__(self, request: Request, body: bytes, user: str) -> None:
        self.method = request.method
        self.path = request.path_params
        self.version = self.path.get("version", "")
        self.query = dict(request.query_params)
        self.headers = request.headers
        self.body = body
        self.user = user
        self.url = f"{request.url.scheme}://{request.url.netloc}{request.url.path}"

    def json(self) -> Record:
        """Return the body's fields as strings."""
        if "json" not in self.headers.get("content-type", ""):
            raise SnowError(415, "Unsupported Media Type", "Content-Type must be application/json")
        try:
            found = json.loads(self.body)
        except ValueError:
            raise SnowError(400, "Bad Request", "The body is not JSON") from None
        if not isinstance(found, dict):
            raise SnowError(400, "Bad Request", "One record per write")
        return {name: _text(value) for name, value in found.items()}

    def flag(self, name: str) -> bool:
        """Return a boolean parameter."""
        return self.query.get(name, "").lower() == "true"


class Api:
    """The endpoints."""

    def __init__(self, state: ServiceNowState) -> None:
        self.state = state

    def many(self, call: Call) -> Response:
        """List records, or create one."""
        table = self._table(call)
        if call.method == "POST":
            if table in READ_ONLY:
                raise SnowError(403, "Operation Failed", "ACL Exception Insert Failed due to security constraints")
            record = self.state.insert(table, call.json(), call.user)
            place = {"Location": f"{call.url}/{record['sys_id']}"}
            return _result(self._shown(table, record, call), status=201, headers=place)
        rows = self._find(table, call.query.get("sysparm_query", ""), call.user)
        limit, offset = _whole(call, "sysparm_limit", 10000), _whole(call, "sysparm_offset", 0)
        page = rows[offset : offset + limit]
        headers = {"X-Total-Count": str(len(rows))} if not call.flag("sysparm_no_count") else {}
        links = _links(call, limit, offset, len(rows))
        if links and not call.flag("sysparm_suppress_pagination_header"):
            headers["Link"] = links
        if not rows and call.version == "v1":
            raise SnowError(404, "No Record found", "Record doesn't exist or ACL restricts the record retrieval")
        return _result([self._shown(table, row, call) for row in page], headers=headers)

    def single(self, call: Call) -> Response:
        """Read, change or delete one record."""
        table, sys_id = self._table(call), call.path["sys_id"]
        record = self.state.records[table].get(sys_id)
        if record is None or not self.state.visible(table, record, call.user):
            raise SnowError(404, "No Record found", "Record doesn't exist or ACL restricts the record retrieval")
        if call.method == "GET":
            return _result(self._shown(table, record, call))
        if table in READ_ONLY:
            raise SnowError(403, "Operation Failed", "ACL Exception Update Failed due to security constraints")
        if call.method == "DELETE":
            if table != "label_entry":
                raise SnowError(403, "Operation Failed", "ACL Exception Delete Failed due to security constraints")
            del self.state.records[table][sys_id]
            return Response(status_code=204)
        record = self.state.update(table, sys_id, call.json(), call.user)
        if call.headers.get("x-no-response-body", "").lower() == "true":
            return Response(status_code=204)
        return _result(self._shown(table, record, call))

    def attachments(self, call: Call) -> Response:
        """List attachments."""
        rows = self._find("sys_attachment", call.query.get("sysparm_query", ""), call.user)
        limit, offset = _whole(call, "sysparm_limit", 1000), _whole(call, "sysparm_offset", 0)
        return _result([dict(row) for row in rows[offset : offset + limit]], headers={"X-Total-Count": str(len(rows))})

    def upload(self, call: Call) -> Response:
        """Store a file from the raw body."""
        for name in ("table_name", "table_sys_id", "file_name"):
            if not call.query.get(name):
                raise SnowError(400, "Bad Request", f"Missing parameter {name}")
        if not call.headers.get("content-type"):
            raise SnowError(400, "Bad Request", "Content-Type is mandatory")
        where = (call.query["table_name"], call.query["table_sys_id"], call.query["file_name"])
        record = self.state.attach(*where, call.headers["content-type"], call.body, call.user)
        return _result(dict(record), status=201)

    def attachment(self, call: Call) -> Response:
        """Read an attachment's record or bytes, or delete it."""
        item = self.state.attachments.get(call.path["sys_id"])
        if item is None:
            raise SnowError(404, "No Record found", "Record doesn't exist or ACL restricts the record retrieval")
        if call.method == "DELETE":
            del self.state.attachments[call.path["sys_id"]], self.state.records["sys_attachment"][call.path["sys_id"]]
            return Response(status_code=204)
        if call.url.endswith("/file"):
            return Response(item.content, media_type=item.record["content_type"])
        return _result(dict(item.record))

    def _table(self, call: Call) -> str:
        table = str(call.path["table"])
        if table not in tables.COLUMNS:
            raise SnowError(400, f"Invalid table {table}")
        return table

    def _find(self, table: str, query_text: str, user: str) -> list[Row]:
        def known(name: str) -> bool:
            first, _, rest = name.partition(".")
            if first == "sys_tags" and rest:
                return True
            if rest:
                return first in tables.REFERENCES and rest in tables.COLUMNS[tables.REFERENCES[first]]
            return name in tables.COLUMNS[table]

        rows = [row for row in self.state.records[table].values() if self.state.visible(table, row, user)]
        nothing = self.state.invalid_query_returns_no_rows
        return run(parse(query_text, known), rows, self._lookup, invalid_returns_nothing=nothing)

    def _lookup(self, row: Row, name: str) -> str:
        first, _, rest = name.partition(".")
        if first == "sys_tags" and rest:
            entries = self.state.records["label_entry"].values()
            tagged = any(item["table_key"] == row["sys_id"] and item["label"] == rest for item in entries)
            return rest if tagged else ""
        if rest:
            return self.state.records[tables.REFERENCES[first]].get(row.get(first, ""), {}).get(rest, "")
        return row.get(name, "")

    def _shown(self, table: str, record: Row, call: Call) -> dict[str, Any]:
        """Return a record in the display mode asked for; fields that do not exist are left out without a word."""
        wanted = [name for name in call.query.get("sysparm_fields", "").split(",") if name]
        names = wanted or sorted(tables.COLUMNS[table])
        mode = call.query.get("sysparm_display_value", "false").lower()
        bare = call.flag("sysparm_exclude_reference_link")
        shown = {}
        for name in names:
            first, _, rest = name.partition(".")
            if first not in tables.COLUMNS[table] or (rest and first not in tables.REFERENCES):
                continue
            if rest and rest not in tables.COLUMNS[tables.REFERENCES[first]]:
                continue
            shown[name] = self._cell(table, record, name, mode, bare=bare, base=call.url.split("/api/")[0])
        return shown

    def _cell(self, table: str, record: Row, name: str, mode: str, *, bare: bool, base: str) -> Any:
        value = self._lookup(record, name)
        column = name.rpartition(".")[2]
        reference = tables.REFERENCES.get(name) if value else None
        display = self._display(table, record, name, column, value)
        if name in tables.JOURNALS:
            value = ""
        link = {"link": f"{base}/api/now/table/{reference}/{value}"} if reference and not bare else {}
        if mode == "all":
            return {"display_value": display, "value": value} | link
        if mode == "true":
            return {"display_value": display} | link if link else display
        return {"value": value} | link if link else value

    def _display(self, table: str, record: Row, name: str, column: str, value: str) -> str:  # noqa: PLR0911  # a table
        if name in tables.JOURNALS:
            return self._history(record, name)
        if name == "sys_tags":
            return ", ".join(self.state.tags(record["sys_id"]))
        if reference := tables.REFERENCES.get(name):
            target = self.state.records[reference].get(value, {})
            return target.get(tables.DISPLAYED_BY.get(reference, "number"), "")
        if column in tables.TIMES and value:
            return self._local(value)
        if name == "state" and table in tables.STATES:
            return tables.STATES[table].get(value, value)
        if name == "hold_reason":
            return tables.HOLD_REASONS.get(value, "")
        return value

    def _history(self, record: Row, element: str) -> str:
        entries = []
        for row in reversed(self.state.journal(record["sys_id"], element)):
            users = (
                user for user in self.state.records["sys_user"].values() if user["user_name"] == row["sys_created_by"]
            )
            name = next(users, {"name": row["sys_created_by"]})["name"]
            head = f"{self._local(row['sys_created_on'])} - {name} ({tables.JOURNALS[element]})"
            entries.append(f"{head}\n{row['value']}\n\n")
        return "".join(entries)

    def _local(self, text: str) -> str:
        moment = datetime.strptime(text, "%Y-%m-%d %H:%M:%S") + self.state.zone  # noqa: DTZ007  # shifted by hand
        return moment.strftime("%Y-%m-%d %H:%M:%S")


def servicenow_app(state: ServiceNowState) -> Starlette:
    """Build the application."""
    api = Api(state)

    def wire(pure: Pure) -> Callable[[Request], Any]:
        async def endpoint(request: Request) -> Response:
            body = await request.body()
            with state.frame.lock:
                state.settle()
                response = _answer(state, pure, request, body)
            response.headers.update(_headers(state))
            return response

        return endpoint

    routes = []
    for prefix in ("/api/now", "/api/now/{version}"):
        routes += [
            Route(f"{prefix}/table/{{table}}", wire(api.many), methods=["GET", "POST"]),
            Route(f"{prefix}/table/{{table}}/{{sys_id}}", wire(api.single), methods=["GET", "PATCH", "PUT", "DELETE"]),
            Route(f"{prefix}/attachment", wire(api.attachments), methods=["GET"]),
            Route(f"{prefix}/attachment/file", wire(api.upload), methods=["POST"]),
            Route(f"{prefix}/attachment/{{sys_id}}", wire(api.attachment), methods=["GET", "DELETE"]),
            Route(f"{prefix}/attachment/{{sys_id}}/file", wire(api.attachment), methods=["GET"]),
        ]
    return Starlette(routes=routes)


def _answer(state: ServiceNowState, pure: Pure, request: Request, body: bytes) -> Response:
    user = _user(state, request)
    if user is None:
        words = {"message": "User Not Authenticated", "detail": "Required to provide Auth information"}
        wanted = {"WWW-Authenticate": 'BASIC realm="Service-now"'}
        return JSONResponse({"error": words, "status": "failure"}, 401, headers=wanted)
    if "json" not in request.headers.get("accept", "") and "*/*" not in request.headers.get("accept", "*/*"):
        return _error(SnowError(406, "Not Acceptable", "Only application/json is served here"))
    try:
        return pure(Call(request, body, user))
    except SnowError as error:
        return _error(error)


def _user(state: ServiceNowState, request: Request) -> str | None:
    kind, _, text = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "basic":
        return None
    try:
        user, _, password = base64.b64decode(text, validate=True).decode().partition(":")
    except ValueError:
        return None
    accounts = state.frame.credentials
    return user if (user, password) == (accounts.servicenow_user, accounts.servicenow_password) else None


def _error(error: SnowError) -> Response:
    words = {"message": error.message, "detail": error.detail}
    return JSONResponse({"error": words, "status": "failure"}, error.status)


def _result(result: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    return JSONResponse({"result": result}, status, headers=dict(headers or {}))


def _headers(state: ServiceNowState) -> dict[str, str]:
    return {"Server": "ServiceNow", "X-Transaction-ID": state.frame.hex_id(12), "X-Is-Logged-In": "true"}


def _links(call: Call, limit: int, offset: int, total: int) -> str:
    """Return the Link header as ServiceNow writes it: on the first page `prev` points before the start."""
    if limit <= 0 or total <= limit:
        return ""
    last = (total - 1) // limit * limit
    places = {"first": 0, "prev": offset - limit if offset else -1, "next": offset + limit, "last": last}
    shown = {rel: place for rel, place in places.items() if rel != "next" or place < total}
    links = []
    for rel, place in shown.items():
        query = urlencode(call.query | {"sysparm_offset": str(place), "sysparm_limit": str(limit)})
        links.append(f'<{call.url}?{query}>;rel="{rel}"')
    return ",".join(links)


def _whole(call: Call, name: str, default: int) -> int:
    text = call.query.get(name, "")
    return int(text) if text.isdigit() else default


def _text(value: Any) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)
