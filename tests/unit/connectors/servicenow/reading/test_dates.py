"""Journals are read whatever date format the account has, as its record's own times show it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from connectors.servicenow.reading.dates import Shown, order_in
from connectors.servicenow.reading.history import Authors, UnclearForm, comments_from_history

UPDATED = datetime(2026, 7, 13, 8, 19, 7, tzinfo=UTC)
WRITTEN = datetime(2026, 7, 5, 7, 5, tzinfo=UTC)
OURS = Authors("Forcesync")
FORMS = (
    *("%Y-%m-%d %H:%M:%S", "%d-%m-%Y %H:%M:%S", "%m-%d-%Y %H:%M:%S", "%d.%m.%Y %H:%M:%S", "%d/%m/%Y %H:%M:%S"),
    *("%m/%d/%Y %I:%M:%S %p", "%d-%b-%Y %H:%M:%S", "%m/%d/%Y %H:%M", "%Y/%m/%d %H:%M:%S", "%d.%m.%y %H:%M:%S"),
)


def record(form: str, *written: datetime, ahead: timedelta = timedelta(hours=2)) -> dict[str, dict[str, str]]:
    """Return a record as an account with this date format sees it, its newest entry first."""
    heads = [f"{at + ahead:{form}} - Ada Byron (Zusätzliche Kommentare)\nText {n}\n" for n, at in enumerate(written)]
    times = {"value": f"{UPDATED:%Y-%m-%d %H:%M:%S}", "display_value": f"{UPDATED + ahead:{form}}"}
    return {"sys_updated_on": times, "comments": {"value": "", "display_value": "\n".join(heads)}}


@pytest.mark.parametrize("form", FORMS)
def test_an_entry_has_its_time_in_utc(form: str) -> None:
    found = comments_from_history(record(form, WRITTEN), OURS, UPDATED)
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
    assert [item.created for item in comments_from_history(shown, OURS, same)] == sorted(written)


def test_a_line_that_only_looks_like_the_beginning_of_an_entry_is_text() -> None:
    shown = record("%d.%m.%Y %H:%M:%S", WRITTEN)
    shown["comments"]["display_value"] += "meeting at noon - Robin (by phone)\n"
    (found,) = comments_from_history(shown, OURS, UPDATED)
    assert found.body.endswith("meeting at noon - Robin (by phone)")


@pytest.mark.parametrize(
    ("order", "text"),
    [
        ("dmy", "26-09-2019 09.19.11 PM"),
        ("mdy", "09/26/19 21:19:11"),
        ("dmy", "26-Sep-19 9:19:11 p. m."),
        ("dmy", "26 September 2019 21:19:11"),
        ("mdy", "Sep 26, 2019, 9:19:11\u202fPM"),
        ("dmy", "26-sept.-2019 21:19:11"),
        ("dmy", "26.9.2019, 21:19:11"),
        ("ymd", "2019年09月26日 21:19:11"),
        ("ymd", "2019-09-26 下午9:19:11"),
        ("ymd", "2019-09-26T21:19:11"),
        ("ymd", "2019-09-26 21:19:11 PM"),
    ],
)
def test_a_time_is_read_in_every_form_that_a_profile_can_have(order: str, text: str) -> None:
    assert Shown(order, None).read(text) == datetime(2019, 9, 26, 21, 19, 11)  # noqa: DTZ001  # as it is shown


@pytest.mark.parametrize(("month", "name"), [(5, "Mai"), (10, "Okt"), (2, "févr."), (12, "дек."), (8, "sierpnia")])
def test_months_are_read_in_the_readers_language(month: int, name: str) -> None:
    assert Shown("dmy", None).read(f"26-{name}-2019 21:19:11") == datetime(2019, month, 26, 21, 19, 11)  # noqa: DTZ001


@pytest.mark.parametrize(
    "text", ["9" * 30 + "-1-1 1:1", "26 of 2019 21:19", "1 2 3 4 5 6 7 8", "- - - - -", "𐩀-1-1 1:1"]
)
def test_what_is_no_time_is_not_read(text: str) -> None:
    assert Shown("ymd", None).read(text) is None


def test_what_cannot_be_told_apart_needs_the_order_of_the_format() -> None:
    twice = datetime(2026, 4, 4, 8, 0, tzinfo=UTC)
    shown = record("%d/%m/%Y %H:%M:%S", datetime(2026, 3, 2, 9, 0, tzinfo=UTC), ahead=timedelta(0))
    at = {"value": f"{twice:%Y-%m-%d %H:%M:%S}", "display_value": f"{twice:%d/%m/%Y %H:%M:%S}"}
    shown["sys_updated_on"] = at
    with pytest.raises(UnclearForm):
        comments_from_history(shown, OURS, twice)
    found = [comments_from_history(shown, OURS, twice, order)[0].created for order in ("dmy", "mdy")]
    assert [(item.month, item.day) for item in found] == [(3, 2), (2, 3)]


def test_two_times_that_lie_differently_from_utc_are_of_no_form() -> None:
    """An hour of twelve without its half of the day."""
    shown = record("%Y-%m-%d %I:%M:%S", WRITTEN)
    shown["sys_created_on"] = {"value": "2026-07-13 20:00:00", "display_value": "2026-07-13 10:00:00"}
    assert comments_from_history(shown, OURS, UPDATED) == ()


@pytest.mark.parametrize(
    ("pattern", "order"),
    [("dd/MM/yyyy", "dmy"), ("MMM d, yyyy", "mdy"), ("yyyy-MM-dd", "ymd"), ("HH:mm", ""), ("", "")],
)
def test_the_order_of_a_date_format_is_read(pattern: str, order: str) -> None:
    assert order_in(pattern) == order
