"""Documents and code agree: diagrams, settings, verdicts, commands, options, links, paths, top-level folders."""

from __future__ import annotations

import re
import subprocess
from functools import cache
from pathlib import Path

import pytest
from pydantic import BaseModel
from typer.testing import CliRunner

from connectors.jira import JiraSettings
from connectors.servicenow import ServiceNowSettings
from worker.commandline.app import app
from worker.doctor.running import WITHIN
from worker.process.clock import SystemClock
from worker.settings.model import load
from worker.settings.tables import (
    AudienceSettings,
    BrokerSettings,
    ForceSyncSettings,
    OktaSettings,
    StoreSettings,
    TextsSettings,
    WebSettings,
    WorkerSettings,
)
from worker.wiring import build_desk
from workflows.engine.machine import CASE_EDGES, RUN_EDGES, diagram
from workflows.model import Policy, VerdictKind
from workflows.precheck.table import TABLE
from workflows.precheck.verdicts import VERDICTS, Act

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
CORE = (ROOT / "workflows" / "README.md").read_text(encoding="utf-8")
WORKER = (ROOT / "worker" / "README.md").read_text(encoding="utf-8")
SANDBOX = (ROOT / "connectors" / "sandbox" / "README.md").read_text(encoding="utf-8")
MOST_LINES = 150  # of README.md: what a newcomer reads in one go
TREES = ("worker", "connectors", "workflows", "tests", "docker")
DOCUMENTS = sorted(
    [*ROOT.glob("*.md"), *(path for tree in TREES for path in (ROOT / tree).rglob("*.md"))],
    key=lambda path: path.relative_to(ROOT).as_posix(),
)
NAMES = [path.relative_to(ROOT).as_posix() for path in DOCUMENTS]
EXPECTED_DOCUMENTS = {
    "README.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "workflows/README.md",
    "worker/README.md",
    "connectors/README.md",
    "connectors/http/README.md",
    "connectors/jira/README.md",
    "connectors/okta/README.md",
    "connectors/sandbox/README.md",
    "connectors/servicenow/README.md",
    "tests/README.md",
}
SECTIONS: list[tuple[str, type[BaseModel]]] = [
    ("store.", StoreSettings),
    ("broker.", BrokerSettings),
    ("worker.", WorkerSettings),
    ("web.", WebSettings),
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
GROUPS = ("case", "sync", "settings", "person")
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


def test_the_page_tells_how_long_the_doctor_waits() -> None:
    assert f"what has not answered after {WITHIN:g} s is told so" in WORKER


def verdict_rows() -> list[tuple[str, str, str]]:
    """Return the documented table of verdicts: the verdict, what is done, who gets it."""
    section = CORE.split("\n## Verdicts\n")[1].split("\n## ")[0]
    return re.findall(r"^\| `(\w+)` \| [^|]+ \| ([^|]+) \| ([^|]+) \|$", section, re.MULTILINE)


def test_the_table_of_verdicts_is_the_one_that_decides_row_by_row() -> None:
    assert [kind.value for kind, _ in TABLE] == [verdict for verdict, _, _ in verdict_rows()]
    replies = {VerdictKind.DENIED, VerdictKind.SOMETHING_ELSE, VerdictKind.UNCONFIRMED}
    assert {kind.value for kind in set(VerdictKind) - replies} == {verdict for verdict, _, _ in verdict_rows()}
    assert all(f"`{kind.value}`" in CORE for kind in replies)


def test_the_table_of_verdicts_tells_what_is_done_and_who_gets_it() -> None:
    for verdict, done, who in verdict_rows():
        kind = VerdictKind(verdict)
        assert done.startswith(SAID_OF[VERDICTS[kind].act]), verdict
        assert VERDICTS[kind].team in who, verdict


def test_the_readme_has_a_row_for_every_verdict_and_says_who_then_acts() -> None:
    said = {Act.ASK: "ask ", Act.RESOLVE: "resolve", Act.SYNC: "run Force Sync"}
    section = README.split("\n## How it decides\n")[1].split("\n## ")[0]
    found = set()
    for done, named in re.findall(r"^\| [^|]+ \| ([^|]+) \| (`[^|]+`) \|$", section, re.MULTILINE):
        kinds = [VerdictKind(name) for name in re.findall(r"`(\w+)`", named)]
        for kind in kinds:
            row = VERDICTS[kind]
            assert said.get(row.act, row.team.value.casefold()) in done.replace("Okta admin", "okta admin"), kind
        found |= set(kinds)
    assert {kind for kind, _ in TABLE} == found


@cache
def help_of(*command: str) -> str:
    done = CliRunner().invoke(app, [*command, "--help"], prog_name="forcesync", env={"COLUMNS": "200"})
    assert done.exit_code == 0, done.output
    return done.output


def commands_of(text: str) -> set[tuple[str, ...]]:
    """Return the commands that a document's blocks show, groups with their subcommand."""
    shown = re.findall(r"^    forcesync (\w+)(?: ([a-z-]+)\b)?", text, re.MULTILINE)
    return {(name, sub) if name in GROUPS else (name,) for name, sub in shown}


def test_every_command_of_the_documents_exists() -> None:
    shown = {command for path in DOCUMENTS for command in commands_of(path.read_text(encoding="utf-8"))}
    assert {command for command in shown if f" {command[-1]} " not in help_of(*command[:-1])} == set()


def test_every_command_is_in_the_documents() -> None:
    shown = commands_of(WORKER) | {("sync", "reject")}  # `reject` stands beside `approve`
    listed = re.compile(r"^  ([\w-]+)(?= +[A-Z])", re.MULTILINE)
    named = {
        group: listed.findall(help_of(*group).partition("Commands:")[2]) for group in [(), *((g,) for g in GROUPS)]
    }
    there = {(*group, name) for group, names in named.items() for name in names if name not in GROUPS}
    assert {("run",), ("once",), ("case", "show"), ("sync", "approve"), ("migrate",)} <= there
    assert there <= shown


def test_every_option_shown_with_a_command_exists() -> None:
    for path in DOCUMENTS:
        for line in re.findall(r"^    (forcesync .*)$", path.read_text(encoding="utf-8"), re.MULTILINE):
            (command,) = commands_of(f"    {line}")
            options = set(re.findall(r"--[a-z][a-z-]*", line))
            assert not options or options <= set(re.findall(r"--[a-z][a-z-]*", help_of(*command))), (path.name, line)


def test_every_option_of_the_sandbox_in_its_readme_exists() -> None:
    text = help_of("sandbox")
    options = set(re.findall(r"--[a-z][a-z-]*", SANDBOX.split("\n## Running it\n")[1].split("\n## ")[0])) - {"--config"}
    assert {"--scenario", "--tickets", "--seed", "--port", "--write-config"} <= options
    assert all(option in text for option in options)


def test_every_make_target_of_the_documents_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    text = "\n".join(path.read_text(encoding="utf-8") for path in DOCUMENTS)
    named = set(re.findall(r"(?:^    |`)make ([a-z-]+)", text, re.MULTILINE))
    assert {"demo", "test", "lint"} <= named
    assert named <= targets


def test_the_readme_is_read_in_one_go() -> None:
    assert len(README.splitlines()) <= MOST_LINES


def test_every_document_is_there() -> None:
    assert EXPECTED_DOCUMENTS <= set(NAMES)


def anchors(path: Path) -> set[str]:
    """Return the anchors of a document's headings, as GitHub makes them."""
    text = re.sub(r"^```.*?^```", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    titles = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("name", NAMES)
def test_every_relative_link_resolves(name: str) -> None:
    document = ROOT / name
    for link in re.findall(r"\]\(([^)\s]+)\)", document.read_text(encoding="utf-8")):
        if link.startswith(("https://", "http://", "mailto:")):
            continue
        target, _, anchor = link.partition("#")
        path = (document.parent / target).resolve() if target else document
        assert path.exists(), link
        assert not anchor or anchor in anchors(path), link


@pytest.mark.parametrize("name", NAMES)
def test_every_path_in_backticks_exists(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    paths = re.findall(rf"`((?:{'|'.join(TREES)})/[\w./-]*)`", text)
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_the_words_of_the_solved_ticket_are_the_cores_own() -> None:
    picture = README.split("```text\n")[1].split("```")[0]
    headlines = re.findall(r"^--- Work notes .+\n(.+)$", picture, re.MULTILINE)
    written = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "workflows").rglob("*.py"))
    assert len(headlines) == picture.count("--- Work notes") > 0
    assert all(f'"{headline}"' in written for headline in headlines)


def test_the_top_level_is_as_agreed() -> None:
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.split()
    if not tracked:
        pytest.skip("not a git checkout")
    folders = {path.split("/")[0] for path in tracked if "/" in path}
    assert folders <= {"worker", "connectors", "workflows", "tests", "docker", ".ci"}


def test_git_and_the_image_leave_out_the_settings_and_secrets_that_compose_asks_for() -> None:
    asked = set()
    for path in sorted((ROOT / "docker").glob("*.yaml")):
        asked |= set(re.findall(r"\./(config/?\w*)", path.read_text(encoding="utf-8")))
    assert {"config", "config/postgres_password", "config/grafana_password"} == asked
    names = ["forcesync.toml", "okta_token", *(name.partition("/")[2] for name in sorted(asked - {"config"}))]
    secrets = [*(f"docker/config/{name}" for name in names), "forcesync.toml", "forcesync.sqlite3"]
    done = subprocess.run(["git", "check-ignore", *secrets], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode > 1:
        pytest.skip("not a git checkout")
    assert secrets == done.stdout.split()
    rules = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    kept = {rule[1:] for rule in rules if rule.startswith("!")}
    copied = re.findall(r"^COPY (.+) \S+$", (ROOT / "docker" / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)
    assert "*" in rules
    assert {name for line in copied for name in line.split()} == kept


def test_the_locks_hold_hashes_and_no_urls_and_agree() -> None:
    first, second = ((ROOT / name).read_text("utf-8") for name in ("requirements.lock", "requirements-proofs.lock"))
    pinned, added = (dict(re.findall(r"^([\w.-]+)==(\S+)", lock, re.MULTILINE)) for lock in (first, second))
    assert "okta" in added
    assert [] == [name for name in pinned.keys() & added if pinned[name] != added[name]]
    for lock in (first, second):
        assert "--hash=sha256:" in lock
        assert "://" not in lock


@pytest.mark.parametrize(
    "text",
    [README.split("## The first hour")[1], WORKER.split("## Settings")[1]],
    ids=["first hour", "settings"],
)
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


def test_the_first_settings_file_is_short_and_only_observes() -> None:
    text = README.split("## The first hour")[1].split("```toml\n")[1].split("```")[0]
    assert len(text.splitlines()) <= 25
    assert 'default_autonomy = "observe"' in text
    assert "force_sync" not in text


@pytest.mark.parametrize("name", ["servicenow", "jira"])
def test_the_settings_examples_of_the_desks_work_as_they_stand(name: str, tmp_path: Path) -> None:
    text = (ROOT / "connectors" / name / "README.md").read_text(encoding="utf-8")
    examples = "\n".join(re.findall(r"^```toml\n(.*?)^```", text, re.MULTILINE | re.DOTALL))
    own = WORKER.split("## Settings")[1].split("```toml\n")[1].split("```")[0]
    desk = own[own.index("[desks.servicenow]") : own.index("[desks.jira]")]
    config = tmp_path / "forcesync.toml"
    (tmp_path / "secret").write_text("a-secret")
    org = '[okta.main]\nurl = "https://example.okta.com"\ntoken = "a-secret"\n\n'
    whole = org + (desk + examples if name == "servicenow" else examples)
    config.write_text(re.sub(r'"/run/secrets/[\w-]+"', f'"{tmp_path / "secret"}"', whole))
    settings = load(config)
    assert {build_desk(desk, settings, SystemClock()).name for desk in settings.desks} >= {name}
