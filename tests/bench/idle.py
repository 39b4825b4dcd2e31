"""What the program costs while nothing happens, and how long a command takes to start."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from tests.bench.rows import Row, cpu_seconds, peak_mb
from tests.recovery.killing import Seen
from tests.recovery.programs import far_sides, started

WATCHED = 20.0  # seconds
STARTS = 5
POLICY = {"poll_every": 3600.0}  # nothing is due while it is watched


def rows() -> Iterator[Row]:
    """Yield the idle cost of `forcesync run` and the times of two commands."""
    with (
        tempfile.TemporaryDirectory(prefix="forcesync-bench-") as folder,
        far_sides(Path(folder), worker={"threads": 16, "lease_for": 180.0}, policy=POLICY) as far,
    ):
        with started(far, *far.ours("run")) as program:
            program.until(lambda: program.process.pid in Seen(far).processes(), "its start")
            time.sleep(3.0)  # its first search of each desk
            pid, before, began = program.process.pid, cpu_seconds(program.process.pid), time.monotonic()
            time.sleep(WATCHED)
            share = 100 * (cpu_seconds(pid) - before) / (time.monotonic() - began)
            yield Row("idle", "one process, nothing due: CPU", share, "%", 1.0, detail="of a core")
            yield Row("idle", "one process, nothing due: memory", peak_mb(pid), "MB", 150.0, detail="at most so far")
            program.end()
        config = ("--config", str(far.config))
        for product in ("okta", "servicenow", "jira"):
            far.control.post(
                "/faults", {"product": product, "kind": "stall", "path": "", "seconds": 60.0, "times": 1000}
            )
        seconds, cpu = _start("doctor", *config)
        yield Row("doctor", "every far side hanging: time", seconds, "s", 10.0, detail=f"{cpu:.2f} s of CPU")
        far.control.delete("/faults")
        for words, bar in ((("--help",), 0.5), (("case", "list", *config), 1.0)):
            seconds, cpu = _start(*words)
            what = f"forcesync {' '.join(words[:2] if words[0] == 'case' else words)}: CPU"
            yield Row("start", what, cpu, "s", bar, detail=f"{seconds:.2f} s of time, median of {STARTS}")


def _start(*words: str) -> tuple[float, float]:
    """Return the median time and CPU time of a command, in seconds."""
    times, cpus = [], []
    for _ in range(STARTS):
        began = time.monotonic()
        process = subprocess.Popen([sys.executable, "-m", "worker", *words], stdout=subprocess.DEVNULL)
        cpus.append(_cpu_of(process))
        times.append(time.monotonic() - began)
    return median(times), median(cpus)


def _cpu_of(process: subprocess.Popen[bytes]) -> float:
    _, _, used = os.wait4(process.pid, 0)
    process.returncode = 0
    return used.ru_utime + used.ru_stime
