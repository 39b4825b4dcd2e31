"""Every JSON form of the commands has the fields that the table in worker/README.md names, and a version."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import Make
from tests.e2e.decisions import APPROVE, APPROVER, approval_is_asked_for
from tests.e2e.okta_users import CORP
from tests.e2e.settings import write_config
from tests.e2e.stories import asked, copy_is_old
from tests.e2e.tickets import INCIDENT, SERVICE_DESK
from tests.e2e.world import World
from worker.commandline.app import main
from workflows.model import Aftermath

README = (Path(__file__).resolve().parents[2] / "worker" / "README.md").read_text(encoding="utf-8")
TABLE = README.split("\n## JSON\n")[1].split("\n## ")[0]
OPTIONAL = {"afterwards": set(Aftermath.model_fields)}  # null, unless people closed a ticket that got advice
BY = ("--by", "robin@example.com", "--why", "request 17")

Fields = Mapping[str, set[str]]


def documented() -> Iterator[tuple[str, Fields]]:
    """Yield each form of the table: its command, and its fields with the fields of their objects."""
    for command, told in re.findall(r"^\| `([^|]+)` \| (.+) \|$", TABLE, re.MULTILINE):
        fields = re.findall(r"`(\w+)`(?: \(([^()]*)\))?", told)
        yield command, {name: set(re.findall(r"`(\w+)`", inner)) for name, inner in fields}


FORMS = dict(documented())


@pytest.fixture
def world(a_world: Make) -> World:
    """Make a world with a run that waits for its approval, a question, and a ticket that was handed over."""
    world = a_world(policy=APPROVE)
    copy_is_old(world, INCIDENT)
    asked(world, INCIDENT)
    approval_is_asked_for(world, SERVICE_DESK)
    return world


def objects(value: Any) -> list[Mapping[str, Any]]:
    return [item for item in (value if isinstance(value, list) else [value]) if isinstance(item, dict)]


def differences(fields: Fields, told: list[Mapping[str, Any]]) -> Iterator[str]:
    for item in told:
        if item.keys() != fields.keys():
            yield f"{sorted(item.keys() ^ fields.keys())}"
    for name, inner in fields.items():
        found = {key for item in told for part in objects(item[name]) for key in part} or OPTIONAL.get(name, set())
        if inner and inner != found:
            yield f"{name}: {sorted(inner ^ found)}"


def test_every_form_is_as_documented(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    config = write_config(world.sandbox, world.store_file, **APPROVE)
    one_desk = config.with_name("one_desk.toml")
    one_desk.write_text(config.read_text().replace(world.sandbox.frame.credentials.servicenow_password, "another"))
    monkeypatch.setenv("FORCESYNC_CONFIG", str(config))
    (run,) = world.runs()
    (login,) = {case.requester for case in world.parts.store.riders(run.id)}
    (gone,) = {case.requester for case in world.parts.store.cases() if case.ended}
    key = world.parts.store.riders(run.id)[0].ref.key
    calls = {
        "status": ["status"],
        "case list": ["case", "list"],
        "case show": ["case", "show", key],
        "case export": ["case", "export"],
        "case retry": ["case", "retry", "--state", "joined", *BY],
        "sync approve": ["sync", "approve", run.id, "--by", APPROVER, "--why", "seen"],
        "person forget": ["person", "forget", str(gone), *BY],
        "person export": ["person", "export", str(login), APPROVER, *BY],
        "sync list": ["sync", "list"],
        "sync show": ["sync", "show", run.id],
        "sync preview": ["sync", "preview", CORP],
        "audit": ["audit"],
        "report": ["report", "--since", "52w"],
        "report --cases": ["report", "--since", "52w", "--cases", "handed_over"],
        "report --definitions": ["report", "--definitions"],
        "settings show": ["settings", "show"],
        "doctor": ["doctor", "--only", "store"],
        "doctor --list": ["doctor", "--list"],
        "check": ["check", str(login)],
        "try": ["try", key, "--config", str(one_desk)],
        "once": ["once"],
    }
    capsys.readouterr()
    wrong = dict[str, list[str]]()
    for name, words in calls.items():
        bare = name in {"case export", "person export", "sync approve"}
        monkeypatch.setattr(sys, "argv", ["forcesync", *words, *([] if bare else ["--json"])])
        with pytest.raises(SystemExit):
            main()
        out, err = capsys.readouterr()
        if name not in FORMS:
            assert name == "sync approve"
            continue
        told = [json.loads(line) for line in out.splitlines()]
        assert told, f"{name}: {err}"
        assert {1} == {item["version"] for item in told}
        if found := list(differences(FORMS[name], told)):
            wrong[name] = found
    assert {} == wrong
    assert FORMS.keys() == calls.keys() - {"sync approve"}
