"""The commands that run the worker: `run`, `once`, `scheduler`, `worker`, `migrate`."""

from __future__ import annotations

import gc
import signal
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from worker import wiring
from worker.doctor.checks import Status
from worker.doctor.examination import examination_of
from worker.doctor.hearing import listen_beside
from worker.doctor.running import Running
from worker.errors import OperatorError
from worker.output import print_aside, print_json, print_lines
from worker.process import logs
from worker.process.actors import drain
from worker.process.backoff import patience_of
from worker.process.heartbeat import Heartbeat
from worker.process.parts import Parts
from worker.process.processes import supervise
from worker.process.service import Service, prepare
from worker.settings.model import load
from workflows.engine.engine import Engine
from workflows.model import StopKind
from workflows.steps import Tell

YOUNG = 10_000  # objects after which the collector looks for cycles: hardly any of ours is in one
LOOK_EVERY = 1.0  # seconds; right after SIGCONT the system may hand SIGTERM to a thread that does not wake the main one


@contextmanager
def _parts(config: Path, threads: int | None = None, tell: Tell = logs.tell) -> Iterator[Parts]:
    settings = wiring.read_settings(config)
    if threads:
        settings = settings.model_copy(update={"worker": settings.worker.model_copy(update={"threads": threads})})
    logs.configure(settings.worker.log_level, settings.worker.log_format)
    parts = wiring.build(settings, tell)
    try:
        yield parts
    finally:
        parts.store.close()


def run(config: Path) -> None:
    """Poll and work in this process until SIGTERM or SIGINT."""
    _serve(config, schedule=True, work=True)


def scheduler(config: Path) -> None:
    """Queue what is due until SIGTERM or SIGINT; `worker` processes do the work."""
    _serve(config, schedule=True, work=False)


def worker(config: Path, *, processes: int, threads: int | None) -> int:
    """Do the work that schedulers queue until SIGTERM or SIGINT; returns the exit code."""
    if processes == 1:
        _serve(config, schedule=False, work=True, threads=threads)
        return 0
    settings = wiring.read_settings(config)
    logs.configure(settings.worker.log_level, settings.worker.log_format)
    options = ["--config", str(config), *(["--threads", str(threads)] if threads else [])]
    own = [
        {"FORCESYNC_WEB__LISTEN": listen} if (listen := settings.web.behind(place)) else {}
        for place in range(processes)
    ]
    return supervise(["worker", *options], own, settings.worker.stop_within)


def _serve(config: Path, *, schedule: bool, work: bool, threads: int | None = None) -> None:
    stop, checking = threading.Event(), threading.Event()

    def on_signal(*_: object) -> None:
        stop.set()
        if checking.is_set():  # only checking the products: nothing to finish, and it may take minutes
            checking.clear()  # a second signal finds it ending
            raise SystemExit(0)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, on_signal)
    with _parts(config, threads) as parts:
        if not (schedule and work) and parts.settings.broker.kind == "embedded":
            raise OperatorError(
                "broker.kind: found 'embedded', which works within one process only; separate schedulers "
                "and workers need 'redis' or 'rabbitmq' (or use `forcesync run`)"
            )
        parts.store.migrate()
        service = Service(parts, schedule=schedule, work=work, examine=lambda: examined(config, parts))
        checking.set()
        if stop.is_set():
            return
        with service:
            checking.clear()
            gc.freeze()  # what the start made stays: the collector need not look through it again and again
            gc.set_threshold(YOUNG)
            facts = {"settings": config.absolute(), "store": parts.store.name}
            logs.tell("working", {"desks": ", ".join(parts.ports.desks), **facts})
            while not stop.wait(LOOK_EVERY):
                pass
            logs.tell("stopping", {"within": f"{parts.settings.worker.stop_within} s"})


def examined(config: Path, parts: Parts) -> bool:
    """Make the doctor's checks, as patient as the work beside them; log what is wrong, and say whether nothing is."""
    listen_beside()
    with examination_of(config) as examination:
        manners = {place: patience_of(item.system, parts.notes) for place, item in examination.manners.items()}
        results = Running(examination.checks, manners=manners).results()
    for item in results:
        if item.status in (Status.FAIL, Status.WARN):
            parts.ports.tell("check", {"id": item.id, "text": f"{item.tried}: {item.seen}", "action": item.action})
    return all(item.status is not Status.FAIL for item in results)


def once(config: Path, *, as_json: bool = False) -> int:
    """Poll once, work until nothing is due, and print counts; return the exit code: 1 if a product was unusable."""
    said = _Said()
    with _parts(config, tell=said) as parts:
        parts.store.migrate()
        unusable = prepare(parts)
        engine = Engine(parts.ports)
        with Heartbeat(parts.store, parts.settings.worker.dead_after):
            opened = sum(engine.run_once("desk", name).transitions for name in parts.ports.desks)
            counts = drain(engine, parts.ports)
        now, systems = parts.ports.clock.now(), (*parts.ports.desks, parts.ports.org.name)
        kinds = (StopKind.INTAKE, StopKind.SYSTEM)
        stops = (parts.store.paused(kind, name, now) for name in systems for kind in kinds)
        unusable += [stop.why for stop in stops if stop and not any(stop.why in text for text in unusable)]
        states = Counter(case.state for case in parts.store.cases())
    told = {"case": counts["case"], "run": counts["run"]}
    if as_json:
        print_json({"opened": opened, "transitions": told, "cases": dict(states), "unusable": unusable})
    else:
        now_are = ", ".join(f"{state} {number}" for state, number in sorted(states.items())) or "none"
        counted = f"{told['case']} of cases, {told['run']} of runs"
        print_lines([f"cases opened: {opened}; transitions: {counted}; cases now: {now_are}"])
    if unusable:
        why = "; ".join(text for text in unusable if not said.holds(text)) or "the lines above say which, and why"
        print_aside(f"forcesync: some products could not be used: {why}")
    return 1 if unusable else 0


class _Said:
    """Logs what is told, with each reason of a system once: `once` has one reader, and a stop is met several times.

    An alert is logged in any case, since it counts as told from then on; so is each ticket.
    """

    def __init__(self) -> None:
        self._why: list[tuple[str, object, str]] = []

    def __call__(self, event: str, facts: Mapping[str, object]) -> None:
        system, ticket, name = str(facts.get("system", "")), facts.get("ticket"), "text"
        if event == "waiting":
            name = "because"
        reason = str(facts.get(name, ""))
        again = [about for of, about, why in self._why if system in ("", of) and why in reason]
        kept, _, behind = reason.partition(": ")  # from being done
        if again and event != "alert":
            if not ticket or ticket in again:
                return
            facts = dict(facts) | {name: f"{kept}: as above" if behind else "as above"}
        if reason and logs.is_shown(event):
            self._why += [(system, ticket, why) for why in (reason, behind) if why]
        logs.tell(event, facts)

    def holds(self, text: str) -> bool:
        """Say whether a text gives a reason that was told."""
        return any(why in text for _, _, why in self._why)


def migrate(config: Path) -> None:
    """Update the store's schema and print what was applied."""
    store = wiring.open_store(load(config))
    try:
        applied = store.migrate()
    finally:
        store.close()
    print_lines(["applied: " + ", ".join(applied) if applied else "the store is up to date"])
