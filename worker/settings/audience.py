"""Builds a desk's audience from its settings: the time zone and the public texts of its language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, tzinfo
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import ValidationError

from worker.settings.answer_files import templates
from worker.settings.faults import SettingsError, explain
from worker.settings.model import AudienceSettings, Settings
from workflows.model import Policy
from workflows.notes.audience import Reader


def reader_of(desk: str, settings: Settings, policy: Policy) -> Reader:
    """Return a desk's reader, or raise `SettingsError`."""
    table = settings.desks[desk]
    try:
        audience = AudienceSettings(**{key: table[key] for key in AudienceSettings.model_fields if key in table})
    except ValidationError as error:
        raise SettingsError(explain(error, settings.source, AudienceSettings, ("desks", desk))) from None
    texts = templates(settings.texts, audience.language or settings.texts.language)
    return Reader(policy=policy, templates=texts, zone=_zone(desk, audience.zone, settings.source))


def without_audience(table: Mapping[str, Any]) -> dict[str, Any]:
    """Return the keys of a desk's table that belong to its connector."""
    return {key: value for key, value in table.items() if key not in AudienceSettings.model_fields}


def _zone(desk: str, name: str, source: str) -> tzinfo:
    if name == "UTC":
        return UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise SettingsError(
            f"{source} cannot be used:\n  desks.{desk}.zone: found {name!r}; allowed: a zone of the IANA database "
            "that this machine knows, such as 'Europe/Berlin'"
        ) from error
