"""The values of choice columns that the settings name: states, hold reasons, close codes, impact and urgency."""

from __future__ import annotations

from collections.abc import Mapping

import structlog

from connectors.servicenow.client import ServiceNowClient, plain
from connectors.servicenow.queries import members
from connectors.servicenow.settings import TABLES, ServiceNowSettings, TableSettings
from workflows.errors import Misconfigured

Known = Mapping[str, str]  # what people read, by value
OPERATION = "check the choices"


def check_choices(client: ServiceNowClient, settings: ServiceNowSettings, table: str) -> None:
    """Raise `Misconfigured` for the first value that a table of the settings does not offer."""
    own = settings.tables[table]
    wanted = [*_of_table(own, table), *_of_routes(settings, own)]
    offered = _offered(client, table, own.state_field, sorted({own.state_field, *(column for _, column, _ in wanted)}))
    for place, column, chosen in wanted:
        known = offered.get(column, {})
        if chosen not in known:
            raise _unknown(client, place, chosen, known)
    states = offered.get(own.state_field, {})
    if not states:
        log = structlog.get_logger("forcesync.servicenow")
        log.info("states are not held against the settings", system=client.system, why=f"{table} shows no choices")
        return
    for name in ("new", "working", "waiting", "resolved"):
        if getattr(own, name) not in states:
            raise _unknown(client, f"tables.{table}.{name}", getattr(own, name), states)


def _of_table(own: TableSettings, table: str) -> list[tuple[str, str, str]]:
    """Return place, column and value of what a table's settings set beside its states."""
    wanted = [("close_code", own.close_code_field, own.close_code)]
    wanted += [("hold_reason", "hold_reason", own.hold_reason)] if "hold_reason" in own.model_fields_set else []
    return [(f"tables.{table}.{name}", column, chosen) for name, column, chosen in wanted if chosen]


def _of_routes(settings: ServiceNowSettings, own: TableSettings) -> list[tuple[str, str, str]]:
    wanted = []
    for route, to in settings.routes.items():
        chosen = {"impact": to.impact, "urgency": to.urgency}
        chosen |= {"hold_reason": to.hold_reason} if own.hold_reason else {}
        wanted += [(f"routes.{route}.{column}", column, value) for column, value in chosen.items() if value]
    return wanted


def _offered(client: ServiceNowClient, table: str, state: str, columns: list[str]) -> dict[str, Known]:
    """Return the choices of each column: the table's own, else those of `task`, which every ticket's table extends.

    A table's own choices stand in the place of those that it inherits (https://www.servicenow.com/docs/, "Choice
    lists"). Which table a custom one extends is told to administrators only: inherited states are left open there.
    """
    where = f"nameIN{members(dict.fromkeys((table, 'task')))}^elementIN{members(columns)}^inactive=false"
    found: dict[str, dict[str, dict[str, str]]] = {}
    for row in client.records("read the choices", "sys_choice", where, ["name", "element", "value", "label"]):
        of_column = found.setdefault(plain(row.get("element")), {})
        of_column.setdefault(plain(row.get("name")), {})[plain(row.get("value"))] = plain(row.get("label"))
    return {
        column: by_table.get(table) or (by_table.get("task", {}) if table in TABLES or column != state else {})
        for column, by_table in found.items()
    }


def _unknown(client: ServiceNowClient, place: str, chosen: str, known: Known) -> Misconfigured:
    shown = [value if label in ("", value) else f"{value} ({label})" for value, label in sorted(known.items())]
    allowed = ", ".join(shown) or "none that this account may read"
    return Misconfigured(client.system, OPERATION, f"{place}: found {chosen!r}; the instance has: {allowed}")
