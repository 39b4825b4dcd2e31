"""How a desk's people read: times in UTC and in their own zone."""

from __future__ import annotations

from datetime import UTC
from zoneinfo import ZoneInfo

from tests.unit import builders as build
from tests.unit.workflows.notes.test_notes import OPEN


def test_what_only_looks_like_a_time_stays() -> None:
    assert "2026-02-31 09:00 UTC" == build.reader(OPEN, zone=ZoneInfo("Europe/Berlin")).timed("2026-02-31 09:00 UTC")


def test_times_are_told_in_utc_and_in_the_desks_zone() -> None:
    reader = build.reader(OPEN, zone=ZoneInfo("Europe/Berlin"))
    assert "2026-03-02 09:00 UTC (10:00 CET)" == reader.at(build.NOW)
    assert "2026-03-02 23:30 UTC (2026-03-03 00:30 CET)" == reader.at(build.NOW.replace(hour=23, minute=30))
    assert "2026-03-02 10:00 CET" == reader.here(build.NOW)
    assert "2026-03-02 09:00 UTC" == build.reader(OPEN, zone=UTC).at(build.NOW)
