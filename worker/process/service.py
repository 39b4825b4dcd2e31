"""One process of the worker: Dramatiq's threads, the scheduler, or both, and a clean stop."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from importlib.metadata import version
from types import TracebackType
from typing import TYPE_CHECKING

import dramatiq

from connectors.http.statuses import ADDRESS, CREDENTIAL
from worker.process import broker as brokers
from worker.process.actors import register
from worker.process.heartbeat import Heartbeat
from worker.process.parts import Parts
from worker.process.scheduler import Scheduler
from worker.settings.cautions import cautions
from worker.settings.model import Settings
from worker.web.readiness import Queueing, Readiness
from workflows.case.preflight import check_approvers, check_named, warn_of_attributes
from workflows.engine.discovery import look_for_another_store
from workflows.engine.engine import Engine
from workflows.engine.stopped import lift_if_over, standing
from workflows.errors import FarSideError, Misconfigured
from workflows.model import Stop, StopKind
from workflows.notes.standing import told_of
from workflows.ports import OktaOrg, TicketDesk
from workflows.steps import Ports, alert, report

if TYPE_CHECKING:
    from worker.web.server import WebServer

SHOWN_BY_READING = frozenset({CREDENTIAL, ADDRESS})  # causes that a read with the same credential disproves

STOP_SEEN_AFTER = 1000  # ms between an idle thread's looks whether to stop; each wakes it, and a message does at once


PASS_COUNTS_FOR = timedelta(days=30)  # that settings passed: products and rights change meanwhile
EXAMINED_FOR = timedelta(minutes=10)  # a process that is restarted again and again must not eat up the products' limits


class _Checks:
    """The checks when a process starts: before the work, or beside it where the same settings passed them before.

    `examine` makes further ones that stop nothing, and says whether all of them passed.
    """

    def __init__(self, parts: Parts, examine: Callable[[], bool] | None) -> None:
        self._parts, self._examine = parts, examine
        self._left = threading.Event()

    def make(self) -> None:
        """Make them, or begin to."""
        ports, store = self._parts.ports, self._parts.store
        _introduce(ports)
        now = ports.clock.now()
        until = store.passed(fingerprint(self._parts.settings), now) if self._examine else None
        if until is None:
            self._all()
            return
        lately = until - PASS_COUNTS_FOR > now - EXAMINED_FOR
        threading.Thread(target=self._beside, args=(lately,), name="checks", daemon=True).start()

    def leave(self) -> None:
        """Leave behind what is still being checked: it changes nothing, and its store is closed."""
        self._left.set()

    def _all(self) -> None:
        fine = self._examine is None or self._examine()
        if not prepare(self._parts) and fine and self._examine is not None:
            self._parts.store.note_passed(
                fingerprint(self._parts.settings), self._parts.ports.clock.now() + PASS_COUNTS_FOR
            )

    def _beside(self, examined_lately: bool) -> None:
        try:
            if examined_lately:
                prepare(self._parts)
            else:
                self._all()
        except Exception as error:  # noqa: BLE001  # the work goes on without them
            if not self._left.is_set():
                self._parts.ports.tell("defect", {"text": "the checks at the start failed", "error": error})


def fingerprint(settings: Settings) -> str:
    """Return what tells these settings, their secrets aside, and this program's version from others."""
    text = json.dumps(settings.model_dump(exclude={"store"}), sort_keys=True, default=_told)
    return sha256(f"{version('forcesync')} {text}".encode()).hexdigest()


def _told(value: object) -> object:
    """Write what JSON does not know; a set in an order that is the same in every process."""
    return sorted(map(str, value)) if isinstance(value, frozenset | set) else str(value)


class Service:
    """The context manager behind `forcesync run`, `scheduler` and `worker`."""

    def __init__(
        self, parts: Parts, *, schedule: bool = True, work: bool = True, examine: Callable[[], bool] | None = None
    ) -> None:
        self._parts = parts
        self._checks = _Checks(parts, examine)
        settings = parts.settings
        self._heartbeat = Heartbeat(parts.store, settings.worker.dead_after)
        threads = settings.worker.threads
        queue = brokers.connect(settings.broker, threads)
        self._broker = queue.broker
        actor = register(self._broker, Engine(parts.ports, settings.worker.lease_for), parts.ports.tell, parts.metrics)
        self._web = _web(parts, queue)
        self._worker = (
            dramatiq.Worker(self._broker, worker_threads=threads, worker_timeout=STOP_SEEN_AFTER) if work else None
        )
        if self._worker is not None:
            self._worker.queue_prefetch = brokers.PREFETCH * threads
        self._scheduler: Scheduler | None = None
        if schedule:
            self._scheduler = Scheduler(parts.store, parts.ports.clock, queue, actor.send, keep=settings.store)

    def __enter__(self) -> Service:
        """Check the products if this process schedules, then start the threads."""
        if self._web is not None:
            self._web.__enter__()
        if self._scheduler is not None:
            self._checks.make()
        self._heartbeat.__enter__()
        if self._worker is not None:
            self._broker.emit_after("process_boot")  # without it Dramatiq's time limits never fire
            self._worker.start()
        if self._scheduler is not None:
            self._scheduler.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop scheduling, then wait for running steps; one that takes too long is abandoned, and its lease freed."""
        end = time.monotonic() + self._parts.settings.worker.stop_within
        if self._scheduler is not None:
            self._scheduler.stop(max(0.1, end - time.monotonic()))
        if self._worker is not None:
            self._worker.stop(timeout=max(100, int(1000 * (end - time.monotonic()))))
        self._checks.leave()
        self._heartbeat.__exit__(kind, error, trace)
        self._broker.close()
        if self._web is not None:
            self._web.__exit__(kind, error, trace)


def _web(parts: Parts, queue: brokers.Queue) -> WebServer | None:
    """Return the server of health and metrics, if the settings name an address."""
    settings, address = parts.settings, parts.settings.web.address
    if address is None or parts.metrics is None:
        return None
    from worker.web.server import WebServer  # noqa: PLC0415  # most deployments have none

    queueing = Queueing(queue.waiting, brokers.BrokerUnavailable, queue.shared)
    readiness = Readiness(parts.store, parts.ports.clock, queueing, settings.desks, settings.policy.poll_every)
    return WebServer(address, parts.metrics, readiness, parts.ports.tell)


def prepare(parts: Parts) -> list[str]:
    """Create the desks' rows and check every product; returns what failed: each is paused and reported.

    A stop of an earlier process is lifted where a check disproves its cause; the others stand, and are told.
    """
    ports = parts.ports
    for caution in cautions(parts.settings):
        ports.tell("settings", {"text": caution})
    before = _standing(ports)
    _introduce(ports)
    systems: list[TicketDesk | OktaOrg] = [*ports.desks.values(), *ports.orgs.values()]
    unusable = []
    for system in systems:
        try:
            system.check()
            ports.store.resume(StopKind.SYSTEM, system.name)
            if system is ports.org:
                check_named(ports)
                check_approvers(ports)
                warn_of_attributes(ports)
        except FarSideError as error:
            report(error, ports)
            unusable.append(str(error))
    for desk in ports.desks.values():
        lift_if_over(desk, ports)
        unusable += _claimed(desk, ports)
    unusable += [text for name in ports.drivers if (text := _unusable_driver(name, ports))]
    for place, stop in _standing(ports).items():
        if place in before:
            ports.tell("still stopped", {"system": stop.name, "text": told_of(stop)})
    return unusable


def _claimed(desk: TicketDesk, ports: Ports) -> list[str]:
    """Stop a desk that another store works, before its first search; return why, and what kept it from being seen."""
    stops, now = (StopKind.INTAKE, StopKind.SYSTEM), ports.clock.now()
    searched = any(poll.last_completed_at for poll in ports.store.polls() if poll.name == desk.name)
    if searched or any(ports.store.paused(kind, desk.name, now) for kind in stops):
        return []  # its cases tell, or it is stopped already or not to be read
    try:
        look_for_another_store(desk, ports)
    except FarSideError as error:
        if ports.store.paused(StopKind.INTAKE, desk.name, now) is None:  # of a stop, the alert has told
            report(error, ports)
        return [str(error)]
    return []


def _introduce(ports: Ports) -> None:
    for desk in ports.desks.values():
        ports.store.ensure_desk(desk.name, ports.clock.now())


def _standing(ports: Ports) -> dict[tuple[StopKind, str], Stop]:
    stops = standing(ports.store, ports.desks, ports.orgs, ports.clock.now())
    return {(stop.kind, stop.name): stop for stop in stops}


def _unusable_driver(name: str, ports: Ports) -> str | None:
    """Check the Force Sync credential. A refusal is reported and blocks Force Sync only.

    While the org itself is paused, which has been reported, nothing is checked. The check only reads, so it does not
    disprove that the right to run Force Sync is missing.
    """
    store, now = ports.store, ports.clock.now()
    if store.paused(StopKind.SYSTEM, name, now):
        return None
    try:
        for directory in ports.orgs[name].directories()[:1]:
            ports.drivers[name].check(directory)
    except FarSideError as error:
        if isinstance(error, Misconfigured):
            alert(ports, error.system, error.cause, str(error))
        else:
            ports.tell("far side", {"system": error.system, "text": str(error)})
        return str(error)
    stop = store.paused(StopKind.START, name, now)
    if stop and stop.by in SHOWN_BY_READING:
        store.resume(StopKind.START, name)
    return None
