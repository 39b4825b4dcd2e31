"""Journals are read whatever date format the account has, as its record's own times show it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from connectors.servicenow.journals import comments_from_history

UPDATED = datetime(2026, 7, 13, 8, 19, 7, tzinfo=UTC)
WRITTEN = datetime(2026, 7, 5, 7, 5, tzinfo=UTC)
FORMS = (
    *("%Y-%m-%d %H:%M:%S", "%d-%m-%Y %H:%M:%S", "%m-%d-%Y %H:%M:%S", "%d.%m.%Y %H:%M:%S", "%d/%m/%Y %H:%M:%S"),
    *("%m/%d/%Y %I:%M:%S %p", "%d-%b-%Y %H:%M:%S", "%m/%d/%Y %H:%M", "%Y/%m/%d %H:%M:%S"),
)


def record(form: str, *written: datetime, ahead: timedelta = timedelta(hours=2)) -> dict[str, dict[str, str]]:
    """Return a record as an account with this date format sees it, its newest entry first."""
    heads = [f"{at + ahead:{form}} - Ada Byron (Zusätzliche Kommentare)\nText {n}\n" for n, at in enumerate(written)]
    times = {"value": f"{UPDATED:%Y-%m-%d %H:%M:%S}", "display_value": f"{UPDATED + ahead:{form}}"}
    return {"sys_updated_on": times, "comments": {"value": "", "display_value": "\n".join(heads)}}


@pytest.mark.parametrize("form", FORMS)
def test_an_entry_has_its_time_in_utc(form: str) -> None:
    found = comments_from_history(record(form, WRITTEN), "Forcesync", UPDATED)
    assert [(item.created, item.author.name, item.body) for item in found] == [(WRITTEN, "Ada Byron", "Text 0")]


@pytest.mark.parametrize("form", ["%d/%m/%Y %H:%M:%S", "%m/%d/%Y %H:%M:%S"])
def test_where_day_and_month_could_be_exchanged_the_order_of_the_entries_decides(form: str) -> None:
    written = [datetime(2026, 7, 7, 6, 0, tzinfo=UTC), datetime(2026, 7, 3, 6, 0, tzinfo=UTC)]
    written.append(datetime(2026, 6, 8, 6, 0, tzinfo=UTC))
    shown = record(form, *written)
    same = datetime(2026, 7, 7, 8, 0, tzinfo=UTC)
    shown["sys_updated_on"] = {
        "value": f"{same:%Y-%m-%d %H:%M:%S}",
        "display_value": f"{same + timedelta(hours=2):{form}}",
    }
    assert [item.created for item in comments_from_history(shown, "Forcesync", same)] == sorted(written)


def test_a_line_that_only_looks_like_the_beginning_of_an_entry_is_text() -> None:
    shown = record("%d.%m.%Y %H:%M:%S", WRITTEN)
    shown["comments"]["display_value"] += "meeting at noon - Robin (by phone)\n"
    (found,) = comments_from_history(shown, "Forcesync", UPDATED)
    assert found.body.endswith("meeting at noon - Robin (by phone)")
