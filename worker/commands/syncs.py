"""The `forcesync sync` commands: list, show, preview, approve and reject runs."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Column, Table

from worker import wiring
from worker.commands.cases import for_tables
from worker.commands.people import named, operator
from worker.errors import OperatorError
from worker.process import logs
from worker.settings.model import load
from worker.store import Store
from workflows.engine.stopped import standing
from workflows.errors import FarSideError
from workflows.model import (
    RUN_ENDS,
    Decision,
    Directory,
    Drift,
    MemberPage,
    Policy,
    Reason,
    RunState,
    Scan,
    SyncRun,
)
from workflows.notes.progress import described
from workflows.notes.reasons import sentence
from workflows.notes.standing import told_of, waiting_for
from workflows.ports import CaseStore, Standing
from workflows.steps import Ports
from workflows.sync.approvers import approver, may_decide
from workflows.sync.directory_reading import Reach
from workflows.sync.policy import may_start, turned_off
from workflows.sync.reach import fold, radius
from workflows.values.masking import called, plain
from workflows.values.wording import counted, moment


def sync_list(config: Path, *, open_only: bool) -> None:
    """Print the runs, what each open run is waiting for, and what is paused."""
    settings, now = load(config), datetime.now(UTC)
    with wiring.opened_store(config) as store:
        lines = list(standing_lines(store, settings.policy, now))
        lines += [f"stopped: {told_of(stop)}" for stop in standing(store, (), settings.okta, now)]
        runs, riders = store.runs(open_only=open_only), store.rides_by_run()
        table = Table(
            Column("run", no_wrap=True, min_width=12),
            Column("directory", overflow="fold"),
            Column("state", no_wrap=True),
            "riders",
            Column("opened", min_width=10),
            Column("started", min_width=10),
            Column("because", overflow="fold"),
            box=SIMPLE_HEAD,
            padding=(0, 1, 0, 0),
        )
        for run in runs:
            times = (moment(run.opened_at), moment(run.started_at))
            table.add_row(
                run.id,
                run.label,
                run.state,
                str(riders.get(run.id, 0)),
                *times,
                plain(sentence(run.because), 80),
            )
    for_tables().print(table if runs else "no runs")
    for line in lines:
        print(line)


def sync_show(config: Path, run_id: str) -> None:
    """Print one run with its riders and what it would change."""
    console, policy, now = Console(soft_wrap=True), load(config).policy, datetime.now(UTC)
    with wiring.opened_store(config) as store:
        run = _run(store, run_id)
        rides = store.rides(run.id)
        tickets = {case.id: case.ref.key for case in store.riders(run.id)}
        facts = (
            f"run {run.id} of {run.label} ({run.directory.ref.app_id}): {run.state}",
            *((f"stands: {standing_line(run, store, policy, now)}",) if run.state not in RUN_ENDS else ()),
            f"because: {plain(sentence(run.because), 300) or '-'}",
            *pause_lines(store, (run,), now),
            described(run.radius),
            f"decision: {_decision(run.decision)}",
            *(f"rider {ride.case_id}: {tickets[ride.case_id]}, {ride.state}" for ride in rides),
            *(
                f"{moment(at)}  {source} -> {target}: {plain(because, 200)}"
                for at, source, target, because in store.events("run", run.id)
            ),
        )
    for fact in facts:
        console.print(fact, markup=False, highlight=False)


def decide(config: Path, run_id: str, *, by: str, why: str, approved: bool) -> None:
    """Record a person's decision on a proposed run."""
    named(by, why)
    with opened_ports(config) as ports:
        run = _run(ports.store, run_id)
        who = approver(by, ports.policy, ports.org)
        reason = who if isinstance(who, Reason) else may_decide(who, ports.store.riders(run.id), ports.org)
        if isinstance(who, Reason) or reason:
            raise OperatorError(f"--by: {sentence(reason)}, so somebody else has to decide on run {run.id}")
        now = datetime.now(UTC)
        decision = Decision(
            approved=approved,
            by=who.login,
            user_id=who.id,
            operator=operator(),
            why=plain(why, 200),
            at=now,
            digest=run.radius.digest if run.radius else "",
        )
        if not ports.store.decide(run.id, decision, now):
            raise OperatorError(
                f"run {run.id} is {run.state}, decision: {_decision(run.decision)}; "
                "only a proposed run without a decision can be approved or rejected"
            )
    word = "approved" if approved else "rejected"
    print(f"run {run.id} of {run.label} {word}; {described(run.radius)} A running worker picks it up.")
    if approved:
        print(
            f"It counts for these changes and {counted(round(ports.policy.approval_valid_for / 60), 'minute')}, "
            f"and not for a ticket of yours. Else the tickets ask again, and `forcesync sync show {run.id}` says why."
        )


def preview(config: Path, directory: str, export: Path | None) -> None:
    """Read every user of a directory and print what a Force Sync would change now, by user type; changes nothing."""
    with opened_ports(config) as ports:
        target = one_directory(ports, directory)
        scans, drifted = _scan(ports, target)
        names = {type_id: ports.org.user_type(type_id) for type_id in scans}
    for type_id, scan in scans.items():
        of_type = f", user type {names[type_id]}" if names[type_id] else ""
        print(f"{target.label}{of_type} ({target.ref.app_id}): {described(radius(scan, datetime.now(UTC)))}")
    if not scans:
        print(f"{target.label} ({target.ref.app_id}) has no users that could be read.")
    if export is not None:
        try:
            _write_drifted(export, drifted, load(config).policy)
        except OSError as error:
            raise OperatorError(f"--export: {export} cannot be written: {error.strerror}") from error
        print(f"drifted users: {export}")


def _write_drifted(export: Path, drifted: list[Drift], policy: Policy) -> None:
    with export.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["user_id", "login", "attribute", "refused_because"])
        for item in drifted:
            login = _inert(called(item.login, policy) or "")
            rows.writerow([item.user_id, login, item.attribute, sentence(item.refused)])


@contextmanager
def opened_ports(config: Path) -> Iterator[Ports]:
    """Open every port of the settings for one command; a product's fault becomes an `OperatorError`."""
    settings = wiring.read_settings(config)
    logs.configure(settings.worker.log_level, settings.worker.log_format)
    parts = wiring.build(settings, logs.tell)
    try:
        parts.store.check_schema()
        yield parts.ports
    except FarSideError as error:
        raise OperatorError(str(error)) from error
    finally:
        parts.store.close()


def _scan(ports: Ports, target: Directory) -> tuple[dict[str, Scan], list[Drift]]:
    """Read all members; return each user type's scan. A member whose type cannot be read counts for every type."""
    reaches, scans, drifted = dict[str, Reach](), dict[str, Scan](), list[Drift]()
    before, after = MemberPage(members=()), None
    while True:
        page = ports.org.directory_users(target, after)
        for type_id in {item.user.type_id for item in page.members if item.user} - scans.keys():
            reaches[type_id], scans[type_id] = Reach(target, type_id, ports), Scan(begun_at=datetime.now(UTC))
            scans[type_id] = fold(scans[type_id], before, [None for item in before.members])
        for type_id, reach in reaches.items():
            found = reach.foreseen(page.members)
            drifted += [item for one in found if one for item, _ in one.changes]
            scans[type_id] = fold(scans[type_id], page, found)
        unread = tuple(item for item in page.members if item.user is None)
        before = MemberPage(members=(*before.members, *unread), unread=before.unread + page.unread)
        after = page.next
        if after is None:
            return scans, drifted
        print(f"  {counted(sum(scan.users for scan in scans.values()), 'user')} read", file=sys.stderr)


def one_directory(ports: Ports, text: str) -> Directory:
    """Find a directory by app id or label among those of the org."""
    known = ports.org.directories()
    wanted = text.casefold()
    fitting = [item for item in known if wanted in {item.ref.app_id.casefold(), item.label.casefold()}]
    if len(fitting) != 1:
        names = ", ".join(f"{item.label} ({item.ref.app_id})" for item in known) or "none"
        raise OperatorError(f"{len(fitting)} directories are called {text!r}; the org has: {names}")
    return fitting[0]


def _run(store: CaseStore, run_id: str) -> SyncRun:
    run = store.run(run_id.strip().lower())
    if run is None:
        raise OperatorError(f"no run has the id {run_id!r}; see `forcesync sync list`")
    return run


def _decision(decision: Decision | None) -> str:
    if decision is None:
        return "none"
    word = "approved" if decision.approved else "rejected"
    return f"{word} by {plain(decision.by, 80)} at {moment(decision.at)}: {plain(decision.why, 200)}"


def _inert(text: str) -> str:
    """Keep a spreadsheet from reading a login as a formula."""
    return f"'{text}" if text[:1] in "=+-@" else text


def standing_line(run: SyncRun, store: Store, policy: Policy, now: datetime) -> str:
    """Explain what one run is waiting for."""
    stands = store.standings(run.id).get(run.id, Standing())
    held_back = None
    if run.state is RunState.GATHERING:
        held_back = may_start(run, store, policy, now)
    return waiting_for(run, stands, held_back.reason if held_back else None, now)


def standing_lines(store: Store, policy: Policy, now: datetime) -> Iterator[str]:
    """Yield a line for every open run, then what is switched off."""
    runs = store.runs(open_only=True)
    yield from (f"{run.id} of {run.label}: {standing_line(run, store, policy, now)}" for run in runs)
    if not policy.force_sync:
        yield "switched off: every Force Sync, by policy.force_sync in these settings"
    yield from pause_lines(store, store.runs(), now)


def pause_lines(store: Store, runs: Sequence[SyncRun], now: datetime) -> Iterator[str]:
    """Yield what is paused, by whom, since when and why; a directory by its label where a run of it is known."""
    labels = {run.directory.ref.app_id: f"{run.directory.label} ({run.directory.ref.app_id})" for run in runs}
    for stop in store.switches(now):
        known = labels.get(stop.name, f"the directory {stop.name}")
        yield f"paused: {known if stop.name else 'every Force Sync'}, {sentence(turned_off(stop))}"
