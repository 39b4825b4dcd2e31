"""How a desk's people read: times in UTC and in their own zone."""

from __future__ import annotations

from datetime import UTC
from zoneinfo import ZoneInfo

from tests.unit import builders as build
from tests.unit.workflows.notes.judged_cases import OPEN
from workflows.model import Reason, ReasonKind


def test_a_reasons_times_are_written_in_the_desks_zone_too() -> None:
    reader = build.reader(OPEN, zone=ZoneInfo("Europe/Berlin"))
    why = Reason.of(ReasonKind.IMPORT_COMPLETED, at=build.NOW)
    assert "The last import completed at 2026-03-02 09:00 UTC (10:00 CET)." == reader.why(why)


def test_times_are_told_in_utc_and_in_the_desks_zone() -> None:
    reader = build.reader(OPEN, zone=ZoneInfo("Europe/Berlin"))
    assert "2026-03-02 09:00 UTC (10:00 CET)" == reader.at(build.NOW)
    assert "2026-03-02 23:30 UTC (2026-03-03 00:30 CET)" == reader.at(build.NOW.replace(hour=23, minute=30))
    assert "2026-03-02 10:00 CET" == reader.here(build.NOW)
    assert "2026-03-02 09:00 UTC" == build.reader(OPEN, zone=UTC).at(build.NOW)
