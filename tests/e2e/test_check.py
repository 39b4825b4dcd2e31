"""`forcesync check` finds for one user what the precheck finds on a ticket, in few calls, and changes nothing."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from connectors.sandbox.scenarios.catalogue import Scenario
from connectors.sandbox.server import Sandbox
from worker.check.command import check
from worker.check.precheck import MOST_CALLS
from worker.errors import OperatorError
from worker.sandbox.config import settings_table, write_settings
from workflows.errors import Misconfigured

# Without a ticket that was opened at some time, what Okta holds has been right for longer; and six calls do not reach
# what the System Log tells of a user's import.
BY_HAND = {"already_right": "downstream", "not_imported": "stale_in_directory_copy"}
STATED = re.compile(r"^(User|Attribute|Expected): (.*)$", re.MULTILINE)


@dataclass
class Far:
    """The scenario's world, with a settings file for it."""

    sandbox: Sandbox
    config: Path

    def asked(self) -> Iterator[tuple[str, str, list[str]]]:
        """Yield the cause, user and attributes of each ticket that states all of them."""
        for desk in self.sandbox.world.desks.values():
            for ticket in desk.tickets():
                cause = self.sandbox.script.causes.get((ticket["desk"], ticket["id"]), "")
                lines = dict(STATED.findall(ticket["description"]))
                if cause and {"User", "Attribute", "Expected"} <= lines.keys():
                    yield cause, lines["User"], [f"{lines['Attribute']}={lines['Expected']}"]

    def one(self, cause: str) -> tuple[str, list[str]]:
        """Return user and attributes of the first ticket with this cause."""
        return next((user, asked) for name, user, asked in self.asked() if name == cause)

    def calls(self) -> dict[str, int]:
        """Return the calls that the simulated products have answered, by endpoint."""
        with self.sandbox.frame.lock:
            return {f"{product} {name}": n for product, c in self.sandbox.frame.calls.items() for name, n in c.items()}


@pytest.fixture(scope="module")
def far(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Far]:
    folder = tmp_path_factory.mktemp("check")
    sandbox = Sandbox(Scenario("cases"), act=False)
    sandbox.start()
    table = settings_table(sandbox, folder / "store.sqlite3")
    config = folder / "forcesync.toml"
    write_settings(config, table)
    yield Far(sandbox, config)
    sandbox.stop()


def found(far: Far, capsys: pytest.CaptureFixture[str], user: str, asked: list[str]) -> tuple[int, dict[str, Any]]:
    code = check(far.config, user, asked, as_json=True)
    return code, json.loads(capsys.readouterr().out)


def test_it_finds_every_cause_in_six_calls_and_changes_nothing(far: Far, capsys: pytest.CaptureFixture[str]) -> None:
    causes = set()
    for cause, user, asked in far.asked():
        if cause == "not_mapped":
            continue  # the ticket names what no schema has, which is refused by hand
        before = far.calls()
        code, report = found(far, capsys, user, asked)
        made = {name: number - before.get(name, 0) for name, number in far.calls().items()}
        kind = report["verdict"]["kind"]
        assert BY_HAND.get(cause, cause) == kind, (user, asked)
        assert sum(made.values()) <= MOST_CALLS
        assert [] == [name for name, number in made.items() if number and not name.startswith("okta GET")]
        assert code == (0 if kind in {"stale_in_okta", "downstream"} else 1)
        assert "ticket" not in report["verdict"]["why"]
        also = " ".join(report["also"])
        assert not ("shows no import" in also and "could not be read" in also), also  # silence of what was not read
        causes.add(kind)
    assert len(causes) >= 15, causes
    assert [] == far.sandbox.frame.violations
    assert not far.config.with_name("store.sqlite3").exists()


def test_the_json_is_stable(far: Far, capsys: pytest.CaptureFixture[str]) -> None:
    _, report = found(far, capsys, *far.one("stale_in_okta"))
    assert ["version", "ok", "user", "steps", "attributes", "verdict", "also", "next", "click", "calls"] == list(report)
    assert 1 == report["version"]
    assert ["user", "directory", "copy", "mapping", "profile"] == [item["id"] for item in report["steps"]]
    assert ["ok", "ok", "ok", "ok", "no"] == [item["outcome"] for item in report["steps"]]
    (compared,) = report["attributes"]
    assert {"attribute": "department", "copy": "Sustainability", "same": False}.items() <= compared.items()


def test_it_says_where_to_click(far: Far, capsys: pytest.CaptureFixture[str]) -> None:
    _, helps = found(far, capsys, *far.one("stale_in_okta"))
    assert "Directory > Directory Integrations > ldap.example.com > Provisioning > To Okta" in helps["click"]
    _, stale = found(far, capsys, *far.one("stale_in_directory_copy"))
    assert stale["click"].startswith("Directory > People > stale.newcomer@example.com")
    assert stale["click"].endswith("> Import > Import Now > Incremental import > Import")
    assert stale["next"].startswith("Directory team: ")
    assert helps["next"].startswith("Okta administrators: ")


def test_what_is_well_is_not_said_to_be_unread(
    far: Far, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(far.sandbox.frame.settings, "limits", False)
    _, report = found(far, capsys, *far.one("stale_in_directory_copy"))
    told = " ".join(report["also"])
    assert "agents are operational" in told
    assert ["System"] == re.findall(r"Not read \((\w+)", told)


def test_it_loads_no_desks_client(far: Far) -> None:
    user, asked = far.one("stale_in_okta")
    command = [sys.executable, "-X", "importtime", "-m", "worker", "check", user, *asked, "--config", str(far.config)]
    loaded = subprocess.run(command, capture_output=True, text=True, check=False).stderr
    assert "connectors.okta.org" in loaded
    assert [] == [name for name in ("pysnow", " jira", "servicenow.client", "jira.client") if name in loaded]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_who_waits_at_a_terminal_sees_each_call(
    far: Far, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = Terminal()
    monkeypatch.setattr(sys, "stderr", stream)
    user, asked = far.one("stale_in_okta")
    check(far.config, user, asked, as_json=False)
    assert "\rasking main: call 1 of at most 6\rasking main: call 2 of at most 6" in stream.getvalue()
    assert "asking" not in capsys.readouterr().out


def test_a_value_that_is_not_open_is_masked(far: Far, capsys: pytest.CaptureFixture[str]) -> None:
    user, asked = far.one("sourced_elsewhere")
    check(far.config, user, asked, as_json=False)
    text = capsys.readouterr().out
    assert "city: E•••••••e" in text
    assert "Elsewhere" not in text


@pytest.mark.parametrize("known_by", ["id", "short name", "name"])
def test_a_user_is_found_by_what_people_have_at_hand(
    known_by: str, far: Far, capsys: pytest.CaptureFixture[str]
) -> None:
    login, asked = far.one("stale_in_okta")
    user = far.sandbox.okta.find_user(login)
    assert user is not None
    name = f"{user.profile['firstName']} {user.profile['lastName']}"
    text = {"id": user.id, "short name": login.partition("@")[0], "name": name}[known_by]
    before = sum(far.calls().values())
    code, report = found(far, capsys, text, asked)
    assert (login, "stale_in_okta") == (report["user"]["login"], report["verdict"]["kind"])
    assert sum(far.calls().values()) - before <= MOST_CALLS
    whole = known_by != "name"  # whose look-up leaves no call for the System Log
    assert whole == (code == 0) == ("Not everything was read" not in str(report["also"]))
    assert whole or f"the login {login}" in report["next"]


def test_the_accounts_own_path_is_nobodys_name(far: Far, capsys: pytest.CaptureFixture[str]) -> None:
    code, report = found(far, capsys, "me", [])
    assert (1, "user_not_found") == (code, report["verdict"]["kind"])


def test_without_attributes_it_looks_at_what_differs(far: Far, capsys: pytest.CaptureFixture[str]) -> None:
    user, _ = far.one("stale_in_okta")
    code, report = found(far, capsys, user, [])
    assert (0, "stale_in_okta", ["department"]) == (
        code,
        report["verdict"]["kind"],
        [item["attribute"] for item in report["attributes"]],
    )


@pytest.mark.parametrize(
    ("name", "told"),
    [("departmnt=Finance", "'departmnt' is .*; near ones: 'department'"), ("shoeSize", "'shoeSize' is")],
)
def test_a_name_that_is_no_attribute_is_refused(name: str, told: str, far: Far) -> None:
    user, _ = far.one("stale_in_okta")
    with pytest.raises(OperatorError, match=f"ATTRIBUTE: {told}"):
        check(far.config, user, [name], as_json=False)


@pytest.mark.parametrize("name", ["Department", "Abteilung"])
def test_a_name_is_known_however_it_is_written(name: str, far: Far, capsys: pytest.CaptureFixture[str]) -> None:
    user, _ = far.one("stale_in_okta")
    _, report = found(far, capsys, user, [name])
    assert ["department"] == [item["attribute"] for item in report["attributes"]]


def test_equal_copies_prove_nothing_about_an_attribute_without_a_value(
    far: Far, capsys: pytest.CaptureFixture[str]
) -> None:
    user, _ = far.one("already_right")
    code, report = found(far, capsys, user, ["department"])
    assert (1, "cannot_tell") == (code, report["verdict"]["kind"])
    assert report["next"].endswith("ATTRIBUTE=VALUE")


def test_a_user_with_nothing_behind_may_be_behind_in_both_copies(far: Far, capsys: pytest.CaptureFixture[str]) -> None:
    user, _ = far.one("already_right")
    code, report = found(far, capsys, user, [])
    assert (1, False, "Nothing differs") == (code, report["ok"], report["verdict"]["title"])
    assert ["ok"] * 5 == [item["outcome"] for item in report["steps"]]


@pytest.mark.parametrize("width", [80, 0], ids=["terminal", "pipe"])
def test_its_lines_fit_a_terminal_and_stay_whole_in_a_pipe(
    width: int, far: Far, capsys: pytest.CaptureFixture[str], terminal: Callable[[int], None]
) -> None:
    if width:
        terminal(width)
    check(far.config, *far.one("stale_in_okta"), as_json=False)
    lines = capsys.readouterr().out.splitlines()
    if width:
        assert max(map(len, lines)) <= width
    else:
        assert ["user", "directory", "copy", "mapping", "profile"] == [line.split()[0] for line in lines[:5]]


def test_what_it_cannot_look_up_is_a_fault_of_the_settings(far: Far, tmp_path: Path) -> None:
    config = tmp_path / "forcesync.toml"
    config.write_text(far.config.read_text().replace(far.sandbox.frame.credentials.okta_token, "another"))
    with pytest.raises(Misconfigured, match=r"okta\.main\.token"):
        check(config, "jane@example.com", [], as_json=False)
    with pytest.raises(OperatorError, match="NAME=VALUE"):
        check(far.config, "jane@example.com", ["=x"], as_json=False)
