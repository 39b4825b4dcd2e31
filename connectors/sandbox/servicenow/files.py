"""Attachments of the simulated ServiceNow: pending at first, available a moment later, identified by their id only.

https://www.servicenow.com/docs/r/api-reference/rest-apis/c_AttachmentAPI.html; states, columns and the SHA-256 `hash`
as recorded from instances.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from connectors.sandbox.servicenow import tables
from connectors.sandbox.servicenow.acl import Acl
from connectors.sandbox.servicenow.errors import SnowError, no_record
from connectors.sandbox.servicenow.records import Record
from connectors.sandbox.servicenow.writing import WritableRecords

PENDING_FOR = timedelta(seconds=1)


@dataclass
class Attachment:
    """A file on a record."""

    record: Record
    content: bytes
    created: datetime
    by: str


class Files:
    """All attachments by sys_id; their records are also in the table `sys_attachment`."""

    def __init__(self, records: WritableRecords, acl: Acl) -> None:
        self._records, self._acl = records, acl
        self.held: dict[str, Attachment] = {}
        self._pending: list[Attachment] = []

    def attach(self, table: str, sys_id: str, name: str, content_type: str, content: bytes, by: str) -> Record:
        """Store a file; names may repeat."""
        records, switches = self._records, self._records.switches
        target = records.records.get(table, {}).get(sys_id)
        if target is None or not self._acl.visible(table, target, by):
            raise no_record()
        if len(content) > switches.largest_attachment:
            # Inferred: the documentation names the property but no status.
            raise SnowError(413, "Request Entity Too Large", "The file is larger than com.glide.attachment.max_size")
        if switches.extensions is not None and name.rpartition(".")[2].lower() not in switches.extensions:
            raise SnowError(403, "Forbidden", "The extension is not in glide.attachment.extensions")  # inferred status
        if table in tables.TASKS:
            records.judge.before_file(target, name, content, by)
        values = {"file_name": name, "content_type": content_type, "state": "pending", "compressed": "true"}
        values |= {"size_bytes": str(len(content)), "size_compressed": str(len(content)), "chunk_size_bytes": "700000"}
        where = {"table_name": table, "table_sys_id": sys_id, "hash": hashlib.sha256(content).hexdigest()}
        record = records.insert("sys_attachment", values | where, by)
        self.held[record["sys_id"]] = taken = Attachment(record, content, records.frame.clock(), by)
        self._pending.append(taken)
        return record

    def of(self, sys_id: str) -> list[Attachment]:
        """Return a record's files, oldest first."""
        return [item for item in self.held.values() if item.record["table_sys_id"] == sys_id]

    def rename(self, sys_id: str, name: str, by: str) -> None:
        """Rename a file."""
        self._records.update("sys_attachment", sys_id, {"file_name": name}, by)

    def settle(self) -> None:
        """Make pending files available, as the platform does as the user `system`."""
        now = self._records.frame.clock()
        for item in self._pending:
            if now - item.created >= PENDING_FOR:
                stamp = {"sys_mod_count": "1", "sys_updated_by": "system", "sys_updated_on": self._records.now()}
                item.record |= {"state": "available"} | stamp
        self._pending = [item for item in self._pending if item.record["state"] == "pending"]
