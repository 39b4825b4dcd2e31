"""A world to tell stories in: the sandbox over real HTTP, the worker on a store of its own, and one clock for both.

Minutes pass without sleeping: the clock jumps to what is due next. Everything is valid by default; a story overrides
the one thing that it is about.
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
from typing import Any, Literal, NamedTuple

from connectors.sandbox.scenarios.world import AGENTS, FRONT_DESK, Member
from connectors.sandbox.server import Sandbox
from connectors.sandbox.wire.frame import Fault, FaultKind, Person, Product, Target
from worker import wiring
from worker.commands.sandbox_config import settings_table
from worker.process import logs
from worker.process.actors import drain
from worker.process.service import prepare
from worker.settings.model import Settings
from workflows.engine.engine import Engine
from workflows.model import Case, CaseState, Followup, SyncRun
from workflows.steps import Ports

CORP, PLANT, LDAP = "corp.example.com", "plant.example.com", "ldap.example.com"
Place = tuple[Literal["servicenow", "jira"], str]  # a desk and its table or project
INCIDENT: Place = ("servicenow", "incident")
REQUESTED_ITEM: Place = ("servicenow", "sc_req_item")
SERVICE_DESK: Place = ("jira", "SUP")
SOFTWARE: Place = ("jira", "ENG")
DESKS = (INCIDENT, SERVICE_DESK)
PLACES = (INCIDENT, REQUESTED_ITEM, SERVICE_DESK, SOFTWARE)
AGENT = AGENTS[0].login
ESCALATION_ASSIGNEE = AGENTS[1].login
REAPPLY = r"/mappings/reapply$"
NEW_VALUE = "Treasury Operations"  # no user of the sandbox starts with it
SYNC_SECONDS = 45.0
WAITS: dict[str, Any] = {
    "poll_every": 60.0,
    "gather_for": 60.0,
    "gather_at_most": 300.0,
    "cool_down": 120.0,
    "verify_every": 30.0,
    "verify_for": 300.0,
    "ask_every": 60.0,
    "ask_for": 3600.0,
    "ride_for": 3600.0,
    "approve_within": 3600.0,
    "press_within": 3600.0,
    "nudge_after": 1200.0,
    "retry_after": 30.0,
    "recheck_after": 86400.0,
}

Shown = dict[str, Any]


class Time:
    """The clock of the whole world."""

    def __init__(self) -> None:
        self._now = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

    def now(self) -> datetime:
        """Return the present time."""
        return self._now

    def pass_until(self, moment: datetime) -> None:
        """Let time pass; never backwards."""
        self._now = max(self._now, moment)


class Filed(NamedTuple):
    """A ticket that somebody filed."""

    desk: str
    id: str


@dataclass
class Told:
    """One event that the worker reported."""

    event: str
    facts: Mapping[str, Any]


class World:
    """Sandbox and worker; a context manager.

    `policy` overrides the waits above and the autonomy (auto), `driver` the way to press; `routes` are
    those of the desks, `groups` are made in Okta, `desks` and `okta` override settings.
    """

    def __init__(
        self,
        folder: Path,
        *,
        scenario: str = "empty",
        seed: int = 1,
        tickets: int | None = None,
        users: int = 12,
        jira: Literal["cloud", "datacenter"] = "cloud",
        policy: Mapping[str, Any] | None = None,
        driver: str = "reapply",
        store_url: str | None = None,
        routes: Mapping[str, Mapping[str, Any]] | None = None,
        groups: Iterable[str] = (),
        desks: Mapping[str, Mapping[str, Any]] | None = None,
        okta: Mapping[str, Any] | None = None,
    ) -> None:
        self.time = Time()
        self.sandbox = Sandbox(
            scenario=scenario,
            seed=seed,
            tickets=tickets,
            users=users,
            jira=jira,
            clock=self.time.now,
            sync_seconds=SYNC_SECONDS,
            act=False,
        )
        for name in groups:
            self.sandbox.okta.actors.group(name, [])
        self.told: list[Told] = []
        self.log = io.StringIO()
        self._searched: dict[str, datetime | None] = {}
        self._driver = driver
        self._store_url = store_url
        self._routes, self._desks, self._okta = routes or {}, desks or {}, okta or {}
        self._folder, self._waits = folder, WAITS | dict(policy or {})
        self._members = {label: iter(self.sandbox.world.of(label)) for label in (CORP, PLANT, LDAP)}

    def __enter__(self) -> World:
        """Serve, and start the worker."""
        logs.configure("debug", "json", self.log)
        self.sandbox.start()
        self.store_file = self._folder / "store.sqlite3"
        table = settings_table(self.sandbox, self.store_file, self._waits)
        table["okta"]["main"] |= self._okta
        if self._driver != "reapply":
            table["okta"]["main"]["force_sync"] = {"driver": self._driver}
        if self._store_url:
            table["store"] = {"url": self._store_url}
        for desk, routes in self._routes.items():
            table["desks"][desk]["routes"] = routes
        for desk, changes in self._desks.items():
            table["desks"][desk] |= changes
        self.settings = Settings(**table)
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
        """Wire a worker as `forcesync run` does, on the store as it is."""
        self.parts = wiring.build(self.settings, self._tell, self.time)
        self.parts.store.migrate()
        self.engine = Engine(self.parts.ports)
        prepare(self.parts)

    def restart_worker(self) -> None:
        """Drop the worker with all that it remembers, and start another one on the same store file."""
        self.parts.store.close()
        self.start_worker()

    def use_ports(self, ports: Ports) -> None:
        """Let the worker go on with other ports."""
        self.engine = Engine(ports)

    def work(self) -> None:
        """Work until nothing is due now; people act in between."""
        while True:
            drain(self.engine, self.parts.ports)
            waiting = len(self.sandbox.script.beats)
            with self.sandbox.frame.lock:
                self.sandbox.script.act()
            if len(self.sandbox.script.beats) == waiting:
                return

    def run_for(self, **duration: float) -> None:
        """Let the worker work for some time (the names of `timedelta`)."""
        end = self.time.now() + timedelta(**duration)
        self.work()
        while (due := self.parts.store.next_due()) is not None and due <= end:
            self.time.pass_until(max(due, self.time.now() + timedelta(seconds=1)))
            self.work()
        self.time.pass_until(end)
        self.work()

    def settle(self) -> None:
        """Let the worker work until every case has ended or waits for a reply, and every run is over."""
        limit = self.time.now() + timedelta(hours=3)
        while self.time.now() < limit:
            self.work()
            store = self.parts.store
            waiting = [case for case in store.cases(open_only=True) if not self._asked(case)]
            if self._searched_again() and not waiting and not store.runs(open_only=True):
                return
            due = store.next_due()
            assert due is not None, "open cases, and nothing will ever be due"
            self.time.pass_until(max(due, self.time.now() + timedelta(seconds=1)))
        raise AssertionError("three hours have passed, and something is still open")

    def _asked(self, case: Case) -> bool:
        """Say whether a case waits for a reply to a question that stands on its ticket, and no fault hides a reply."""
        put_off = any(
            told.event == "waiting" and told.facts["case"] == case.id and told.facts["until"] > self.time.now()
            for told in self.told
        )
        standing = not self.parts.store.writes(case.id, open_only=True)
        return case.state is CaseState.ASKED and standing and not put_off

    def _searched_again(self) -> bool:
        """Say whether every desk was searched to the end since people last did something."""
        return all(
            poll.last_completed_at and poll.last_completed_at != self._searched.get(poll.name)
            for poll in self.parts.store.polls()
        )

    def skip(self, **duration: float) -> None:
        """Let time pass in which the worker does nothing."""
        self.time.pass_until(self.time.now() + timedelta(**duration))

    def _tell(self, event: str, facts: Mapping[str, object]) -> None:
        self.told.append(Told(event, facts))
        logs.tell(event, facts)

    # -- who there is, and what their copies hold

    def member(self, directory: str = CORP) -> Member:
        """Return a user of a directory whom no story has used yet; all three copies agree."""
        return next(self._members[directory])

    def newcomer(self, name: str, *directories: str, **how: Any) -> Member:
        """Add a user with links to these directories (by label); `how` is as in the sandbox's `add_user`."""
        person = Person(f"{name.lower()}@example.com", name, "Newcomer")
        with self.sandbox.frame.lock:
            apps = [self.sandbox.world.apps[label] for label in directories]
            for desk in self.sandbox.world.desks.values():
                desk.add_person(person)
            user_id = self.sandbox.okta.add_user(person, directories=apps, **how)
        return Member(person, user_id, apps[0] if apps else "")

    def stale_user(self, directory: str = CORP, attribute: str = "department", value: str = NEW_VALUE) -> Member:
        """Return a user whose change was made in the directory and imported, and did not reach the Okta profile."""
        member = self.member(directory)
        self.change_directory(member, attribute, value)
        return member

    def change_directory(self, member: Member, attribute: str, value: str, *, imported: bool = True) -> None:
        """Change what the directory holds, and Okta's copy of it if `imported`."""
        with self.sandbox.frame.lock:
            self.sandbox.world.update(member, attribute, value, imported=imported)

    def change_okta(self, member: Member, attribute: str, value: str) -> None:
        """Change the Okta profile, as somebody else does."""
        with self.sandbox.frame.lock:
            self.sandbox.okta.set_user(member.user_id, profile={attribute: value})

    def make_stuck(self, member: Member) -> None:
        """Let every Force Sync pass this user by."""
        with self.sandbox.frame.lock:
            self.sandbox.okta.stuck(member.user_id)

    def profile(self, member: Member) -> dict[str, Any]:
        """Return the Okta profile."""
        with self.sandbox.frame.lock:
            users = self.sandbox.okta.users()
        return next(dict(user["profile"]) for user in users if user["id"] == member.user_id)

    # -- tickets, and what people do with them

    def ticket(
        self,
        place: Place = INCIDENT,
        *,
        about: Member | str | None = None,
        attribute: str | None = "department",
        expected: str | None = NEW_VALUE,
        requester: str | None = None,
        tagged: bool = True,
        form: bool = False,
    ) -> Filed:
        """File a ticket: a tagged one by the affected user, who says in labelled lines what is wrong."""
        user = about.login if isinstance(about, Member) else about
        said = {"user": user, "attribute": attribute, "expected": expected}
        named = {name: text for name, text in said.items() if text is not None}
        lines = "" if form else "\n".join(f"{name.capitalize()}: {text}" for name, text in named.items())
        desk, table = place
        with self._people(desk) as product:
            id = product.create(
                tagged=tagged,
                requester=requester or user or FRONT_DESK.login,
                summary="My profile is not updating",
                description=f"Hello, my details changed and Okta has not noticed.\n{lines}",
                table=table,
                fields=named if form else None,
            )
        return Filed(desk, id)

    def said(self, place: Place, *, by: Member, text: str) -> Filed:
        """File a tagged ticket in a person's own words."""
        desk, table = place
        with self._people(desk) as product:
            summary = "My profile is not updating"
            id = product.create(tagged=True, requester=by.login, summary=summary, description=text, table=table)
        return Filed(desk, id)

    def stale_ticket(self, place: Place = INCIDENT, directory: str = CORP) -> tuple[Filed, Member]:
        """File a ticket of a user whom one Force Sync helps."""
        member = self.stale_user(directory)
        return self.ticket(place, about=member), member

    def reply(self, ticket: Filed, author: str, body: str) -> None:
        """Let a person write a public comment."""
        with self._people(ticket.desk) as product:
            product.comment(ticket.id, author=author, visibility="public", body=body)

    def take(self, ticket: Filed, by: str = AGENT) -> None:
        """Let a person assign the ticket to themselves."""
        with self._people(ticket.desk) as product:
            product.change(ticket.id, by=by, assignee=by)

    def untag(self, ticket: Filed) -> None:
        """Let a person remove the tag."""
        with self._people(ticket.desk) as product:
            product.tag(ticket.id, add=[], remove=[""])

    def tag_again(self, ticket: Filed) -> None:
        """Let a person take the tag off and put it on again, giving the ticket back to nobody."""
        with self._people(ticket.desk) as product:
            product.change(ticket.id, by=AGENT, assignee="")
            product.tag(ticket.id, add=[], remove=[""])
            product.tag(ticket.id, add=[""], remove=[])

    def run_sla(self, ticket: Filed, *, target: Target = "resolution", **goal: float) -> None:
        """Start an SLA of a ticket (the names of `timedelta`)."""
        with self._people(ticket.desk) as product:
            product.start_sla(ticket.id, target=target, minutes=timedelta(**goal) / timedelta(minutes=1))

    def set_status(self, ticket: Filed, status: str) -> None:
        """Let a person set the status."""
        with self._people(ticket.desk) as product:
            product.change(ticket.id, by=AGENT, status=status)

    def reopen(self, ticket: Filed) -> None:
        """Let a person open a resolved ticket again."""
        self.set_status(ticket, "In Progress")

    # -- what is seen

    def shown(self, ticket: Filed) -> Shown:
        """Return a ticket as the control server shows it."""
        with self.sandbox.frame.lock:
            tickets = self.sandbox.world.desks[ticket.desk].tickets()
        return next(item for item in tickets if item["id"] == ticket.id)

    def file(self, ticket: Filed, name: str) -> bytes:
        """Return an attachment's bytes."""
        with self.sandbox.frame.lock:
            return self.sandbox.world.desks[ticket.desk].attachment(ticket.id, name)[0]

    def force_syncs(self) -> list[str]:
        """Return the labels of the directories that were force-synced, in order."""
        with self.sandbox.frame.lock:
            return [str(sync["label"]) for sync in self.sandbox.okta.force_syncs()]

    def violations(self) -> list[str]:
        """Return what the far sides object to."""
        return [f"{item.rule}: {item.detail}" for item in self.sandbox.frame.violations]

    def case(self, ticket: Filed) -> Case:
        """Return the ticket's case."""
        found = self.parts.store.find_case(ticket.id)
        assert found is not None, f"no case was opened for {ticket}"
        return found

    def has_case(self, ticket: Filed) -> bool:
        """Say whether the worker has ever taken note of a ticket."""
        return self.parts.store.find_case(ticket.id) is not None

    def runs(self) -> tuple[SyncRun, ...]:
        """Return the sync runs, oldest first."""
        return tuple(reversed(self.parts.store.runs()))

    def recheck(self, ticket: Filed) -> Followup:
        """Return the followup of a resolved ticket."""
        case = self.case(ticket)
        found = self.parts.store.followup(f"{case.id}.{case.round}.recheck")
        assert found is not None, f"no followup for {ticket}"
        return found

    def case_edges(self, ticket: Filed) -> list[tuple[str, str]]:
        """Return the transitions that the store's event rows tell of a ticket's case."""
        return [(source, to) for _, source, to, _ in self.parts.store.events("case", self.case(ticket).id)]

    def run_edges(self) -> list[tuple[str, str]]:
        """Return the transitions that the store's event rows tell of all runs."""
        return [(source, to) for run in self.runs() for _, source, to, _ in self.parts.store.events("run", run.id)]

    # -- gremlins

    def fault(self, product: Product, kind: FaultKind, *, path: str | None = None, **how: Any) -> None:
        """Plan a misbehaviour of a product, as `POST /faults` of the control server takes it."""
        frame = self.sandbox.frame
        with frame.lock:
            pattern = re.compile(path) if path else None
            frame.faults.append(Fault(id=f"fault-{len(frame.faults)}", product=product, kind=kind, path=pattern, **how))

    def clear_faults(self) -> None:
        """Let everything work again."""
        with self.sandbox.frame.lock:
            self.sandbox.frame.faults.clear()

    @contextmanager
    def _people(self, desk: str) -> Iterator[Any]:
        """Let people do something on a desk."""
        with self.sandbox.frame.lock:
            yield self.sandbox.world.desks[desk]
        self._searched = {poll.name: poll.last_completed_at for poll in self.parts.store.polls()}


# -- reading tickets


def by_worker(ticket: Shown, visibility: str | None = None) -> list[str]:
    """Return our comments on a ticket as people read them, in order: without the escapes of Jira's markup."""
    return [
        item["body"].replace("\\", "")
        for item in ticket["comments"]
        if item["by_worker"] and visibility in {None, item["visibility"]}
    ]


def headings(ticket: Shown) -> list[str]:
    """Return the first line of each of our comments without its markup; that which Jira makes for a file is no news.

    Times in it become "(then)", so that the same story told at another time is the same.
    """
    lines = (body.strip().splitlines()[0] for body in by_worker(ticket) if not body.startswith("[^"))
    return [re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d UTC", "(then)", line).strip("*") for line in lines]


def files(ticket: Shown) -> list[str]:
    """Return the names of the files that we attached."""
    return [item["name"] for item in ticket["attachments"] if item["by_worker"]]


def without_repetition(items: Iterable[str]) -> bool:
    """Say whether nothing stands there twice."""
    listed = list(items)
    return len(listed) == len(set(listed))
