"""Puts together every check that the settings call for, and what is left of them where the settings fail."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from fnmatch import fnmatch
from pathlib import Path
from typing import NamedTuple, cast

from pydantic import SecretStr

from worker import wiring
from worker.doctor.checks import Check, Status
from worker.doctor.desks import checks_of_tickets
from worker.doctor.forms import check_of_forms
from worker.doctor.local import checks_of_settings, checks_of_store, faults_of, unusable
from worker.doctor.manners import Manners, manners_towards
from worker.doctor.policy import checks_of_policy
from worker.doctor.products import ANSWERS, Place, checks_of
from worker.doctor.running import Running
from worker.errors import OperatorError
from worker.process.clock import SystemClock
from worker.settings.faults import SettingsError
from worker.settings.model import Settings
from worker.settings.tables import OktaSettings
from worker.store import Store
from workflows.ports import Clock, HasForms, OktaOrg, Probed, TicketDesk
from workflows.steps import Ports

# A trial is the first thing that many run, and a developer instance that sleeps takes its time to answer.
PATIENCE = 30.0  # seconds
TRIES, PAUSE = 3, 3.0  # of a product that fails sooner; seconds between them


class Examination(NamedTuple):
    """The checks for a settings file, and the manners towards each product, by the `system` of its checks.

    `own` are the settings' own texts that are no secrets: whoever runs the checks wrote them. Only where the settings
    can be used are the checks `whole`: those of the products are missing otherwise.
    """

    checks: tuple[Check, ...]
    manners: Mapping[str, Manners]
    own: frozenset[str] = frozenset()
    whole: bool = True


@contextmanager
def examination_of(config: Path, clock: Clock | None = None) -> Iterator[Examination]:
    """Yield the checks for a settings file; makes no network calls. A file that cannot be used has only its own.

    Raises `OperatorError` if there is no such file.
    """
    if not config.exists():
        raise OperatorError(f"there is no settings file {config}; name one with --config")
    clock = clock or SystemClock()
    try:
        settings = wiring.read_settings(config)
    except SettingsError as error:
        yield Examination((_unusable(str(error)),), {}, whole=False)
        return
    if faults := faults_of(settings, clock):
        yield Examination(tuple(checks_of_settings(settings, faults)), {}, whole=False)
        return
    store = wiring.open_store(settings)
    try:
        systems = {f"okta.{name}": name for name in settings.okta} | {f"desks.{name}": name for name in settings.desks}
        manners = manners_towards(systems.values(), store, clock)
        checks = tuple(_all(settings, store, clock))
        own = frozenset(_texts(settings.model_dump()))
        yield Examination(checks, {system: manners[name] for system, name in systems.items()}, own)
    finally:
        store.close()


def silent(settings: Settings, desks: Mapping[str, TicketDesk], orgs: Mapping[str, OktaOrg]) -> dict[str, str]:
    """Return which products do not answer, by their names, and why; all are asked at once.

    One that fails before the time is up is asked again, a few times, because it may be starting.
    """
    end = time.monotonic() + PATIENCE
    places = [(cast("Probed", org), _place_of_org(name, settings.okta[name])) for name, org in orgs.items()]
    places += [(cast("Probed", desk), _place_of_desk(name, settings)) for name, desk in desks.items()]
    why: dict[str, str] = {}
    for times in range(TRIES):
        left = max(1.0, round(end - time.monotonic()))
        why = {place.table: seen for place, seen in _unanswered(places, left)}
        places = [(product, place) for product, place in places if place.table in why]
        if not why or times == TRIES - 1 or time.monotonic() + PAUSE > end:
            break
        time.sleep(PAUSE)
    return {product.name: f"{place.table} does not answer: {why[place.table]}" for product, place in places}


def _unanswered(places: Sequence[tuple[Probed, Place]], within: float) -> Iterator[tuple[Place, str]]:
    """Ask each product once, and yield those that do not answer, and what was seen."""
    checks = [check for product, place in places for check in checks_of(product, place) if check.id.endswith(ANSWERS)]
    failed = {
        item.id.rpartition(".")[0]: item.seen
        for item in Running(checks, within).results()
        if item.status is Status.FAIL
    }
    yield from ((place, failed[place.table]) for _, place in places if place.table in failed)


def _texts(value: object) -> Iterator[str]:
    """Yield every text that the settings hold; a secret is none."""
    if isinstance(value, str):
        yield value
        host = value.partition("://")[2].partition("/")[0]  # of a URL: with its account, it looks like an address
        yield from (host, host.rpartition(":")[0])
    elif isinstance(value, Mapping):
        for key, held in value.items():
            yield from (*_texts(key), *_texts(held))
    elif isinstance(value, list | tuple | set | frozenset):
        for held in value:
            yield from _texts(held)


def chosen(checks: tuple[Check, ...], pattern: str) -> tuple[list[Check], set[str]]:
    """Return the checks that a pattern needs and the ids that it names: a shell pattern, or the beginning of an id."""
    named = {check.id for check in checks if fnmatch(check.id, pattern) or check.id.startswith(f"{pattern}.")}
    wanted, known = set(named), {check.id: check for check in checks}
    waiting = list(named)
    while waiting:
        check = known[waiting.pop()]
        fresh = {id for id in (*check.needs, *check.after) if id in known and id not in wanted}
        wanted |= fresh
        waiting += fresh
    return [check for check in checks if check.id in wanted], named


def _unusable(faults: str) -> Check:
    return Check(
        "settings",
        "the settings",
        "correct each key where it is set: in the settings file, or in the environment",
        lambda: unusable(faults),
    )


def _all(settings: Settings, store: Store, clock: Clock) -> Iterator[Check]:
    yield from checks_of_settings(settings)
    yield from checks_of_store(settings, store, clock)
    orgs, drivers = wiring.okta_ports(settings, clock)
    policy = settings.policy.but(default_org=settings.org)
    for name, org in orgs.items():
        yield from checks_of(cast("Probed", org), _place_of_org(name, settings.okta[name]))
    yield from checks_of_policy(settings, orgs[settings.org], drivers.get(settings.org), clock, store)
    for name in settings.desks:
        desk = wiring.build_desk(name, settings, clock)
        ports = Ports(
            clock=clock,
            store=store,
            desks={name: desk},
            orgs=orgs,
            drivers=drivers,
            policy=policy,
            readers={},
            tell=lambda *_: None,
        )
        yield from _of_desk(desk, settings, ports, store)


def _of_desk(desk: TicketDesk, settings: Settings, ports: Ports, store: Store) -> Iterator[Check]:
    yield from checks_of(cast("Probed", desk), _place_of_desk(desk.name, settings))
    yield from checks_of_tickets(desk, ports, store)
    if isinstance(desk, HasForms):
        yield check_of_forms(f"desks.{desk.name}", desk, settings.policy.synonyms)


def _place_of_org(name: str, okta: OktaSettings) -> Place:
    proxy = okta.proxy.get_secret_value() if okta.proxy else ""
    credential = "token" if okta.auth == "ssws" else "key"
    return Place(f"okta.{name}", okta.url, proxy, f"okta.{name}.{credential}")


def _place_of_desk(name: str, settings: Settings) -> Place:
    table = settings.desks[name]
    held = table.get("proxy")
    proxy = held.get_secret_value() if isinstance(held, SecretStr) else ""
    secrets = [key for key, value in table.items() if isinstance(value, SecretStr) and key != "proxy"]
    account = [key for key in ("user", "email") if table.get(key)]
    keys = ", ".join(f"desks.{name}.{key}" for key in (*account, *secrets))
    return Place(f"desks.{name}", str(table.get("url", "")), proxy, keys)
