"""A sandbox with the files of its credentials, and a person who answers questions: who sets forcesync up there."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from connectors.sandbox.server import Sandbox
from worker.doctor.command import doctor

GROUP, ASSIGNEE = "Identity Operations", "identity.operations@example.com"


@dataclass
class Office:
    """A sandbox, and a folder with the files of its credentials."""

    sandbox: Sandbox
    folder: Path
    config: Path = field(init=False)

    def __post_init__(self) -> None:
        self.config = self.folder / "forcesync.toml"
        for name, secret in self.secrets().items():
            self.file(name, secret)

    def secrets(self) -> dict[str, str]:
        """Return the sandbox's secrets by our names for them."""
        held = self.sandbox.frame.credentials
        return {"okta": held.okta_token, "servicenow": held.servicenow_password, "jira": held.jira_token}

    def file(self, name: str, text: str) -> Path:
        """Write a file that only its owner can read."""
        path = self.folder / name
        path.touch(mode=0o600)
        path.write_text(text)
        return path

    def flags(self, *desks: str, **changed: str | None) -> dict[str, str]:
        """Return the flags for the sandbox with these desks; `changed` replaces or leaves out some."""
        held = self.sandbox.frame.credentials
        flags: dict[str, str | None] = {
            "okta_url": self.sandbox.okta_url,
            "okta_token_file": str(self.folder / "okta"),
        }
        if "servicenow" in desks:
            flags |= {
                "servicenow_url": self.sandbox.servicenow_url,
                "servicenow_user": held.servicenow_user,
                "servicenow_password_file": str(self.folder / "servicenow"),
                "servicenow_group": GROUP,
            }
        if "jira" in desks:
            flags |= {
                "jira_url": self.sandbox.jira_url,
                "jira_email": held.jira_email,
                "jira_token_file": str(self.folder / "jira"),
                "jira_project": "SUP,ENG",
                "jira_assignee": ASSIGNEE,
            }
        given = {**flags, **changed}
        return {f"--{name.replace('_', '-')}": value for name, value in given.items() if value is not None}

    def table(self) -> Mapping[str, Any]:
        """Return what was written."""
        return tomllib.loads(self.config.read_text(encoding="utf-8"))

    def writes(self) -> int:
        """Return how many calls that may change something the products answered."""
        with self.sandbox.frame.lock:
            calls = [(name, n) for of_one in self.sandbox.frame.calls.values() for name, n in of_one.items()]
        return sum(n for name, n in calls if not name.startswith("GET"))


@dataclass
class Person:
    """Answers each question with what is next for it; the same question may come again."""

    answers: Mapping[str, list[str]]
    seen: list[str] = field(default_factory=list)

    def say(self, text: str) -> None:
        """Read a line."""
        self.seen.append(text)

    def ask(self, prompt: str) -> str:
        """Answer what begins so; whatever has no answer gets Enter."""
        self.seen.append(prompt)
        waiting = next((answers for start, answers in self.answers.items() if prompt.startswith(start)), [])
        return waiting.pop(0) if waiting else ""

    def ask_unseen(self, prompt: str) -> str:
        """Answer a question whose answer is not shown."""
        return self.ask(f"(unseen) {prompt}")

    @property
    def troubles(self) -> list[str]:
        """Return what was refused."""
        return [line for line in self.seen if line.startswith("  ! ")]


def troubles(config: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """Return the ids of the doctor's checks that need somebody."""
    capsys.readouterr()
    doctor(config, only="", listed=False, as_json=True)
    checks = json.loads(capsys.readouterr().out)["checks"]
    return [item["id"] for item in checks if item["status"] in ("fail", "warn")]
