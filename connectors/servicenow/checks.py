"""Hold a desk's settings against the instance before any ticket is touched; nothing here is asked again per ticket.

A column that does not exist is left out of an answer without a word, and a condition about it out of a query, so that
a misspelt name would be met days later, as a form that seems empty.
"""

from __future__ import annotations

import structlog

from connectors.servicenow.choices import check_choices
from connectors.servicenow.client import ServiceNowClient, plain
from connectors.servicenow.lookups import Lookups
from connectors.servicenow.queries import members
from connectors.servicenow.settings import TABLES, FormFields, ServiceNowSettings, TableSettings
from workflows.errors import Misconfigured, Refused
from workflows.values.near_names import instead

QUESTIONS = "item_option_new"  # the table of all that catalogue items ask
LOOKED_AT = 5  # records of a table: access rules may withhold some of them, or some of their columns


def check_instance(client: ServiceNowClient, settings: ServiceNowSettings, lookups: Lookups) -> None:
    """Prove the account, the groups and the tag; raise `Misconfigured` for the first name that is not there."""
    lookups.worker()
    for name in sorted(settings.groups()):
        lookups.group(name)
    lookups.tags(afresh=True)
    with client.whole_system():
        _columns(client, settings)
        for table in settings.tables:
            check_choices(client, settings, table)
        _variables(client, settings)
        _canary(client, settings)


def _columns(client: ServiceNowClient, settings: ServiceNowSettings) -> None:
    """Hold the named columns against those of records that the account can read; one that is unknown is left out.

    The dictionary of columns would be told to administrators only
    (https://www.servicenow.com/docs/, "Table API": `sysparm_fields`, and what access rules leave out). So whole records
    are read only to tell near names of one that is missing. An access rule may hide a usual column: that is said.
    """
    operation, shown = "check the columns", {}
    for table, own in settings.tables.items():
        wanted = _of_table(own) | {f"fields.{part}": name for part, name in _set(own.fields).items()}
        asked = {*wanted.values(), *(_set(settings.fields).values() if own.fields is None else ())}
        columns = _shown(client, table, ["sys_id", *sorted({_first(name) for name in asked})])
        if columns and not {_first(name) for name in asked} <= columns:
            columns |= _shown(client, table, [])
        if not columns:
            _not_held(client, f"{table} has no record that this account may read", "columns")
            continue
        shown[table] = columns
        usual = _of_table(TABLES[table]) if table in TABLES else {}
        for place, name in wanted.items():
            if _first(name) in columns:
                continue
            detail = f"tables.{table}.{place}: the table shows this account no column {name!r}"
            if usual.get(place) != name:
                raise Misconfigured(client.system, operation, detail + instead(name, sorted(columns)))
            log = structlog.get_logger("forcesync.servicenow")
            log.warning("a usual column is hidden from this account", system=client.system, text=detail)
    sharing = [columns for table, columns in shown.items() if settings.tables[table].fields is None]
    for part, name in _set(settings.fields).items():
        if sharing and not any(_first(name) in columns for columns in sharing):
            detail = f"fields.{part}: none of the tables shows this account a column {name!r}"
            raise Misconfigured(client.system, operation, detail + instead(name, sorted(set().union(*sharing))))


def _shown(client: ServiceNowClient, table: str, fields: list[str]) -> set[str]:
    rows = client.first("check the columns", table, "ORDERBYDESCsys_created_on", fields, LOOKED_AT)
    return {name for row in rows for name in row}


def _of_table(own: TableSettings) -> dict[str, str]:
    """Return the columns that are read or written on every ticket, by their places in the table's settings."""
    wanted = {name: getattr(own, name) for name in ("requester", "state_field", "group_field", "close_notes_field")}
    wanted |= {"close_code_field": own.close_code_field} if own.close_code else {}
    wanted |= {"hold_reason": "hold_reason"} if own.hold_reason else {}
    return {place: name for place, name in wanted.items() if name}


def _set(form: FormFields | None) -> dict[str, str]:
    """Return the columns that somebody has named; the usual ones need not be there."""
    return form.model_dump(include=form.model_fields_set) if form else {}


def _first(name: str) -> str:
    return name.partition(".")[0]


def _variables(client: ServiceNowClient, settings: ServiceNowSettings) -> None:
    """Hold the names of catalogue variables against the catalogue's questions, where the account may read these.

    They are not needed for the work on tickets, which reads answers; so nothing is refused where they are hidden.
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
        _not_held(client, f"{QUESTIONS} shows this account nothing", "variables")
        return
    for place, name in unknown.items():
        detail = f"{place}: the catalogue has no variable {name!r}{instead(name, sorted(others))}"
        raise Misconfigured(client.system, "check the variables", detail)


def _questions(client: ServiceNowClient, query: str, limit: int) -> set[str]:
    try:
        rows = client.first("check the variables", QUESTIONS, query, ["name"], limit)
    except Refused:
        return set()
    return {plain(row.get("name")) for row in rows} - {""}


def _canary(client: ServiceNowClient, settings: ServiceNowSettings) -> None:
    """Say once whether the instance runs a query without the parts that it does not understand.

    It does unless `glide.invalid_query.returns_no_rows` is set (https://www.servicenow.com/docs/, "Encoded query
    strings"); so every record is held against what was asked for, in any case.
    """
    if client.first("try an invalid query", next(iter(settings.tables)), "no_such_field=1", ["sys_id"]):
        log = structlog.get_logger("forcesync.servicenow")
        effect = "nothing to do: every record is held against what was asked for"
        log.info("this instance ignores invalid parts of queries", system=client.system, effect=effect)


def _not_held(client: ServiceNowClient, why: str, what: str) -> None:
    log = structlog.get_logger("forcesync.servicenow")
    log.info(f"{what} are not held against the settings", system=client.system, why=why)
