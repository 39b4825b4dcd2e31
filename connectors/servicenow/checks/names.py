"""Checks the names and values in the settings against the instance: columns, choices and catalogue variables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import structlog

from connectors.desks import at, check_each
from connectors.servicenow.answers import plain
from connectors.servicenow.client import ServiceNowClient
from connectors.servicenow.lists import members
from connectors.servicenow.lookups import NAMED_BY, Lookups
from connectors.servicenow.settings import TABLES, FormFields, ServiceNowSettings, TableSettings
from workflows.errors import Checklist, Misconfigured, NotAllowed
from workflows.model import label
from workflows.values.wording import instead, near_ones

QUESTIONS = "item_option_new"  # the table of the questions of all catalogue items
LOOKED_AT = 5  # records per table: access rules may hide some of them, or some of their columns
Known = Mapping[str, str]  # labels by value
OPERATION, COLUMNS = "check the choices", "check the columns"
OF_TASKS = ("number", "short_description")


def check_columns(client: ServiceNowClient, settings: ServiceNowSettings, tables: Iterable[str]) -> None:
    """Check the columns named for these tables against those of records that the account can read.

    Unknown ones are missing there. Only administrators may read the dictionary of columns
    (https://www.servicenow.com/docs/r/api-reference/rest-apis/c_TableAPI.html: `sysparm_fields`, and what access rules
    leave out). Whole records are read only to suggest near names for a missing column. An access rule may hide a
    default column; that is logged.
    """
    shown, checks = dict[str, set[str]](), Checklist(client.system)
    for table in tables:
        with checks.noting():
            shown[table] = _columns(client, settings, table)
            _check_columns_of(client, settings, table, shown[table])
    sharing = [columns for table, columns in shown.items() if columns and settings.tables[table].fields is None]
    for part, name in _set(settings.fields).items():
        if sharing and not any(_first(name) in columns for columns in sharing):
            what = f"{at(client.system, f'fields.{part}')}: none of the tables shows this account a column {name!r}"
            with checks.noting():
                raise Misconfigured(client.system, COLUMNS, what + instead(name, sorted(set().union(*sharing))))
    checks.end()


def _columns(client: ServiceNowClient, settings: ServiceNowSettings, table: str) -> set[str]:
    """Return the columns that records of a table show; none if there is no record to see."""
    own = settings.tables[table]
    named = (_set(own.fields), _set(settings.fields) if own.fields is None else {}, _of_table(own))
    asked = {_first(name) for columns in named for name in columns.values()}
    columns = _shown(client, table, ["sys_id", *sorted(asked)])
    if columns and not asked <= columns:
        columns |= _shown(client, table, [])
    if not columns:
        _log_unchecked(client, f"{table} has no record that this account may read", "columns")
    return columns


def _check_columns_of(client: ServiceNowClient, settings: ServiceNowSettings, table: str, columns: set[str]) -> None:
    own, checks = settings.tables[table], Checklist(client.system)
    usual = _usual(table)
    wanted = _of_table(own) | {f"fields.{part}": name for part, name in _set(own.fields).items()}
    for place, name in wanted.items() if columns else ():
        if _first(name) in columns:
            continue
        key = at(client.system, f"tables.{table}.{place}")
        detail = f"{key}: the table shows this account no column {name!r}"
        with checks.noting():
            if usual.get(place) != name:
                raise Misconfigured(client.system, COLUMNS, detail + instead(name, sorted(columns)))
            log = structlog.get_logger("forcesync.servicenow")
            log.warning("a usual column is hidden from this account", system=client.system, text=detail)
    checks.end()


def check_table(client: ServiceNowClient, table: str) -> bool:
    """Say whether the account sees a record of a table; raise `Misconfigured` for one that has no tickets.

    Every ticket's table extends `task`, and so has these columns.
    """
    key = at(client.system, f"tables.{table}")
    try:
        found = client.lists.first("read the table", table, "ORDERBYDESCsys_created_on", ["sys_id", *OF_TASKS])
    except Misconfigured as error:
        detail = f"{key}: {error.detail}{near_ones(table, [name for name in TABLES if name != table])}"
        raise Misconfigured(client.system, error.operation, detail, cause=error.cause) from error
    if found and not any(name in row for row in found for name in OF_TASKS):
        raise Misconfigured(
            client.system,
            "read the table",
            f"{key}: its records have no {' and no '.join(OF_TASKS)}, so it is no table of tasks",
        )
    return bool(found)


def check_groups(client: ServiceNowClient, settings: ServiceNowSettings, lookups: Lookups) -> None:
    """Raise `Misconfigured` with near names for each name, of hand-overs or agents, that is not that of one group."""

    def look(named: tuple[str, list[str]]) -> None:
        name, keys = named
        try:
            lookups.group(name)
        except NotAllowed:
            raise
        except Misconfigured as error:
            found = _with_near_ones(error, name, groups_of(client), drop=f"; see {NAMED_BY['sys_user_group']}")
            detail = f"{', '.join(at(client.system, key) for key in keys)}: {found.detail}"
            raise Misconfigured(client.system, error.operation, detail, request_id=error.request_id) from error

    check_each(client.system, settings.group_keys().items(), look)


def check_tag(client: ServiceNowClient, settings: ServiceNowSettings, lookups: Lookups) -> int:
    """Return how many tags have the name; raise `Misconfigured` with near names if none has."""
    try:
        return len(lookups.reread_tags())
    except NotAllowed:
        raise
    except Misconfigured as error:
        raise _with_near_ones(error, settings.tag, _names(client, "label", "list the tags")) from error


def groups_of(client: ServiceNowClient) -> list[str]:
    """Return the names of the active groups; none if they are not listed for this account."""
    return _names(client, "sys_user_group", "list the groups")


def _names(client: ServiceNowClient, table: str, operation: str) -> list[str]:
    try:
        rows = list(client.lists.records(operation, table, "active=true", ["name"]))
    except NotAllowed:
        return []
    return sorted({label(plain(row.get("name"))) for row in rows} - {""}, key=str.casefold)


def _with_near_ones(error: Misconfigured, name: str, known: list[str], drop: str = "") -> Misconfigured:
    detail = error.detail.removesuffix(drop) + ("" if name in known else near_ones(name, known))
    return Misconfigured(error.system, error.operation, detail, cause=error.cause, request_id=error.request_id)


def _shown(client: ServiceNowClient, table: str, fields: list[str]) -> set[str]:
    rows = client.lists.first("check the columns", table, "ORDERBYDESCsys_created_on", fields, LOOKED_AT)
    return {name for row in rows for name in row}


def _of_table(own: TableSettings) -> dict[str, str]:
    """Return the columns that are read or written on every ticket, by their keys in the table's settings."""
    wanted = {name: getattr(own, name) for name in ("requester", "state_field", "group_field", "close_notes_field")}
    codes = own.close_code or own.unconfirmed_close_code
    wanted |= {"close_code_field": own.close_code_field} if codes else {}
    wanted |= {"hold_reason": "hold_reason"} if own.hold_reason else {}
    return {place: name for place, name in wanted.items() if name}


def _usual(table: str) -> dict[str, str]:
    return _of_table(TABLES[table]) if table in TABLES else {}


def _set(form: FormFields | None) -> dict[str, str]:
    """Return the columns that the settings name explicitly; the default ones are optional."""
    return form.model_dump(include=form.model_fields_set) if form else {}


def _first(name: str) -> str:
    return name.partition(".")[0]


def check_choices(client: ServiceNowClient, settings: ServiceNowSettings, table: str) -> None:
    """Raise `Misconfigured` with every value that a table does not offer."""
    own, checks = settings.tables[table], Checklist(client.system)
    wanted = _wanted(settings, table)
    offered = _offered(client, table, own.state_field, sorted({own.state_field, *(column for _, column, _ in wanted)}))
    with checks.noting():
        _check_values(client, own, table, wanted, offered)
    with checks.noting():
        _check_states(client, own, table, offered)
    checks.end()


def check_states(client: ServiceNowClient, settings: ServiceNowSettings, table: str) -> None:
    """Raise `Misconfigured` with every state that a table does not offer."""
    own = settings.tables[table]
    _check_states(client, own, table, _offered(client, table, own.state_field, [own.state_field]))


def check_values(client: ServiceNowClient, settings: ServiceNowSettings, table: str) -> None:
    """Raise `Misconfigured` with every close code, hold reason, impact and urgency that a table does not offer."""
    wanted, state = _wanted(settings, table), settings.tables[table].state_field
    if wanted:
        offered = _offered(client, table, state, sorted({column for _, column, _ in wanted}))
        _check_values(client, settings.tables[table], table, wanted, offered)


def _wanted(settings: ServiceNowSettings, table: str) -> list[tuple[str, str, str]]:
    own = settings.tables[table]
    return [*_values_of_table(own, table), *_values_of_routes(settings, own)]


def _check_values(
    client: ServiceNowClient,
    own: TableSettings,
    table: str,
    wanted: list[tuple[str, str, str]],
    offered: Mapping[str, Known],
) -> None:
    checks = Checklist(client.system)
    lacking = _lacking(client, own, table, {column for _, column, _ in wanted} - offered.keys())
    for place, column, chosen in wanted:
        known = offered.get(column, {})
        with checks.noting():
            if chosen not in known and column not in lacking:
                raise _unknown(client, place, chosen, known)
    checks.end()


def _lacking(client: ServiceNowClient, own: TableSettings, table: str, columns: set[str]) -> set[str]:
    """Return which of these columns `check_columns` finds missing: their values are no second fault."""
    usual = _usual(table)
    named = columns & {name for place, name in _of_table(own).items() if usual.get(place) != name}
    shown = _shown(client, table, ["sys_id", *sorted(map(_first, named))]) if named else set()
    return {name for name in named if shown and _first(name) not in shown}


def _check_states(client: ServiceNowClient, own: TableSettings, table: str, offered: Mapping[str, Known]) -> None:
    states, checks = offered.get(own.state_field, {}), Checklist(client.system)
    if not states:
        log = structlog.get_logger("forcesync.servicenow")
        log.info("states are not held against the settings", system=client.system, why=f"{table} shows no choices")
    for name in ("new", "working", "waiting", "resolved") if states else ():
        with checks.noting():
            if getattr(own, name) not in states:
                raise _unknown(client, f"tables.{table}.{name}", getattr(own, name), states)
    checks.end()


def _values_of_table(own: TableSettings, table: str) -> list[tuple[str, str, str]]:
    """Return key, column and value of a table's settings other than its states."""
    wanted = [(name, own.close_code_field, getattr(own, name)) for name in ("close_code", "unconfirmed_close_code")]
    wanted += [("hold_reason", "hold_reason", own.hold_reason)] if "hold_reason" in own.model_fields_set else []
    return [(f"tables.{table}.{name}", column, chosen) for name, column, chosen in wanted if chosen]


def _values_of_routes(settings: ServiceNowSettings, own: TableSettings) -> list[tuple[str, str, str]]:
    wanted = []
    for route, to in settings.routes.items():
        chosen = {"impact": to.impact, "urgency": to.urgency}
        chosen |= {"hold_reason": to.hold_reason} if own.hold_reason else {}
        wanted += [(f"routes.{route}.{column}", column, value) for column, value in chosen.items() if value]
    return wanted


def choices_of(client: ServiceNowClient, table: str, column: str) -> Known:
    """Return the labels of a column's choices by their values."""
    return _offered(client, table, column, [column]).get(column, {})


def _offered(client: ServiceNowClient, table: str, state: str, columns: list[str]) -> dict[str, Known]:
    """Return the choices of each column: the table's own, else those of `task`, which every ticket's table extends.

    A table's own choices replace inherited ones (inferred). Only administrators
    may read which table a custom one extends, so the inherited states of custom tables are not checked.
    """
    where = f"nameIN{members(dict.fromkeys((table, 'task')))}^elementIN{members(columns)}^inactive=false"
    found: dict[str, dict[str, dict[str, str]]] = {}
    for row in client.lists.records("read the choices", "sys_choice", where, ["name", "element", "value", "label"]):
        of_column = found.setdefault(plain(row.get("element")), {})
        of_column.setdefault(plain(row.get("name")), {})[plain(row.get("value"))] = label(plain(row.get("label")))
    return {
        column: by_table.get(table) or (by_table.get("task", {}) if table in TABLES or column != state else {})
        for column, by_table in found.items()
    }


def _unknown(client: ServiceNowClient, place: str, chosen: str, known: Known) -> Misconfigured:
    shown = [value if label in ("", value) else f"{value} ({label})" for value, label in sorted(known.items())]
    allowed = ", ".join(shown) or "none that this account may read"
    return Misconfigured(
        client.system, OPERATION, f"{at(client.system, place)}: found {chosen!r}; the instance has: {allowed}"
    )


def check_variables(client: ServiceNowClient, settings: ServiceNowSettings) -> None:
    """Check the names of catalogue variables against the catalogue's questions, if the account may read those.

    Tickets need the answers only, so hidden questions are not an error.
    """
    wanted = {
        f"tables.{table}.variables.{part}": name
        for table, own in settings.tables.items()
        for part, name in own.variables.names().items()
    }
    if not wanted:
        return
    known = _questions(client, f"nameIN{members(sorted(set(wanted.values())))}", 100)
    unknown = {place: name for place, name in wanted.items() if name not in known}
    others = _questions(client, "nameISNOTEMPTY", 1000) if unknown else known
    if not others:
        text = f"{', '.join(wanted)}: not checked, because the account may not read the table {QUESTIONS}"
        log = structlog.get_logger("forcesync.servicenow")
        log.warning("variables are not held against the settings", system=client.system, text=text)
        return
    checks = Checklist(client.system)
    for place, name in unknown.items():
        detail = f"{at(client.system, place)}: the catalogue has no variable {name!r}{instead(name, sorted(others))}"
        with checks.noting():
            raise Misconfigured(client.system, "check the variables", detail)
    checks.end()


def _questions(client: ServiceNowClient, query: str, limit: int) -> set[str]:
    try:
        rows = client.lists.first("check the variables", QUESTIONS, query, ["name"], limit)
    except NotAllowed:
        return set()
    return {label(plain(row.get("name"))) for row in rows} - {""}


def _log_unchecked(client: ServiceNowClient, why: str, what: str) -> None:
    log = structlog.get_logger("forcesync.servicenow")
    log.info(f"{what} are not held against the settings", system=client.system, why=why)
