"""Kill worker processes at random while the far sides misbehave, then compare the world with the expected one.

`make chaos` runs it: `forcesync sandbox` as a process that is driven and read through its control server alone, real
servers for the store and the broker, real processes of the command line. Everything random comes from the seed, and
everything is bounded in time and count.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import tomllib
from collections import Counter
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from random import Random  # all of it comes from the seed
from typing import Any

from tests.e2e.outside import ControlServer, free_base, listening, running, until
from tests.recovery.crew import LEASE_SECONDS, READ_SECONDS, Crew, settings
from tests.recovery.judging import Report, judge, unfinished

CALLS_BETWEEN_STRIKES = (30, 200)  # so that a slow machine gets as many as a fast one
SHARE_OF_STOPS = 0.25  # of the strikes: the process is told to end, and must
SIGNED_IN = {"X-AACCOUNTID": "somebody"}  # without it, Jira Cloud would have taken us for an anonymous visitor
HTML = SIGNED_IN | {"Content-Type": "text/html"}
STRAY, PAGES, GATEWAY = (400, 401, 403, 404, 409, 410), (200, 400, 401, 403, 404, 409, 410), (400, 401, 403, 404)
BROKEN = (500, 502, 504)
REFUSED = (400, 409)  # a Force Sync; what is about the account or the call stops it for longer than this takes
WORDS = {"error": {"message": "Stray", "detail": ""}, "errorMessages": ["Stray"], "errorCode": "E0000006"}
SPOILT = '{"result":[{"a":1,},"" ],"error":{"detail":"it ran too long","message":"Transaction cancelled"},'
LOOK_EVERY = 0.5  # seconds; a look at the whole world costs the sandbox some milliseconds
_COLOUR, _ALERT = re.compile(r"\x1b\[[0-9;]*m"), re.compile(r"\] alert +(.*)")
QUIET_FOR = LEASE_SECONDS + 5  # whatever the dead had leased has been worked again


@dataclass(frozen=True)
class Plan:
    """What is to happen."""

    seed: int
    tickets: int
    workers: int
    store: str
    broker: str

    @property
    def limit(self) -> float:
        """Return the seconds after which a ticket counts as lost: two cores take less than half of them."""
        return 250.0 + 2.0 * self.tickets

    @property
    def waits(self) -> dict[str, float]:
        """Return the policy's waits.

        No run starts before every ticket was judged: who states no value is helped unasked only if Okta was seen
        wrong before. Found too late, after as many kills as here, a ticket would rightly be asked about.
        """
        return {
            "poll_every": 1.0,
            "gather_for": 3.0,
            "gather_at_most": self.limit,
            "cool_down": 1.0,
            "at_most_per_day": 1000,
            "verify_every": 1.0,
            "verify_for": 3 * LEASE_SECONDS,
            "ask_every": 1.0,
            "retry_after": 1.0,
        }


def chaos(plan: Plan, folder: Path) -> Report:
    """Let it happen, and judge the world."""
    report = Report(plan.tickets, limit=plan.limit)
    with ExitStack() as stack:
        control, table = _far_sides(stack, plan, folder)
        config = settings(stack, table, folder, plan.store, plan.broker)
        _misbehave(control, Random(plan.seed))
        crew = Crew(config, plan.workers, embedded=plan.broker == "embedded", folder=folder)
        stack.callback(crew.stop)
        _strike(crew, control, plan, report)
        state = control.state()
        judge(state, report)
        crew.stop()
        report.told_twice = repeated_alerts(folder)
        if not report.passed:
            (folder / "state.json").write_text(json.dumps(state, indent=1))
            export = [sys.executable, "-m", "worker", "case", "export", "--config", str(config)]
            (folder / "cases.jsonl").write_bytes(subprocess.run(export, check=True, capture_output=True).stdout)
    return report


def repeated_alerts(folder: Path) -> list[str]:
    """Return what the operator was alerted of more than once, by the logs of all processes together."""
    logs = "".join(path.read_text(errors="replace") for path in folder.glob("process*.log"))
    told = Counter(re.sub(r"\d+", "#", text) for text in _ALERT.findall(_COLOUR.sub("", logs)))
    return [f"{count} times: {text}" for text, count in told.items() if count > 1]


def _far_sides(stack: ExitStack, plan: Plan, folder: Path) -> tuple[ControlServer, dict[str, Any]]:
    """Serve the sandbox; returns its control server, and the settings that it wrote with this plan's waits."""
    base, written = free_base(), folder / "sandbox.toml"
    options = {"--scenario": "mixed", "--seed": plan.seed, "--tickets": plan.tickets, "--port": base}
    words = [str(word) for option in options.items() for word in option]
    stack.enter_context(running(folder / "sandbox.log", "sandbox", *words, "--write-config", str(written)))
    until(lambda: written.exists() and listening(base), "the sandbox")
    table = tomllib.loads(written.read_text(encoding="utf-8"))
    table["policy"] |= plan.waits
    control = ControlServer(base)
    control.post("/settings", {"sync_seconds": 1.0})
    return control, table


def _strike(crew: Crew, control: ControlServer, plan: Plan, report: Report) -> None:
    """Strike again and again, then let the far sides behave, and wait until nothing is left or the time is over."""
    random, began, pause = Random(plan.seed), time.monotonic(), threading.Event()
    most, faulty, quiet_since = max(5, plan.tickets // 5), True, None
    next_strike = random.randint(*CALLS_BETWEEN_STRIKES)
    while (spent := time.monotonic() - began) < plan.limit:
        pause.wait(LOOK_EVERY)
        crew.look()
        state = control.state()
        left, calls = len(unfinished(state)), _calls(state)
        if report.kills + report.stops < most and left > plan.tickets // 10:
            if calls >= next_strike:
                _one_strike(crew, random, report)
                next_strike = calls + random.randint(*CALLS_BETWEEN_STRIKES)
        elif faulty:
            control.delete("/faults")
            _refuse_presses(control)  # a run waits for every ticket, so that most are made from here on
            faulty = False
        quiet_since = (quiet_since or spent) if not left else None
        if quiet_since is not None and spent - quiet_since > QUIET_FOR:
            break
    report.seconds = time.monotonic() - began


def _one_strike(crew: Crew, random: Random, report: Report) -> None:
    if random.random() < SHARE_OF_STOPS:
        crew.replace(random)
        report.stops += 1
    else:
        crew.kill(random)
        report.kills += 1


def _calls(state: Mapping[str, Any]) -> int:
    return sum(sum(counts.values()) for counts in state["calls"].values())


def _misbehave(control: ControlServer, random: Random) -> None:
    """Let every product fail now and then, and whatever stands in front of it, in ways that come to an end."""
    kinds: list[tuple[str, dict[str, Any], float]] = [
        *(("status", {"status": status, "headers": SIGNED_IN, "body": WORDS}, 0.002) for status in STRAY),
        *(("status", {"status": status, "headers": HTML, "body": "<html>Blocked</html>"}, 0.002) for status in PAGES),
        *(("gateway", {"status": status}, 0.002) for status in GATEWAY),
        *(("gateway", {"status": status, "body": ""}, 0.002) for status in GATEWAY),
        ("status", {"status": 200, "headers": SIGNED_IN, "body": SPOILT}, 0.003),
        ("status", {"status": 503, "headers": {"Retry-After": "0"}}, 0.005),
        ("redirect", {}, 0.001),
        ("html", {}, 0.003),
        ("reset_before", {}, 0.01),
        ("reset_after", {}, 0.02),
        ("truncate", {}, 0.005),
        *(("status", {"status": status}, 0.004) for status in BROKEN),
        ("status", {"status": 429, "headers": {"Retry-After": "2"}}, 0.005),
        ("delay", {"seconds": 1.0}, 0.01),
        ("stall", {"seconds": READ_SECONDS + 1}, 0.002),
    ]
    random.shuffle(kinds)
    _refuse_presses(control)
    for product in ("servicenow", "jira", "okta"):
        reading = {"method": "GET"} if product == "okta" else {}
        for kind, how, probability in kinds:
            fault = {"product": product, "kind": kind, "probability": probability, "times": 10_000}
            control.post("/faults", fault | how | reading)


def _refuse_presses(control: ControlServer) -> None:
    """Let a Force Sync be refused, then two answers be lost, and another one be refused."""
    refused = [{"kind": "status", "status": status, "body": WORDS | {"errorCode": "E0000001"}} for status in REFUSED]
    for how in (refused[0], {"kind": "reset_after", "times": 2}, *refused[1:]):
        control.post("/faults", {"product": "okta", "path": r"/mappings/reapply$"} | how)


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--tickets", type=int, default=200)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--store", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--broker", choices=["embedded", "redis", "rabbitmq"], default="embedded")
    parser.add_argument("--keep", action="store_true", help="keep the folder of a run that fails, and say where it is")
    asked = vars(parser.parse_args())
    keep = asked.pop("keep")
    print(" ".join(f"{name}={value}" for name, value in asked.items()), flush=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(3))
    folder, passed = Path(tempfile.mkdtemp(prefix="forcesync-chaos-")), False
    try:
        report = chaos(Plan(**asked), folder)
        print(report.text())
        passed = report.passed
    finally:
        if passed or not keep:
            shutil.rmtree(folder, ignore_errors=True)
        else:
            print(f"kept: {folder} (settings with the sandbox's secrets, logs, state.json, cases.jsonl)", flush=True)
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
