"""The sandbox as real HTTP servers on this machine: Okta, ServiceNow, Jira and the control server, in threads."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable
from datetime import datetime
from types import TracebackType
from typing import Any, Literal

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from connectors.sandbox.control.api import Control
from connectors.sandbox.jira.api import jira_app
from connectors.sandbox.jira.instance import JiraState
from connectors.sandbox.jira.people import JiraPeople
from connectors.sandbox.judging.witness import Witness
from connectors.sandbox.okta.api import okta_app
from connectors.sandbox.okta.instance import OktaState
from connectors.sandbox.scenarios.catalogue import Scenario, build
from connectors.sandbox.scenarios.world import World
from connectors.sandbox.servicenow.api import servicenow_app
from connectors.sandbox.servicenow.instance import ServiceNowState
from connectors.sandbox.servicenow.people import ServiceNowPeople
from connectors.sandbox.wire.frame import Frame, Product, system_clock
from connectors.sandbox.wire.gate import Gate

HOST = "127.0.0.1"
ACT_EVERY = 0.2  # seconds between two checks of what the scenario's people do next
TOUR = Scenario("tour")


class _Protocol(H11Protocol):
    """Passes every request its connection, so that a fault can reset it."""

    def connection_made(self, transport: Any) -> None:
        self.app_state = {**self.app_state, "transport": transport}
        super().connection_made(transport)


class Sandbox:
    """One world behind four servers; a context manager.

    `port` is Okta's, the others follow; 0 takes free ports. With `act`, a thread does what the scenario's people do;
    without it, a test calls `script.act()` itself.
    """

    def __init__(
        self,
        scenario: Scenario = TOUR,
        *,
        port: int = 0,
        latency_ms: float = 0.0,
        sync_seconds: float = 5.0,
        jira: Literal["cloud", "datacenter"] = "cloud",
        clock: Callable[[], datetime] = system_clock,
        act: bool = True,
    ) -> None:
        self.frame = Frame(seed=scenario.seed, clock=clock)
        self.frame.settings.latency_ms = latency_ms
        self.frame.settings.sync_seconds = sync_seconds
        self.deployment = jira
        self.okta = OktaState(self.frame)
        snow, site = ServiceNowState(self.frame), JiraState(self.frame, deployment=jira)
        self.servicenow = ServiceNowPeople(self.frame, snow)
        self.jira = JiraPeople(self.frame, site)
        self.world = World(self.frame, self.okta, self.servicenow, self.jira, scenario.members)
        witness = Witness(self.frame, self.okta, self.world.desks, self.world.agents)
        self.frame.judge = witness
        self.okta.syncing.helpable, self.okta.syncing.judge = witness.helpable, witness.applied
        self.script = build(self.world, scenario)
        self.apps: dict[Product, Any] = {
            "okta": okta_app(self.okta),
            "servicenow": servicenow_app(snow),
            "jira": jira_app(site),
        }
        self._control = Control(self.frame, self.okta, dict(self.world.desks)).application()
        self._port, self._act = port, act
        self._ports: list[int] = []
        self._servers: list[tuple[uvicorn.Server, threading.Thread]] = []
        self._sockets: list[socket.socket] = []
        self._stop = threading.Event()
        self._people: threading.Thread | None = None

    def __enter__(self) -> Sandbox:
        """Serve."""
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop serving."""
        self.stop()

    def start(self) -> None:
        """Start all four; return when they accept connections. A port in use raises `OSError`; nothing stays open."""
        try:
            for number in range(4):
                self._sockets.append(_listen(self._port + number if self._port else 0))
        except OSError:
            self._close()
            raise
        self._ports = [item.getsockname()[1] for item in self._sockets]
        apps: list[ASGIApp] = [
            Gate(self.frame, product, app, frozenset({f"{HOST}:{port}", f"localhost:{port}"}))
            for (product, app), port in zip(self.apps.items(), self._ports, strict=False)
        ]
        apps.append(self._control)
        for app, listening in zip(apps, self._sockets, strict=True):
            self._servers.append(_serve(app, listening))
        if self._act:
            self._people = threading.Thread(target=self._live, name="people", daemon=True)
            self._people.start()

    def stop(self) -> None:
        """Stop all servers and close open connections."""
        self._stop.set()
        if self._people is not None:
            self._people.join()
        for server, _ in self._servers:
            server.should_exit = server.force_exit = True
        for _, thread in self._servers:
            thread.join()
        self._servers.clear()
        self._close()

    @property
    def okta_url(self) -> str:
        """Return Okta's URL."""
        return self._url(0)

    @property
    def servicenow_url(self) -> str:
        """Return ServiceNow's URL."""
        return self._url(1)

    @property
    def jira_url(self) -> str:
        """Return Jira's URL."""
        return self._url(2)

    @property
    def control_url(self) -> str:
        """Return the control server's URL."""
        return self._url(3)

    def _url(self, number: int) -> str:
        return f"http://{HOST}:{self._ports[number]}"

    def _live(self) -> None:
        while not self._stop.wait(ACT_EVERY):
            with self.frame.lock:
                self.script.act()

    def _close(self) -> None:
        for item in self._sockets:
            item.close()
        self._sockets.clear()


def _listen(port: int) -> socket.socket:
    # asyncio disables Nagle's algorithm only for explicit TCP sockets; otherwise every later answer takes 40 ms.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((HOST, port))
        listening.listen(256)
    except OSError:
        listening.close()
        raise
    return listening


def _serve(app: ASGIApp, listening: socket.socket) -> tuple[uvicorn.Server, threading.Thread]:
    config = uvicorn.Config(
        app,
        http=_Protocol,
        ws="none",
        lifespan="off",
        loop="asyncio",
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,  # the gate sends the world's own time
        timeout_keep_alive=75,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[listening])), daemon=True)
    thread.start()
    while not server.started and thread.is_alive():
        thread.join(0.01)
    return server, thread
