"""Checks what is on this machine: settings, files with secrets, texts, address to serve at, store, and broker."""

from __future__ import annotations

import socket
import stat
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from worker import wiring
from worker.doctor.checks import Check, Seen, Status
from worker.process import broker as brokers
from worker.settings.answer_files import templates
from worker.settings.audience import reader_of
from worker.settings.cautions import OTHERS, at_odds, open_files, shared_tokens
from worker.settings.faults import Faults, SettingsError
from worker.settings.model import Settings
from worker.store import Store
from workflows.engine.stopped import standing
from workflows.model import StopKind
from workflows.notes.standing import told_of
from workflows.ports import Clock, NothingToSeeError

Told = Callable[[Settings], Iterable[str]]


def unusable(faults: str) -> Seen:
    """Return what is seen of settings that cannot be used; several faults are numbered, as they share a line."""
    head, *lines = faults.split("\n")
    if len(lines) > 1:
        lines = [f"  ({number}) {line.strip()}" for number, line in enumerate(lines, 1)]
    return Seen(Status.FAIL, "\n".join((head, *lines)))


def checks_of_settings(settings: Settings, faults: str = "") -> Iterator[Check]:
    """Yield the checks of the settings and their files; `faults` is what keeps a part of them from being used."""
    source = settings.source

    def usable() -> Seen | str:
        return unusable(faults) if faults else f"{source}: every key is known and fits"

    yield Check(
        "settings",
        "the settings",
        "correct each key where it is set: in the settings file, or in the environment",
        usable,
    )
    yield Check(
        "settings.files",
        "who can read the files with secrets (the keys ending in _file)",
        "run the chmod that is named",
        _warned(settings, open_files, "their owner alone"),
    )
    yield Check(
        "settings.tokens",
        "the tokens of reading and of Force Sync",
        f"make {', '.join(f'okta.{name}.token' for name in settings.okta)} a read-only administrator's",
        _warned(settings, shared_tokens, "they differ, or only one is needed"),
    )
    yield Check(
        "settings.effect",
        "keys that others leave without effect",
        "keep one of the keys that are named",
        _warned(settings, at_odds, "none"),
    )
    yield Check(
        "web",
        "the address of health and metrics",
        "correct web.listen, or stop what listens there",
        lambda: _served(settings.web.address),
    )
    yield Check(
        "texts",
        "the public texts of the desks that name no language of their own",
        "correct texts.language or texts.folder",
        lambda: _shared_texts(settings),
    )
    for name, table in settings.desks.items():
        yield Check(
            f"desks.{name}.texts",
            f"the public texts and the time zone of {name}",
            f"correct desks.{name}.language, desks.{name}.zone or texts.folder",
            _texts(settings, name),
            needs=() if table.get("language") else ("texts",),
        )


def _served(address: tuple[str, int] | None) -> Seen | str:
    """Bind the address and leave it again; a process of ours may serve there already, the doctor's own included."""
    if address is None:
        return "nowhere: web.listen is not set"
    host, port = address
    try:
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind(address)
    except OSError as error:
        if _is_ours(host, port):
            return f"a process of forcesync serves them on {host} port {port}"
        return Seen(Status.FAIL, f"cannot listen on {host} port {port}: {error.strerror}")
    return f"{host} port {port} is free"


def _is_ours(host: str, port: int) -> bool:
    connection = HTTPConnection(host, port, timeout=1)
    try:
        connection.request("GET", "/healthz")
        return str(connection.getresponse().headers.get("Server")).startswith("forcesync")
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def _warned(settings: Settings, told: Told, fine: str) -> Callable[[], Seen | str]:
    def look() -> Seen | str:
        found = "; ".join(told(settings))
        return Seen(Status.WARN, found) if found else fine

    return look


def _shared_texts(settings: Settings) -> str:
    if all(table.get("language") for table in settings.desks.values()):
        return "every desk has its own language"
    language = settings.texts.language
    return f"{len(templates(settings.texts, language))} texts in {language!r}"


def _texts(settings: Settings, desk: str) -> Callable[[], str]:
    def look() -> str:
        reader = reader_of(desk, settings, settings.policy)
        table = settings.desks[desk]
        language = table.get("language") or settings.texts.language
        return f"{len(reader.templates)} texts in {language!r}, times in {table.get('zone', 'UTC')}"

    return look


def readable(store: Store) -> tuple[str, ...]:
    """Return the check that must be right before the store is read; none before there is a store."""
    return () if store.is_missing else ("store",)


def checks_of_store(settings: Settings, store: Store, clock: Clock) -> Iterator[Check]:
    """Yield the checks of store and broker; neither is written to, and a missing store is not made."""

    def schema() -> Seen | str:
        if store.is_missing:
            raise NothingToSeeError(
                f"there is no store at {store.name} yet; `forcesync run`, `once` and `migrate` make it"
            )
        store.check_schema()
        return f"{store.name} has this program's schema"

    yield Check(
        "store",
        "the store's schema",
        "correct store.url, or do what is named",
        schema,
        vital=True,
    )
    yield Check(
        "store.file",
        "who can read the store",
        "run the chmod that is named, or correct store.url",
        lambda: _mode(store.file),
        needs=readable(store),
    )
    yield Check(
        "store.stops",
        "what stands stopped or paused",
        "mend what is named",
        lambda: _stops(settings, store, clock.now()),
        needs=("store",),
    )
    yield Check(
        "broker", "the broker", "correct broker.url, or start the server", lambda: _broker(settings), vital=True
    )


def _stops(settings: Settings, store: Store, now: datetime) -> Seen | str:
    stops, switches = list(standing(store, settings.desks, settings.okta, now)), store.switches(now)
    found = [told_of(stop) for stop in stops]
    found += [f"Force Sync of {stop.name or 'every directory'} is paused: {stop.why}" for stop in switches]
    acts = ["mend what is named"] if stops else []
    lifted = (stop.name for stop in (*stops, *switches) if stop.kind is not StopKind.SYSTEM)  # which goes on by itself
    acts += [f"`{f'forcesync resume {name}'.rstrip()}` once its reason is gone" for name in lifted]
    if not settings.policy.force_sync:
        found.append("every Force Sync is switched off")
        acts.append("set policy.force_sync = true")
    return Seen(Status.WARN, "; ".join(found), "; ".join(acts)) if found else "nothing"


def _mode(file: Path | None) -> Seen | str:
    if file is None or not file.exists():
        return "a database server's, or not made yet"
    mode = stat.S_IMODE(file.stat().st_mode)
    if mode & OTHERS:
        return Seen(Status.WARN, f"other accounts of this machine can read it (mode {mode:04o}); chmod 600 {file}")
    return f"{file} has mode {mode:04o}"


def _broker(settings: Settings) -> Seen | str:
    if settings.broker.kind == "embedded":
        return "embedded: within this process"
    queue = brokers.connect(settings.broker, settings.worker.threads)
    try:
        return f"{settings.broker.kind} answers, {queue.waiting()} messages wait"
    except brokers.BrokerUnavailable as error:
        return Seen(Status.FAIL, str(error))


def faults_of(settings: Settings, clock: Clock) -> str:
    """Return what keeps parts of the settings from being used, beyond what reading them shows; "" if nothing does."""
    found = Faults(settings.source)
    for name in settings.desks:
        with found.noting():
            wiring.build_desk(name, settings, clock)
    with found.noting():
        wiring.okta_ports(settings, clock)
    with found.noting():
        wiring.open_store(settings).close()
    try:
        found.end()
    except SettingsError as error:
        return str(error)
    return ""
