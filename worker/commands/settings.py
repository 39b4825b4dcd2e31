"""The `forcesync settings` commands: what holds and why, and the schema for editors."""

from __future__ import annotations

import json
from pathlib import Path

from worker import wiring
from worker.output import aligned, json_line, print_lines, room
from worker.settings.schema import schema_of
from worker.settings.sources import effective


def show(config: Path, *, as_json: bool) -> None:
    """Print every key with its value and where that comes from, secrets hidden. Raises `SettingsError`."""
    settings = wiring.read_settings(config)
    desks = {name: wiring.desk_settings(name, settings) for name in settings.desks}
    found = list(effective(settings, config, desks))
    if as_json:
        keys = [{"key": item.key, "value": item.value, "shown": item.shown, "from": item.source} for item in found]
        print(json_line({"settings": keys}))
        return
    print_lines(aligned(((item.key, f"{item.shown}  [{item.source}]") for item in found), room()))


def schema() -> None:
    """Print the JSON Schema of the settings file."""
    print(json.dumps(schema_of(wiring.desk_models()), ensure_ascii=False, indent=2))
