"""Tells what an instance offers to an account before the settings are written: groups, tables, close codes, the tag."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from connectors.servicenow.checks.forms import forms_of
from connectors.servicenow.checks.names import choices_of, groups_of
from connectors.servicenow.client import ServiceNowClient
from connectors.servicenow.lookups import Lookups
from connectors.servicenow.reading.discovery import TaggedTickets
from connectors.servicenow.settings import NEEDS, TABLES, ServiceNowSettings, TableSettings
from workflows.errors import Misconfigured, NotAllowed
from workflows.ports import Clock, Form

CODES_OF = "incident"  # the only default table with a close code
PATIENCE = 20.0  # seconds: a person is waiting, and may have named the wrong address
PAGE = 1000  # groups of one call: a large instance has thousands


class ServiceNowSurvey:
    """One instance as one account; reads only. `account` holds the keys of `ServiceNowSettings` that sign in."""

    def __init__(self, name: str, account: Mapping[str, Any], *, clock: Clock) -> None:
        own = {"escalation_group": "not chosen yet", "page_size": PAGE, "read_timeout": PATIENCE}
        settings = ServiceNowSettings(**{**own, **account})
        self._client = ServiceNowClient(name, settings, clock)
        self._lookups = Lookups(self._client, settings, clock)
        self._settings, self._clock = settings, clock

    @staticmethod
    def needs() -> Mapping[str, tuple[str, ...]]:
        """Return each way to sign in with the keys that it needs besides `user`."""
        return NEEDS

    def identity(self) -> str:
        """Prove the credential by finding our own account."""
        self._lookups.worker()
        return self._settings.user

    def groups(self) -> list[str]:
        """Return the names of the active groups."""
        return groups_of(self._client)

    def tables(self) -> list[str]:
        """Return those of the default tables that the account may read."""
        return [table for table in TABLES if self._is_readable(table)]

    def _is_readable(self, table: str) -> bool:
        try:
            self._client.lists.first("read the table", table, "ORDERBYDESCsys_created_on", ["sys_id"])
        except NotAllowed:
            return False
        return True

    def close_codes(self) -> Mapping[str, str]:
        """Return the labels of the close codes of incidents by their values."""
        return choices_of(self._client, CODES_OF, TABLES[CODES_OF].close_code_field)

    def tag_is_missing(self) -> str:
        """Return why the tag is not found, "" if it is."""
        try:
            self._lookups.reread_tags()
        except Misconfigured as error:
            return error.detail
        return ""

    def forms(self) -> list[Form]:
        """Return the catalogue variables of open tagged requested items."""
        return forms_of(self._client, TaggedTickets(self._client, self._settings, self._lookups, self._clock))

    @staticmethod
    def table_settings(tables: Sequence[str], close_code: str, *, whole: bool = False) -> dict[str, Any]:
        """Return what the settings need of `tables`: nothing where the defaults do, else each with all its values.

        With `whole`, each is returned, because something is set for one of them.
        """
        usual = list(tables) == list(TABLES) and not whole
        if usual and (CODES_OF not in tables or close_code == TABLES[CODES_OF].close_code):
            return {}
        default = TableSettings().model_dump()
        found = {}
        for table in tables:
            own = TABLES.get(table, TableSettings()).model_dump()
            own |= {"close_code": close_code} if table == CODES_OF else {}
            found[table] = {name: _toml(value) for name, value in own.items() if value != default[name]}
        return found


def _toml(value: Any) -> Any:
    return "" if value is None else list(value) if isinstance(value, tuple) else value
