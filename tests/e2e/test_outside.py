"""From outside: the sandbox and the worker as processes, driven and judged through the control server only."""

from __future__ import annotations

import json
import re
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from connectors.sandbox.scenarios.cases import CASES
from tests.e2e.outside import ControlServer, at_terminal, forcesync, free_base, listening, running, secrets_of, until
from tests.sampled import sampled

Json = dict[str, Any]
VALUE = "Treasury Operations"


@dataclass
class Outside:
    """A sandbox in its own process, and its settings for the worker."""

    control: ControlServer
    config: Path
    folder: Path

    @property
    def log(self) -> Path:
        """Return the log file of `forcesync run`."""
        return self.folder / "run.log"


@pytest.fixture
def outside(tmp_path: Path) -> Iterator[Outside]:
    base, config = free_base(), tmp_path / "forcesync.toml"
    options = ["--tickets", "0", "--users", "12", "--port", str(base), "--write-config", str(config)]
    with running(tmp_path / "sandbox.log", "sandbox", *options):
        until(lambda: config.exists() and listening(base), "the sandbox")
        yield Outside(ControlServer(base), config, tmp_path)


def users(state: Json, kind: str) -> Iterator[Json]:
    """Return the users of all directories of a kind, in order of directory."""
    first = next(item for item in state["okta"]["directories"] if item["kind"] == kind)
    for user in state["okta"]["users"]:
        if any(link["app_id"] == first["app_id"] for link in user["directories"]):
            yield user


def change(outside: Outside, user: Json, *, imported: bool = True) -> None:
    entry: Json = {"app_id": user["directories"][0]["app_id"], "source": {"department": VALUE}}
    entry |= {"app_user": {"department": VALUE}} if imported else {}
    outside.control.post(f"/users/{user['id']}", {"directories": [entry]})


def file(outside: Outside, desk: str, user: Json, value: str = VALUE, *, tagged: bool = True) -> Json:
    text = f"Hello,\nUser: {user['login']}\nAttribute: department\nExpected: {value}\nThank you"
    ticket = {"desk": desk, "tagged": tagged, "requester": user["login"], "summary": "Profile", "description": text}
    return outside.control.post("/tickets", ticket)


def ours(ticket: Json, visibility: str) -> list[str]:
    written = (item for item in ticket["comments"] if item["by_worker"] and item["visibility"] == visibility)
    return [item["body"] for item in written if not item["body"].startswith("[^")]  # Jira's own, for an attachment


@pytest.mark.long
def test_the_worker_does_its_job_for_somebody_who_knows_it_from_outside_only(outside: Outside) -> None:
    control = outside.control
    people = users(control.state(), "ad")
    stale_user, other_user, right_user, old_user = (next(people) for _ in range(4))
    ldap_user = next(users(control.state(), "ldap"))
    for user in (stale_user, other_user, ldap_user):
        change(outside, user)
    change(outside, old_user, imported=False)
    fixed = [
        file(outside, "servicenow", stale_user),
        file(outside, "jira", other_user),
        file(outside, "jira", ldap_user),
    ]
    already = file(outside, "servicenow", right_user, right_user["profile"]["department"])
    handed = file(outside, "jira", old_user)
    untouched = file(outside, "jira", right_user, tagged=False)

    with running(outside.log, "run", "--config", str(outside.config)) as worker:
        done = {ticket["id"] for ticket in (*fixed, already)}

        def finished() -> bool:
            tickets = {item["id"]: item for item in control.state()["tickets"]}
            files = tickets[handed["id"]]["attachments"]
            return bool(files) and all(tickets[id]["status_category"] == "done" for id in done)

        until(finished, "the ends of the tickets")
        until(lambda: len(list(re.finditer(r"to=(resolved|escalated)", outside.log.read_text()))) >= 5, "the records")
        worker.send_signal(signal.SIGTERM)
        assert 0 == worker.wait(timeout=60)

    state = control.state()
    assert [] == state["violations"]
    labels = sorted(sync["label"] for sync in state["okta"]["force_syncs"])
    assert sorted({stale_user["directories"][0]["label"], ldap_user["directories"][0]["label"]}) == labels
    for ticket in (*fixed, already):
        shown = control.ticket(ticket)
        assert shown["resolution"] in {"Solution provided", "Done"}
        assert 1 == len(ours(shown, "public"))
        notes = ours(shown, "internal")
        assert ("Force Sync comes next" in notes[0]) is (ticket in fixed)
        assert "The right value is in Okta" in notes[-1]
        assert len(notes) == len({note.splitlines()[0] for note in notes})
        assert VALUE not in ours(shown, "public")[0]
    shown = control.ticket(handed)
    assert "in_progress" == shown["status_category"]
    assert "The new department hasn't reached Okta yet" in ours(shown, "internal")[-1]
    (told,) = ours(shown, "public")
    assert VALUE not in told
    assert untouched == control.ticket(untouched)
    the_records_can_be_read(outside, already["key"])
    no_secret_is_told_anywhere(outside, state)


def the_records_can_be_read(outside: Outside, key: str) -> None:
    """Read the store as an operator would."""
    listed = forcesync("case", "list", "--config", str(outside.config))
    assert (0, True) == (listed.returncode, key in listed.stdout)
    lines = forcesync("case", "list", "--json", "--config", str(outside.config))
    cases = {item["ticket"]: item for item in map(json.loads, lines.stdout.splitlines())}
    assert len(cases) == 5
    assert ("resolved", False) == (cases[key]["state"], cases[key]["force_sync_helps"])
    assert ["already_right"] == [subject["verdict"] for subject in cases[key]["subjects"]]
    assert 3 == sum(case["force_sync_helps"] for case in cases.values())
    assert VALUE not in lines.stdout
    shown = forcesync("case", "show", key, "--config", str(outside.config))
    assert 0 == shown.returncode
    assert re.search("^verdict +already_right", shown.stdout, re.MULTILINE)
    assert "closing -> resolved: delivered and verified" in shown.stdout
    missing = forcesync("case", "show", "INC9999999", "--config", str(outside.config))
    assert (2, True) == (missing.returncode, "INC9999999" in missing.stderr)
    (outside.folder / "shown.log").write_text(listed.stdout + shown.stdout + shown.stderr + missing.stderr)


def no_secret_is_told_anywhere(outside: Outside, state: Json) -> None:
    """Search every output, the logs, the store and the tickets for the credentials of the settings file."""
    secrets = secrets_of(outside.config)
    assert 4 == len(secrets)
    kept = [path for path in outside.folder.iterdir() if path != outside.config]
    assert {"run.log", "sandbox.log", "shown.log", "forcesync.sqlite3"} <= {path.name for path in kept}
    everything = {path.name: path.read_bytes() for path in kept} | {"the world": json.dumps(state).encode()}
    told = [(name, secret) for name, text in everything.items() for secret in secrets if secret.encode() in text]
    assert [] == told


@pytest.mark.long
def test_once_polls_works_and_counts(outside: Outside) -> None:
    user = next(users(outside.control.state(), "ad"))
    ticket = file(outside, "servicenow", user, user["profile"]["department"])
    fresh = forcesync("case", "list", "--config", str(outside.config))
    assert (2, True) == (fresh.returncode, "forcesync migrate" in fresh.stderr)
    assert not (outside.folder / "forcesync.sqlite3").exists(), "a command that only reads made a store"
    migrated = forcesync("migrate", "--config", str(outside.config))
    assert (0, True) == (migrated.returncode, migrated.stdout.startswith("applied: 0001"))
    worked = forcesync("once", "--config", str(outside.config))
    assert 0 == worked.returncode
    assert "cases opened: 1" in worked.stdout
    assert "cases now: resolved 1" in worked.stdout
    assert "done" == outside.control.ticket(ticket)["status_category"]
    again = forcesync("migrate", "--config", str(outside.config))
    assert "the store is up to date" in again.stdout


@pytest.mark.parametrize(
    ("text", "names"),
    sampled(
        [
            ("[policy]\npoll_evry = 1", ["policy.poll_evry"]),
            ("[policy]\npoll_every = -1", ["policy.poll_every", "-1"]),
            ("", ["okta"]),
        ],
        apart=True,
    ),
    ids=["unknown key", "wrong value", "nothing"],
)
def test_a_mistake_in_the_settings_is_named(text: str, names: list[str], tmp_path: Path) -> None:
    config = tmp_path / "wrong.toml"
    config.write_text(text)
    done = forcesync("run", "--config", str(config))
    assert 2 == done.returncode
    assert [] == [name for name in names if name not in done.stderr]
    assert "Traceback" not in done.stderr


@pytest.mark.long
def test_the_demo_works_a_ticket_for_every_cause() -> None:
    done = forcesync("demo", "--scenario", "cases")
    assert 0 == done.returncode, done.stdout[-3000:]
    assert f"{len(CASES)} of {len(CASES)} tickets ended as expected" in done.stdout
    assert "The far side objects" not in done.stdout


@pytest.mark.long
def test_a_terminal_of_80_by_24_ends_with_the_demos_whole_table() -> None:
    code, text = at_terminal("demo", columns=80, lines=24)
    assert 0 == code, text[-3000:]
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", text), "nothing moves but by scrolling"
    lines = text.splitlines()
    assert max(map(len, lines)) <= 80
    assert any(re.fullmatch("ticket +desk shows +why", line) for line in lines[-23:])
    assert "13 of 13 tickets ended as expected" in text


def test_a_scenario_that_the_demo_does_not_have_is_named() -> None:
    done = forcesync("demo", "--scenario", "burst")
    assert 2 == done.returncode
    assert "--scenario: found 'burst'; allowed: tour, cases" in done.stderr
