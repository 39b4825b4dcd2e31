"""`forcesync doctor` finds each planted fault by one line, ends in time, and changes nothing anywhere."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from jwt.algorithms import RSAAlgorithm

from connectors.sandbox.scenarios.catalogue import Scenario
from connectors.sandbox.server import Sandbox
from tests.e2e.outside import forcesync
from tests.e2e.planted import Planted, Table, fault, faults, put
from tests.sampled import sampled
from worker import running, wiring
from worker.doctor.command import doctor
from worker.errors import OperatorError
from worker.sandbox.config import settings_table, write_settings
from worker.syncs.switches import pause
from worker.web.server import WebServer
from workflows.model import Stop, StopKind
from workflows.steps import FOREVER

FAULTS = list(faults())


@dataclass
class Clinic:
    """A sandbox, and settings for it with an up-to-date store beside them."""

    sandbox: Sandbox
    config: Path

    def table(self) -> Table:
        """Return the settings."""
        return settings_table(self.sandbox, self.config.with_name("store.sqlite3"))

    def write(self, table: Table) -> Path:
        """Write other settings."""
        write_settings(self.config, table)
        return self.config

    def asked(self) -> dict[str, int]:
        """Return the calls that the products have answered, by method."""
        with self.sandbox.frame.lock:
            endpoints = [(name, n) for calls in self.sandbox.frame.calls.values() for name, n in calls.items()]
        return {method: sum(n for name, n in endpoints if name.startswith(method)) for method in ("GET", "P", "D")}


@pytest.fixture
def clinic(tmp_path: Path) -> Iterator[Clinic]:
    with Sandbox(Scenario("tour", users=20), act=False) as sandbox:
        clinic = Clinic(sandbox, tmp_path / "forcesync.toml")
        running.migrate(clinic.write(clinic.table()))
        yield clinic


def told(config: Path, capsys: pytest.CaptureFixture[str], only: str = "") -> tuple[int, dict[str, Any]]:
    capsys.readouterr()
    code = doctor(config, only=only, listed=False, as_json=True)
    return code, json.loads(capsys.readouterr().out)


def troubles(report: dict[str, Any]) -> list[dict[str, str]]:
    return [item for item in report["checks"] if item["status"] in ("fail", "warn")]


def test_there_are_enough_faults_and_each_has_a_check_of_its_own_kind() -> None:
    assert len(FAULTS) >= 35
    assert len({planted.check for planted in FAULTS}) >= 35


def test_it_finds_nothing_wrong_where_nothing_is(clinic: Clinic, capsys: pytest.CaptureFixture[str]) -> None:
    before = clinic.asked()
    store = clinic.config.with_name("store.sqlite3").read_bytes()
    code, report = told(clinic.config, capsys)
    assert (0, True, []) == (code, report["ok"], troubles(report))
    assert len(report["checks"]) >= 35
    assert all(["id", "status", "tried", "seen", "action"] == list(item) for item in report["checks"])
    assert len({item["id"] for item in report["checks"]}) == len(report["checks"])
    after = clinic.asked()
    assert after["GET"] > before["GET"]
    assert (before["P"], before["D"]) == (after["P"], after["D"])
    assert 1 == clinic.sandbox.frame.calls["okta"]["GET /api/v1/agentPools"]
    assert [] == clinic.sandbox.frame.violations
    assert store == clinic.config.with_name("store.sqlite3").read_bytes()
    assert {"forcesync.toml", "store.sqlite3"} == {path.name for path in clinic.config.parent.iterdir()}


@pytest.mark.parametrize("planted", sampled(FAULTS, every=11), ids=lambda planted: f"{planted.check}: {planted.what}")
def test_each_fault_is_named_by_one_line_with_its_key_and_what_to_do(
    planted: Planted, clinic: Clinic, capsys: pytest.CaptureFixture[str]
) -> None:
    table = clinic.table()
    planted.change(table, clinic.sandbox)
    code, report = told(clinic.write(table), capsys)
    (line,) = troubles(report)
    assert (planted.check, planted.status) == (line["id"], line["status"]), line
    assert planted.key in f"{line['tried']} {line['seen']} {line['action']}", line
    assert line["action"]
    assert code == (1 if planted.status == "fail" else 0)


def test_several_faults_of_the_settings_are_told_at_once(clinic: Clinic, capsys: pytest.CaptureFixture[str]) -> None:
    table = clinic.table()
    table["policy"]["poll_evry"] = 5
    table["desks"]["jira"]["lable"] = "x"
    _, report = told(clinic.write(table), capsys)
    (line,) = troubles(report)
    assert "policy.poll_evry" in line["seen"]
    assert "; (2) desks.jira.lable" in line["seen"]


def test_twenty_faults_of_the_settings_are_all_told_with_their_keys(
    clinic: Clinic, capsys: pytest.CaptureFixture[str]
) -> None:
    table = clinic.table()
    wrong: dict[str, object] = {
        f"policy.{name}": "soon" for name in ("poll_every", "ask_for", "ride_for", "verify_for", "cool_down")
    }
    wrong |= {f"worker.{name}": "many" for name in ("threads", "lease_for", "dead_after", "log_level")}
    wrong |= {f"desks.jira.{name}": "" for name in ("url", "zone", "sla_percent", "links", "page_size", "nothing")}
    wrong |= {f"desks.servicenow.{name}": -1 for name in ("tag", "page_size", "sla_percent", "tag_lookup", "nobody")}
    for key, value in wrong.items():
        put(key.replace(".", "/"), value)(table, clinic.sandbox)
    _, report = told(clinic.write(table), capsys)
    (line,) = troubles(report)
    faults = line["seen"].split("; ")
    assert 20 == len(wrong)
    assert [] == [key for key in wrong if not any(fault.startswith(key) or f" {key}:" in fault for fault in faults)]
    assert 20 <= line["seen"].count("allowed: ") + line["seen"].count("not known")


def test_a_language_that_is_not_there_is_told_once_with_its_key(
    clinic: Clinic, capsys: pytest.CaptureFixture[str]
) -> None:
    table = clinic.table()
    table["texts"] = {"language": "fr"}
    _, report = told(clinic.write(table), capsys)
    (line,) = troubles(report)
    assert "texts" == line["id"]
    assert "'fr'" in line["seen"]
    assert "texts.language" in line["action"]


def test_a_wrong_table_hides_no_fault_of_another_one(clinic: Clinic, capsys: pytest.CaptureFixture[str]) -> None:
    table = clinic.table()
    tables = table["desks"]["servicenow"].setdefault("tables", {})
    tables["incidnet"] = {"requester": "caller_id"}
    tables["sys_user"] = {"requester": "manager"}
    tables["incident"] = {"requester": "u_caller", "working": "12", "close_code": "Solved by magic"}
    table["desks"]["servicenow"].setdefault("routes", {})["directory_team"] = {"urgency": "9"}
    _, report = told(clinic.write(table), capsys)
    seen = {item["id"].removeprefix("desks.servicenow."): item["seen"] for item in troubles(report)}
    assert {"tables", "columns", "states", "choices"} == set(seen)
    assert "desks.servicenow.tables.incidnet: " in seen["tables"]
    assert "near ones: 'incident'" in seen["tables"]
    assert "desks.servicenow.tables.sys_user: its records have no number" in seen["tables"]
    assert "desks.servicenow.tables.incident.requester: " in seen["columns"]
    assert "desks.servicenow.tables.incident.working: " in seen["states"]
    assert "desks.servicenow.tables.incident.close_code: " in seen["choices"]
    assert "desks.servicenow.routes.directory_team.urgency: " in seen["choices"]
    assert not any("sys_user" in text for id, text in seen.items() if id != "tables")


def test_lists_of_choices_that_are_refused_are_one_fault(clinic: Clinic, capsys: pytest.CaptureFixture[str]) -> None:
    clinic.sandbox.servicenow.state.switches.change(refused_tables=["sys_choice"])
    _, report = told(clinic.config, capsys)
    assert ["desks.servicenow.choice_lists"] == [item["id"] for item in troubles(report)]


def test_a_wrong_project_hides_no_fault_of_another_one(clinic: Clinic, capsys: pytest.CaptureFixture[str]) -> None:
    table = clinic.table()
    jira = table["desks"]["jira"]
    jira["projects"]["SUPP"] = {"kind": "software"}
    jira["projects"]["SUP"] |= {"statuses": {"claimed": "In Progres"}, "service_desk_id": "7"}
    jira["escalation_assignee"] = "nobody@example.com"
    jira["routes"] = {"directory_team": {"assignee": "none@example.com"}}
    _, report = told(clinic.write(table), capsys)
    seen = {item["id"].removeprefix("desks.jira."): item["seen"] for item in troubles(report)}
    assert {"projects", "statuses", "service_desks", "assignees"} == set(seen)
    assert "desks.jira.projects.SUP.statuses.claimed" in seen["statuses"]
    assert "desks.jira.escalation_assignee: found 'nobody@example.com'" in seen["assignees"]
    assert "desks.jira.routes.directory_team.assignee: found 'none@example.com'" in seen["assignees"]


def test_a_group_of_okta_whose_second_letter_is_wrong_has_its_near_ones(
    clinic: Clinic, capsys: pytest.CaptureFixture[str]
) -> None:
    table = clinic.table()
    table["policy"]["protected_groups"] = ["Eevryone"]
    _, report = told(clinic.write(table), capsys, only="policy.protected_groups")
    assert "the org has no group of this name or id; near ones: 'Everyone'" in troubles(report)[0]["seen"]


def test_a_group_that_is_not_there_is_named_with_every_key_that_holds_it(
    clinic: Clinic, capsys: pytest.CaptureFixture[str]
) -> None:
    table = clinic.table()
    servicenow = table["desks"]["servicenow"]
    servicenow["routes"] = {"service_desk": {"group": "Service Dsek"}}
    servicenow["agent_groups"] = ["Service Dsek"]
    _, report = told(clinic.write(table), capsys)
    (line,) = troubles(report)
    keys = "desks.servicenow.agent_groups, desks.servicenow.routes.service_desk.group"
    assert f"{keys}: one sys_user_group with name 'Service Dsek' was expected" in line["seen"]


def test_what_is_not_right_comes_last_with_the_settings_own_values(
    clinic: Clinic, capsys: pytest.CaptureFixture[str]
) -> None:
    table = clinic.table()
    table["desks"]["jira"]["escalation_assignee"] = "nobody@example.com"
    doctor(clinic.write(table), only="desks.jira", listed=False, as_json=False)
    *lines, wrong, _, _ = capsys.readouterr().out.splitlines()
    marks = [line.split()[0] for line in lines]
    assert sorted(marks, key=["ok", "?"].index) == marks
    assert wrong.startswith("FAIL  desks.jira.assignees")
    assert "nobody@example.com" in wrong


def test_what_is_looked_at_is_named_and_never_claimed(clinic: Clinic, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    doctor(clinic.config, only="", listed=True, as_json=True)
    tried = [item["tried"] for item in json.loads(capsys.readouterr().out)["checks"]]
    beside = re.compile(r"\b(who|whose|what|which|that|whether|how)\b.*")
    claims = re.compile(r"\b(is|are|has|have|can|may|exists?|answers|accepts|agree|sees?|finds?)\b")
    assert [] == [text for text in tried if claims.search(beside.sub("", text))]


def test_a_stop_is_told_with_the_name_that_lifts_it(clinic: Clinic, capsys: pytest.CaptureFixture[str]) -> None:
    pause(clinic.config, None, by="robin", why="migration weekend")
    _, report = told(clinic.config, capsys, only="store.stops")
    (line,) = troubles(report)
    assert "`forcesync resume` once its reason is gone" == line["action"]
    with wiring.opened_store(clinic.config) as store:
        stop = Stop(kind=StopKind.INTAKE, name="jira", until=FOREVER, why="SUP-1 has a note of another store")
        store.pause(stop)
    _, report = told(clinic.config, capsys, only="store.stops")
    assert "`forcesync resume jira`" in troubles(report)[0]["action"]


def test_files_that_others_can_read_are_named(clinic: Clinic, capsys: pytest.CaptureFixture[str]) -> None:
    clinic.config.chmod(0o644)
    code, report = told(clinic.config, capsys)
    (line,) = troubles(report)
    assert (0, "settings.files", "warn") == (code, line["id"], line["status"])
    assert f"chmod 600 {clinic.config}" in line["seen"]


def test_a_store_that_others_can_read_is_named(clinic: Clinic, capsys: pytest.CaptureFixture[str]) -> None:
    store = clinic.config.with_name("store.sqlite3")
    store.chmod(0o640)
    _, report = told(clinic.config, capsys)
    (line,) = troubles(report)
    assert ("store.file", "warn") == (line["id"], line["status"])
    assert f"chmod 600 {store}" in line["seen"]


def test_a_product_that_asks_for_patience_is_left_alone(clinic: Clinic, capsys: pytest.CaptureFixture[str]) -> None:
    fault("servicenow", "", status=429, retry_after=60)(clinic.table(), clinic.sandbox)
    code, report = told(clinic.config, capsys)
    (line,) = troubles(report)
    assert (0, "desks.servicenow.connection", "warn") == (code, line["id"], line["status"])
    assert "429" in line["seen"]
    assert line["action"].startswith("wait until ")
    assert [] == clinic.sandbox.frame.violations


@pytest.mark.parametrize(
    ("bucket", "behind"), [("agent pools", {"right.agentPools", "agents"}), ("users", {"right.users"})]
)
def test_a_limit_that_is_used_up_makes_unknown_what_needs_it_alone(
    bucket: str, behind: set[str], clinic: Clinic, capsys: pytest.CaptureFixture[str]
) -> None:
    clinic.sandbox.frame.settings.okta_limits[bucket] = 1
    table = clinic.table()
    table["policy"]["protected_groups"] = ["Bord"]
    told(clinic.write(table), capsys)
    code, report = told(clinic.config, capsys)
    unknown = {item["id"] for item in report["checks"] if item["status"] == "unknown" and "okta" in item["id"]}
    assert {f"okta.main.{id}" for id in behind} == unknown
    assert (1, "policy.protected_groups") == (code, troubles(report)[-1]["id"])


def test_its_own_calls_make_no_warning(clinic: Clinic, capsys: pytest.CaptureFixture[str]) -> None:
    assert [[]] * 6 == [troubles(told(clinic.config, capsys)[1]) for _ in range(6)]


def test_a_stores_url_is_shown_as_the_settings_have_it(clinic: Clinic, capsys: pytest.CaptureFixture[str]) -> None:
    table = clinic.table()
    table["store"]["url"] = "postgresql://x@127.0.0.1:9/x"
    _, report = told(clinic.write(table), capsys, only="store")
    assert "postgresql://x@127.0.0.1:9/x" in troubles(report)[0]["seen"]


def test_a_store_without_a_schema_is_a_failure_and_none_yet_is_not(
    clinic: Clinic, capsys: pytest.CaptureFixture[str]
) -> None:
    store = clinic.config.with_name("store.sqlite3")
    store.write_bytes(b"")
    code, report = told(clinic.config, capsys, only="store")
    assert (1, ["store"]) == (code, [item["id"] for item in troubles(report)])
    store.unlink()
    code, report = told(clinic.config, capsys)
    assert (0, []) == (code, troubles(report))
    assert not store.exists()


def test_clocks_that_differ_are_told_once_a_product(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Sandbox(Scenario("tour", users=20), act=False, clock=lambda: datetime.now(UTC) + timedelta(minutes=9)) as far:
        clinic = Clinic(far, tmp_path / "forcesync.toml")
        running.migrate(clinic.write(clinic.table()))
        _, report = told(clinic.config, capsys)
    named = {item["id"]: item["seen"] for item in troubles(report)}
    assert {"okta.main.clock", "desks.servicenow.clock", "desks.jira.clock"} == set(named)
    assert all("9 min ahead" in seen for seen in named.values())


def test_each_scope_that_a_service_app_lacks_is_a_line_of_its_own(
    clinic: Clinic, capsys: pytest.CaptureFixture[str]
) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    public = json.loads(RSAAlgorithm.to_jwk(key.public_key())) | {"kid": "k1", "alg": "RS256"}
    granted = ["okta.users.read", "okta.apps.read", "okta.profileMappings.read", "okta.schemas.read", "okta.logs.read"]
    clinic.sandbox.okta.oauth.register("0oaForcesync", [public], scopes=granted)
    table = clinic.table()
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    table["okta"]["main"] |= {"auth": "oauth", "client_id": "0oaForcesync", "key": pem, "key_id": "k1"}
    del table["okta"]["main"]["token"]
    _, report = told(clinic.write(table), capsys)
    named = {item["id"]: (item["status"], item["seen"]) for item in troubles(report)}
    assert {"groups": "fail", "userTypes": "fail", "agentPools": "warn", "orgs": "warn"} == {
        id.removeprefix("okta.main.right."): status for id, (status, _) in named.items()
    }
    assert all(f"okta.{id.rpartition('.')[2]}.read" in seen for id, (_, seen) in named.items())
    assert pem.splitlines()[1] not in str(report)


def test_the_key_for_those_who_file_for_others_is_told_with_the_tickets_that_turned_on_it(
    clinic: Clinic, capsys: pytest.CaptureFixture[str]
) -> None:
    table = clinic.table()
    table["policy"]["on_behalf"] = []
    running.once(clinic.write(table))
    _, report = told(clinic.config, capsys, only="policy.on_behalf")
    [line] = [item for item in report["checks"] if item["id"] == "policy.on_behalf"]
    assert re.fullmatch(
        r"none named; \d+ of \d+ tickets went to people, .* policy.on_behalf lets more do so", line["seen"]
    )


@pytest.mark.parametrize("made", [True, False], ids=["made", "not made yet"])
def test_what_another_store_has_claimed_is_a_warning(
    made: bool, clinic: Clinic, capsys: pytest.CaptureFixture[str]
) -> None:
    running.once(clinic.config)
    table = clinic.table()
    table["store"]["url"] = f"sqlite:///{clinic.config.with_name('another.sqlite3')}"
    clinic.write(table)
    if made:
        running.migrate(clinic.config)
    _, report = told(clinic.config, capsys)
    named = [item for item in troubles(report) if item["id"].endswith(".other_store")]
    assert {"desks.servicenow.other_store", "desks.jira.other_store"} >= {item["id"] for item in named} != set()
    assert all("which this store does not know" in item["seen"] for item in named)


def test_another_stores_claims_are_told_before_there_is_a_store(
    clinic: Clinic, capsys: pytest.CaptureFixture[str]
) -> None:
    running.once(clinic.config)
    table = clinic.table()
    table["store"]["url"] = f"sqlite:///{clinic.config.with_name('another.sqlite3')}"
    clinic.write(table)
    _, report = told(clinic.config, capsys)
    named = [item for item in troubles(report) if item["id"].endswith(".other_store")]
    assert {"desks.servicenow.other_store", "desks.jira.other_store"} >= {item["id"] for item in named} != set()
    assert all("has notes of case" in item["seen"] for item in named)
    assert not clinic.config.with_name("another.sqlite3").exists()


@pytest.mark.long
def test_it_ends_where_everything_hangs(clinic: Clinic) -> None:
    for product in ("okta", "servicenow", "jira"):
        fault(product, "", "stall", seconds=60)(clinic.table(), clinic.sandbox)
    began = time.monotonic()
    done = forcesync("doctor", "--json", "--config", str(clinic.config))
    assert time.monotonic() - began < 30  # within ten where nothing else runs: tests/bench/idle.py
    report = json.loads(done.stdout)
    failed = {item["id"] for item in report["checks"] if item["status"] == "fail"}
    assert (1, False) == (done.returncode, report["ok"])
    assert {"okta.main.connection", "desks.servicenow.connection", "desks.jira.connection"} == failed


@pytest.mark.parametrize("width", [80, 0], ids=["terminal", "pipe"])
def test_its_lines_fit_a_terminal_and_stay_whole_in_a_pipe(
    width: int, clinic: Clinic, capsys: pytest.CaptureFixture[str], terminal: Callable[[int], None]
) -> None:
    if width:
        terminal(width)
    capsys.readouterr()
    doctor(clinic.config, only="desks.jira", listed=False, as_json=False)
    *lines, _, counts = capsys.readouterr().out.splitlines()
    assert counts.startswith("23 ok")
    if width:
        assert max(map(len, lines)) <= width
    else:
        assert all(line.split()[1].startswith("desks.jira.") for line in lines)


@pytest.mark.parametrize(("only", "listed"), [("desks.*.t*", False), ("nothing.like.it", False), ("", True)])
def test_settings_that_cannot_be_used_are_told_whatever_is_asked_for(
    only: str, listed: bool, clinic: Clinic, capsys: pytest.CaptureFixture[str]
) -> None:
    clinic.config.write_text(f"[polcy]\n{clinic.config.read_text()}")
    capsys.readouterr()
    assert 1 == doctor(clinic.config, only=only, listed=listed, as_json=False)
    assert "did you mean 'policy'?" in capsys.readouterr().out


def test_an_address_where_a_process_of_forcesync_serves_is_right(
    clinic: Clinic, capsys: pytest.CaptureFixture[str]
) -> None:
    nothing: Any = None
    with WebServer(("127.0.0.1", 0), nothing, nothing, nothing) as server:
        _, report = told(clinic.write(clinic.table() | {"web": {"listen": f"{server.port}"}}), capsys, only="web")
    assert (["web"], []) == ([item["id"] for item in report["checks"]], troubles(report))


def test_a_list_and_a_pattern_choose_checks(clinic: Clinic, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    before = clinic.asked()
    assert 0 == doctor(clinic.config, only="okta.main.right", listed=True, as_json=False)
    assert 9 == len(capsys.readouterr().out.splitlines())
    assert before == clinic.asked()
    code, report = told(clinic.config, capsys, only="*.tag")
    assert (0, ["desks.servicenow.tag"]) == (code, [item["id"] for item in report["checks"]])


def test_wrong_usage_ends_with_what_is_known(clinic: Clinic, tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="--list"):
        doctor(clinic.config, only="nothing.like.it", listed=False, as_json=False)
    with pytest.raises(OperatorError, match="no settings file"):
        doctor(tmp_path / "none.toml", only="", listed=False, as_json=False)


def test_no_secret_is_told(clinic: Clinic, capsys: pytest.CaptureFixture[str]) -> None:
    table = clinic.table()
    table["okta"]["main"]["token"] = "a-w3ird-token-of-a-test"
    told(clinic.write(table), capsys)
    doctor(clinic.config, only="", listed=False, as_json=False)
    text = capsys.readouterr().out
    accounts = vars(clinic.sandbox.frame.credentials)
    secrets = [value for name, value in accounts.items() if name.endswith(("token", "password", "secret"))]
    assert secrets
    assert [] == [secret for secret in (*secrets, "a-w3ird-token-of-a-test") if str(secret) in text]
