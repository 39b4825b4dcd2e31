"""Builds a desk's audience from its settings: the time zone and the public texts of its language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from worker.settings.answer_files import templates
from worker.settings.faults import SettingsError, explain
from worker.settings.model import Settings
from worker.settings.tables import AudienceSettings
from workflows.model import Policy
from workflows.notes.audience import Reader

OWN = tuple(AudienceSettings.model_fields)


def reader_of(desk: str, settings: Settings, policy: Policy) -> Reader:
    """Return a desk's reader, or raise `SettingsError`."""
    audience, zone = audience_of(desk, settings.desks[desk], settings.source)
    language = audience.language or settings.texts.language
    org, texts = settings.okta.get(policy.default_org), templates(settings.texts, language)
    return Reader(policy=policy, templates=texts, zone=zone, language=language, org_url=org.url if org else "")


def audience_of(desk: str, table: Mapping[str, Any], source: str) -> tuple[AudienceSettings, tzinfo]:
    """Return who reads a desk's tickets and their time zone, or raise `SettingsError`."""
    try:
        audience = AudienceSettings(**{key: table[key] for key in OWN if key in table})
    except ValidationError as error:
        raise SettingsError(explain(error, source, AudienceSettings, ("desks", desk))) from None
    return audience, UTC if audience.zone == "UTC" else ZoneInfo(audience.zone)


def without_audience(table: Mapping[str, Any]) -> dict[str, Any]:
    """Return the keys of a desk's table that belong to its connector."""
    return {key: value for key, value in table.items() if key not in {"kind", *OWN}}
