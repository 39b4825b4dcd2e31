"""A process checks everything before its first work; where the same settings passed before, beside the work."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from connectors.sandbox.scenarios.catalogue import Scenario
from connectors.sandbox.server import Sandbox
from connectors.sandbox.wire.frame import Fault
from tests.e2e.tickets import INCIDENT
from tests.e2e.world import World
from tests.recovery import live
from worker import wiring
from worker.process.service import Service, fingerprint
from worker.running import examined, once
from worker.sandbox.config import settings_table, write_settings
from worker.settings.model import Settings
from workflows.errors import Transient

pytestmark = pytest.mark.long

HIDDEN = {"error": {"message": "No Record found", "detail": "hidden"}}  # what a record is that an account may not see
WITHIN = 30.0  # seconds until a test gives up


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(Scenario("tour", users=20), act=False) as sandbox:
        yield sandbox


class Examination:
    """An examination that ends when it is let, and tells what came of it."""

    def __init__(self, *, passes: bool = True, held: bool = False) -> None:
        self.passes, self.begun, self.ended, self.let = passes, threading.Event(), threading.Event(), threading.Event()
        if not held:
            self.let.set()

    def __call__(self) -> bool:
        """Examine."""
        self.begun.set()
        assert self.let.wait(WITHIN)
        self.ended.set()
        return self.passes


def started(made: Settings, examination: Examination, *, minutes: float = 0.0) -> bool:
    """Start a process so much later and stop it again; say whether the examination had ended when the work began."""
    clock = live.Shifted()
    clock.jump(60 * minutes)
    with live.parts(made, clock) as parts, Service(parts, examine=examination):
        before = examination.ended.is_set()
        assert examination.begun.wait(WITHIN)
        examination.let.set()
        live.until(examination.ended.is_set, "the examination has ended")
    return before


def test_what_passed_once_is_checked_beside_the_work_until_the_settings_change(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    made = live.settings(sandbox, f"sqlite:///{tmp_path}/store.sqlite3")
    assert started(made, Examination())
    assert not started(made, Examination(held=True), minutes=11)
    policy = made.policy.but(poll_every=7.0)
    assert started(made.model_copy(update={"policy": policy}), Examination())


def test_a_process_that_is_restarted_within_minutes_is_not_examined_again(sandbox: Sandbox, tmp_path: Path) -> None:
    made, again = live.settings(sandbox, f"sqlite:///{tmp_path}/store.sqlite3"), Examination()
    assert started(made, Examination())
    with live.parts(made) as parts, Service(parts, examine=again):
        live.until(lambda: parts.store.polls()[0].last_completed_at is not None, "a desk was searched")
    assert not again.begun.is_set()


@pytest.mark.parametrize("seed", ["1", "2"])
def test_the_settings_are_known_again_in_another_process(seed: str, sandbox: Sandbox, tmp_path: Path) -> None:
    config = tmp_path / "forcesync.toml"
    write_settings(config, settings_table(sandbox, tmp_path / "store.sqlite3"))
    program = "import sys; from worker.process.service import fingerprint; from worker.wiring import read_settings\n"
    program += "from pathlib import Path; print(fingerprint(read_settings(Path(sys.argv[1]))))"
    done = subprocess.run(
        [sys.executable, "-c", program, str(config)],
        env=os.environ | {"PYTHONHASHSEED": seed},
        capture_output=True,
        text=True,
        check=True,
    )
    assert fingerprint(wiring.read_settings(config)) == done.stdout.strip()


def test_what_did_not_pass_is_checked_before_the_work_again(sandbox: Sandbox, tmp_path: Path) -> None:
    made = live.settings(sandbox, f"sqlite:///{tmp_path}/store.sqlite3")
    assert started(made, Examination(passes=False))
    assert started(made, Examination())


def test_a_product_that_is_unusable_has_not_passed(sandbox: Sandbox, tmp_path: Path) -> None:
    made = live.settings(sandbox, f"sqlite:///{tmp_path}/store.sqlite3")
    desks = {name: dict(table) for name, table in made.desks.items()}
    desks["servicenow"]["escalation_group"] = "Nobody"
    wrong = made.model_copy(update={"desks": desks})
    assert started(wrong, Examination())
    assert started(wrong, Examination())


def test_the_start_logs_the_doctors_lines_that_need_somebody(sandbox: Sandbox, tmp_path: Path) -> None:
    config, told = tmp_path / "forcesync.toml", list[tuple[str, dict[str, object]]]()
    table = settings_table(sandbox, tmp_path / "store.sqlite3")
    table["policy"]["approvers"] = ["nobody@example.com"]
    write_settings(config, table)
    config.chmod(0o644)
    settings = wiring.read_settings(config)
    parts = wiring.build(settings, lambda event, facts: told.append((event, dict(facts))))
    parts.store.migrate()
    assert not examined(config, parts)
    parts.store.close()
    assert {("check", "settings.files"), ("check", "policy.approvers")} == {
        (event, facts["id"]) for event, facts in told
    }
    assert all(facts["action"] for _, facts in told)


def test_what_others_log_meanwhile_stays_in_the_log(
    sandbox: Sandbox, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "forcesync.toml"
    write_settings(config, settings_table(sandbox, tmp_path / "store.sqlite3"))
    structlog.reset_defaults()
    parts = wiring.build(wiring.read_settings(config), lambda *_: None)
    parts.store.migrate()
    assert examined(config, parts)
    parts.store.close()
    structlog.get_logger("forcesync").warning("somebody else's line")
    assert "somebody else's line" in capsys.readouterr().out
    structlog.reset_defaults()


def test_what_a_check_at_the_start_is_asked_to_wait_the_work_waits_too(sandbox: Sandbox, tmp_path: Path) -> None:
    config = tmp_path / "forcesync.toml"
    write_settings(config, settings_table(sandbox, tmp_path / "store.sqlite3"))
    busy = Fault(id="busy", product="jira", kind="status", status=429, headers={"Retry-After": "60"}, times=1)
    with sandbox.frame.lock:
        sandbox.frame.faults.append(busy)
    parts = wiring.build(wiring.read_settings(config), lambda *_: None)
    parts.store.migrate()
    examined(config, parts)
    held = parts.store.held("jira", parts.ports.clock.now(), though_paused=True)
    with pytest.raises(Transient, match="left alone"):
        parts.ports.desks["jira"].check()
    parts.store.close()
    assert held
    assert not [item for item in sandbox.frame.violations if "Retry-After" in item.rule]


def test_once_says_that_a_product_could_not_be_used(
    sandbox: Sandbox, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "forcesync.toml"
    table = settings_table(sandbox, tmp_path / "store.sqlite3")
    write_settings(config, table)
    assert 0 == once(config)
    table["desks"]["servicenow"]["escalation_group"] = "Nobody"
    write_settings(config, table)
    capsys.readouterr()
    assert 1 == once(config)
    told = capsys.readouterr().err
    assert "some products could not be used: the lines above say which, and why" in told
    assert 1 == told.count("Nobody"), told


@pytest.mark.parametrize("level", ["info", "error"])
def test_once_gives_each_reason_once(
    level: str, sandbox: Sandbox, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "forcesync.toml"
    assert 0 == once(write(config, sandbox, store="first"))
    for _ in ("a new stop", "one that stands"):
        capsys.readouterr()
        assert 1 == once(write(config, sandbox, store="second", level=level))
        told = capsys.readouterr().err
        assert 2 == told.count("which this store does not know"), told  # once a desk


def test_once_names_each_ticket_that_waits_and_prints_the_alert_of_all(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with World(tmp_path) as world:
        tickets = [world.stale_ticket(INCIDENT)[0] for _ in range(2)]
        for ticket in tickets:
            path = f"/incident/{ticket.id}$"
            world.fault("servicenow", "status", method="GET", path=path, status=403, times=500, body=HIDDEN)
        capsys.readouterr()
        assert 1 == once(write(tmp_path / "forcesync.toml", world.sandbox, store="own"))
        lines = capsys.readouterr().err.splitlines()
        for ticket in tickets:
            assert any("waiting" in line and world.shown(ticket)["key"] in line for line in lines), lines
    (alert,) = (line for line in lines if "[error" in line)
    assert "the same for 2 tickets, which wait" in alert
    assert 2 == sum("No Record found" in line for line in lines), lines  # what was seen first, and the alert of both


def write(config: Path, sandbox: Sandbox, store: str, level: str = "info") -> Path:
    """Write settings with a store of this name."""
    table = settings_table(sandbox, config.with_name(f"{store}.sqlite3"))
    table["worker"]["log_level"] = level
    write_settings(config, table)
    return config
