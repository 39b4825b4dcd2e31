"""The one place that names concrete connectors: from settings to ports, each imported only when it is used."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from worker.clock import SystemClock
from worker.settings import OktaSettings, Settings, SettingsError, explain
from workflows.outcome import Ports, Tell
from workflows.ports import Clock, OktaOrg, SyncDriver, TicketDesk

if TYPE_CHECKING:
    from worker.store import Store

# kind in the settings -> (module, settings model, desk). A new desk is a module of connectors/ and a row here.
DESKS: Mapping[str, tuple[str, str, str]] = {
    "servicenow": ("connectors.servicenow", "ServiceNowSettings", "ServiceNowDesk"),
    "jira": ("connectors.jira", "JiraSettings", "JiraDesk"),
}


@dataclass(frozen=True)
class Parts:
    """What a command works with: the settings, the ports, and the store to close at the end."""

    settings: Settings
    ports: Ports
    store: Store


def build(settings: Settings, tell: Tell, clock: Clock | None = None) -> Parts:
    """Build every port from the settings; reaches no far side. Raises `SettingsError`."""
    clock = clock or SystemClock()
    desks = {name: _desk(name, table, clock) for name, table in settings.desks.items()}
    orgs = {name: _org(name, okta, clock) for name, okta in settings.okta.items()}
    drivers = {name: driver for name, okta in settings.okta.items() if (driver := _driver(name, okta, clock))}
    store = open_store(settings)
    ports = Ports(
        clock=clock,
        store=store,
        desks=desks,
        orgs=orgs,
        drivers=drivers,
        policy=settings.policy.model_copy(update={"default_org": settings.org}),
        tell=tell,
    )
    return Parts(settings=settings, ports=ports, store=store)


def open_store(settings: Settings) -> Store:
    """Open the store without changing its schema."""
    module: Any = import_module("worker.store")
    store: Store = module.Store.open(settings.store.url)
    return store


def _desk(name: str, table: Mapping[str, Any], clock: Clock) -> TicketDesk:
    kind = str(table.get("kind"))
    if kind not in DESKS:
        raise SettingsError(
            f"the settings cannot be used:\n  desks.{name}.kind: found {kind!r}; allowed: {', '.join(map(repr, DESKS))}"
        )
    module_name, model_name, desk_name = DESKS[kind]
    module = import_module(module_name)
    model: Callable[..., Any] = getattr(module, model_name)
    try:
        options = model(**{key: value for key, value in table.items() if key != "kind"})
    except ValidationError as error:
        raise SettingsError(explain(error, "the settings", ("desks", name))) from None
    desk: TicketDesk = getattr(module, desk_name)(name, options, clock=clock)
    return desk


def _org(name: str, okta: OktaSettings, clock: Clock) -> OktaOrg:
    module = import_module("connectors.okta")
    org: OktaOrg = module.OktaConnector(name, okta.url, okta.token, clock=clock, directory_types=okta.directory_types)
    return org


def _driver(name: str, okta: OktaSettings, clock: Clock) -> SyncDriver | None:
    if okta.force_sync.driver == "none":
        return None
    module = import_module("connectors.okta")
    driver: SyncDriver = module.ReapplyDriver(name, okta.url, okta.force_sync.token, clock=clock)
    return driver
