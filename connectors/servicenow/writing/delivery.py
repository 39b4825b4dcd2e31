"""Makes one stored write once and verifies it, or finds that it was made."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import partial
from typing import Any

from connectors.desks import take_back_all_but_first, undone
from connectors.servicenow.answers import Record, Row, plain
from connectors.servicenow.client import ServiceNowClient
from connectors.servicenow.lookups import Lookups
from connectors.servicenow.reading.history import INTERNAL, PUBLIC
from connectors.servicenow.reading.journals import Journals
from connectors.servicenow.reading.tickets import changed
from connectors.servicenow.settings import ServiceNowSettings
from connectors.servicenow.writing import planning
from workflows.errors import Refused, Unexpected
from workflows.model import PlannedWrite, Receipt
from workflows.ports import Clock, Copies

UNDONE = undone("a rule of the instance", "tickets")


class Delivery:
    """Writes to the records of one instance; `after` is told the record of each change that was ours alone."""

    def __init__(
        self,
        client: ServiceNowClient,
        settings: ServiceNowSettings,
        lookups: Lookups,
        journals: Journals,
        clock: Clock,
        *,
        after: Callable[[str, Row], None],
    ) -> None:
        self._client, self._settings, self._clock = client, settings, clock
        self._lookups, self._journals, self._after = lookups, journals, after

    def find(self, table: str, sys_id: str, write: PlannedWrite) -> Receipt | None:
        """Look for a write: a file by name and hash, a note by its marker, a field change by its values."""
        if write.operation == "attach":
            return self._find_file(table, sys_id, write)
        fields = _texts(write.payload.get("fields"))
        if not {INTERNAL, PUBLIC} & fields.keys():
            wanted = self._with_people(table, write, fields)
            record = self._client.read("look for the change", table, sys_id, list(wanted))
            holds = all(plain(record.fields.get(name)) == text for name, text in wanted.items())
            return Receipt(at=self._clock.now(), request_id=record.request_id) if holds else None
        comment = self._journals.marked(table, sys_id, write.key)
        return Receipt(id=comment.id, at=comment.created) if comment else None

    def deliver(self, table: str, sys_id: str, key: str, write: PlannedWrite) -> Receipt:
        """Make a write; ServiceNow must afterwards show the values that were sent.

        The last writer wins: ServiceNow has no conditional write (no ETag in
        https://www.servicenow.com/docs/r/api-reference/rest-apis/c_TableAPI.html). So before a change of state or
        people it is read who has the ticket.
        """
        if write.operation == "attach":
            return self._attach(table, sys_id, write)
        if write.operation != "update":
            raise Refused(self._client.system, "write", f"the operation {write.operation!r} is not known")
        operation, known = f"update {key}", self._settings.tables[table]
        fields = self._with_people(table, write, _texts(write.payload.get("fields")))
        if {known.state_field, "assigned_to"} & fields.keys() and self._held_by_a_person(table, sys_id):
            if fields == {"assigned_to": ""}:  # only our own assignment was to be removed
                return Receipt(id=sys_id, at=self._clock.now())
            raise Refused(self._client.system, operation, "a person has taken the ticket in the meantime")
        echoed = [name for name in fields if name not in {INTERNAL, PUBLIC, known.close_notes_field}]
        record = self._client.patch(operation, table, sys_id, fields, [*echoed, "sys_updated_on", "sys_mod_count"])
        holder = self._holder(operation, known.group_field, fields, record, echoed)
        if stamp := _stamp_after(str(write.payload.get("seen", "")), record.fields):
            self._after(table, record.fields)
        receipt = Receipt(id=sys_id, at=self._clock.now(), request_id=record.request_id, stamp=stamp)
        return (
            receipt if holder is None else receipt.but(holder=holder, warning=UNDONE if fields["assigned_to"] else None)
        )

    def _holder(
        self, operation: str, group: str, asked: dict[str, str], record: Record, echoed: list[str]
    ) -> str | None:
        """Return whom a business or assignment rule gave the ticket to, if to somebody else than we did.

        Our claim or hand-over was made all the same. Raises `Refused` if any other value differs from what was sent.
        """
        holder, hands_over = None, group in asked
        for name in echoed:
            shown = plain(record.fields.get(name))
            if shown == asked[name]:
                continue
            if name == "assigned_to" and (asked[name] or (hands_over and shown != self._lookups.worker())):
                holder = shown
                continue
            detail = f"{name} was to be {asked[name]!r} and is {shown[:60]!r} after the change"
            raise Refused(self._client.system, operation, detail, request_id=record.request_id)
        return holder

    def take_back_copies(self, table: str, sys_id: str, write: PlannedWrite) -> Copies:
        """Remove all but the oldest file of a write; copies of a note are only counted.

        Inferred: no published role of an integration account may delete journal entries.
        """
        if write.operation != "attach":
            marked = [item.public for item in self._journals.of_ticket(table, sys_id) if item.marker == write.key]
            return Copies(found=len(marked) - len(set(marked)))
        rows = self._client.attachments("look for copies", table, sys_id, str(write.payload["name"]))
        same = [row for row in rows if _holds(row, write.content or b"")]
        same.sort(key=lambda row: (plain(row.get("sys_created_on")), plain(row.get("sys_id"))))
        ids = [plain(row.get("sys_id")) for row in same]
        return take_back_all_but_first(ids, partial(self._client.delete_attachment, "delete a duplicate file"))

    def _held_by_a_person(self, table: str, sys_id: str) -> bool:
        """Say whether the ticket is assigned to someone else; it may still change between this look and the write."""
        record = self._client.read("see who has the ticket", table, sys_id, ["assigned_to"])
        return plain(record.fields.get("assigned_to")) not in {"", self._lookups.worker()}

    def _attach(self, table: str, sys_id: str, write: PlannedWrite) -> Receipt:
        """Upload a file; the answer proves it by name and hash (recorded answers), else the list of files does."""
        operation, content = "attach the file", write.content or b""
        name, kind = str(write.payload["name"]), str(write.payload["content_type"])
        record = self._client.attach(operation, table, sys_id, name, kind, content)
        if all(plain(record.fields.get(column)) for column in ("table_sys_id", "file_name", "hash")):
            right = (record.fields["table_sys_id"], record.fields["file_name"]) == (sys_id, name)
            receipt = Receipt(id=plain(record.fields.get("sys_id")), at=self._clock.now())
            found = receipt if right and _holds(record.fields, content) else None
        else:
            with self._client.after_write(operation):
                found = self._find_file(table, sys_id, write)
        if found is None:
            detail = "the ticket does not show the file as it was sent: its name or hash differs"
            raise Unexpected(self._client.system, operation, detail, request_id=record.request_id)
        return found.but(request_id=record.request_id)

    def _find_file(self, table: str, sys_id: str, write: PlannedWrite) -> Receipt | None:
        """Look for a file by name and content; `hash` is its SHA-256 (verified on a recorded answer)."""
        content = write.content or b""
        for row in self._client.attachments("look for the file", table, sys_id, str(write.payload["name"])):
            if _holds(row, content):
                return Receipt(id=plain(row.get("sys_id")), at=self._clock.now())
        return None

    def _with_people(self, table: str, write: PlannedWrite, fields: dict[str, str]) -> dict[str, str]:
        """Replace the roles of account and group with their ids."""
        people = {}
        if role := write.payload.get("group"):
            name = self._settings.group_of(table, "" if role == planning.ESCALATION else str(role))
            people[self._settings.tables[table].group_field] = self._lookups.group(name)
        if write.payload.get("assign") == planning.WORKER:
            people["assigned_to"] = self._lookups.worker()
        if write.payload.get("assign") == planning.NOBODY:
            people["assigned_to"] = ""
        return fields | people


def _stamp_after(seen: str, record: Row) -> str | None:
    """Return the stamp after our change; `None` unless ours is the only one since the ticket was seen.

    Inferred: every change, by whomever, raises `sys_mod_count` by one. Business rules that change the ticket once more
    give no stamp either: it then counts as changed, and is read again.
    """
    before, after = seen.rpartition("/")[2], plain(record.get("sys_mod_count"))
    ours = before.isdecimal() and after.isdecimal() and int(after) == int(before) + 1
    return changed(record) if ours else None


def _holds(row: Row, content: bytes) -> bool:
    """Compare by hash, or by size while ServiceNow has not computed the hash."""
    shown = plain(row.get("hash"))
    return shown == hashlib.sha256(content).hexdigest() if shown else plain(row.get("size_bytes")) == str(len(content))


def _texts(fields: Any) -> dict[str, str]:
    return {str(name): str(text) for name, text in fields.items()} if isinstance(fields, dict) else {}
