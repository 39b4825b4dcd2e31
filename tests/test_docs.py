"""README and code agree: pictures, settings, commands, options, top-level folders."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import BaseModel

from connectors.jira import JiraSettings
from connectors.servicenow import ServiceNowSettings
from worker.process.clock import SystemClock
from worker.settings.model import (
    AudienceSettings,
    BrokerSettings,
    ForceSyncSettings,
    OktaSettings,
    StoreSettings,
    TextsSettings,
    WorkerSettings,
    load,
)
from worker.wiring import build_desk
from workflows.engine.machine import CASE_EDGES, RUN_EDGES, diagram
from workflows.model import Policy, VerdictKind
from workflows.precheck.table import TABLE
from workflows.precheck.verdicts import VERDICTS, Act

ROOT = Path(__file__).resolve().parents[1]


def page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


README, CORE, WORKER, SANDBOX = map(
    page, ("README.md", "workflows/README.md", "worker/README.md", "connectors/sandbox/README.md")
)
PAGES = sorted(
    str(path.relative_to(ROOT))
    for top in (".", "workflows", "connectors", "worker", "tests", "docker")
    for path in (ROOT / top).glob("*.md" if top == "." else "**/*.md")
)
SECTIONS: list[tuple[str, type[BaseModel]]] = [
    ("store.", StoreSettings),
    ("broker.", BrokerSettings),
    ("worker.", WorkerSettings),
    ("texts.", TextsSettings),
    ("policy.", Policy),
    ("okta.NAME.", OktaSettings),
    ("okta.NAME.force_sync.", ForceSyncSettings),
    ("desks.NAME.", AudienceSettings),
    ("desks.NAME.", ServiceNowSettings),
    ("desks.NAME.", JiraSettings),
]
SAID_OF = {
    Act.ASK: "one question to the requester",
    Act.RESOLVE: "resolved",
    Act.SYNC: "Force Sync, then",
    Act.ESCALATE: "handed over",
}
NESTED = {"force_sync", "tables", "projects"}


@pytest.mark.parametrize("edges", [CASE_EDGES, RUN_EDGES], ids=["case", "run"])
def test_the_pictures_are_the_tables(edges: tuple[tuple[str, str, str], ...]) -> None:
    assert f"```mermaid\n{diagram(edges)}\n```" in CORE  # type: ignore[arg-type]


def rows() -> dict[str, str]:
    return dict(re.findall(r"^\| `([\w.]+)` \| ([^|]*) \|", WORKER, re.MULTILINE))


@pytest.mark.parametrize(("prefix", "model"), SECTIONS, ids=[f"{p}{m.__name__}" for p, m in SECTIONS])
def test_every_setting_is_in_the_table_with_its_default(prefix: str, model: type[BaseModel]) -> None:
    table = rows()
    for name, field in model.model_fields.items():
        if name in NESTED and prefix != "policy.":
            continue
        assert prefix + name in table
        if isinstance(field.default, str | int | float) and field.default != "":
            assert str(getattr(field.default, "value", field.default)).lower() in table[prefix + name].lower()


def test_the_table_names_no_setting_that_does_not_exist() -> None:
    known = {prefix + name for prefix, model in SECTIONS for name in model.model_fields}
    assert {key for key in rows() if "." in key and not key.startswith("desks.NAME.")} <= known


def verdict_rows() -> list[tuple[str, str, str]]:
    """Return the table of verdicts: the verdict, what is done, who gets it."""
    section = CORE.split("## Verdicts")[1].split("\n## ")[0]
    return re.findall(r"^\| `(\w+)` \| [^|]+ \| ([^|]+) \| ([^|]+) \|$", section, re.MULTILINE)


def test_the_table_of_verdicts_is_the_one_that_decides_row_by_row() -> None:
    assert [kind.value for kind, _ in TABLE] == [verdict for verdict, _, _ in verdict_rows()]
    assert {kind.value for kind in VerdictKind} == {verdict for verdict, _, _ in verdict_rows()}


def test_the_table_of_verdicts_tells_what_is_done_and_who_gets_it() -> None:
    for verdict, done, who in verdict_rows():
        kind = VerdictKind(verdict)
        assert done.startswith(SAID_OF[VERDICTS[kind].act]), verdict
        assert VERDICTS[kind].team in who, verdict


def help_of(*command: str) -> str:
    program = [sys.executable, "-m", "worker", *command, "--help"]
    done = subprocess.run(
        program, cwd=ROOT, capture_output=True, text=True, check=True, env={"COLUMNS": "200", "PATH": "/usr/bin:/bin"}
    )
    return done.stdout


def test_every_command_of_the_documents_exists() -> None:
    text = help_of()
    commands = set(re.findall(r"^    forcesync (\w+)", README + WORKER + SANDBOX, re.MULTILINE))
    assert {"run", "once", "case", "migrate", "demo", "sandbox"} <= commands
    assert all(f" {command} " in text for command in commands)


def test_every_option_of_the_sandboxs_page_exists() -> None:
    text = help_of("sandbox")
    options = set(re.findall(r"--[a-z-]+", SANDBOX)) - {"--config"}
    assert {"--scenario", "--tickets", "--seed", "--port", "--write-config"} <= options
    assert all(option in text for option in options)


def test_the_top_level_is_as_agreed() -> None:
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.split()
    if not tracked:
        pytest.skip("not a git checkout")
    folders = {path.split("/")[0] for path in tracked if "/" in path}
    assert folders <= {"worker", "connectors", "workflows", "tests", "docker", ".ci"}


def test_the_lock_holds_hashes_and_no_urls() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "--hash=sha256:" in lock
    assert "http" not in lock


@pytest.mark.parametrize("text", [README, WORKER.split("## Settings")[1]], ids=["front page", "settings"])
def test_the_settings_examples_work_as_they_stand(text: str, tmp_path: Path) -> None:
    text = text.split("```toml\n")[1].split("```", maxsplit=1)[0]
    secrets = tmp_path / "secrets"
    secrets.mkdir()
    for name in re.findall(r'_file = "/run/secrets/(\w+)"', text):
        (secrets / name).write_text("a-secret")
    config = tmp_path / "forcesync.toml"
    config.write_text(text.replace("/run/secrets", str(secrets)))
    settings = load(config)
    assert [build_desk(name, settings, SystemClock()).name for name in settings.desks] == ["servicenow", "jira"]


def test_the_front_page_is_short() -> None:
    assert len(README.splitlines()) <= 150


def anchors(text: str) -> set[str]:
    """Return the headings of a page as links name them."""
    prose = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    headings = re.findall(r"^#+ (.+)$", prose, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("name", PAGES)
def test_every_link_leads_somewhere(name: str) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)]+)\)", page(name)):
        place, _, anchor = target.partition("#")
        found = (ROOT / name).parent / place if place else ROOT / name
        assert found.exists(), target
        assert not anchor or anchor in anchors(found.read_text(encoding="utf-8")), target


@pytest.mark.parametrize("name", PAGES)
def test_every_path_that_is_named_exists(name: str) -> None:
    for path in re.findall(r"`((?:workflows|connectors|worker|tests|docker)/[\w/.]*)`", page(name)):
        assert (ROOT / path).exists(), path
