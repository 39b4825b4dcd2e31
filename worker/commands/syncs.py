"""The `forcesync sync` commands: list, show, preview, approve and reject runs."""

from __future__ import annotations

import csv
import io
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from worker import wiring
from worker.commands.case_records import LONGEST
from worker.commands.people import named, operator
from worker.errors import OperatorError
from worker.output import aligned, check_file, folded, json_line, print_lines, room, tabled, write_file
from worker.process import logs
from worker.settings.model import StoreSettings, load
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
    Radius,
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
from workflows.values.wording import counted, moment, utc

HEADS = ("run", "directory", "state", "riders", "opened", "waits for, or because")


def sync_list(config: Path, *, open_only: bool, as_json: bool = False) -> None:
    """Print the runs, what each open run is waiting for, and what is paused; as JSON, one line a run."""
    settings, now = load(config), datetime.now(UTC)
    with wiring.opened_store(config) as store:
        runs, riders = store.runs(open_only=open_only), store.rides_by_run()
        stands = {run.id: standing_line(run, store, settings.policy, now) for run in runs}
        lines = list(stop_lines(store, settings.policy, now))
        lines += [f"stopped: {told_of(stop)}" for stop in standing(store, (), settings.okta, now)]
    if as_json:
        print_lines(json_line(_run_line(run, riders.get(run.id, 0), stands[run.id])) for run in runs)
        return
    rows = (
        (run.id, run.label, run.state.value, str(riders.get(run.id, 0)), utc(run.opened_at), _stands(run, stands))
        for run in runs
    )
    print_lines(tabled(HEADS, rows, room()) if runs else ["no runs"])
    print_lines(folded(lines, room()))


def _stands(run: SyncRun, stands: Mapping[str, str]) -> str:
    started = f"started {utc(run.started_at)}; " if run.started_at and run.state in RUN_ENDS else ""
    return f"{started}{stands[run.id]}"


def _run_line(run: SyncRun, riders: int, stands: str) -> dict[str, Any]:
    """Return one run for programs, without any value; times are ISO 8601 in UTC."""
    return {
        "run": run.id,
        "directory": {"app_id": run.directory.ref.app_id, "label": run.directory.label},
        "user_type": run.target_type or None,
        "state": run.state.value,
        "riders": riders,
        "opened_at": run.opened_at.isoformat(),
        "started_at": run.started_at.isoformat() if run.started_at else None,
        "deadline": run.deadline.isoformat() if run.deadline else None,
        "because": plain(sentence(run.because), LONGEST) or None,
        "waits_for": stands if run.state not in RUN_ENDS else None,
    }


def sync_show(config: Path, run_id: str, *, as_json: bool = False) -> None:
    """Print one run with its riders and what it would change."""
    policy, now = load(config).policy, datetime.now(UTC)
    with wiring.opened_store(config) as store:
        run = _run(store, run_id)
        rides, events = store.rides(run.id), store.events("run", run.id)
        tickets = {case.id: case.ref.key for case in store.riders(run.id)}
        stands, pauses = standing_line(run, store, policy, now), list(pause_lines(store, (run,), now))
    if as_json:
        steps = ({"at": at.isoformat(), "from": a, "to": b, "because": why} for at, a, b, why in events)
        told = {
            "tickets": [{"case": ride.case_id, "ticket": tickets[ride.case_id], "ride": ride.state} for ride in rides],
            "request_id": run.request_id,
            "would_change": _radius(run.radius) if run.radius else None,
            "decision": run.decision.model_dump(mode="json") if run.decision else None,
            "events": list(steps),
            "pauses": pauses,
        }
        print(json_line(_run_line(run, len(rides), stands) | told))
        return
    rows = [
        ("run", f"{run.id} of {run.label} ({run.directory.ref.app_id}): {run.state}"),
        *((("stands", stands),) if run.state not in RUN_ENDS else ()),
        ("because", plain(sentence(run.because), LONGEST) or "-"),
        *(("paused", line.removeprefix("paused: ")) for line in pauses),
        ("reach", described(run.radius)),
        ("decision", _decision(run.decision)),
        *(("rider", f"{tickets[ride.case_id]}, {ride.state}; case {ride.case_id}") for ride in rides),
        *(("step", f"{moment(at)}  {a} -> {b}: {plain(because, LONGEST)}") for at, a, b, because in events),
    ]
    print_lines(aligned(rows, room()))


def _radius(found: Radius) -> dict[str, Any]:
    """Return for programs what a scan found that a run would change."""
    return found.model_dump(mode="json", exclude={"digest"})


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


def preview(
    config: Path, directory: str, export: Path | None = None, *, replace: bool = False, as_json: bool = False
) -> None:
    """Read every user of a directory and print what a Force Sync would change now, by user type; changes nothing."""
    if export is not None:
        check_file(export, "--export", replace=replace)
    elif replace:
        raise OperatorError("--replace goes with --export")
    with opened_ports(config, stored=False) as ports:
        target = one_directory(ports, directory)
        scans, drifted = _scan(ports, target)
        found = {ports.org.user_type(id): radius(scan, datetime.now(UTC)) for id, scan in scans.items()}
    if export is not None:
        told = write_file(export, "--export", _as_csv(drifted, ports.policy))
        print(f"drifted users: {told}", file=sys.stderr)
    if as_json:
        types = [{"user_type": name or None, **_radius(reach)} for name, reach in found.items()]
        print(json_line({"directory": {"app_id": target.ref.app_id, "label": target.label}, "user_types": types}))
        return
    lines = [
        f"{target.label}{f', user type {name}' if name else ''} ({target.ref.app_id}): {described(reach)}"
        for name, reach in found.items()
    ]
    lines = lines or [f"{target.label} ({target.ref.app_id}) has no users that could be read."]
    print_lines(folded(lines, room()))


def _as_csv(drifted: Iterable[Drift], policy: Policy) -> str:
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(["user_id", "login", "attribute", "refused_because"])
    for item in drifted:
        login = _inert(called(item.login, policy) or "")
        rows.writerow([item.user_id, login, item.attribute, sentence(item.refused)])
    return text.getvalue()


@contextmanager
def opened_ports(config: Path, *, stored: bool = True) -> Iterator[Ports]:
    """Open every port of the settings for one command; a product's fault becomes an `OperatorError`.

    Without `stored`, a store that is not there yet is no hindrance: one that is thrown away takes its place.
    """
    settings = wiring.read_settings(config)
    logs.configure(settings.worker.log_level, settings.worker.log_format)
    with tempfile.TemporaryDirectory(prefix="forcesync-") as folder:
        parts = wiring.build(settings, logs.tell)
        if not stored and parts.store.is_missing:
            parts.store.close()
            own = {"store": StoreSettings(url=f"sqlite:///{folder}/store.sqlite3")}
            parts = wiring.build(settings.model_copy(update=own), logs.tell)
            parts.store.migrate()
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


def stop_lines(store: Store, policy: Policy, now: datetime) -> Iterator[str]:
    """Yield what is switched off or paused."""
    if not policy.force_sync:
        yield "switched off: every Force Sync, by policy.force_sync in these settings"
    yield from pause_lines(store, store.runs(), now)


def pause_lines(store: Store, runs: Sequence[SyncRun], now: datetime) -> Iterator[str]:
    """Yield what is paused, by whom, since when and why; a directory by its label where a run of it is known."""
    labels = {run.directory.ref.app_id: f"{run.directory.label} ({run.directory.ref.app_id})" for run in runs}
    for stop in store.switches(now):
        known = labels.get(stop.name, f"the directory {stop.name}")
        yield f"paused: {known if stop.name else 'every Force Sync'}, {sentence(turned_off(stop))}"
