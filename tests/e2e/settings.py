"""The settings of a story's worker: those of the sandbox, the waits of the stories, and what one story overrides."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from connectors.sandbox.server import Sandbox
from worker.sandbox.config import settings_table, write_settings
from worker.settings.model import Settings

WAITS: dict[str, Any] = {
    "poll_every": 60.0,
    "gather_for": 60.0,
    "gather_at_most": 300.0,
    "cool_down": 120.0,
    "verify_every": 30.0,
    "verify_for": 300.0,
    "ask_every": 60.0,
    "ask_for": 3600.0,
    "ride_for": 3600.0,
    "approve_within": 3600.0,
    "press_within": 3600.0,
    "nudge_after": 1200.0,
    "retry_after": 30.0,
    "recheck_after": 86400.0,
}

# For stories of more than a day: everything is looked at seldom.
SELDOM: dict[str, Any] = {"poll_every": 1800.0, "verify_every": 1200.0, "verify_for": 3000.0, "ride_for": 2 * 86400.0}
ASSISTED: dict[str, Any] = {"force_sync": {"driver": "assisted"}}  # of the Okta org: a person runs Force Sync


def settings_for(
    sandbox: Sandbox,
    store_file: Path,
    *,
    policy: Mapping[str, Any],
    store_url: str | None,
    desks: Mapping[str, Mapping[str, Any]],
    okta: Mapping[str, Any],
) -> Settings:
    """Return the settings for a running sandbox with the overrides of one story."""
    table = settings_table(sandbox, store_file, WAITS | dict(policy))
    table["okta"]["main"] |= okta
    if store_url:
        table["store"] = {"url": store_url}
    for desk, changes in desks.items():
        table["desks"][desk] |= changes
    return Settings(**table)


def write_config(sandbox: Sandbox, store_file: Path, **policy: Any) -> Path:
    """Write the same settings beside the store, for the commands; returns the file."""
    file = store_file.with_name("forcesync.toml")
    write_settings(file, settings_table(sandbox, store_file, WAITS | policy))
    return file
