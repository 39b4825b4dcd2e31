"""How soon work goes on after kill -9: a process alone on its store, and one of two that share it."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from tests.bench.rows import Row, cpu_seconds
from tests.recovery.killing import WORKER, Seen, kill, slow_reads
from tests.recovery.programs import FarSides, Program, far_sides, started

TICKETS = 30
AT_WORK = 4  # cases under way when the process is killed
ARRIVES_AFTER = 12.0  # seconds until the write that is on its way arrives
PATIENT = {"connect_timeout": 5.0, "read_timeout": 30.0}


def rows() -> Iterator[Row]:
    """Yield the four times that the issue names, each from the kill on."""
    for shared, steps, in_flight in ((False, 5.0, 25.0), (True, 15.0, 35.0)):
        who = "one of two on the store" if shared else "alone, started again"
        seconds, detail = first_steps(shared=shared)
        yield Row("recovery", f"first step of every interrupted case, {who}", seconds, "s", steps, detail=detail)
        what = f"case whose write was on its way, {who}"
        yield Row("recovery", what, write_on_its_way(shared=shared), "s", in_flight)


def first_steps(*, shared: bool) -> tuple[float, str]:
    """Return the seconds from the kill to the last case's first step, and what they consist of."""
    with ExitStack() as stack:
        far, seen, programs = _running(stack, shared=shared)
        slow_reads(far)
        for _ in range(TICKETS // 2):
            far.file_tickets()
        victim, holder = _until_busy(programs, seen)
        seen.note_steps()
        interrupted = seen.interrupted(holder)
        killed_at = kill(victim)
        interrupted &= seen.interrupted(holder)
        far.control.delete("/faults")
        detail = f"{len(interrupted)} cases"
        if not shared:
            programs = [stack.enter_context(started(far, *far.ours("run")))]
            pid = programs[0].process.pid
            programs[0].until(lambda: pid in seen.processes(), "its start")
            detail += f"; {time.time() - killed_at:.1f} s and {cpu_seconds(pid):.1f} s of CPU until it was up"
        going_on = programs[-1]
        going_on.until(lambda: interrupted <= set(seen.first_steps(holder)), "the first step of every case")
        steps = seen.first_steps(holder)
        return max(steps[id] for id in interrupted) - killed_at, detail


def write_on_its_way(*, shared: bool) -> float:
    """Return the seconds from the kill until the case whose write was on its way has gone on."""
    with ExitStack() as stack:
        far, seen, programs = _running(stack, shared=shared)
        late = {"product": "servicenow", "kind": "delay", "seconds": ARRIVES_AFTER, "times": 1}
        for method in ("PATCH", "PUT"):
            far.control.post("/faults", late | {"method": method})
        far.file_tickets()
        programs[0].until(lambda: bool(seen.sent()), "a write that is on its way")
        case_id = min(seen.sent())
        ((holder,),) = seen.ask("SELECT lease_holder FROM cases WHERE id = ?", case_id)
        pids = {id: pid for pid, id in seen.processes().items()}
        victim = next(program for program in programs if program.process.pid == pids[holder])
        killed_at = kill(victim)
        others = [program for program in programs if program is not victim]
        going_on = others[0] if shared else stack.enter_context(started(far, *far.ours("run")))
        going_on.until(lambda: case_id not in seen.sent(), "the write")
        return time.time() - killed_at


def _running(stack: ExitStack, *, shared: bool) -> tuple[FarSides, Seen, list[Program]]:
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="forcesync-bench-")))
    far = stack.enter_context(far_sides(folder, worker=WORKER, timeouts=PATIENT))
    seen, programs = Seen(far), []
    for _ in range(1 + shared):
        programs.append(stack.enter_context(started(far, *far.ours("run"))))
        programs[-1].until(lambda: len(seen.processes()) == len(programs), "its start")
    return far, seen, programs


def _until_busy(programs: list[Program], seen: Seen) -> tuple[Program, str]:
    """Wait until the first process is in the middle of several steps, none of them a write; returns it and its id."""
    victim = programs[0]
    holder = seen.processes()[victim.process.pid]
    victim.until(lambda: len(seen.leased(holder)) >= AT_WORK and not seen.sent(), "several steps under way")
    return victim, holder
