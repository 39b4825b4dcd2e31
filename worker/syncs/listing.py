"""`forcesync sync list`: the runs, what each is waiting for, and what is switched off or paused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from worker import wiring
from worker.audit import directories_of
from worker.output import LONGEST, print_aside, print_json, print_lines, room, tabled
from worker.settings.model import load
from worker.store import Store
from workflows.engine.stopped import standing
from workflows.model import RUN_ENDS, Policy, RunState, SyncRun
from workflows.notes.reasons import sentence
from workflows.notes.standing import told_of, waiting_for
from workflows.ports import Standing
from workflows.sync.policy import may_start, turned_off
from workflows.values.masking import plain
from workflows.values.wording import utc

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
        for run in runs:
            print_json(run_line(run, riders.get(run.id, 0), stands[run.id]))
        return
    rows = (
        (run.id, run.label, run.state.value, str(riders.get(run.id, 0)), utc(run.opened_at), _stands(run, stands))
        for run in runs
    )
    if runs:
        print_lines(tabled(HEADS, rows, room()))
    print_aside(*([] if runs else ["no runs"]), *lines)


def _stands(run: SyncRun, stands: Mapping[str, str]) -> str:
    started = f"started {utc(run.started_at)}; " if run.started_at and run.state in RUN_ENDS else ""
    return f"{started}{stands[run.id]}"


def run_line(run: SyncRun, riders: int, stands: str) -> dict[str, Any]:
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


def standing_line(run: SyncRun, store: Store, policy: Policy, now: datetime) -> str:
    """Explain what one run is waiting for."""
    stands = store.standings(run.id).get(run.id, Standing())
    held_back = None
    if run.state is RunState.GATHERING:
        held_back = may_start(run, store, policy, now)
    return waiting_for(run, stands, held_back.because if held_back else None, now)


def stop_lines(store: Store, policy: Policy, now: datetime) -> Iterator[str]:
    """Yield what is switched off or paused."""
    if not policy.force_sync:
        yield "switched off: every Force Sync, by policy.force_sync in these settings"
    yield from pause_lines(store, store.runs(), now)


def pause_lines(store: Store, runs: Sequence[SyncRun], now: datetime) -> Iterator[str]:
    """Yield what is paused, by whom, since when and why; a directory by its label where that is known."""
    stops = store.switches(now)
    known = directories_of(store, runs, {stop.name for stop in stops if stop.name})
    for stop in stops:
        found = known.get(stop.name)
        shown = f"{found.label} ({found.ref.app_id})" if found else f"the directory {stop.name}"
        yield f"paused: {shown if stop.name else 'every Force Sync'}, {sentence(turned_off(stop))}"
