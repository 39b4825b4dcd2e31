"""The records of the simulated ServiceNow, and how to look them up.

Every value is a string, every time UTC to the second, as the Table API has them.
"""

from __future__ import annotations

from collections import ChainMap, defaultdict
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from connectors.sandbox.servicenow import tables
from connectors.sandbox.servicenow.switches import Switches
from connectors.sandbox.wire.frame import Frame

Record = dict[str, str]


@dataclass
class Story:
    """What the Table API does not show of a ticket, for the control server and the judge."""

    kind: str | None = None
    history: list[dict[str, Any]] = field(default_factory=list)
    untagged_at: datetime | None = None
    taken_at: datetime | None = None  # a person took it; the worker did not hand it over


class Attached(dict[str, Record]):
    """A table whose records belong to others by a column that never changes; they are found by it without a scan."""

    def __init__(self, column: str) -> None:
        super().__init__()
        self._column = column
        self._of: dict[str, dict[str, Record]] = {}

    def __setitem__(self, sys_id: str, record: Record) -> None:
        """Add a record."""
        super().__setitem__(sys_id, record)
        self._of.setdefault(record[self._column], {})[sys_id] = record

    def __delitem__(self, sys_id: str) -> None:
        """Remove a record."""
        del self._of[self[sys_id][self._column]][sys_id]
        super().__delitem__(sys_id)

    def of(self, sys_id: str) -> list[Record]:
        """Return the records of another one, in the order of their creation."""
        return [*self._of.get(sys_id, {}).values()]


class ServiceNowRecords:
    """One instance's tables and set-up. Unknown records raise `KeyError`."""

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        self.switches = Switches()
        self.records: dict[str, MutableMapping[str, Record]] = {name: {} for name in tables.COLUMNS}
        self.tag_links, self.entries = Attached("table_key"), Attached("element_id")
        self.records |= {"label_entry": self.tag_links, "sys_journal_field": self.entries}
        self.records[tables.TASK] = ChainMap(*(self.records[name] for name in tables.EXTEND_TASK))
        self.stories: dict[str, Story] = {}
        self.worker = self.tag_id = self.private_tag_id = ""  # sys_ids, set on installation

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

    def children(self, sys_id: str) -> list[Record]:
        """Return an incident's children."""
        return [row for row in self.records["incident"].values() if row["parent_incident"] == sys_id]

    def open_tasks(self) -> Mapping[str, list[str]]:
        """Return the numbers of open tasks of every kind by the ticket below which they are, as parent or as item."""
        found = defaultdict[str, list[str]](list)
        for task in self.records[tables.TASK].values():
            for above in {task.get("request_item", ""), task["parent"]} - {"", task["sys_id"]}:
                if task["active"] == "true":
                    found[above].append(task["number"])
        return found

    def unapproved(self, record: Record) -> bool:
        """Return whether an approval is asked for or was refused: a ticket's own, or its item's or request's."""
        item = self.records["sc_req_item"].get(record.get("request_item", ""), {})
        request = self.records["sc_request"].get(record.get("request") or item.get("request", ""), {})
        return any(above.get("approval") in {"requested", "rejected"} for above in (record, item, request))

    def close_codes(self) -> set[str]:
        """Return the close codes that the instance offers."""
        rows = [row for row in self.records["sys_choice"].values() if row["element"] == "close_code"]
        return {row["value"] for row in rows if row["inactive"] == "false"}

    def journal(self, sys_id: str, *elements: str) -> list[Record]:
        """Return a ticket's journal entries of these elements (default: all), oldest first."""
        return [row for row in self.entries.of(sys_id) if not elements or row["element"] in elements]

    def now(self) -> str:
        """Return the current time as the API writes it."""
        return self.frame.clock().strftime("%Y-%m-%d %H:%M:%S")
