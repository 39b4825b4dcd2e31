"""The settings file for a running sandbox: complete for `forcesync run`, with short waits."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from worker.output import write_file

if TYPE_CHECKING:
    from connectors.sandbox.server import Sandbox

# The next start recognises its own file by this line.
HEAD = "# Written by `forcesync sandbox`, which writes it anew each time it starts."

WAITS: dict[str, float] = {
    "poll_every": 1.0,
    "gather_for": 4.0,
    "gather_at_most": 300.0,
    "cool_down": 5.0,
    "at_most_per_day": 1000,
    "verify_every": 6.0,
    "verify_for": 60.0,
    "ask_every": 1.0,
    "retry_after": 2.0,
}


def settings_table(sandbox: Sandbox, store: Path, waits: dict[str, float] | None = None) -> dict[str, Any]:
    """Return the settings for this sandbox as nested tables."""
    accounts = sandbox.frame.credentials
    return {
        "store": {"url": f"sqlite:///{store}"},
        "worker": {"threads": 8},
        "okta": {
            "main": {
                "url": sandbox.okta_url,
                "token": accounts.okta_token,
                "force_sync": {"driver": "reapply", "token": accounts.okta_sync_token},
            }
        },
        "desks": {
            "servicenow": {
                "kind": "servicenow",
                "url": sandbox.servicenow_url,
                "user": accounts.servicenow_user,
                "password": accounts.servicenow_password,
                "escalation_group": "Identity Operations",
            },
            "jira": {
                "kind": "jira",
                "url": sandbox.jira_url,
                "email": accounts.jira_email,
                "token": accounts.jira_token,
                "deployment": sandbox.deployment,
                "escalation_assignee": "identity.operations@example.com",
                "projects": {
                    "SUP": {"kind": "service_desk", "service_desk_id": "1", "resolution": "Done"},
                    "ENG": {"kind": "software", "resolution": "Done"},
                },
                "fields": {
                    "user": "customfield_10051",
                    "attribute": "customfield_10052",
                    "expected": "customfield_10053",
                },
            },
        },
        "policy": {
            "default_autonomy": "auto",
            "approve_above": 10_000,
            "on_behalf": ["Everyone"],
            "open_attributes": ["department", "title"],
            "synonyms": {"job title": "title", "phone": "mobilePhone"},
            **WAITS,
            **(waits or {}),
        },
    }


def toml(table: dict[str, Any], path: tuple[str, ...] = ()) -> str:
    """Format nested tables of strings, numbers, booleans and lists of strings as TOML."""
    values = {key: value for key, value in table.items() if not isinstance(value, dict)}
    lines = [f"[{'.'.join(json.dumps(part) for part in path)}]"] if path and values else []
    lines += [f"{json.dumps(key)} = {json.dumps(value)}" for key, value in values.items()]
    text = "\n".join(lines) + "\n" if lines else ""
    for key, value in table.items():
        if isinstance(value, dict):
            text += ("\n" if text else "") + toml(value, (*path, key))
    return text


def write_settings(file: Path, table: dict[str, Any]) -> None:
    """Write the settings file, readable by its owner only: it holds the sandbox's credentials."""
    write_file(file, "--write-config", f"{HEAD}\n\n{toml(table)}")


def foreign(file: Path) -> bool:
    """Say whether a file has content that no sandbox wrote, such as the settings of a real tenant."""
    return file.exists() and bool(text := file.read_text(encoding="utf-8", errors="replace")) and HEAD not in text
