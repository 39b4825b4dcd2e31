"""How the simulated ServiceNow writes records, whoever the writer is, with the side effects."""

from __future__ import annotations

from connectors.sandbox.servicenow import choices, rules, tables
from connectors.sandbox.servicenow.errors import no_record
from connectors.sandbox.servicenow.judge import Judge
from connectors.sandbox.servicenow.records import Record, ServiceNowRecords, Story
from connectors.sandbox.wire.frame import Frame, iso

_WATCHED = {"state", "assigned_to", "assignment_group", "close_code", "hold_reason", "priority"}
_WATCHED |= {"stage", "support_group", "outcome"}


class WritableRecords(ServiceNowRecords):
    """Records that change by the platform's rules; every ticket update is judged first."""

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame)
        self.judge = Judge(self)
        self._numbers = {table: first for table, (_, first) in tables.NUMBERS.items()}

    def insert(self, table: str, values: Record, by: str, *, sys_id: str | None = None) -> Record:
        """Create a record; a ticket's journal texts become entries."""
        stamp = {"sys_created_on": self.now(), "sys_created_by": by, "sys_updated_on": self.now(), "sys_updated_by": by}
        stamp |= {"sys_id": sys_id or self.frame.hex_id(), "sys_mod_count": "0"}
        columns = tables.COLUMNS[table]
        record = dict.fromkeys(columns, "") | {name: text for name, text in stamp.items() if name in columns}
        given = {name: text for name, text in values.items() if name in columns - tables.KEPT_BY_THE_PLATFORM}
        notes = {name: given.pop(name) for name in tables.JOURNALS if name in columns and name in given}
        if table in tables.TASKS:
            usual = {name: text for name, text in tables.USUAL_TASK.items() if name in columns}
            record |= usual | {"state": "1"}
            record[tables.state_of(table)] = choices.FIRST[table]
        if table in tables.EXTEND_TASK:
            record |= {"sys_class_name": table, "active": "true"}
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
        self._follow(table, record, {"state": record.get("state", "")})
        return record

    def update(self, table: str, sys_id: str, values: Record, by: str) -> Record:
        """Update a record by the platform's rules, all or nothing; an empty string clears a column."""
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
        self._follow(table, record, before)
        return record

    def _follow(self, table: str, record: Record, before: Record) -> None:
        for child_id, changes in rules.resolved_along(self, table, record, before):
            self.update("incident", child_id, changes, "system")
        rules.count_children(self, table, record, before)

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
