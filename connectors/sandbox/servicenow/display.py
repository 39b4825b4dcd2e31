"""How the Table API shows a record: values, labels or both, for references, journals, tags and times.

https://www.servicenow.com/docs/r/api-reference/rest-apis/c_TableAPI.html, `sysparm_display_value`; the forms as
recorded from an instance: times are in the account's zone, and a journal's value is "" while its display value is the
whole history.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from connectors.sandbox.servicenow import choices, tables
from connectors.sandbox.servicenow.times import LABELS, as_local, written

if TYPE_CHECKING:
    from connectors.sandbox.servicenow.calls import Call
    from connectors.sandbox.servicenow.instance import ServiceNowState
    from connectors.sandbox.servicenow.query import Row


class View:
    """Shows records to one call, and looks up columns for its query."""

    def __init__(self, state: ServiceNowState, table: str, call: Call) -> None:
        self._state, self._table, self._call = state, table, call

    def shown(self, record: Row) -> dict[str, Any]:
        """Return a record in the requested display mode; unknown fields are silently omitted."""
        wanted = [name for name in self._call.query.get("sysparm_fields", "").split(",") if name]
        names = wanted or sorted(tables.COLUMNS[self._table])
        return {name: self._cell(record, name) for name in names if tables.known(self._table, name)}

    def lookup(self, row: Row, name: str) -> str:
        """Return a record's value of a column, which may be dot-walked."""
        return self._walk(row, name)

    def _walk(self, row: Row, name: str) -> str:
        if (held := row.get(name)) is not None:
            return held
        first, _, rest = name.partition(".")
        if first == "sys_tags":
            return rest if rest and self._tagged(row["sys_id"], rest) else ""
        if rest:
            people = tables.REFERENCES[first] == "sys_user"
            if people and self._state.switches.dot_walk_hides_people and rest != "sys_id":
                return ""
            target = self._state.records[tables.REFERENCES[first]].get(row[first])
            return self._walk(target, rest) if target else ""
        return row[first]

    def _tagged(self, sys_id: str, label_id: str) -> bool:
        """Say whether a record has a tag that the account may see."""
        label = self._state.records["label"].get(label_id)
        seen = label is not None and self._state.acl.visible("label", label, self._call.user)
        return seen and any(row["label"] == label_id for row in self._state.tag_links.of(sys_id))

    def _cell(self, record: Row, name: str) -> Any:
        mode, bare = self._call.display, self._call.flag("sysparm_exclude_reference_link")
        value = self.lookup(record, name)
        target = tables.reference(self._table, name) if value else None
        link = {"link": f"{self._call.api}/table/{target}/{value}"} if target and not bare else {}
        if mode == "false":
            return link | {"value": value} if link else value
        display = self._display(record, name, value, target)
        if mode == "all":
            return {"display_value": display} | link | {"value": value}
        return {"display_value": display} | link if link else display

    def _display(self, record: Row, name: str, value: str, target: str | None) -> str:
        table, column = tables.end(self._table, name)
        if name in {*tables.JOURNALS, "comments_and_work_notes"} and self._table in tables.TASKS:
            return self._history(record, *([name] if name in tables.JOURNALS else tables.JOURNALS))
        if name == "sys_tags":
            return ", ".join(self._state.tags(record["sys_id"], self._call.user))
        if target:
            shown_by = tables.DISPLAYED_BY.get(target, "number")
            return self._state.records[target].get(value, {}).get(shown_by, "global" if value == "global" else "")
        if column in tables.TIMES and value:
            return self._local(value)
        if column in tables.COUNTS and value:
            return f"{int(value):,}"
        return choices.label(table, column, value)

    def _history(self, record: Row, *elements: str) -> str:
        """Return a journal's display value: newest first, with full names and the account's local times."""
        switches = self._state.switches
        own = {"comments": switches.comments_label} if switches.comments_label else {}
        labels = LABELS[switches.language] | own
        names = {user["user_name"]: user["name"] for user in self._state.records["sys_user"].values()}
        entries = []
        for row in reversed(self._state.journal(record["sys_id"], *elements)):
            author = names.get(row["sys_created_by"], row["sys_created_by"])
            head = f"{self._local(row['sys_created_on'])} - {author} ({labels[row['element']]})"
            entries.append(f"{head}\n{row['value']}\n\n")
        return "".join(entries)

    def _local(self, text: str) -> str:
        switches = self._state.switches
        return written(as_local(text, switches.zone), switches.date_format, switches.language)
