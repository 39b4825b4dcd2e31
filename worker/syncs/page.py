"""`forcesync sync show`: one run with its riders, what it would change, and who decided what."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from worker import wiring
from worker.errors import OperatorError
from worker.output import LONGEST, aligned, print_json, print_lines, room
from worker.settings.model import load
from worker.syncs.listing import pause_lines, run_line, standing_line
from workflows.model import RUN_ENDS, Decision, Radius, SyncRun
from workflows.notes.reasons import sentence
from workflows.notes.standing import described
from workflows.ports import CaseStore
from workflows.values.masking import plain
from workflows.values.wording import moment


def sync_show(config: Path, run_id: str, *, as_json: bool = False) -> None:
    """Print one run with its riders and what it would change."""
    policy, now = load(config).policy, datetime.now(UTC)
    with wiring.opened_store(config) as store:
        run = found_run(store, run_id)
        rides, events = store.rides(run.id), store.events("run", run.id)
        tickets = {case.id: case.ref.key for case in store.riders(run.id)}
        stands, pauses = standing_line(run, store, policy, now), list(pause_lines(store, (run,), now))
    if as_json:
        steps = ({"at": at.isoformat(), "from": a, "to": b, "because": why} for at, a, b, why in events)
        told = {
            "tickets": [{"case": ride.case_id, "ticket": tickets[ride.case_id], "ride": ride.state} for ride in rides],
            "request_id": run.request_id,
            "would_change": told_reach(run.radius) if run.radius else None,
            "decision": run.decision.model_dump(mode="json") if run.decision else None,
            "events": list(steps),
            "pauses": pauses,
        }
        print_json(run_line(run, len(rides), stands) | told)
        return
    rows = [
        ("run", f"{run.id} of {run.label} ({run.directory.ref.app_id}): {run.state}"),
        *((("stands", stands),) if run.state not in RUN_ENDS else ()),
        ("because", plain(sentence(run.because), LONGEST) or "-"),
        *(("paused", line.removeprefix("paused: ")) for line in pauses),
        ("reach", described(run.radius)),
        ("decision", told_decision(run.decision)),
        *(("rider", f"{tickets[ride.case_id]}, {ride.state}; case {ride.case_id}") for ride in rides),
        *(("step", f"{moment(at)}  {a} -> {b}: {plain(because, LONGEST)}") for at, a, b, because in events),
    ]
    print_lines(aligned(rows, room()))


def told_reach(found: Radius) -> dict[str, Any]:
    """Return for programs what a scan found that a run would change, without the digests that compare scans."""
    return found.model_dump(mode="json", exclude={"digest", "expressions", "guarded"})


def found_run(store: CaseStore, run_id: str) -> SyncRun:
    """Return the run with this id, or raise `OperatorError`."""
    run = store.run(run_id.strip().lower())
    if run is None:
        raise OperatorError(f"no run has the id {run_id!r}; see `forcesync sync list`")
    return run


def told_decision(decision: Decision | None) -> str:
    """Say who decided what on a run, and why."""
    if decision is None:
        return "none"
    word = "approved" if decision.approved else "rejected"
    return f"{word} by {plain(decision.by, 80)} at {moment(decision.at)}: {plain(decision.why, 200)}"
