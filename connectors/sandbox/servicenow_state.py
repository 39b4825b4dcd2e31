"""The simulated ServiceNow in memory: records, journals, tags and attachments, with the platform's own rules.

Every value is a string, every time UTC to the second, as the Table API has them.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from connectors.sandbox import servicenow_tables as tables
from connectors.sandbox.frame import Frame, Person, iso
from connectors.sandbox.servicenow_judge import Judge

Record = dict[str, str]
PENDING_FOR = timedelta(seconds=1)  # an attachment is "pending" at first and "available" a moment later


class SnowError(Exception):
    """A refusal, with ServiceNow's status and its two texts."""

    def __init__(self, status: int, message: str, detail: str = "") -> None:
        super().__init__(message)
        self.status, self.message, self.detail = status, message, detail


@dataclass
class Story:
    """What the Table API does not tell about a ticket, for the control server and the judge."""

    kind: str | None = None
    history: list[dict[str, Any]] = field(default_factory=list)
    untagged_at: datetime | None = None
    taken_at: datetime | None = None  # a person has it, and the worker did not hand it over


@dataclass
class Attachment:
    """A file on a record."""

    record: Record
    content: bytes
    created: datetime
    by: str


class ServiceNowState:
    """One instance. Methods take no lock: call them under `frame.lock`."""

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        self.records: dict[str, dict[str, Record]] = {name: {} for name in tables.COLUMNS}
        self.stories: dict[str, Story] = {}
        self.attachments: dict[str, Attachment] = {}
        self.invalid_query_returns_no_rows = False
        self.zone = timedelta(hours=-7)  # of the worker's account, in which display values show times
        self.largest_attachment = 1024 * 1024 * 1024
        self.extensions: set[str] | None = None
        self.judge = Judge(self)
        self._numbers = {table: first for table, (_, first) in tables.NUMBERS.items()}
        self._install()

    # -- what comes with the instance

    def _install(self) -> None:
        accounts = self.frame.credentials
        self.worker = self.insert(
            "sys_user", {"user_name": accounts.servicenow_user, "name": "Forcesync Service", "active": "true"}, "admin"
        )["sys_id"]
        for group in ("Service Desk", "Identity Operations", "Directory Services"):
            self.insert("sys_user_group", {"name": group, "active": "true"}, "admin")
        self.tag_id = self.insert(
            "label", {"name": tables.TAG, "viewable_by": "everyone", "active": "true", "owner": ""}, "admin"
        )["sys_id"]
        someone = self.insert("sys_user", {"user_name": "tag.owner@example.com", "name": "Tag Owner"}, "admin")[
            "sys_id"
        ]
        self.insert("label", {"name": tables.TAG, "viewable_by": "me", "active": "true", "owner": someone}, "admin")
        for codes in (tables.NEW_CLOSE_CODES, tables.OLD_CLOSE_CODES):
            for code in codes:
                choice = {
                    "name": "incident",
                    "element": "close_code",
                    "value": code,
                    "label": code,
                    "inactive": "false",
                }
                self.insert("sys_choice", choice, "admin")

    def add_person(self, person: Person) -> None:
        """Create an account whose user name and e-mail address are the login."""
        names = {"first_name": person.first_name, "last_name": person.last_name, "name": person.name}
        self.insert("sys_user", names | {"user_name": person.login, "email": person.login, "active": "true"}, "admin")

    # -- looking up

    def one(self, table: str, column: str, value: str) -> Record:
        """Return the first record with this value; `KeyError` if there is none."""
        for record in self.records[table].values():
            if record.get(column) == value:
                return record
        raise KeyError(f"no {table} with {column} {value!r}")

    def ticket(self, sys_id: str) -> tuple[str, Record]:
        """Return a ticket's table and record."""
        for table in tables.TASKS:
            if sys_id in self.records[table]:
                return table, self.records[table][sys_id]
        raise KeyError(f"no ticket {sys_id!r}")

    def tags(self, sys_id: str) -> list[str]:
        """Return the names of a ticket's tags that everyone may see."""
        ids = [row["label"] for row in self.records["label_entry"].values() if row["table_key"] == sys_id]
        return [self.records["label"][id]["name"] for id in ids if id in self.records["label"]]

    def visible(self, table: str, record: Record, user: str) -> bool:
        """Say whether an account may see a record: private tags and their entries belong to their owner alone."""
        if table == "label":
            owner = self.records["sys_user"].get(record.get("owner", ""), {})
            return record.get("viewable_by") == "everyone" or owner.get("user_name") == user
        if table == "label_entry":
            return self.visible("label", self.records["label"].get(record["label"], {}), user)
        return True

    def journal(self, sys_id: str, element: str | None = None) -> list[Record]:
        """Return a ticket's journal entries, oldest first."""
        rows = self.records["sys_journal_field"].values()
        return [row for row in rows if row["element_id"] == sys_id and element in {None, row["element"]}]

    def now(self) -> str:
        """Return the present time as the API writes it."""
        return self.frame.clock().strftime("%Y-%m-%d %H:%M:%S")

    # -- writing

    def insert(self, table: str, values: Record, by: str) -> Record:
        """Create a record."""
        stamp = {"sys_created_on": self.now(), "sys_created_by": by, "sys_updated_on": self.now(), "sys_updated_by": by}
        record = (
            dict.fromkeys(tables.COLUMNS[table], "") | stamp | {"sys_mod_count": "0", "sys_id": self.frame.hex_id()}
        )
        record |= {name: text for name, text in values.items() if name in tables.COLUMNS[table]}
        if table in tables.TASKS:
            prefix, _ = tables.NUMBERS[table]
            record |= {"number": f"{prefix}{self._numbers[table]:07d}", "sys_class_name": table, "active": "true"}
            record["state"] = record["state"] or "1"
            self._numbers[table] += 1
            self.stories[record["sys_id"]] = Story()
        self.records[table][record["sys_id"]] = record
        return record

    def update(self, table: str, sys_id: str, values: Record, by: str) -> Record:
        """Change a record by the platform's rules, whole or not at all; an empty string clears a column."""
        record = self.records[table].get(sys_id)
        if record is None:
            raise SnowError(404, "No Record found", "Record doesn't exist or ACL restricts the record retrieval")
        changes = {name: text for name, text in values.items() if name in tables.COLUMNS[table]}
        notes = {name: changes.pop(name) for name in tables.JOURNALS if changes.get(name)}
        changes = {name: text for name, text in changes.items() if name not in tables.JOURNALS}
        if table in tables.TASKS:
            changes = self._ruled(table, record, changes, notes, by)
            self.judge.before_update(table, record, changes, notes, by)
            self._remember(record, changes, by)
        record |= changes
        record |= {"sys_updated_on": self.now(), "sys_updated_by": by}
        record["sys_mod_count"] = str(int(record["sys_mod_count"]) + 1)
        for element, text in notes.items():
            self._write_journal(table, sys_id, element, text, by)
        return record

    def attach(self, table: str, sys_id: str, name: str, content_type: str, content: bytes, by: str) -> Record:
        """Store a file; the same name may stand there twice."""
        if sys_id not in self.records.get(table, {}):
            raise SnowError(404, "No Record found", "Record doesn't exist or ACL restricts the record retrieval")
        if len(content) > self.largest_attachment:
            raise SnowError(413, "Request Entity Too Large", "The file is larger than com.glide.attachment.max_size")
        if self.extensions is not None and name.rsplit(".", 1)[-1].lower() not in self.extensions:
            raise SnowError(403, "Forbidden", "The extension is not in glide.attachment.extensions")
        if table in tables.TASKS:
            self.judge.before_file(self.records[table][sys_id], name, content, by)
        values = {"file_name": name, "content_type": content_type, "size_bytes": str(len(content)), "state": "pending"}
        where = {"table_name": table, "table_sys_id": sys_id, "hash": hashlib.sha256(content).hexdigest()}
        record = self.insert("sys_attachment", values | where, by)
        self.attachments[record["sys_id"]] = Attachment(record, content, self.frame.clock(), by)
        return record

    def settle(self) -> None:
        """Let pending attachments become available."""
        for item in self.attachments.values():
            if item.record["state"] == "pending" and self.frame.clock() - item.created >= PENDING_FOR:
                item.record |= {"state": "available", "sys_mod_count": "1", "sys_updated_by": "system"}

    # -- rules of the platform

    def _ruled(self, table: str, record: Record, changes: Record, notes: Record, by: str) -> Record:
        changes = dict(changes)
        state = changes.get("state", record["state"])
        moved = state != record["state"]
        if state not in tables.STATES[table]:
            raise SnowError(403, "Operation Failed", f"{state} is not a state of {table}")
        if table == "incident":
            self._incident_rules(record, changes, notes, by, state=state, moved=moved)
        if moved:
            changes["active"] = "false" if state in tables.INACTIVE[table] else "true"
        group = changes.get("assignment_group")
        if group is not None and group != record["assignment_group"] and "assigned_to" not in changes:
            changes["assigned_to"] = ""
        return changes

    def _incident_rules(
        self, record: Record, changes: Record, notes: Record, by: str, *, state: str, moved: bool
    ) -> None:
        worker = by == self.frame.credentials.servicenow_user
        if record["state"] == "7" and changes:
            raise SnowError(403, "Operation Failed", "A closed incident cannot be changed")
        if moved and state == "7" and worker:
            self.frame.violate("servicenow", "incident closed", f"{record['number']} was set to Closed")
            raise SnowError(403, "Operation Failed", "Closing needs itil_admin")
        if moved and state == "6":
            code, words = (
                changes.get("close_code", record["close_code"]),
                changes.get("close_notes", record["close_notes"]),
            )
            if not code or not words:
                missing = "Resolution code" if not code else "Resolution notes"
                raise SnowError(
                    403, "Operation Failed", f"Data Policy Exception: The following fields are mandatory: {missing}"
                )
            if not any(
                row["value"] == code and row["element"] == "close_code" for row in self.records["sys_choice"].values()
            ):
                raise SnowError(403, "Operation Failed", f"{code} is not a resolution code")
            changes |= {"resolved_at": self.now(), "resolved_by": self.one("sys_user", "user_name", by)["sys_id"]}
        if moved and state == "3":
            reason = changes.get("hold_reason", "")
            if reason not in tables.HOLD_REASONS:
                raise SnowError(
                    403, "Operation Failed", "Data Policy Exception: The following fields are mandatory: On hold reason"
                )
            if reason == "1" and "comments" not in notes:
                raise SnowError(
                    403,
                    "Operation Failed",
                    "Data Policy Exception: The following fields are mandatory: Additional comments",
                )
        if moved and state != "3":
            changes.setdefault("hold_reason", "")
        if moved and record["state"] == "6" and state in {"1", "2"}:
            changes["reopen_count"] = str(int(record["reopen_count"] or "0") + 1)

    def _remember(self, record: Record, changes: Record, by: str) -> None:
        story = self.stories[record["sys_id"]]
        watched = {"state", "assigned_to", "assignment_group", "close_code"}
        for name in sorted(watched & changes.keys()):
            if changes[name] != record[name]:
                entry = {
                    "at": iso(self.frame.clock()),
                    "by": by,
                    "field": name,
                    "from": record[name],
                    "to": changes[name],
                }
                story.history.append(entry)
        if "assigned_to" in changes and changes["assigned_to"] != record["assigned_to"]:
            person = changes["assigned_to"] not in {"", self.worker}
            taken = person and by != self.frame.credentials.servicenow_user
            story.taken_at = self.frame.clock() if taken else None

    def _write_journal(self, table: str, sys_id: str, element: str, text: str, by: str) -> None:
        entry = {"element": element, "element_id": sys_id, "name": table, "value": text}
        self.insert("sys_journal_field", entry, by)
        record = self.records[table][sys_id]
        caller = self.records["sys_user"].get(record.get("caller_id", ""), {}).get("user_name")
        if element == "comments" and by == caller and record["state"] == "3" and record["hold_reason"] == "1":
            back = {"state": "2", "hold_reason": ""}
            self._remember(record, back, "system")
            record |= back
