"""The Attachment API of the simulated ServiceNow.

https://www.servicenow.com/docs/r/api-reference/rest-apis/c_AttachmentAPI.html; record and `Location` as recorded from
an instance.
"""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from connectors.sandbox.servicenow import tables
from connectors.sandbox.servicenow.calls import Call, answer, form
from connectors.sandbox.servicenow.errors import SnowError, no_record
from connectors.sandbox.servicenow.files import Attachment
from connectors.sandbox.servicenow.instance import ServiceNowState
from connectors.sandbox.servicenow.query import Row, parse, run
from connectors.sandbox.servicenow.quirks import Kind

MOST_FILES = 1000  # sysparm_limit's default


class AttachmentApi:
    """The endpoints below `/api/now/attachment`."""

    def __init__(self, state: ServiceNowState) -> None:
        self.state = state

    def many(self, call: Call, _quirk: Kind | None = None) -> Response:
        """List attachments."""
        query = parse(call.query.get("sysparm_query", ""), lambda name: name in tables.COLUMNS["sys_attachment"])
        rows = [item.record for item in self.state.files.held.values() if self._visible(item, call.user)]
        nothing = self.state.switches.invalid_query_returns_no_rows
        found = run(query, rows, lambda row, name: row[name], invalid_returns_nothing=nothing)
        limit, offset = call.page(MOST_FILES)
        page = [_shown(row, call) for row in found[offset : offset + limit]]
        return answer({"result": page}, 200, form(call.headers), {"X-Total-Count": str(len(found))})

    def upload(self, call: Call, _quirk: Kind | None = None) -> Response:
        """Store a file from the raw body."""
        names = ("table_name", "table_sys_id", "file_name")
        if missing := [name for name in names if not call.query.get(name)]:
            raise SnowError(400, "Bad Request", f"Missing parameter {', '.join(missing)}")
        kind = call.headers.get("content-type")
        if not kind:
            raise SnowError(400, "Bad Request", "Content-Type is mandatory")
        if call.query["table_name"] not in tables.COLUMNS:
            raise SnowError(400, f"Invalid table {call.query['table_name']}")
        table, sys_id, name = (call.query[part] for part in names)
        record = self.state.files.attach(table, sys_id, name, kind, call.body, call.user)
        shown = _shown(record, call)
        return answer({"result": shown}, 201, form(call.headers), {"Location": shown["download_link"]})

    def single(self, call: Call, _quirk: Kind | None = None) -> Response:
        """Read, rename or delete an attachment's record."""
        item = self._held(call)
        if call.method == "DELETE":
            self.state.delete("sys_attachment", item.record["sys_id"])
            return Response(status_code=204)
        if call.method == "PATCH":
            self.state.files.rename(item.record["sys_id"], call.fields().get("file_name", ""), call.user)
        return answer({"result": _shown(item.record, call)}, 200, form(call.headers))

    def download(self, call: Call, _quirk: Kind | None = None) -> Response:
        """Return an attachment's bytes."""
        item = self._held(call)
        return Response(item.content, media_type=item.record["content_type"])

    def _held(self, call: Call) -> Attachment:
        item = self.state.files.held.get(call.path["sys_id"])
        if item is None or not self._visible(item, call.user):
            raise no_record()
        return item

    def _visible(self, item: Attachment, user: str) -> bool:
        table, sys_id = item.record["table_name"], item.record["table_sys_id"]
        target = self.state.records[table].get(sys_id)
        return target is not None and self.state.acl.visible(table, target, user)


def _shown(record: Row, call: Call) -> dict[str, Any]:
    return dict(record) | {"download_link": f"{call.api}/attachment/{record['sys_id']}/file"}
