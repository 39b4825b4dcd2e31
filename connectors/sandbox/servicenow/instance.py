"""The simulated ServiceNow in memory: its records, and how the platform writes them.

Every value is a string, every time UTC to the second, as the Table API has them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from connectors.sandbox.servicenow import choices, rules, tables
from connectors.sandbox.servicenow.acl import Acl
from connectors.sandbox.servicenow.auth import Accounts
from connectors.sandbox.servicenow.errors import no_record
from connectors.sandbox.servicenow.files import Files
from connectors.sandbox.servicenow.judge import Judge
from connectors.sandbox.servicenow.quirks import Quirks
from connectors.sandbox.servicenow.slas import ServiceNowSlas
from connectors.sandbox.servicenow.switches import Switches
from connectors.sandbox.wire.frame import Frame, Person, iso

Record = dict[str, str]
_WATCHED = {"state", "assigned_to", "assignment_group", "close_code", "hold_reason", "priority"}
_WATCHED |= {"stage", "support_group", "outcome"}


@dataclass
class Story:
    """What the Table API does not tell about a ticket, for the control server and the judge."""

    kind: str | None = None
    history: list[dict[str, Any]] = field(default_factory=list)
    untagged_at: datetime | None = None
    taken_at: datetime | None = None  # a person has it, and the worker did not hand it over


class ServiceNowState:
    """One instance. Methods take no lock: call them under `frame.lock`."""

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        self.instance_id = frame.hex_id()
        self.switches = Switches()
        self.quirks = Quirks()
        self.records: dict[str, dict[str, Record]] = {name: {} for name in tables.COLUMNS}
        self.stories: dict[str, Story] = {}
        self.judge = Judge(self)
        self.acl = Acl(self)
        self.files = Files(self)
        self.slas = ServiceNowSlas(self)
        self.accounts = Accounts(self)
        self._numbers = {table: first for table, (_, first) in tables.NUMBERS.items()}
        self._install()

    # -- what comes with the instance

    def _install(self) -> None:
        accounts = self.frame.credentials
        self.worker = self._user(accounts.servicenow_user, "Forcesync Service")
        for group in ("Service Desk", "Identity Operations", "Directory Services"):
            self.insert("sys_user_group", {"name": group, "active": "true"}, "admin")
        self.tag_id = self.add_label(tables.TAG)
        self.private_tag_id = self.add_label(tables.TAG, owner=self._user("tag.owner@example.com", "Tag Owner"))
        self.offer_close_codes("both")

    def offer_close_codes(self, which: Literal["new", "old", "both"]) -> None:
        """Set which close codes the instance has; an upgraded one may still hold the others, inactive."""
        active = {
            "new": {*choices.NEW_CLOSE_CODES},
            "old": {*choices.OLD_CLOSE_CODES},
            "both": {*choices.NEW_CLOSE_CODES, *choices.OLD_CLOSE_CODES},
        }[which]
        self.records["sys_choice"].clear()
        for code in (*choices.NEW_CLOSE_CODES, *choices.OLD_CLOSE_CODES):
            inactive = "false" if code in active else "true"
            names = {"name": "incident", "element": "close_code", "language": "en", "inactive": inactive}
            self.insert("sys_choice", names | {"value": code, "label": code}, "admin")
        for table, column, offered in choices.OFFERED:
            names = {"name": table, "element": column, "language": "en", "inactive": "false"}
            for code, label in offered.items():
                self.insert("sys_choice", names | {"value": code, "label": label}, "admin")

    def add_label(self, name: str, *, owner: str = "") -> str:
        """Create a tag and return its sys_id; with an owner it is private, and may share its name with others."""
        values = {"name": name, "owner": owner, "viewable_by": "me" if owner else "everyone", "active": "true"}
        return self.insert("label", values, "admin")["sys_id"]

    def add_person(self, person: Person) -> None:
        """Create an account whose user name and e-mail address are the login."""
        names = {"first_name": person.first_name, "last_name": person.last_name, "email": person.login}
        self._user(person.login, person.name, **names)

    def _user(self, user_name: str, name: str, **more: str) -> str:
        values = {"user_name": user_name, "name": name, "active": "true"}
        return self.insert("sys_user", values | more, "admin")["sys_id"]

    # -- looking up

    def one(self, table: str, column: str, value: str) -> Record:
        """Return the first record with this value; `KeyError` if there is none."""
        for record in self.records[table].values():
            if record.get(column) == value:
                return record
        raise KeyError(f"no {table} with {column} {value!r}")

    def user_id(self, user_name: str) -> str:
        """Return an account's sys_id; empty for the platform itself."""
        found = (row["sys_id"] for row in self.records["sys_user"].values() if row["user_name"] == user_name)
        return next(found, "")

    def ticket(self, sys_id: str) -> tuple[str, Record]:
        """Return a ticket's table and record."""
        for table in tables.TASKS:
            if sys_id in self.records[table]:
                return table, self.records[table][sys_id]
        raise KeyError(f"no ticket {sys_id!r}")

    def tags(self, sys_id: str, user: str | None = None) -> list[str]:
        """Return the names of a ticket's active tags that everyone, or an account, may see."""
        ids = [row["label"] for row in self.records["label_entry"].values() if row["table_key"] == sys_id]
        labels = [self.records["label"][id] for id in ids if id in self.records["label"]]
        return [
            label["name"]
            for label in labels
            if label["active"] == "true" and self.acl.visible("label", label, user or "nobody")
        ]

    def close_codes(self) -> set[str]:
        """Return the close codes that the instance offers."""
        rows = [row for row in self.records["sys_choice"].values() if row["element"] == "close_code"]
        return {row["value"] for row in rows if row["inactive"] == "false"}

    def journal(self, sys_id: str, *elements: str) -> list[Record]:
        """Return a ticket's journal entries of these elements, by default of all, oldest first."""
        rows = [row for row in self.records["sys_journal_field"].values() if row["element_id"] == sys_id]
        return [row for row in rows if not elements or row["element"] in elements]

    def now(self) -> str:
        """Return the present time as the API writes it."""
        return self.frame.clock().strftime("%Y-%m-%d %H:%M:%S")

    def settle(self) -> None:
        """Let happen what time alone brings about."""
        self.files.settle()
        self.slas.settle()

    # -- writing

    def insert(self, table: str, values: Record, by: str) -> Record:
        """Create a record; journal texts of a ticket become entries."""
        stamp = {"sys_created_on": self.now(), "sys_created_by": by, "sys_updated_on": self.now(), "sys_updated_by": by}
        stamp |= {"sys_id": self.frame.hex_id(), "sys_mod_count": "0"}
        columns = tables.COLUMNS[table]
        record = dict.fromkeys(columns, "") | {name: text for name, text in stamp.items() if name in columns}
        given = {name: text for name, text in values.items() if name in columns - tables.KEPT_BY_THE_PLATFORM}
        notes = {name: given.pop(name) for name in tables.JOURNALS if name in columns and name in given}
        if table in tables.TASKS:
            usual = {name: text for name, text in tables.USUAL_TASK.items() if name in columns}
            record |= usual | {"sys_class_name": table, "active": "true", "state": "1"}
            record[tables.state_of(table)] = choices.FIRST[table]
        record |= {name: text for name, text in given.items() if text or name not in record}
        if table in tables.NUMBERS:
            record["number"] = f"{tables.NUMBERS[table][0]}{self._numbers[table]:07d}"
            self._numbers[table] += 1
        if table in tables.TASKS:
            record |= {"priority": rules.prioritise(record), "task_effective_number": record["number"]}
            self.stories[record["sys_id"]] = Story()
        if table == "incident":
            record["incident_state"] = record["state"]
        self.records[table][record["sys_id"]] = record
        for element, text in notes.items():
            self._write_journal(table, record, element, text, by)
        rules.follow(self, table, record, {"state": record.get("state", "")})
        return record

    def update(self, table: str, sys_id: str, values: Record, by: str) -> Record:
        """Change a record by the platform's rules, whole or not at all; an empty string clears a column."""
        record = self.records[table].get(sys_id)
        if record is None:
            raise no_record()
        mine = tables.COLUMNS[table] - tables.KEPT_BY_THE_PLATFORM
        changes = {name: text for name, text in values.items() if name in mine}
        notes = {name: text for name in tables.JOURNALS if (text := changes.pop(name, ""))}
        before = dict(record)
        if table in tables.TASKS:
            changes = rules.ruled(self, table, record, changes, notes, by)
            self.judge.before_update(table, record, changes, notes, by)
            self._remember(record, changes, by)
        record |= changes | {"sys_updated_on": self.now(), "sys_updated_by": by}
        record["sys_mod_count"] = str(int(record["sys_mod_count"]) + 1)
        for element, text in notes.items():
            self._write_journal(table, record, element, text, by)
        rules.follow(self, table, record, before)
        return record

    def delete(self, table: str, sys_id: str) -> None:
        """Take a record away, a file with its bytes."""
        del self.records[table][sys_id]
        self.files.held.pop(sys_id, None)

    def tag(self, sys_id: str, label_id: str, by: str) -> Record:
        """Put a tag on a ticket: a record of `label_entry`, which leaves the ticket itself as it was."""
        table, record = self.ticket(sys_id)
        title = f"{table} - {record['number']}"
        return self.insert("label_entry", {"label": label_id, "table": table, "table_key": sys_id, "title": title}, by)

    def add_variable(self, item_id: str, name: str, value: str) -> None:
        """Give a requested item a catalogue variable: three records, of which the middle one holds the value."""
        questions = (row["sys_id"] for row in self.records["item_option_new"].values() if row["name"] == name)
        text = {"name": name, "question_text": name.replace("_", " ").capitalize()}
        question = next(questions, None) or self.insert("item_option_new", text, "admin")["sys_id"]
        option = self.insert("sc_item_option", {"item_option_new": question, "value": value}, "admin")
        self.insert("sc_item_option_mtom", {"request_item": item_id, "sc_item_option": option["sys_id"]}, "admin")

    def _remember(self, record: Record, changes: Record, by: str) -> None:
        story = self.stories[record["sys_id"]]
        for name in sorted(_WATCHED & changes.keys()):
            if changes[name] != record[name]:
                places = {"field": name, "from": record[name], "to": changes[name]}
                story.history.append({"at": iso(self.frame.clock()), "by": by} | places)
        if "assigned_to" in changes and changes["assigned_to"] != record["assigned_to"]:
            person = changes["assigned_to"] not in {"", self.worker}
            taken = person and by != self.frame.credentials.servicenow_user
            story.taken_at = self.frame.clock() if taken else None

    def _write_journal(self, table: str, record: Record, element: str, text: str, by: str) -> None:
        entry = {"element": element, "element_id": record["sys_id"], "name": table, "value": text}
        self.insert("sys_journal_field", entry, by)
        if element == "comments" and (back := rules.answered(self, record, by)):
            self._remember(record, back, "system")
            record |= back
