"""Builds the ports from the settings; the one place that names concrete connectors, imported only when used."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic import BaseModel, ValidationError
from sqlalchemy import make_url

from worker.process.clock import SystemClock
from worker.process.parts import Parts
from worker.process.stalls import Stalls
from worker.settings.audience import audience_of, reader_of, without_audience
from worker.settings.faults import Faults, SettingsError, claimed_twice, explain
from worker.settings.model import Settings, load
from worker.settings.tables import AudienceSettings, OktaSettings, StoreSettings
from workflows.errors import Misconfigured
from workflows.model import PlannedWrite
from workflows.notes.audience import Reader
from workflows.ports import Clock, OktaOrg, SyncDriver, TicketDesk
from workflows.steps import Ports, Tell, alert
from workflows.values.wording import near

if TYPE_CHECKING:
    from worker.store import Store
    from worker.web.metrics import Metrics


class Kind(NamedTuple):
    """Where a kind of desk is: its module, and in it the settings' model, the desk, and what `init` reads."""

    module: str
    settings: str
    desk: str
    survey: str


# By the kind in the settings. A new desk is a package in connectors/ and a row here.
DESKS: Mapping[str, Kind] = {
    "servicenow": Kind("connectors.servicenow", "ServiceNowSettings", "ServiceNowDesk", "ServiceNowSurvey"),
    "jira": Kind("connectors.jira", "JiraSettings", "JiraDesk", "JiraSurvey"),
}


def build(settings: Settings, tell: Tell, clock: Clock | None = None) -> Parts:
    """Build every port from the settings; makes no network calls. Raises `SettingsError`.

    `clock` takes the place of the system's and of the store's.
    """
    from worker.process.backoff import Notes, patient, unseen  # noqa: PLC0415  # brings the HTTP client, which few commands need

    own, clock = clock, clock or SystemClock()
    policy = settings.policy.but(default_org=settings.org)
    faults, desks, readers = Faults(settings.source), dict[str, TicketDesk](), dict[str, Reader]()
    for name in settings.desks:
        with faults.noting():
            desks[name] = build_desk(name, settings, clock)
        with faults.noting():
            readers[name] = reader_of(name, settings, policy)
    for text in claimed_twice({name: _options(name, settings.desks[name], settings.source).claims for name in desks}):
        faults.add(text)
    with faults.noting():
        orgs, drivers = okta_ports(settings, clock)
    with faults.noting():
        store = open_store(settings, own)
    faults.end()
    metrics = _metrics(settings, store, clock, orgs)
    tell = metrics.counting(tell) if metrics else tell

    def warn(system: str, cause: str, text: str) -> None:
        alert(ports, system, cause, text)

    stalls = Stalls(settings.worker.threads, clock, warn, tell, (*desks, *orgs))
    notes = Notes(store, clock, stalls, metrics.operation if metrics else unseen)
    ports = Ports(
        clock=clock,
        store=store,
        desks={name: patient(desk, notes) for name, desk in desks.items()},
        orgs={name: patient(org, notes) for name, org in orgs.items()},
        drivers={name: patient(driver, notes) for name, driver in drivers.items()},
        policy=policy,
        readers=readers,
        tell=tell,
    )
    return Parts(settings=settings, ports=ports, store=store, notes=notes, metrics=metrics)


def _metrics(settings: Settings, store: Store, clock: Clock, orgs: Mapping[str, Any]) -> Metrics | None:
    """Return what counts in this process, if the settings name an address to serve it at."""
    if not settings.web.listen:
        return None
    module: Any = import_module("worker.web.metrics")
    metrics: Metrics = module.Metrics(
        store, clock, settings.desks, {name: org.calls_left for name, org in orgs.items()}
    )
    return metrics


def okta_ports(settings: Settings, clock: Clock, **budget: int) -> tuple[dict[str, OktaOrg], dict[str, SyncDriver]]:
    """Build each org's port, and the driver of each org that has one; both by the org's name.

    `budget` is passed to the connector's `CallBudget`.
    """
    orgs, drivers = {}, {}
    faults = Faults(settings.source)
    for name, okta in settings.okta.items():
        with faults.noting(), _usable(settings, f"okta.{name}"):
            orgs[name] = org_of(name, okta, clock, budget)
            if driver := _driver(name, okta, clock):
                drivers[name] = driver
    faults.end()
    return orgs, drivers


def read_settings(config: Path) -> Settings:
    """Read the settings, or raise `SettingsError` with every fault, those of the desks' own tables included."""
    return load(config, _faults_of_desks)


def _faults_of_desks(desks: Mapping[str, Any], source: str, lease_for: float | None) -> Iterator[str]:
    """Yield the faults of the desks' tables, which only their connectors know."""
    if not all(isinstance(own, Mapping) for own in desks.values()):
        return  # the keys of a desk stand where the desks' names belong, which is told already
    usable = dict[str, Any]()
    for name, own in desks.items():
        try:
            usable[name] = _options(name, own, source)
            if lease_for is not None:
                _check_lease(name, usable[name], lease_for, source)
        except SettingsError as error:
            yield str(error)
        try:
            audience_of(name, own, source)
        except SettingsError as error:
            yield str(error)
    yield from claimed_twice({name: options.claims for name, options in usable.items()})


@contextmanager
def _usable(settings: Settings, table: str) -> Iterator[None]:
    """Turn `Misconfigured` into a `SettingsError` that names the settings table at fault."""
    try:
        yield
    except Misconfigured as error:
        fault = f"  {table}: could not {error.operation}: {error.detail}"
        raise SettingsError(f"{settings.source} cannot be used:\n{fault}") from None


def open_store(settings: Settings, clock: Clock | None = None) -> Store:
    """Open the store without changing its schema."""
    module: Any = import_module("worker.store")
    store: Store = module.Store.open(_store_url(settings.store), settings.worker.at_once, clock)
    return store


@contextmanager
def opened_store(config: Path) -> Iterator[Store]:
    """Open the settings' store for one command. Raises `OperatorError` unless its schema is current."""
    store = open_store(load(config))
    try:
        store.check_schema()
        yield store
    finally:
        store.close()


@contextmanager
def opened_ports(config: Path, *, stored: bool = True) -> Iterator[Ports]:
    """Open every port of the settings for one command.

    Without `stored`, a store that is not there yet is no hindrance: one that is thrown away takes its place.
    """
    from worker.process import logs  # noqa: PLC0415  # brings structlog, which commands that only read the store do without

    settings = read_settings(config)
    logs.configure("warning", settings.worker.log_format)  # a person waits for the answer, not for each request
    with tempfile.TemporaryDirectory(prefix="forcesync-") as folder:
        parts = build(settings, logs.tell)
        if not stored and parts.store.is_missing:
            parts.store.close()
            own = {"store": StoreSettings(url=f"sqlite:///{folder}/store.sqlite3")}
            parts = build(settings.model_copy(update=own), logs.tell)
            parts.store.migrate()
        try:
            parts.store.check_schema()
            yield parts.ports
        finally:
            parts.store.close()


def _store_url(store: StoreSettings) -> str:
    """Return the store's URL, with its password."""
    if store.password is None:
        return store.url
    url = make_url(store.url).set(password=store.password.get_secret_value())
    return url.render_as_string(hide_password=False)


def build_desk(name: str, settings: Settings, clock: Clock) -> TicketDesk:
    """Build one desk from the settings; makes no network calls. Raises `SettingsError`."""
    options = _options(name, settings.desks[name], settings.source)
    kind = DESKS[settings.desks[name]["kind"]]
    _check_lease(name, options, settings.worker.lease_for, settings.source)
    with _usable(settings, f"desks.{name}"):
        desk: TicketDesk = getattr(import_module(kind.module), kind.desk)(name, options, clock=clock)
    return desk


def _check_lease(name: str, options: Any, lease_for: float, source: str) -> None:
    longest = options.connect_timeout + options.read_timeout
    if longest >= lease_for / 2:
        raise SettingsError(
            f"{source} cannot be used:\n  worker.lease_for: found {lease_for:g}; it must be more than twice "
            f"the sum of the timeouts of desks.{name}, {longest:g} seconds, so that a lease outlasts every call"
        )


def desk_settings(name: str, settings: Settings) -> BaseModel:
    """Return the connector's own settings of a desk, defaults included. Raises `SettingsError`."""
    options: BaseModel = _options(name, settings.desks[name], settings.source)
    return options


def texts_of(name: str, settings: Settings, write: PlannedWrite) -> tuple[tuple[str, str], ...]:
    """Return the texts of a desk's write, each with who sees it; none for a desk that the settings no longer name."""
    kind = str(settings.desks.get(name, {}).get("kind"))
    return tuple(import_module(DESKS[kind][0]).texts_of(write)) if kind in DESKS else ()


def desk_models() -> dict[str, type[BaseModel]]:
    """Return the settings' model of each kind of desk."""
    return {name: getattr(import_module(kind.module), kind.settings) for name, kind in DESKS.items()}


def survey_of(kind: str) -> Any:
    """Return the class that reads what a kind of desk offers to an account, for `forcesync init`."""
    return getattr(import_module(DESKS[kind].module), DESKS[kind].survey)


def _options(name: str, table: Mapping[str, Any], source: str) -> Any:
    """Return the connector's settings of a desk, or raise `SettingsError`."""
    kind = table.get("kind")
    if not isinstance(kind, str) or kind not in DESKS:
        found = "this key is missing" if kind is None else f"found {kind!r}"
        close = near(str(kind), DESKS)
        meant = f"; did you mean {close[0]!r}?" if close else ""
        allowed = ", ".join(map(repr, DESKS))
        raise SettingsError(f"{source} cannot be used:\n  desks.{name}.kind: {found}; allowed: {allowed}{meant}")
    model: type[BaseModel] = getattr(import_module(DESKS[kind].module), DESKS[kind].settings)
    try:
        return model(**without_audience(table))
    except ValidationError as error:
        also = ("kind", *AudienceSettings.model_fields)
        text = explain(error, source, model, ("desks", name), also, without_audience(table))
        raise SettingsError(text) from None


def org_of(name: str, okta: OktaSettings, clock: Clock, budget: Mapping[str, int]) -> OktaOrg:
    """Build one org from its settings; makes no network calls. Raises `Misconfigured`."""
    module = import_module("connectors.okta")
    credential: object = okta.token
    if okta.auth == "oauth":
        credential = module.ServiceApp(
            name,
            okta.url,
            module.App(okta.client_id, okta.key, okta.scopes, okta.key_id),
            clock=clock,
            network=okta.network(),
        ).credential()
    org: OktaOrg = module.OktaConnector(
        name,
        okta.url,
        credential,
        clock=clock,
        directory_types=okta.directory_types,
        budget=module.CallBudget(okta.reserve, okta.keep_for, **budget),
        network=okta.network(),
    )
    return org


def _driver(name: str, okta: OktaSettings, clock: Clock) -> SyncDriver | None:
    if okta.force_sync.driver == "none":
        return None
    module = import_module("connectors.okta")
    if okta.force_sync.driver == "assisted":
        by_hand: SyncDriver = module.AssistedDriver(name)
        return by_hand
    driver: SyncDriver = module.ReapplyDriver(
        name, okta.url, okta.force_sync.token, clock=clock, network=okta.network(module.TIMEOUTS)
    )
    return driver
