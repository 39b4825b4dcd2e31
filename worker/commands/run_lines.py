"""Runs as lines for the operator: why each open one stands where it stands, and what is paused by whom."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from worker.store import Store
from workflows.model import Policy, SyncRun
from workflows.ports import Standing
from workflows.sync.policy import SWITCH, standing_of, switch_of


def standing_line(run: SyncRun, store: Store, policy: Policy, now: datetime) -> str:
    """Say why one run stands as it does."""
    stands = store.standings(run.id).get(run.id, Standing())
    return standing_of(run, stands, store.last_started(run.directory), store, policy, now)


def standing_lines(store: Store, policy: Policy, now: datetime) -> Iterator[str]:
    """Yield a line for every open run, then what is switched off."""
    runs = store.runs(open_only=True)
    yield from (f"{run.id} of {run.directory.label}: {standing_line(run, store, policy, now)}" for run in runs)
    if not policy.force_sync:
        yield "switched off: every Force Sync, by policy.force_sync in these settings"
    yield from pause_lines(store, store.runs(), now)


def pause_lines(store: Store, runs: Sequence[SyncRun], now: datetime) -> Iterator[str]:
    """Yield what is paused, by whom, since when and why; a directory by its label where a run of it is known."""
    labels = {switch_of(run.directory): f"{run.directory.label} ({run.directory.ref.app_id})" for run in runs}
    for name, reason in store.switched_off(SWITCH, now):
        what = "every Force Sync" if name == SWITCH else labels.get(name, f"the directory {name.rsplit(' ', 1)[-1]}")
        yield f"paused: {what}, {reason}"
