"""Checks a desk's settings against the instance before any ticket is touched; none of this is repeated per ticket.

ServiceNow silently drops an unknown column from an answer, and a condition on it from a query, so a misspelt name would
surface only days later, as a form that seems empty.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import structlog

from connectors.servicenow.client import ServiceNowClient
from connectors.servicenow.discovery import TaggedTickets
from connectors.servicenow.lookups import Lookups
from connectors.servicenow.names import (
    check_choices,
    check_columns,
    check_group,
    check_states,
    check_tag,
    check_values,
    check_variables,
)
from connectors.servicenow.relations import has_open_children
from connectors.servicenow.settings import ServiceNowSettings
from connectors.servicenow.sla import Slas
from workflows.errors import Checklist
from workflows.ports import Probe
from workflows.values.wording import counted

NO_RECORD = "0" * 32  # the right to look for children needs no ticket to be proven


def check_instance(client: ServiceNowClient, settings: ServiceNowSettings, lookups: Lookups) -> None:
    """Prove the account, then the groups, the tag and every name; raise `Misconfigured` with all that is missing."""
    lookups.worker()
    checks = Checklist(client.system)
    for name in sorted(settings.groups()):
        with checks.noting():
            check_group(client, lookups, name)
    with checks.noting():
        check_tag(client, settings, lookups)
    with checks.noting():
        check_columns(client, settings)
    for table in settings.tables:
        with checks.noting():
            check_choices(client, settings, table)
            has_open_children(client, table, NO_RECORD, ours=False)
    with checks.noting():
        check_variables(client, settings)
    checks.end()
    _log_invalid_queries(client, settings)
    for table in (*(["label_entry"] if settings.tag_lookup == "label_entry" else []), *settings.tables):
        client.try_range(table)


def _log_invalid_queries(client: ServiceNowClient, settings: ServiceNowSettings) -> None:
    """Log whether the instance ignores the parts of a query that it does not understand.

    It does unless `glide.invalid_query.returns_no_rows` is set
    (https://www.servicenow.com/docs/r/platform-user-interface/c_EncodedQueryStrings.html), so every record is checked
    against the query in any case.
    """
    if client.first("try an invalid query", next(iter(settings.tables)), "no_such_field=1", ["sys_id"]):
        log = structlog.get_logger("forcesync.servicenow")
        effect = "nothing to do: every record is held against what was asked for"
        log.info("this instance ignores invalid parts of queries", system=client.system, effect=effect)


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

    def probes(self) -> Iterator[Probe]:
        """Yield them; those of a table need its right."""
        settings, tables = self._settings, ("tables",)
        grant = "give the account's role the right to read it"
        yield self._probe("groups", "the groups of hand-overs exist", "escalation_group routes", self._groups)
        yield self._probe("tag", f"the tag {settings.tag!r} is shared with the account", "tag", self._tag)._replace(
            action="create the tag, or share it with everyone"
        )
        yield self._probe("tables", "the tables can be read", "tables", self._tables)._replace(action=grant)
        yield self._probe("columns", "the tables have the columns", "tables fields", self._columns, tables)
        yield self._probe("states", "the tables have the states", "tables", self._each(check_states), tables)
        yield self._probe(
            "choices",
            "close codes, hold reasons and priorities exist",
            "tables routes",
            self._each(check_values),
            tables,
        )
        if any(own.variables.names() for own in settings.tables.values()):
            yield self._probe("variables", "the catalogue has the variables", "tables", self._variables)
        yield self._probe("children", "open children can be looked for", "tables", self._children, tables)._replace(
            action=f"task: {grant}"
        )
        yield self._probe(
            "search", "the search by tag finds what is tagged", "tag_lookup", self._search, ("tag", "tables")
        )._replace(action="label_entry: give the account the right to read it, or set tag_lookup")
        yield self._probe("ranges", "lists can be read in ranges", "tables", self._ranges, tables)._replace(
            action="allow query_range on sys_id; nothing is missed meanwhile", needed=False
        )
        yield self._probe("journals", "comments can be read one by one", "user", self._journals)._replace(
            action="sys_journal_field: give the account the right to read it; names are read meanwhile",
            needed=False,
        )
        yield self._probe("attachments", "attachments can be read", "attach_diagnostics", self._attachments)._replace(
            action=f"sys_attachment: {grant}, or set attach_diagnostics = false"
        )
        yield self._probe("sla", "SLAs can be read", "sla_percent", self._sla)._replace(
            action=f"task_sla: {grant}, or set sla_percent = 0", needed=False
        )

    def _probe(self, id: str, tried: str, keys: str, look: Callable[[], str], needs: tuple[str, ...] = ()) -> Probe:
        own = tuple(f"desks.{self._client.system}.{key}" for key in keys.split())
        return Probe(id, tried, own, "correct the name in the settings, or create it in ServiceNow", look, needs)

    def _groups(self) -> str:
        checks, names = Checklist(self._client.system), sorted(self._settings.groups())
        for name in names:
            with checks.noting():
                check_group(self._client, self._lookups, name)
        checks.end()
        return ", ".join(names)

    def _tag(self) -> str:
        return f"{counted(check_tag(self._client, self._settings, self._lookups), 'tag')} of this name"

    def _tables(self) -> str:
        checks, empty = Checklist(self._client.system), list[str]()
        for table in self._settings.tables:
            with checks.noting():
                if not self._client.first("read the table", table, "ORDERBYDESCsys_created_on", ["sys_id"]):
                    empty.append(table)
        checks.end()
        hidden = f"; none that this account may read in {', '.join(empty)}" if empty else ""
        return f"records of {', '.join(name for name in self._settings.tables if name not in empty) or 'none'}{hidden}"

    def _columns(self) -> str:
        check_columns(self._client, self._settings)
        return "every column that the settings name"

    def _each(self, check: Callable[[ServiceNowClient, ServiceNowSettings, str], None]) -> Callable[[], str]:
        def look() -> str:
            checks = Checklist(self._client.system)
            for table in self._settings.tables:
                with checks.noting():
                    check(self._client, self._settings, table)
            checks.end()
            return f"as the settings say in {', '.join(self._settings.tables)}"

        return look

    def _variables(self) -> str:
        check_variables(self._client, self._settings)
        return "every variable that the settings name"

    def _children(self) -> str:
        for table in self._settings.tables:
            has_open_children(self._client, table, NO_RECORD, ours=False)
        return "tasks of every kind can be read"

    def _search(self) -> str:
        self._tickets.prove()
        _log_invalid_queries(self._client, self._settings)
        return "sys_tags finds them"

    def _ranges(self) -> str:
        for table in self._settings.tables:
            self._client.try_range(table)
        return "yes"

    def _journals(self) -> str:
        self._client.first("read the journals", "sys_journal_field", f"element_id={NO_RECORD}", ["sys_id"])
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
