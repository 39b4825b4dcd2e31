"""How a desk's people read: times in their own zone and in UTC."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.unit import builders as build
from tests.unit.workflows.notes.judged_cases import OPEN
from worker.settings.answer_files import templates
from worker.settings.tables import TextsSettings
from workflows.model import Note, Reason, ReasonKind, Text
from workflows.notes import public
from workflows.notes.audience import OPTIONAL, TEMPLATES, Reader


def test_a_reasons_times_are_written_in_the_desks_zone_too() -> None:
    reader = build.reader(OPEN, zone=ZoneInfo("Europe/Berlin"))
    why = Reason.of(ReasonKind.IMPORT_COMPLETED, at=build.NOW)
    assert "The last import completed at 2026-03-02 10:00 CET (09:00 UTC)." == reader.why(why)


def test_times_are_told_in_the_desks_zone_first() -> None:
    reader = build.reader(OPEN, zone=ZoneInfo("Europe/Berlin"))
    assert "2026-03-02 10:00 CET (09:00 UTC)" == reader.at(build.NOW)
    assert "2026-03-03 00:30 CET (2026-03-02 23:30 UTC)" == reader.at(build.NOW.replace(hour=23, minute=30))
    assert "2026-03-02 09:00 UTC" == build.reader(OPEN, zone=UTC).at(build.NOW)
    assert "2026-03-02 13:00 UTC+4 (09:00 UTC)" == build.reader(OPEN, zone=ZoneInfo("Asia/Dubai")).at(build.NOW)


@pytest.mark.parametrize(
    ("language", "zone", "expected"),
    [
        ("en", "Europe/Berlin", "2 March 2026, 10:00 CET"),
        ("en", "Europe/London", "2 March 2026, 09:00 GMT"),
        ("en", "America/Chicago", "2 March 2026, 03:00 CST"),
        ("en", "America/Sao_Paulo", "2 March 2026, 06:00 UTC-3"),
        ("en", "Asia/Kathmandu", "2 March 2026, 14:45 UTC+5:45"),
        ("de", "Europe/Berlin", "2. März 2026, 10:00 Uhr (MEZ)"),
        ("de", "UTC", "2. März 2026, 09:00 Uhr (UTC)"),
        ("de", "Asia/Dubai", "2. März 2026, 13:00 Uhr (UTC+4)"),
    ],
)
def test_the_public_reads_a_time_as_its_language_writes_it(language: str, zone: str, expected: str) -> None:
    assert expected == build.reader(OPEN, language=language, zone=ZoneInfo(zone)).here(build.NOW)


@pytest.mark.parametrize(
    ("language", "expected"),
    [("en-US", "March 2, 2026, 10:00 CET"), ("fr", "2 mars 2026, 10:00 CET"), ("xx", "2 March 2026, 10:00 CET")],
)
def test_a_language_of_ones_own_without_a_text_for_times_has_them_too(
    language: str, expected: str, tmp_path: Path
) -> None:
    (tmp_path / language).mkdir()
    for name in TEMPLATES.keys() - OPTIONAL.keys():
        (tmp_path / language / f"{name}.txt").write_text("{by}" if "by" in TEMPLATES[name] else "Hm.")
    texts = templates(TextsSettings(folder=tmp_path, language=language), language)
    reader = Reader(OPEN, texts, zone=ZoneInfo("Europe/Berlin"), language=language)
    case = build.case()
    said = Note(blocks=(Text(text=expected),))
    assert said == public.confirmation(case, build.NOW, reader, silence_ends=False)
    assert said == public.reminder(case, build.NOW, reader, silence_ends=True)


def test_the_public_reads_attributes_as_people_call_them() -> None:
    policy = OPEN.but(synonyms={"squad": "teamCode"})
    asked = ["mobilePhone", "department", "teamCode", "badgeColor", "Dept"]
    assert "mobile phone, department, squad, badgeColor and Dept" == build.reader(policy).names(asked)
    assert "Mobilnummer, Abteilung, squad, badgeColor und Dept" == build.reader(policy, language="de").names(asked)


def test_where_waits_are_short_times_are_told_to_the_second() -> None:
    reader = build.reader(OPEN.but(verify_for=10.0), zone=ZoneInfo("Europe/Berlin"))
    assert "2026-03-02 10:00:00 CET (09:00:00 UTC)" == reader.at(build.NOW)
