"""Wake-up calls over every broker: work gets done, and what happens to queue or server costs nothing but time."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.recovery import live
from tests.recovery.conftest import new_database
from tests.recovery.servers import Postgres, Server
from worker.errors import OperatorError
from worker.process import broker as brokers
from worker.process.service import Service
from worker.settings.tables import BrokerSettings
from workflows.model import Sighting, Ticket, TicketRef

pytestmark = pytest.mark.long

SHARED = ["redis", "rabbitmq"]


@pytest.fixture
def served(request: pytest.FixtureRequest) -> tuple[Server, Mapping[str, Any]]:
    """Return a server that carries messages, and the settings for it."""
    server = request.getfixturevalue({"redis": "valkey", "rabbitmq": "rabbitmq"}[request.param])
    return server, {"kind": request.param, "url": server.url}


@pytest.fixture
def queue(served: tuple[Server, Mapping[str, Any]]) -> Iterator[brokers.Queue]:
    """Return an empty queue on that server."""
    queue = brokers.connect(BrokerSettings(**served[1]), 4)
    queue.broker.declare_queue(brokers.QUEUE)
    queue.broker.flush_all()
    yield queue
    queue.broker.close()


def test_embedded_works_the_tickets_on_sqlite(tmp_path: Path) -> None:
    with live.sandbox(4) as world:
        made = live.settings(world, f"sqlite:///{tmp_path}/store.sqlite3")
        with live.parts(made) as parts, Service(parts):
            live.until(lambda: live.all_done(world), "four tickets resolved")
        assert [] == world.frame.violations


@pytest.mark.parametrize("served", SHARED, indirect=True)
def test_schedulers_and_workers_of_their_own_work_the_tickets_on_postgres(
    served: tuple[Server, Mapping[str, Any]], queue: brokers.Queue, postgres: Postgres
) -> None:
    with live.sandbox(4) as world:
        made = live.settings(world, new_database(postgres), served[1])
        with (
            live.parts(made) as one,
            live.parts(made) as other,
            Service(one, work=False),
            Service(other, work=False),
            Service(one, schedule=False),
            Service(other, schedule=False),
        ):
            live.until(lambda: live.all_done(world), "four tickets resolved")
        assert [] == world.frame.violations


@pytest.mark.parametrize("served", SHARED, indirect=True)
def test_a_queue_that_is_wiped_and_a_server_that_is_restarted_lose_no_work(
    served: tuple[Server, Mapping[str, Any]], queue: brokers.Queue, postgres: Postgres
) -> None:
    server, broker = served
    clock = live.Shifted()
    with live.sandbox(4, clock=clock.now) as world:
        made = live.settings(world, new_database(postgres), broker)
        with live.parts(made, clock) as parts:
            with Service(parts, work=False):
                live.until(lambda: queue.waiting() > 0, "the desks' searches are queued")
            queue.broker.flush_all()
            clock.jump(31)  # what was woken and never worked is woken again
            with Service(parts):
                live.until(lambda: len(parts.store.cases()) > 0, "a case is opened")
                server.stop()
                server.start()
                clock.jump(31)
                live.until(lambda: live.all_done(world), "four tickets resolved")
        assert [] == world.frame.violations


@pytest.mark.parametrize("served", SHARED, indirect=True)
def test_without_workers_messages_do_not_pile_up(
    served: tuple[Server, Mapping[str, Any]], queue: brokers.Queue, postgres: Postgres
) -> None:
    clock = live.Shifted()
    with live.sandbox(1, clock=clock.now) as world:
        made = live.settings(world, new_database(postgres), served[1])
        with live.parts(made, clock) as parts:
            service = Service(parts, work=False)
            scheduler = service._scheduler
            assert scheduler is not None
            scheduler._queue = replace(scheduler._queue, most=3)
            parts.store.ensure_desk("servicenow", clock.now())
            parts.store.ensure_desk("jira", clock.now())
            for _ in range(5):
                scheduler.run_once()
                clock.jump(31)
            assert 3 == queue.waiting()
            service._broker.close()


def test_a_thread_that_is_stuck_does_not_hold_up_the_stop(tmp_path: Path) -> None:
    reached, never = threading.Event(), threading.Event()

    class Stuck:
        name = "servicenow"

        def check(self) -> None:
            """Work, until it is asked for something."""

        def tagged(self) -> Iterator[Any]:
            return iter(())

        def read(self, ref: TicketRef) -> Ticket:
            reached.set()
            never.wait(60)
            raise AssertionError("nobody waits for this answer")

    with live.sandbox(1) as world:
        made = live.settings(world, f"sqlite:///{tmp_path}/store.sqlite3", stop_within=0.5)
        with live.parts(made) as parts:
            desks: Any = {**parts.ports.desks, "servicenow": Stuck()}
            stuck = replace(parts, ports=replace(parts.ports, desks=desks))
            ref = TicketRef(desk="servicenow", id="incident/1", key="INC1")
            parts.store.open_case(Sighting(ref=ref, stamp="1"), parts.ports.clock.now())
            with Service(stuck):
                live.until(reached.is_set, "the thread is in the call")
                began = time.monotonic()
            assert time.monotonic() - began < 5
    never.set()


@pytest.mark.parametrize(("kind", "url"), [("redis", "http://nowhere"), ("rabbitmq", "amqp://[bad")])
def test_a_wrong_url_is_refused(kind: str, url: str) -> None:
    with pytest.raises(OperatorError, match=rf"broker\.url: not a valid {kind} URL"):
        brokers.connect(BrokerSettings.model_validate({"kind": kind, "url": url}), 4)


@pytest.mark.parametrize(("kind", "module"), [("redis", "redis"), ("rabbitmq", "pika")])
def test_a_missing_client_names_its_extra(kind: str, module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    monkeypatch.delitem(sys.modules, f"dramatiq.brokers.{kind}", raising=False)
    with pytest.raises(OperatorError, match=rf"pip install 'forcesync\[{kind}\]'"):
        brokers.connect(BrokerSettings.model_validate({"kind": kind, "url": "redis://127.0.0.1"}), 4)
