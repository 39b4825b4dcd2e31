"""What people do in the simulated ServiceNow, and how the control server shows its tickets."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Literal

from connectors.sandbox.servicenow import choices, tables
from connectors.sandbox.servicenow.instance import ServiceNowState
from connectors.sandbox.servicenow.records import Record
from connectors.sandbox.wire.frame import Decision, Frame, Person, Target, iso
from connectors.sandbox.wire.sla_clock import SlaClock


class ServiceNowPeople:
    """Implements `TicketProduct` over a state. Methods take no lock: call them under `frame.lock`."""

    def __init__(self, frame: Frame, state: ServiceNowState) -> None:
        self.frame = frame
        self.state = state

    def add_person(self, person: Person) -> None:
        """Create the account of a person."""
        self.state.add_person(person)

    def create(
        self,
        *,
        tagged: bool,
        requester: str,
        summary: str,
        description: str,
        table: str | None = None,
        kind: str | None = None,
        fields: dict[str, str] | None = None,
    ) -> str:
        """File a ticket and return its sys_id.

        A field `variables.<name>` is a catalogue variable; a field `opened_by` is who files it for the requester.
        """
        table = table or "incident"
        if table not in tables.TASKS:
            raise ValueError(f"table: found {table!r}; allowed: {', '.join(tables.TASKS)}")
        user = self._user(requester)
        who = {"caller_id": user, "requested_for": user, "opened_by": user}
        values = {"short_description": summary, "description": description, "opened_at": self.state.now()}
        values |= {name: text for name, text in who.items() if name in tables.COLUMNS[table]}
        values[tables.group_of(table)] = self.state.one("sys_user_group", "name", "Service Desk")["sys_id"]
        variables = {name.removeprefix("variables."): text for name, text in (fields or {}).items() if "." in name}
        for name, text in (fields or {}).items():
            if name.startswith("variables.") and table == "sc_req_item":
                continue
            column = tables.form_of(table).get(name, name)
            if column not in tables.COLUMNS[table]:
                raise ValueError(f"fields.{name}: {table} has no such column")
            picked = name in ("user", "opened_by") and tables.reference(table, column) == "sys_user"
            values[column] = self._user(text) if picked else text
        record = self.state.insert(table, values, (fields or {}).get("opened_by", requester))
        if table == "sc_req_item":
            self.state.order(record, requester)
        for name, text in variables.items():
            self.state.add_variable(record["sys_id"], name, text)
        self.state.stories[record["sys_id"]].kind = kind
        if tagged:
            self.tag(record["sys_id"], add=[""], remove=[])
        return record["sys_id"]

    def comment(self, id: str, *, author: str, visibility: Literal["internal", "public"], body: str) -> None:
        """Write a work note or an additional comment as a person."""
        table, _ = self.state.ticket(id)
        self._user(author)
        self.state.update(table, id, {"work_notes" if visibility == "internal" else "comments": body}, author)

    def tag(self, id: str, *, add: list[str], remove: list[str]) -> None:
        """Add and remove tags; names ignore case, as in ServiceNow."""
        self.state.ticket(id)
        story = self.state.stories[id]
        before = self.state.tags(id)
        for name in remove:
            wanted = (name or tables.TAG).casefold()
            for entry in self.state.tag_links.of(id):
                label = self.state.records["label"][entry["label"]]
                if label["viewable_by"] == "everyone" and label["name"].casefold() == wanted:
                    self.state.delete("label_entry", entry["sys_id"])
        for name in add:
            self.state.tag(id, self._label(name or tables.TAG), "person")
        had, has = (tables.TAG in {tag.casefold() for tag in tags} for tags in (before, self.state.tags(id)))
        if had and not has:
            story.untagged_at = self.frame.clock()
        names = {"from": ", ".join(before), "to": ", ".join(self.state.tags(id))}
        story.history.append({"at": iso(self.frame.clock()), "by": "person", "field": "tags"} | names)

    def change(
        self, id: str, *, by: str, status: str | None = None, assignee: str | None = None, group: str | None = None
    ) -> None:
        """Set status (name or number), assignee and group as a person."""
        table, record = self.state.ticket(id)
        changes: Record = {}
        notes: Record = {}
        if group is not None:
            changes[tables.group_of(table)] = self.state.one("sys_user_group", "name", group)["sys_id"] if group else ""
        if assignee is not None:
            changes["assigned_to"] = self._user(assignee) if assignee else ""
        if status is not None:
            changes[tables.state_of(table)] = self._state(table, status)
            if changes.get("state") == "6":
                close = {"close_code": record["close_code"] or "Solution provided"}
                changes |= close | {"close_notes": record["close_notes"] or "Done by hand."}
            if table == "incident" and changes["state"] == "3":
                changes["hold_reason"] = "3"
        self._user(by)
        self.state.update(table, id, changes | notes, by)

    def add_task(self, id: str, *, summary: str) -> str:
        """Add an open catalogue task."""
        return self.state.add_task(id, summary)

    def approval(self, id: str, *, approver: str, decision: Decision) -> None:
        """Ask a person for an approval, or record what they decided."""
        self.state.approve(id, self._user(approver), decision)

    def start_sla(self, id: str, *, target: Target, minutes: float, used: float = 0.0) -> None:
        """Start an SLA on a ticket."""
        self.state.ticket(id)
        self.state.slas.start(id, SlaClock.started_at(self.frame.clock(), target, minutes, used), target)

    def attachment(self, id: str, name: str) -> tuple[bytes, str]:
        """Return the newest attachment of that name."""
        self.state.ticket(id)
        for item in reversed(self.state.files.of(id)):
            if item.record["file_name"] == name:
                return item.content, item.record["content_type"]
        raise KeyError(f"no attachment {name!r}")

    def tickets(self) -> list[dict[str, Any]]:
        """Return every ticket in the control server's shape."""
        self.state.settle()
        records, tasks = self.state.records, self.state.open_tasks()
        return [self._view(table, record, tasks) for table in tables.TASKS for record in records[table].values()]

    def ticket(self, id: str) -> dict[str, Any]:
        """Return one ticket in the control server's shape."""
        self.state.settle()
        return self._view(*self.state.ticket(id), self.state.open_tasks())

    def said(self, id: str) -> list[tuple[str, bool]]:
        """Return what the worker has written on a ticket, and whether it is public."""
        self.state.ticket(id)
        worker = self.frame.credentials.servicenow_user
        own = (row for row in self.state.journal(id) if row["sys_created_by"] == worker)
        return [(row["value"], row["element"] == "comments") for row in own]

    def _view(self, table: str, record: Record, tasks: Mapping[str, list[str]]) -> dict[str, Any]:
        id, story = record["sys_id"], self.state.stories[record["sys_id"]]
        worker = self.frame.credentials.servicenow_user
        resolution, state = record.get("close_code") or None, record[tables.state_of(table)]
        if table != "incident" and state in choices.DONE[table]:
            resolution = choices.label(table, "outcome", record.get("outcome", "")) or choices.STATES[table][state]
        tags = self.state.tags(id)
        return {
            "desk": "servicenow",
            "table": table,
            "id": id,
            "key": record["number"],
            "kind": story.kind,
            "tagged": any(tag.casefold() == tables.TAG for tag in tags),
            "tags": tags,
            "summary": record["short_description"],
            "description": record["description"],
            "requester": self._login(record.get("caller_id") or record["opened_by"]),
            "status": choices.STATES[table][state],
            "status_category": choices.category(table, state),
            "created": _iso(record["sys_created_on"]),
            "resolution": resolution,
            "assignee": self._login(record["assigned_to"]),
            "group": self.state.records["sys_user_group"].get(record[tables.group_of(table)], {}).get("name"),
            "fields": self._form(table, record),
            "comments": [
                {
                    "id": row["sys_id"],
                    "author": row["sys_created_by"],
                    "by_worker": row["sys_created_by"] == worker,
                    "visibility": "public" if row["element"] == "comments" else "internal",
                    "created": _iso(row["sys_created_on"]),
                    "edited": None,
                    "body": row["value"],
                }
                for row in self.state.journal(id)
            ],
            "attachments": [
                {
                    "name": item.record["file_name"],
                    "size": len(item.content),
                    "sha256": item.record["hash"],
                    "content_type": item.record["content_type"],
                    "by_worker": item.by == worker,
                }
                for item in self.state.files.of(id)
            ],
            "slas": [clock.shown() for clock in self.state.slas.of(id)],
            "links": self._links(record),
            "approval": record["approval"],
            "tasks": tasks.get(id, []),
            "history": [self._named(table, entry) for entry in story.history],
        }

    def _form(self, table: str, record: Record) -> dict[str, str]:
        """Return the values of the form's columns; people by login."""
        held = {name: record[column] for name, column in tables.form_of(table).items() if record[column]}
        return {name: self._login(text) or text for name, text in held.items()}

    def _links(self, record: Record) -> list[str]:
        """Return the numbers of related tickets: parent, problem and children."""
        found = [record.get(name, "") for name in ("parent_incident", "problem_id")]
        rows = [self.state.records[table].get(id) for id, table in zip(found, ("incident", "problem"), strict=True)]
        children = self.state.children(record["sys_id"]) if record.get("child_incidents", "0") != "0" else []
        return [row["number"] for row in (*rows, *children) if row]

    def _named(self, table: str, entry: dict[str, Any]) -> dict[str, Any]:
        def name(value: str) -> str:
            if entry["field"] == tables.state_of(table):
                return choices.STATES[table].get(value, value)
            if entry["field"] in {"assignment_group", "support_group"}:
                return str(self.state.records["sys_user_group"].get(value, {}).get("name", ""))
            return (self._login(value) or "") if entry["field"] == "assigned_to" else value

        return entry | {"from": name(entry["from"]), "to": name(entry["to"])}

    def _login(self, sys_id: str) -> str | None:
        return self.state.records["sys_user"].get(sys_id, {}).get("user_name")

    def _user(self, login: str) -> str:
        return self.state.one("sys_user", "user_name", login)["sys_id"]

    def _label(self, name: str) -> str:
        for label in self.state.records["label"].values():
            if label["name"].casefold() == name.casefold() and label["viewable_by"] == "everyone":
                return label["sys_id"]
        return self.state.add_label(name)

    def _state(self, table: str, status: str) -> str:
        names = {label.casefold(): state for state, label in choices.STATES[table].items()}
        state = status if status in choices.STATES[table] else names.get(status.casefold())
        if state is None:
            raise ValueError(f"status: found {status!r}; allowed: {', '.join(choices.STATES[table].values())}")
        return state


def _iso(text: str) -> str | None:
    return iso(datetime.fromisoformat(text).replace(tzinfo=UTC))
