"""A world for stories: the sandbox over real HTTP, a worker with its own store, and one clock for both.

Nothing sleeps: the clock jumps to whatever is due next. Everything is valid by default; a story overrides the one thing
it is about.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any

from connectors.sandbox.scenarios.catalogue import Scenario
from connectors.sandbox.scenarios.world import Member
from connectors.sandbox.server import Sandbox
from connectors.sandbox.wire.frame import Fault, FaultKind, Product
from tests.e2e.okta_users import CORP, OktaUsers
from tests.e2e.settings import settings_for
from tests.e2e.tickets import INCIDENT, Filed, Place, Tickets
from tests.migrated import place_store
from worker import wiring
from worker.process import logs
from worker.process.actors import drain
from worker.process.service import prepare
from workflows.engine.engine import Engine
from workflows.model import Case, CaseState, Followup, SyncRun
from workflows.steps import Ports

SYNC_SECONDS = 45.0
EMPTY = Scenario("empty", users=12)


class Time:
    """The clock of the whole world."""

    def __init__(self) -> None:
        self._now = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

    def now(self) -> datetime:
        """Return the current time."""
        return self._now

    def pass_until(self, moment: datetime) -> None:
        """Advance to a moment; never go back."""
        self._now = max(self._now, moment)


@dataclass
class Reported:
    """One event that the worker reported."""

    event: str
    facts: Mapping[str, Any]


class World(OktaUsers, Tickets):
    """Sandbox and worker; a context manager.

    `policy`, `store_url`, `desks` (by name) and `okta` override settings; the simulated Jira is of the deployment they
    name. `groups` are created in Okta. Unless `checked`, the worker starts without the checks of the products.
    """

    def __init__(
        self,
        folder: Path,
        scenario: Scenario = EMPTY,
        *,
        policy: Mapping[str, Any] | None = None,
        store_url: str | None = None,
        groups: Iterable[str] = (),
        desks: Mapping[str, Mapping[str, Any]] | None = None,
        okta: Mapping[str, Any] | None = None,
    ) -> None:
        self.time = Time()
        self.checked = True
        jira = (desks or {}).get("jira", {}).get("deployment", "cloud")
        super().__init__(Sandbox(scenario, jira=jira, clock=self.time.now, sync_seconds=SYNC_SECONDS, act=False))
        for name in groups:
            self.sandbox.okta.actors.group(name, [])
        self.reported: list[Reported] = []
        self.log = io.StringIO()
        self.store_file = folder / "store.sqlite3"
        self._searched: dict[str, datetime | None] = {}
        self._overrides: dict[str, Any] = {
            "policy": policy or {},
            "store_url": store_url,
            "desks": desks or {},
            "okta": okta or {},
        }

    def __enter__(self) -> World:
        """Serve, and start the worker."""
        logs.configure("debug", "json", self.log)
        self.sandbox.start()
        self.settings = settings_for(self.sandbox, self.store_file, **self._overrides)
        self.start_worker()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop both."""
        self.parts.store.close()
        self.sandbox.stop()

    # -- the worker

    def start_worker(self) -> None:
        """Wire a worker as `forcesync run` does, on the existing store."""
        if not self._overrides["store_url"]:
            place_store(self.store_file)
        self.parts = wiring.build(self.settings, self._report, self.time)
        self.parts.store.migrate()
        self.engine = Engine(self.parts.ports)
        if self.checked:
            prepare(self.parts)
        for name in self.parts.ports.desks:
            self.parts.store.ensure_desk(name, self.time.now())

    def restart_worker(self) -> None:
        """Discard the worker and all it holds in memory, and start another on the same store file."""
        self.parts.store.close()
        self.start_worker()

    def use_ports(self, ports: Ports) -> None:
        """Continue with other ports."""
        self.engine = Engine(ports)

    def work(self) -> None:
        """Work until nothing is due now; people act in between."""
        while True:
            drain(self.engine, self.parts.ports)
            waiting = len(self.sandbox.script.beats)
            self.skip(milliseconds=1)
            with self.sandbox.frame.lock:
                self.sandbox.script.act()
            if len(self.sandbox.script.beats) == waiting:
                return

    def run_for(self, **duration: float) -> None:
        """Work for some time; `duration` is passed to `timedelta`."""
        end = self.time.now() + timedelta(**duration)
        self.work()
        while (due := self.parts.store.next_due()) is not None and due <= end:
            self.time.pass_until(max(due, self.time.now() + timedelta(seconds=1)))
            self.work()
        self.time.pass_until(end)
        self.work()

    def settle(self) -> None:
        """Work until every case has ended or waits for a reply, and every Force Sync run has ended."""
        limit = self.time.now() + timedelta(hours=3)
        while self.time.now() < limit:
            self.work()
            store = self.parts.store
            waiting = [case for case in store.cases(open_only=True) if not self._asked(case)]
            if self._searched_again() and not waiting and not store.runs(open_only=True):
                return
            due = store.next_due()
            assert due is not None, "open cases, but nothing will ever be due"
            self.time.pass_until(max(due, self.time.now() + timedelta(seconds=1)))
        raise AssertionError("still open after three hours")

    def _asked(self, case: Case) -> bool:
        """Say whether a case waits for a reply to a question that is on its ticket, and no fault hides a reply."""
        put_off = any(
            item.event == "waiting" and item.facts["case"] == case.id and item.facts["until"] > self.time.now()
            for item in self.reported
        )
        written = not self.parts.store.writes(case.id, open_only=True)
        return case.state is CaseState.ASKED and written and not put_off

    def _searched_again(self) -> bool:
        """Say whether every desk has been searched completely since people last acted."""
        return all(
            poll.last_completed_at and poll.last_completed_at != self._searched.get(poll.name)
            for poll in self.parts.store.polls()
        )

    def skip(self, **duration: float) -> None:
        """Let time pass without any work."""
        self.time.pass_until(self.time.now() + timedelta(**duration))

    def _report(self, event: str, facts: Mapping[str, object]) -> None:
        self.reported.append(Reported(event, facts))
        logs.tell(event, facts)

    # -- tickets, and what is seen of them

    def stale_ticket(self, place: Place = INCIDENT, directory: str = CORP) -> tuple[Filed, Member]:
        """File a ticket of a user whose profile one Force Sync fixes."""
        member = self.stale_user(directory)
        return self.ticket(place, about=member), member

    def violations(self) -> list[str]:
        """Return the rules that the worker broke, as the sandbox noted them."""
        return [f"{item.rule}: {item.detail}" for item in self.sandbox.frame.violations]

    def written(self) -> list[str]:
        """Return the product and endpoint of every kind of call that was made and is not a read."""
        with self.sandbox.frame.lock:
            made = [(product, name) for product, counts in self.sandbox.frame.calls.items() for name in counts]
        return sorted(f"{product} {name}" for product, name in made if not name.startswith("GET "))

    def case(self, ticket: Filed) -> Case:
        """Return the ticket's case."""
        found = self.parts.store.find_case(ticket.id)
        assert found is not None, f"no case was opened for {ticket}"
        return found

    def has_case(self, ticket: Filed) -> bool:
        """Say whether the worker has a case for a ticket."""
        return self.parts.store.find_case(ticket.id) is not None

    def runs(self) -> tuple[SyncRun, ...]:
        """Return the Force Sync runs, oldest first."""
        return tuple(reversed(self.parts.store.runs()))

    def recheck(self, ticket: Filed) -> Followup:
        """Return the followup of a resolved ticket."""
        case = self.case(ticket)
        found = self.parts.store.followup(f"{case.id}.{case.round}.recheck")
        assert found is not None, f"no followup for {ticket}"
        return found

    def case_edges(self, ticket: Filed) -> list[tuple[str, str]]:
        """Return the transitions of a ticket's case, from the store's event rows."""
        return [(source, to) for _, source, to, _ in self.parts.store.events("case", self.case(ticket).id)]

    def run_edges(self) -> list[tuple[str, str]]:
        """Return the transitions of all runs, from the store's event rows."""
        return [(source, to) for run in self.runs() for _, source, to, _ in self.parts.store.events("run", run.id)]

    # -- faults

    def fault(self, product: Product, kind: FaultKind, *, path: str | None = None, **how: Any) -> None:
        """Plan a fault of a product, as `POST /faults` of the control server does."""
        frame = self.sandbox.frame
        with frame.lock:
            pattern = re.compile(path) if path else None
            frame.faults.append(Fault(id=f"fault-{len(frame.faults)}", product=product, kind=kind, path=pattern, **how))

    def clear_faults(self) -> None:
        """Remove every planned fault."""
        with self.sandbox.frame.lock:
            self.sandbox.frame.faults.clear()

    @contextmanager
    def _people(self, desk: str) -> Iterator[Any]:
        self.skip(milliseconds=1)  # nobody acts in the same moment as the worker
        with super()._people(desk) as product:
            yield product
        self._searched = {poll.name: poll.last_completed_at for poll in self.parts.store.polls()}
