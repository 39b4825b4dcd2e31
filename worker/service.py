"""The whole worker in one process: Dramatiq's threads, the scheduler, and a clean way to stop both."""

from __future__ import annotations

from types import TracebackType

import dramatiq

from worker import broker as brokers
from worker.actors import register
from worker.scheduler import Scheduler
from worker.wiring import Parts
from workflows.engine import Engine
from workflows.errors import FarSideError
from workflows.faults import report
from workflows.ports import OktaOrg, TicketDesk


class Service:
    """Everything that `forcesync run` runs; a context manager."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._broker = brokers.embedded()
        actor = register(self._broker, Engine(parts.ports))
        self._worker = dramatiq.Worker(self._broker, worker_threads=parts.settings.worker.threads, worker_timeout=100)
        self._scheduler = Scheduler(parts.store, parts.ports.clock, actor.send)

    def __enter__(self) -> Service:
        """Check the far sides, then start to work."""
        prepare(self._parts)
        self._broker.emit_after("process_boot")  # without it Dramatiq's time limits never fire
        self._worker.start()
        self._scheduler.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop waking, let running steps finish, and forget the messages: the store knows what is due."""
        self._scheduler.stop()
        self._worker.stop(timeout=int(self._parts.settings.worker.stop_within * 1000))
        self._broker.close()


def prepare(parts: Parts) -> None:
    """Make the desks' rows and check every far side; what is refused is paused and said, and nothing is lost by it."""
    ports = parts.ports
    for desk in ports.desks.values():
        ports.store.ensure_desk(desk.name, ports.clock.now())
    systems: list[TicketDesk | OktaOrg] = [*ports.desks.values(), *ports.orgs.values()]
    for system in systems:
        try:
            system.check()
            ports.store.resume(system.name)
        except FarSideError as error:
            report(error, ports)
