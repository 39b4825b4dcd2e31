"""How a desk's people read: times in their own zone and in UTC."""

from __future__ import annotations

from datetime import UTC
from zoneinfo import ZoneInfo

from tests.unit import builders as build
from tests.unit.workflows.notes.judged_cases import OPEN
from workflows.model import Reason, ReasonKind


def test_a_reasons_times_are_written_in_the_desks_zone_too() -> None:
    reader = build.reader(OPEN, zone=ZoneInfo("Europe/Berlin"))
    why = Reason.of(ReasonKind.IMPORT_COMPLETED, at=build.NOW)
    assert "The last import completed at 2026-03-02 10:00 CET (09:00 UTC)." == reader.why(why)


def test_times_are_told_in_the_desks_zone_first() -> None:
    reader = build.reader(OPEN, zone=ZoneInfo("Europe/Berlin"))
    assert "2026-03-02 10:00 CET (09:00 UTC)" == reader.at(build.NOW)
    assert "2026-03-03 00:30 CET (2026-03-02 23:30 UTC)" == reader.at(build.NOW.replace(hour=23, minute=30))
    assert "2026-03-02 10:00 CET" == reader.here(build.NOW)
    assert "2026-03-02 09:00 UTC" == build.reader(OPEN, zone=UTC).at(build.NOW)


def test_where_waits_are_short_times_are_told_to_the_second() -> None:
    reader = build.reader(OPEN.but(verify_for=10.0), zone=ZoneInfo("Europe/Berlin"))
    assert "2026-03-02 10:00:00 CET (09:00:00 UTC)" == reader.at(build.NOW)
