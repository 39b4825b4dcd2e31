"""What stands beside a ticket's record: its children, and the variables of its catalogue item."""

from __future__ import annotations

from connectors.servicenow.client import Row, ServiceNowClient, plain
from connectors.servicenow.lookups import Lookups
from connectors.servicenow.queries import SYS_ID, members
from connectors.servicenow.reading import known_as
from connectors.servicenow.settings import ServiceNowSettings

ITEM = "sc_req_item"
NAME, VALUE = "sc_item_option.item_option_new.name", "sc_item_option.value"


def has_open_children(client: ServiceNowClient, table: str, sys_id: str) -> bool:
    """Say whether resolving this ticket would resolve others with it."""
    columns = ("parent_incident", "parent") if table == "incident" else ("parent",)
    query = "^OR".join(f"{column}={sys_id}" for column in columns) + "^active=true"
    rows = client.first("look for children", table, query, ["sys_id", "active", *columns], limit=10)
    return any(
        plain(row.get("active")) == "true" and sys_id in {plain(row.get(column)) for column in columns} for row in rows
    )


def variables(
    client: ServiceNowClient, lookups: Lookups, settings: ServiceNowSettings, table: str, record: Row
) -> dict[str, str]:
    """Return the form's parts that the settings' variables hold on the requested item.

    They are rows of `sc_item_option_mtom`, not columns of the item (https://www.servicenow.com/docs/, "Using
    GlideRecord to query tables"). A variable that refers to a user holds a sys_id, which is followed.
    """
    wanted = settings.tables[table].variables.names()
    item = plain(record.get("sys_id" if table == ITEM else "request_item"))
    if not wanted or not SYS_ID.fullmatch(item):
        return {}
    query = f"request_item={item}^{NAME}IN{members(wanted.values())}"
    rows = list(client.records("read the variables", "sc_item_option_mtom", query, ["request_item", NAME, VALUE]))
    held = {plain(row.get(NAME)): plain(row.get(VALUE)) for row in rows if plain(row.get("request_item")) == item}
    found = {name: held[variable] for name, variable in wanted.items() if held.get(variable)}
    if SYS_ID.fullmatch(found.get("user", "")):
        found["user"] = known_as(lookups.user(found["user"])) or found["user"]
    return found
