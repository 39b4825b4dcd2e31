"""Entry point for Dramatiq's own command: `dramatiq worker.app:broker` does the work that `forcesync scheduler` queues.

FORCESYNC_CONFIG names the settings file; the default is `forcesync.toml`. Processes and threads are Dramatiq's options.
"""

from __future__ import annotations

import os
from pathlib import Path

import dramatiq

from worker import wiring
from worker.process import broker as brokers
from worker.process import logs
from worker.process.actors import register
from worker.process.heartbeat import Heartbeat
from workflows.engine.engine import Engine


class _Alive(dramatiq.Middleware):
    """Lets each of the command's processes beat while it works."""

    def __init__(self, heartbeat: Heartbeat) -> None:
        self._heartbeat = heartbeat

    def after_process_boot(self, broker: dramatiq.Broker) -> None:  # noqa: ARG002  # Dramatiq's signature
        self._heartbeat.__enter__()

    def after_worker_shutdown(self, broker: dramatiq.Broker, worker: dramatiq.Worker) -> None:  # noqa: ARG002
        self._heartbeat.__exit__(None, None, None)


def broker() -> dramatiq.Broker:
    """Return the settings' broker with the actor registered."""
    settings = wiring.read_settings(Path(os.environ.get("FORCESYNC_CONFIG", "forcesync.toml")))
    logs.configure(settings.worker.log_level, settings.worker.log_format)
    parts = wiring.build(settings, logs.tell)
    parts.store.migrate()
    queue = brokers.connect(settings.broker, settings.worker.threads)
    queue.broker.add_middleware(_Alive(Heartbeat(parts.store, settings.worker.dead_after)))
    register(queue.broker, Engine(parts.ports, settings.worker.lease_for), logs.tell)
    dramatiq.set_broker(queue.broker)  # the command calls this function, then takes the process-wide broker
    return queue.broker
