"""The desk: discovery by tag, fresh reads, and writes that are verified by their echo."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

from connectors.servicenow import planning, reading
from connectors.servicenow.client import ServiceNowClient, value
from connectors.servicenow.settings import ServiceNowSettings
from workflows.errors import Misconfigured, Refused, Unexpected
from workflows.model import Comment, Intent, PlannedWrite, Receipt, Sighting, Ticket, TicketRef
from workflows.ports import Clock

BATCH = 50  # sys_ids in one query: well below the length at which instances cut URLs


class ServiceNowDesk:
    """Implements `TicketDesk`. A ticket's id is `table/sys_id`."""

    def __init__(self, name: str, settings: ServiceNowSettings, *, clock: Clock) -> None:
        self.name = name
        self._settings = settings
        self._clock = clock
        self._client = ServiceNowClient(name, settings, clock)
        self._ids: dict[tuple[str, str], str] = {}

    # -- settings

    def check(self) -> None:
        """Prove the account, the tag, the escalation group and the close codes."""
        self._worker()
        self._group()
        if not self._labels():
            detail = f"no shared tag named {self._settings.tag!r} is visible to {self._settings.user}"
            raise Misconfigured(self.name, "find the tag", detail)
        for table, settings in self._settings.tables.items():
            if settings.close_code is None:
                continue
            query = f"name={table}^element=close_code^inactive=false^ORDERBYsys_id"
            choices = self._client.records(
                "read the close codes", "sys_choice", query, ["sys_id", "name", "element", "value"]
            )
            known = {str(row.get("value")) for row in choices if row.get("element") == "close_code"}
            if settings.close_code not in known:
                allowed = ", ".join(sorted(known)) or "none that this account may read"
                detail = f"tables.{table}.close_code: found {settings.close_code!r}; the instance has: {allowed}"
                raise Misconfigured(self.name, "check the close code", detail)

    # -- discovery

    def tagged(self) -> Iterator[Sighting]:
        """Yield every open ticket with the tag; each record is checked again, for invalid queries are ignored there.

        https://www.servicenow.com/docs/, "Encoded query strings": unless `glide.invalid_query.returns_no_rows` is set,
        a part of a query that is not understood is dropped and the rest is run.
        """
        labels = self._labels()
        if not labels:
            detail = f"no shared tag named {self._settings.tag!r} is visible to {self._settings.user}"
            raise Misconfigured(self.name, "find the tag", detail)
        for table in self._settings.tables:
            entries = self._entries(labels, f"^table={table}")
            tagged_on = {
                str(row["table_key"]): str(row.get("sys_created_on")) for row in entries if row.get("table") == table
            }
            ids = sorted(key for key in tagged_on if key)
            for start in range(0, len(ids), BATCH):
                yield from self._open_ones(table, ids[start : start + BATCH], tagged_on)

    def _open_ones(self, table: str, ids: list[str], tagged_on: Mapping[str, str]) -> Iterator[Sighting]:
        done = self._settings.tables[table].done
        query = f"sys_idIN{','.join(ids)}^stateNOT IN{','.join(done)}^ORDERBYsys_id"
        fields = ["sys_id", "number", "state", "sys_updated_on", "sys_mod_count"]
        for row in self._client.records("read the tagged tickets", table, query, fields):
            sys_id = str(row.get("sys_id") or "")
            if sys_id not in tagged_on or str(row.get("state")) in done:
                continue
            stamp = f"{row.get('sys_updated_on')}/{row.get('sys_mod_count')}/{tagged_on[sys_id]}"
            yield Sighting(ref=self._ref(table, sys_id, str(row.get("number") or sys_id)), stamp=stamp)

    # -- reading

    def read(self, ref: TicketRef) -> Ticket:
        """Read a ticket with its tag, journals and relations."""
        table, sys_id = self._parts(ref)
        operation = "read the ticket"
        record = self._client.read(operation, table, sys_id, reading.fields_to_read(self._settings, table))
        entries = self._entries(self._labels(), f"^table={table}^table_key={sys_id}")
        times = [
            reading.moment(self.name, row.get("sys_created_on"))
            for row in entries
            if row.get("table_key") == sys_id and row.get("table") == table
        ]
        return reading.ticket_of(
            record.fields,
            ref=ref,
            settings=self._settings,
            table=table,
            tagged_at=max(times, default=None),
            comments=self._comments(table, sys_id),
            open_children=self._has_open_children(table, sys_id),
        )

    def _comments(self, table: str, sys_id: str) -> tuple[Comment, ...]:
        query = f"element_id={sys_id}^name={table}^elementINwork_notes,comments^ORDERBYsys_created_on"
        fields = ["sys_id", "element", "element_id", "value", "sys_created_on", "sys_created_by"]
        try:
            rows = [
                row
                for row in self._client.records("read the journals", "sys_journal_field", query, fields)
                if row.get("element_id") == sys_id
            ]
        except Refused:
            record = self._client.read("read the journals' text", table, sys_id, ["sys_id", "work_notes", "comments"])
            return reading.comments_from_history(record.fields, self._clock.now())
        return reading.comments_of(rows, self._settings, self.name)

    def _has_open_children(self, table: str, sys_id: str) -> bool:
        """Say whether resolving this incident would resolve others with it."""
        if table != "incident":
            return False
        query = f"parent_incident={sys_id}^active=true^ORDERBYsys_id"
        rows = self._client.records("look for children", table, query, ["sys_id", "parent_incident", "active"])
        return any(row.get("parent_incident") == sys_id and row.get("active") == "true" for row in rows)

    # -- writing

    def plan(self, ticket: Ticket, intent: Intent) -> tuple[PlannedWrite, ...]:
        """Render an intent: files, then notes and state in one PATCH."""
        return planning.plan(ticket, intent, self._settings)

    def find(self, ref: TicketRef, write: PlannedWrite) -> Receipt | None:
        """Look for a write: a file by name and hash, a note by its marker, a bare change by what it changes."""
        table, sys_id = self._parts(ref)
        if write.operation == "attach":
            return self._find_file(table, sys_id, write)
        fields = _texts(write.payload.get("fields"))
        if not {"work_notes", "comments"} & fields.keys():
            wanted = self._with_people(write, fields)
            record = self._client.read("look for the change", table, sys_id, ["sys_id", *wanted])
            stands = all(_plain(record.fields.get(name)) == text for name, text in wanted.items())
            return Receipt(at=self._clock.now(), request_id=record.request_id) if stands else None
        for comment in self._comments(table, sys_id):
            if comment.marker == write.key:
                return Receipt(id=comment.id, at=comment.created)
        return None

    def deliver(self, ref: TicketRef, write: PlannedWrite) -> Receipt:
        """Make one write; what ServiceNow echoes must be what was asked for."""
        table, sys_id = self._parts(ref)
        if write.operation == "attach":
            return self._attach(table, sys_id, write)
        if write.operation != "update":
            raise Refused(self.name, "write", f"the operation {write.operation!r} is not known")
        operation = f"update {ref.key}"
        fields = self._with_people(write, _texts(write.payload.get("fields")))
        echoed = [name for name in fields if name not in {"work_notes", "comments", "close_notes"}]
        record = self._client.patch(operation, table, sys_id, fields, echoed)
        for name in echoed:
            stands = _plain(record.fields.get(name))
            if stands != fields[name]:
                detail = f"{name} was to be {fields[name]!r} and is {stands!r} after the change"
                raise Refused(self.name, operation, detail, request_id=record.request_id)
        return Receipt(id=sys_id, at=self._clock.now(), request_id=record.request_id)

    def _attach(self, table: str, sys_id: str, write: PlannedWrite) -> Receipt:
        operation, content = "attach the file", write.content or b""
        name = str(write.payload["name"])
        record = self._client.attach(operation, table, sys_id, name, str(write.payload["content_type"]), content)
        if record.fields.get("hash") not in {None, "", hashlib.sha256(content).hexdigest()}:
            raise Unexpected(self.name, operation, "the file arrived changed: its hash differs")
        return Receipt(id=str(record.fields.get("sys_id")), at=self._clock.now(), request_id=record.request_id)

    def _find_file(self, table: str, sys_id: str, write: PlannedWrite) -> Receipt | None:
        wanted = hashlib.sha256(write.content or b"").hexdigest()
        for row in self._client.attachments("look for the file", table, sys_id, str(write.payload["name"])):
            if row.get("file_name") == write.payload["name"] and row.get("hash") == wanted:
                return Receipt(id=str(row.get("sys_id")), at=self._clock.now())
        return None

    def _with_people(self, write: PlannedWrite, fields: dict[str, str]) -> dict[str, str]:
        """Put the ids of account and group in the place of their roles."""
        people = {}
        if write.payload.get("group") == planning.ESCALATION:
            people["assignment_group"] = self._group()
        if write.payload.get("assign") == planning.WORKER:
            people["assigned_to"] = self._worker()
        if write.payload.get("assign") == planning.NOBODY:
            people["assigned_to"] = ""
        return fields | people

    # -- looking up

    def _worker(self) -> str:
        return self._one("sys_user", "user_name", self._settings.user, "find its own account")

    def _group(self) -> str:
        return self._one("sys_user_group", "name", self._settings.escalation_group, "find the escalation group")

    def _one(self, table: str, column: str, wanted: str, operation: str) -> str:
        if (table, wanted) not in self._ids:
            query = f"{column}={value(wanted)}^ORDERBYsys_id"
            rows = self._client.records(operation, table, query, ["sys_id", column])
            ids = [str(row["sys_id"]) for row in rows if row.get(column) == wanted]
            if len(ids) != 1:
                raise Misconfigured(
                    self.name, operation, f"one {table} with {column} {wanted!r} was expected, found {len(ids)}"
                )
            self._ids[table, wanted] = ids[0]
        return self._ids[table, wanted]

    def _labels(self) -> list[str]:
        """Return the ids of every tag of that name that the account may see; names ignore case."""
        query = f"name={value(self._settings.tag)}^active=true^ORDERBYsys_id"
        rows = self._client.records("find the tag", "label", query, ["sys_id", "name", "active"])
        wanted = self._settings.tag.casefold()
        return [
            self._client.checked("find the tag", str(row["sys_id"]))
            for row in rows
            if str(row.get("name")).casefold() == wanted
        ]

    def _entries(self, labels: list[str], where: str) -> list[Mapping[str, Any]]:
        if not labels:
            return []
        query = f"labelIN{','.join(labels)}{where}^ORDERBYsys_id"
        fields = ["sys_id", "label", "table", "table_key", "sys_created_on"]
        rows = self._client.records("read the tag's entries", "label_entry", query, fields)
        return [row for row in rows if row.get("label") in labels]

    def _parts(self, ref: TicketRef) -> tuple[str, str]:
        table, _, sys_id = ref.id.partition("/")
        if table not in self._settings.tables:
            raise Refused(self.name, "address the ticket", f"table {table[:40]!r} is not in the settings")
        return table, self._client.checked("address the ticket", sys_id)

    def _ref(self, table: str, sys_id: str, number: str) -> TicketRef:
        url = f"{self._settings.url.rstrip('/')}/nav_to.do?uri={table}.do?sys_id={sys_id}"
        return TicketRef(desk=self.name, id=f"{table}/{sys_id}", key=number, url=url)


def _texts(fields: Any) -> dict[str, str]:
    return {str(name): str(text) for name, text in fields.items()} if isinstance(fields, Mapping) else {}


def _plain(item: Any) -> str:
    return str(item.get("value") or "") if isinstance(item, Mapping) else str(item or "")
