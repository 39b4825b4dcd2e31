"""Kill worker processes at random while the far sides misbehave, then compare the world with the expected one.

`make chaos` runs it: a sandbox, real servers for the store and the broker, real processes of the command line.
Everything random comes from the seed, and everything is bounded in time and count. What a ticket should end as is said
by the sandbox's scenario, and whether it did is read from the far sides alone.
"""

from __future__ import annotations

import argparse
import logging
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from random import Random  # all of it comes from the seed
from typing import Any

from connectors.sandbox.frame import Fault
from connectors.sandbox.server import Sandbox
from tests.recovery.servers import Postgres, RabbitMq, Valkey, die_with_parent
from worker.sandbox_config import settings_table, write_settings

LEASE_SECONDS = 20.0  # short, so that what a killed process held goes on soon
WAITS: dict[str, Any] = {
    "poll_every": 1.0,
    "gather_for": 3.0,
    "gather_at_most": 60.0,
    "cool_down": 1.0,
    "verify_every": 1.0,
    "verify_for": 3 * LEASE_SECONDS,
    "ask_every": 1.0,
    "retry_after": 1.0,
}
READ_SECONDS = 5.0  # how long a desk is waited for; stalls are longer
CALLS_BETWEEN_KILLS = (30, 200)  # so that a slow machine gets as many as a fast one
SYNC_RULES = ("force sync", "reapply")  # in the names of the far sides' rules about superfluous Force Syncs


@dataclass
class Report:
    """What came out."""

    tickets: int
    kills: int = 0
    faults: int = 0
    seconds: float = 0.0
    lost: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    extra_syncs: list[str] = field(default_factory=list)
    objections: list[str] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        """Say whether the world is as if nothing had happened."""
        return not (self.lost or self.wrong or self.doubled or self.extra_syncs or self.objections)

    def text(self) -> str:
        """Write the report."""
        counts = {
            "lost": self.lost,
            "doubled": self.doubled,
            "wrong": self.wrong,
            "extra syncs": self.extra_syncs,
            "other objections": self.objections,
        }
        lines = [f"{self.tickets} tickets, {self.kills} kills, {self.faults} faults, {self.seconds:.0f} seconds"]
        lines.append(", ".join(f"{name} {len(found)}" for name, found in counts.items()))
        lines += [f"  {name}: {item}" for name, found in counts.items() for item in found[:20]]
        return "\n".join([*lines, "passed" if self.passed else "FAILED"])


class Crew:
    """The processes of the command line: schedulers and workers, or whole workers where the broker is embedded."""

    def __init__(self, config: Path, workers: int, *, embedded: bool, folder: Path) -> None:
        self._folder = folder
        single = [*(["run"] for _ in range(workers))]
        several = [*(["worker"] for _ in range(workers)), ["scheduler"], ["scheduler"]]
        self._commands = [
            [sys.executable, "-m", "worker", *command, "--config", str(config)]
            for command in (single if embedded else several)
        ]
        self._processes = [self._start(place) for place in range(len(self._commands))]

    def kill(self, random: Random) -> None:
        """Kill one process and start another one in its place."""
        place = random.randrange(len(self._processes))
        self._processes[place].kill()
        self._processes[place].wait()
        self._processes[place] = self._start(place)

    def look(self) -> None:
        """Raise where a process has ended by itself."""
        for place, process in enumerate(self._processes):
            if process.poll() is not None:
                log = (self._folder / f"process{place}.log").read_text(errors="replace")[-2000:]
                raise RuntimeError(f"{' '.join(self._commands[place])} ended with {process.returncode}:\n{log}")

    def stop(self) -> None:
        """Stop all, in words first."""
        for process in self._processes:
            process.send_signal(signal.SIGTERM)
        for process in self._processes:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _start(self, place: int) -> subprocess.Popen[bytes]:
        with (self._folder / f"process{place}.log").open("ab") as log:
            return subprocess.Popen(
                self._commands[place],
                stdout=log,
                stderr=log,
                preexec_fn=die_with_parent(),  # noqa: PLW1509  # it makes two system calls and no more
            )


def chaos(
    *,
    seed: int,
    tickets: int,
    workers: int,
    store: str,
    broker: str,
    latency_ms: float = 0.0,
    limit: float | None = None,
) -> Report:
    """Let it happen, and judge the world."""
    random, began = Random(seed), time.monotonic()
    limit = limit or 120.0 + 2.0 * tickets
    report = Report(tickets)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="forcesync-chaos-")))
        sandbox = stack.enter_context(
            Sandbox(scenario="mixed", seed=seed, tickets=tickets, sync_seconds=1.0, latency_ms=latency_ms)
        )
        config = settings(stack, sandbox, folder, store, broker)
        crew = Crew(config, workers, embedded=broker == "embedded", folder=folder)
        stack.callback(crew.stop)
        _misbehave(sandbox, random)
        pause, quiet_since = threading.Event(), None
        next_kill = random.randint(*CALLS_BETWEEN_KILLS)
        most_kills = max(5, tickets // 5)
        while time.monotonic() - began < limit:
            pause.wait(0.2)
            crew.look()
            left = unfinished(sandbox)
            now = time.monotonic()
            if report.kills < most_kills and len(left) > tickets // 10:
                if (calls := _calls(sandbox)) >= next_kill:
                    crew.kill(random)
                    report.kills += 1
                    next_kill = calls + random.randint(*CALLS_BETWEEN_KILLS)
            elif sandbox.frame.faults:
                with sandbox.frame.lock:
                    sandbox.frame.faults.clear()
            quiet_since = (quiet_since or now) if not left else None
            if quiet_since is not None and now - quiet_since > LEASE_SECONDS + 5:
                break  # whatever the dead had leased has been worked again
        report.seconds = time.monotonic() - began
        judge(sandbox, report)
    return report


def settings(stack: ExitStack, sandbox: Sandbox, folder: Path, store: str, broker: str, *, threads: int = 8) -> Path:
    """Start the servers of the store and the broker, and write the settings file."""
    table = settings_table(sandbox, folder / "forcesync.sqlite3", WAITS)
    table["worker"] = {"threads": threads, "lease_for": LEASE_SECONDS, "stop_within": 10.0, "log_level": "warning"}
    for desk in table["desks"].values():
        desk |= {"connect_timeout": 2.0, "read_timeout": READ_SECONDS}
    if store == "postgres":
        postgres = Postgres()
        stack.enter_context(postgres)
        table["store"] = {"url": postgres.url()}
    if broker != "embedded":
        server = Valkey() if broker == "redis" else RabbitMq()
        stack.enter_context(server)
        table["broker"] = {"kind": broker, "url": server.url}
    config = folder / "forcesync.toml"
    write_settings(config, table)
    return config


def _calls(sandbox: Sandbox) -> int:
    with sandbox.frame.lock:
        return sum(sum(counts.values()) for counts in sandbox.frame.calls.values())


def _misbehave(sandbox: Sandbox, random: Random) -> None:
    """Let every product fail now and then, in ways that come to an end."""
    busy = {"status": 429, "headers": {"Retry-After": "2"}}
    kinds: list[tuple[str, dict[str, Any], float]] = [
        ("reset_before", {}, 0.01),
        ("reset_after", {}, 0.02),
        ("truncate", {}, 0.005),
        ("status", {"status": 502}, 0.01),
        ("status", busy, 0.005),
        ("delay", {"seconds": 1.0}, 0.01),
        ("stall", {"seconds": READ_SECONDS + 1}, 0.002),
    ]
    random.shuffle(kinds)
    with sandbox.frame.lock:
        for product in ("servicenow", "jira", "okta"):
            for kind, how, probability in kinds:
                fault: dict[str, Any] = {"product": product, "kind": kind, "probability": probability, "times": 10_000}
                reading = {"method": "GET"} if product == "okta" else {}
                sandbox.frame.faults.append(Fault(id=f"chaos-{len(sandbox.frame.faults)}", **fault | how | reading))
        lost = re.compile(r"/mappings/reapply$")
        sandbox.frame.faults.insert(0, Fault(id="sync", product="okta", kind="reset_after", path=lost, times=2))


def unfinished(sandbox: Sandbox) -> list[str]:
    """Return the tickets that do not stand as the scenario says, with how they stand."""
    with sandbox.frame.lock:
        tickets = {
            (name, ticket["id"]): ticket for name, desk in sandbox.world.desks.items() for ticket in desk.tickets()
        }
    return [
        f"{tickets[place]['key']}: expected {end}, found {tickets[place]['status']}"
        for place, end in sandbox.script.expected.items()
        if not stands(tickets[place], end)
    ]


def stands(ticket: dict[str, Any], end: str) -> bool:
    """Say whether a ticket stands as it should in the end."""
    ours = [item for item in ticket["comments"] if item["by_worker"]]
    handed_over = [item for item in ticket["attachments"] if item["by_worker"]]
    done = ticket["status_category"] == "done"
    return {
        "resolved": done and bool(ticket["resolution"]),
        "escalated": not done and bool(handed_over),
        "waiting": not done and not handed_over and len(ours) > 1,
        "withdrawn": not done and not handed_over and bool(ticket["assignee"]),
        "untouched": not ours and not handed_over,
    }[end]


def judge(sandbox: Sandbox, report: Report) -> None:
    """Hold the world against what was expected of it."""
    with sandbox.frame.lock:
        tickets = [ticket for desk in sandbox.world.desks.values() for ticket in desk.tickets()]
        violations = list(sandbox.frame.violations)
        report.faults = sandbox.frame.faults_hit
    for line in unfinished(sandbox):
        key = line.partition(":")[0]
        ticket = next(item for item in tickets if item["key"] == key)
        touched = any(item["by_worker"] for item in ticket["attachments"]) or ticket["status_category"] == "done"
        last = next((item["body"] for item in reversed(ticket["comments"]) if item["by_worker"]), "nothing")
        (report.wrong if touched else report.lost).append(f"{line}; our last words: {' '.join(last.split())[:300]}")
    for ticket in tickets:
        said = Counter((item["visibility"], item["body"]) for item in ticket["comments"] if item["by_worker"])
        named = Counter(item["name"] for item in ticket["attachments"] if item["by_worker"])
        report.doubled += [f"{ticket['key']}: {text[1][:60]!r} {n} times" for text, n in said.items() if n > 1]
        report.doubled += [f"{ticket['key']}: {name} {n} times" for name, n in named.items() if n > 1]
    for item in violations:
        superfluous = any(word in item.rule.lower() for word in SYNC_RULES)
        (report.extra_syncs if superfluous else report.objections).append(f"{item.rule}: {item.detail}")


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--tickets", type=int, default=200)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--store", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--broker", choices=["embedded", "redis", "rabbitmq"], default="embedded")
    asked = parser.parse_args()
    logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)  # a killed client's half request is no news here
    print(" ".join(f"{name}={value}" for name, value in vars(asked).items()), flush=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(3))
    report = chaos(**vars(asked))
    print(report.text())
    return 0 if report.passed else 1


if __name__ == "__main__":
    sys.exit(main())
