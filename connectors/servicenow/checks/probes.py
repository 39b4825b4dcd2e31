"""Looks at one thing after the other that the work needs of an instance: the doctor's lines."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from connectors.desks import Usable, check_each, probe
from connectors.servicenow.checks.names import (
    check_columns,
    check_groups,
    check_states,
    check_table,
    check_tag,
    check_values,
    check_variables,
)
from connectors.servicenow.checks.start import NO_RECORD, log_invalid_queries
from connectors.servicenow.client import ServiceNowClient
from connectors.servicenow.lookups import Lookups
from connectors.servicenow.reading.discovery import TaggedTickets
from connectors.servicenow.reading.relations import has_open_children, hidden_columns
from connectors.servicenow.reading.sla import Slas
from connectors.servicenow.settings import ServiceNowSettings
from workflows.errors import Misconfigured
from workflows.ports import Probe
from workflows.values.wording import counted


class Looks:
    """One look for each thing that the work needs of an instance."""

    def __init__(
        self,
        client: ServiceNowClient,
        settings: ServiceNowSettings,
        lookups: Lookups,
        tickets: TaggedTickets,
        slas: Slas,
    ) -> None:
        self._client, self._settings, self._lookups = client, settings, lookups
        self._tickets, self._slas = tickets, slas
        self._usable = Usable(client.system, settings.tables)

    def probes(self) -> Iterator[Probe]:
        """Yield them; those of a table need its right."""
        settings, tables = self._settings, ("tables",)
        named = partial(probe, self._client.system, "ServiceNow")
        grant = "give the account's role the right to read it"
        yield named(
            "groups", "the groups of hand-overs and of agents", "escalation_group routes agent_groups", self._groups
        )
        yield named("tag", f"the tag {settings.tag!r}, shared with the account", "tag", self._tag)._replace(
            action="create the tag, share it with everyone, or let the account read label"
        )
        yield named("tables", "the tables", "tables", self._tables)._replace(
            action=f"correct the name in the settings, or {grant}"
        )
        columns = named("columns", "the tables' columns", "tables fields", self._columns)
        lists = named("choice_lists", "the lists of choices", "tables", self._choice_lists)
        states = named("states", "the tables' states", "tables", self._each(check_states), ("choice_lists",))
        what, values = "close codes, hold reasons and priorities", self._each(check_values)
        choices = named("choices", what, "tables routes", values, ("choice_lists",))
        yield lists._replace(action=f"sys_choice: {grant}")
        yield from (item._replace(after=tables) for item in (columns, states, choices))
        if any(own.variables.names() for own in settings.tables.values()):
            yield named("variables", "the catalogue's variables", "tables", self._variables)
        yield named("children", "the look for open children", "tables", self._children)._replace(
            action=f"task: {grant}", after=tables
        )
        yield named("relations", "what ties tickets to others", "tables", self._relations, ("children",))._replace(
            action="give the account's role the right to read these columns; a ticket that they tie to others is "
            "worked as if it stood alone, and one with children that cannot be judged goes to a person",
            needed=False,
        )
        yield named("search", "the search by tag", "tag_lookup", self._search, ("tag", "tables"))._replace(
            action="label_entry: give the account the right to read it, or set tag_lookup"
        )
        yield named("ranges", "reading lists in ranges", "tables", self._ranges)._replace(
            action="allow query_range on sys_id; nothing is missed meanwhile", needed=False, after=tables
        )
        yield named("journals", "reading comments one by one", "user", self._journals)._replace(
            action="sys_journal_field: give the account the right to read it; names are read meanwhile",
            needed=False,
        )
        yield named("attachments", "attachments", "attach_diagnostics", self._attachments)._replace(
            action=f"sys_attachment: {grant}, or set attach_diagnostics = false"
        )
        yield named("sla", "SLAs", "sla_percent", self._sla)._replace(
            action=f"task_sla: {grant}, or set sla_percent = 0", needed=False
        )

    def _groups(self) -> str:
        check_groups(self._client, self._settings, self._lookups)
        return ", ".join(self._settings.group_keys())

    def _tag(self) -> str:
        return f"{counted(check_tag(self._client, self._settings, self._lookups), 'tag')} of this name"

    def _tables(self) -> str:
        seen = dict[str, bool]()

        def look(table: str) -> None:
            seen[table] = check_table(self._client, table)

        self._usable.sift("tables", look)
        empty = [table for table in seen if not seen[table]]
        hidden = f"; none that this account may read in {', '.join(empty)}" if empty else ""
        return f"records of {', '.join(filter(seen.get, seen)) or 'none'}{hidden}"

    def _columns(self) -> str:
        check_columns(self._client, self._settings, self._usable.names())
        return "every column that the settings name"

    def _choice_lists(self) -> str:
        self._client.lists.first("read the choices", "sys_choice", "nameISNOTEMPTY", ["sys_id"])
        return "sys_choice can be read"

    def _each(self, check: Callable[[ServiceNowClient, ServiceNowSettings, str], None]) -> Callable[[], str]:
        def look() -> str:
            tables = self._usable.names()
            check_each(self._client.system, tables, lambda table: check(self._client, self._settings, table))
            return f"as the settings say in {', '.join(tables)}"

        return look

    def _variables(self) -> str:
        check_variables(self._client, self._settings)
        return "every variable that the settings name"

    def _children(self) -> str:
        for table in self._usable.names():
            has_open_children(self._client, table, NO_RECORD)
        return "tasks of every kind can be read"

    def _relations(self) -> str:
        if hidden := hidden_columns(self._client, self._usable.names()):
            detail = f"tables: records show this account no {', '.join(hidden)}"
            raise Misconfigured(self._client.system, "look at relations", detail)
        return "parents, approvals and children are seen"

    def _search(self) -> str:
        self._tickets.prove()
        log_invalid_queries(self._client, self._settings)
        return "sys_tags finds what is tagged"

    def _ranges(self) -> str:
        for table in self._usable.names():
            self._client.lists.try_range(table)
        return "yes"

    def _journals(self) -> str:
        self._client.lists.first("read the journals", "sys_journal_field", f"element_id={NO_RECORD}", ["sys_id"])
        return "sys_journal_field can be read"

    def _attachments(self) -> str:
        attach = self._settings.attach_diagnostics
        table = next(iter(self._settings.tables))
        self._client.attachments("look for attachments", table, NO_RECORD, "none")
        who = {True: "on every escalated ticket", False: "never", "own": "where the requester is the one affected user"}
        return f"files go up {who[attach]}; whoever may see a ticket sees its files"

    def _sla(self) -> str:
        self._slas.check()
        limit = self._settings.sla_percent
        return f"from {limit:g} % of a resolution SLA on, a person takes over" if limit else "not looked at"
