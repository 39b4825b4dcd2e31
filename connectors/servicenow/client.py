"""The reads and writes of one instance's records; writes are planned and verified elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any

from connectors.http.transport import after_write
from connectors.servicenow.answers import Record, Row, plain
from connectors.servicenow.calls import ServiceNowCalls
from connectors.servicenow.lists import SYS_ID, ServiceNowLists, value
from connectors.servicenow.settings import ServiceNowSettings
from workflows.errors import Refused, Unexpected
from workflows.ports import Clock


class ServiceNowClient:
    """One instance as one account, with its lists; threads may share it."""

    def __init__(self, system: str, settings: ServiceNowSettings, clock: Clock) -> None:
        self.system = system
        self._calls = ServiceNowCalls(system, settings, clock)
        self.lists = ServiceNowLists(self._calls, settings.page_size)

    def read(self, operation: str, table: str, sys_id: str, fields: Sequence[str]) -> Record:
        """Read one record with values and display values; `Refused` if it is gone or hidden by an ACL."""
        with self._calls.operation(operation, write=False):
            resource = self._calls.resource(f"/table/{table}/{self.checked(operation, sys_id)}")
            answer = resource.get(fields=["sys_id", *fields], limit=1, display_value="all", exclude_reference_link=True)
            return self._record(operation, answer, sys_id)

    def attachments(self, operation: str, table: str, sys_id: str, name: str) -> list[Row]:
        """Return the attachments of that name on a record."""
        query = f"table_name={table}^table_sys_id={self.checked(operation, sys_id)}^file_name={value(name)}"
        with self._calls.of_list(operation):
            answer = self._calls.resource("/attachment").get(query=query, limit=100)
            rows = self._calls.rows(operation, answer.all())
        return [row for row in rows if row.get("table_sys_id") == sys_id and row.get("file_name") == name]

    def patch(self, operation: str, table: str, sys_id: str, fields: Mapping[str, str], echo: Sequence[str]) -> Record:
        """Change fields of one record, once; return the fields named by `echo` as they are after the change."""
        with self._calls.operation(operation, write=True):
            resource = self._calls.resource(f"/table/{table}/{self.checked(operation, sys_id)}")
            params = {"sysparm_fields": ",".join(("sys_id", *echo)), "sysparm_exclude_reference_link": "true"}
            resource.parameters.add_custom(params)
            return self._record(operation, resource.request("PATCH", json=dict(fields)), sys_id)

    def attach(self, operation: str, table: str, sys_id: str, name: str, content_type: str, content: bytes) -> Record:
        """Upload a file to a record, once."""
        with self._calls.operation(operation, write=True):
            resource = self._calls.resource("/attachment/file")
            where = {"table_name": table, "table_sys_id": self.checked(operation, sys_id), "file_name": name}
            resource.parameters.add_custom(where)
            answer = resource.request("POST", headers={"Content-Type": content_type}, data=content)
            return self._record(operation, answer, None)

    def delete_attachment(self, operation: str, sys_id: str) -> None:
        """Delete one attachment."""
        with self._calls.operation(operation, write=True):
            self._calls.resource(f"/attachment/{self.checked(operation, sys_id)}").request("DELETE")

    def after_write(self, operation: str) -> AbstractContextManager[None]:
        """Turn a failed verification of a write into `Uncertain`: the write may have been made."""
        return after_write(self.system, operation)

    def checked(self, operation: str, sys_id: str) -> str:
        """Return a sys_id that is safe in a path or query."""
        if not SYS_ID.fullmatch(sys_id):
            raise Refused(self.system, operation, f"{sys_id[:40]!r} is not a sys_id")
        return sys_id

    def _record(self, operation: str, answer: Any, asked: str | None) -> Record:
        request_id = answer.headers.get("X-Transaction-ID")
        (record,) = self._calls.rows(operation, [answer.one()])
        if asked is not None and plain(record.get("sys_id")) != asked:
            raise Unexpected(
                self.system, operation, "another record was returned than the requested one", request_id=request_id
            )
        return Record(record, request_id)
