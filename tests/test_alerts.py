"""Alert rules, dashboard and compose files agree with the metrics, the documents and Prometheus' own checker."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml  # type: ignore[import-untyped, unused-ignore]  # no stubs among the dependencies

from tests.test_docs import anchors
from worker.process.clock import SystemClock
from worker.settings.tables import WorkerSettings
from worker.store import Store
from worker.web.metrics import Metrics

ROOT = Path(__file__).resolve().parents[1]
DOCKER = ROOT / "docker"
RULES = DOCKER / "prometheus" / "rules.yml"
MOST = 12  # rules: what a person on call can know by heart
NAME = re.compile(r"\bforcesync_\w+")
PARTS = ("", "_bucket", "_sum", "_count")  # of a histogram


def read(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def rules() -> list[dict[str, Any]]:
    return [rule for group in read(RULES)["groups"] for rule in group["rules"]]


def dashboard() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((DOCKER / "grafana" / "dashboards" / "forcesync.json").read_text("utf-8"))
    return found


def queries() -> list[str]:
    return [target["expr"] for panel in dashboard()["panels"] for target in panel["targets"]]


def families(folder: Path) -> set[str]:
    """Return the name of every metric that a process can have."""
    store = Store.open(f"sqlite:///{folder}/store.sqlite3")
    store.migrate()
    store.lead("a scheduler", datetime.now(UTC), 10.0)
    text = Metrics(store, SystemClock(), [], {}).text().decode()
    store.close()
    return set(re.findall(r"^# TYPE (\w+)", text, re.MULTILINE))


def test_rules_and_dashboard_ask_for_metrics_that_exist(tmp_path: Path) -> None:
    asked = {name for text in (*queries(), *(rule["expr"] for rule in rules())) for name in NAME.findall(text)}
    assert len(asked) > MOST
    assert asked <= {f"{name}{part}" for name in families(tmp_path) for part in PARTS}


def test_the_dashboard_shows_every_metric(tmp_path: Path) -> None:
    shown = {name for text in queries() for name in NAME.findall(text)}
    assert {name for name in families(tmp_path) if not any(f"{name}{part}" in shown for part in PARTS)} == set()


def test_there_are_few_rules_and_each_tells_what_to_do() -> None:
    assert 0 < len(rules()) <= MOST
    sections = anchors(ROOT / "worker" / "README.md")
    for rule in rules():
        notes = rule["annotations"]
        assert {"summary", "description", "runbook_url", "dashboard_url"} == notes.keys(), rule["alert"]
        assert {"critical", "warning", "info"} >= {rule["labels"]["severity"]}
        document, _, section = notes["runbook_url"].partition("#")
        assert "{{ $externalLabels.runbooks }}" == document
        assert section in sections, rule["alert"]
        assert f"{{{{ $externalLabels.grafana }}}}/d/{dashboard()['uid']}" == notes["dashboard_url"]
    links = read(DOCKER / "prometheus" / "prometheus.yml")["global"]["external_labels"]
    assert {"runbooks", "grafana"} == links.keys()
    assert all(urlsplit(url).scheme and urlsplit(url).netloc for url in links.values())


def test_each_rule_has_a_planted_fault_that_fires_it() -> None:
    tests = read(DOCKER / "prometheus" / "rules_test.yml")["tests"]
    assert [*(rule["alert"] for rule in rules()), "quiet"] == [test["name"] for test in tests]


@pytest.mark.long
def test_prometheus_own_checker_accepts_the_rules_and_their_tests() -> None:
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("promtool is not installed; it comes with Prometheus (Debian: prometheus)")
    for words in (["check", "config", "prometheus.yml"], ["test", "rules", "rules_test.yml"]):
        done = subprocess.run([promtool, *words], cwd=RULES.parent, capture_output=True, text=True, check=False)
        assert (0, "") == (done.returncode, "" if done.returncode == 0 else done.stdout + done.stderr)


@pytest.mark.parametrize("name", ["compose.yaml", "compose.many.yaml"])
def test_compose_asks_every_process_of_ours_at_the_port_that_prometheus_asks(name: str) -> None:
    scraped = read(DOCKER / "prometheus" / "prometheus.yml")["scrape_configs"][0]["dns_sd_configs"][0]
    services = read(DOCKER / name)["services"]
    ours = {key: service for key, service in services.items() if "build" in service}
    assert ours
    for key, service in ours.items():
        assert key in scraped["names"]
        assert f"0.0.0.0:{scraped['port']}" == service["environment"]["FORCESYNC_WEB__LISTEN"]
        assert f"http://127.0.0.1:{scraped['port']}/healthz" in str(service["healthcheck"]["test"])
        assert "ports" not in service, "health and metrics have no sign-in"
    assert ["metrics.yaml"] == read(DOCKER / name)["include"]


@pytest.mark.parametrize("name", ["compose.yaml", "compose.many.yaml"])
def test_compose_hands_over_settings_and_secrets_and_restarts_everything(name: str) -> None:
    services = read(DOCKER / name)["services"]
    assert all("unless-stopped" == service["restart"] and service["healthcheck"] for service in services.values())
    for service in (service for service in services.values() if "build" in service):
        assert "./config:/etc/forcesync:ro" in service["volumes"]
        if service.get("command") != ["scheduler"]:
            assert int(service["stop_grace_period"].removesuffix("s")) > WorkerSettings().stop_within


def test_the_service_of_systemd_reads_what_compose_reads_and_lets_steps_end() -> None:
    unit = dict(line.split("=", 1) for line in (DOCKER / "forcesync.service").read_text().splitlines() if "=" in line)
    assert ("always", "2", "forcesync") == (unit["Restart"], unit["RestartPreventExitStatus"], unit["User"])
    assert int(unit["TimeoutStopSec"]) > WorkerSettings().stop_within
    assert "FORCESYNC_CONFIG=/etc/forcesync/forcesync.toml" in (DOCKER / "forcesync.service").read_text()


def test_where_the_store_is_only_the_settings_say() -> None:
    files = [*DOCKER.glob("*.yaml"), *DOCKER.glob("*.service"), DOCKER / "Dockerfile"]
    assert [] == [path.name for path in files if "STORE__URL" in path.read_text(encoding="utf-8")]


def test_the_stack_of_metrics_runs_only_where_it_is_asked_for() -> None:
    services = read(DOCKER / "metrics.yaml")["services"]
    assert all(["metrics"] == service["profiles"] for service in services.values())
    assert all(port.startswith("127.0.0.1:") for service in services.values() for port in service["ports"])
    mounted = [volume for service in services.values() for volume in service["volumes"] if volume.startswith("./")]
    assert all((DOCKER / volume.split(":")[0]).exists() for volume in mounted)
