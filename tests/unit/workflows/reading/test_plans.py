"""Days that a text names, in any language and order, and what it says of those to come, and of today."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from workflows.reading.plans import HALF_A_YEAR, SOON, Day, Plan, days_in, plan_in
from workflows.reading.spans import Line
from workflows.reading.vocabulary import vocabulary_of

TODAY = date(2026, 3, 2)
WORDS = vocabulary_of({})


def plan(*lines: str) -> Plan:
    return plan_in([Line(line, WORDS.hits(line)) for line in lines], TODAY)


def test_a_text_without_a_day_to_come_plans_nothing() -> None:
    assert plan("My title is wrong since 1 February. It will help.") == Plan()


def test_sentences_about_what_is_to_come_are_parted_from_the_rest() -> None:
    found = plan("My title is Cook.", "From 9 March I am Chief. Okta still shows Cook!")
    assert found == Plan(
        "2026-03-09", ("From 9 March I am Chief. ",), ("My title is Cook.", "Okta still shows Cook!"), True
    )


def test_a_sentence_that_names_a_day_to_come_belongs_to_the_plan_though_its_day_counts_by_another() -> None:
    found = plan("We move on Monday 9 March. It will be 9 March.")
    assert (found.sentences, found.rest) == (("We move on Monday 9 March. ", "It will be 9 March."), ())


def test_no_sentence_ends_within_brackets() -> None:
    assert plan("From 9 March Bo Stone (staff no. 4711, pers. K-12) is Chief. Okta shows Cook.").rest == (
        "Okta shows Cook.",
    )


def test_neither_a_day_with_a_full_stop_nor_an_abbreviation_ends_a_sentence() -> None:
    assert plan("Pr. 9. marts er jeg leder i Aarhus, indtil da medarbejder.").rest == ()


def test_a_day_up_to_which_something_is_wanted_is_no_plan() -> None:
    assert plan("I will need it until 9 March.", "My contract lasts till 9 March 2027.") == Plan()


@pytest.mark.parametrize("day", ["From Monday week (9 March)", "from Mon 9-Mar", "Ab Montag, 9. März, heißt es:"])
def test_between_from_and_a_day_the_day_of_the_week_may_stand(day: str) -> None:
    assert plan(f"{day} Bo Stone ist Chief in der Abteilung.").later == "2026-03-09"


@pytest.mark.parametrize("day", ["on 3-9 March", "as of Mon-09 March", "from 9-Mar"])
def test_a_day_behind_a_hyphen_is_heard(day: str) -> None:
    assert plan(f"My title changes to Analyst {day}.").later == "2026-03-09"


def test_what_stands_further_behind_from_is_no_plan() -> None:
    assert plan("From where I sit this was all done 9 March.").later is None


def test_months_are_known_as_austria_writes_them() -> None:
    assert [item.day for item in days("1. Jänner 2027")] == [date(2027, 1, 1)]


def test_a_month_counts_only_where_its_sentence_plans() -> None:
    assert plan("I will be Chief in June.").later == "2026-06-01"
    assert plan("Until then it is right. In June I was Cook.").later is None


def test_a_day_without_a_year_counts_where_the_next_sentence_plans() -> None:
    assert plan("Ada joins Plant Seven on Monday 9 March. The change is scheduled.").later == "2026-03-09"
    assert plan("The change is scheduled. It was 9 March when we asked. Thanks.").later is None


def days(text: str, today: date = TODAY) -> list[Day]:
    return list(days_in(text, today))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-05-04", date(2026, 5, 4)),
        ("2026/5/4", date(2026, 5, 4)),
        ("2026年5月4日", date(2026, 5, 4)),
        ("2026年 5月 4日", date(2026, 5, 4)),
        ("31.12.2026", date(2026, 12, 31)),
        ("12/31/2026", date(2026, 12, 31)),
        ("May 4th, 2027", date(2027, 5, 4)),
        ("4 May 2026", date(2026, 5, 4)),
        ("04-May-2026", date(2026, 5, 4)),
        ("4 - mei - 2026", date(2026, 5, 4)),
        ("4. März 2026", date(2026, 3, 4)),
        ("1er juin 2026", date(2026, 6, 1)),
        ("4 de mayo de 2026", date(2026, 5, 4)),
        ("5 maja 2026", date(2026, 5, 5)),
    ],
)
def test_a_day_with_its_year_is_read(text: str, day: date) -> None:
    assert [(item.day, item.dated) for item in days(f"It counts from {text} on")] == [(day, True)]


def test_of_two_readings_the_later_day_counts() -> None:
    assert [item.day for item in days("3/4/2026 and 4/3/2026")] == [date(2026, 4, 3), date(2026, 4, 3)]


def test_a_day_without_a_year_is_the_last_one_that_is_not_far_ahead() -> None:
    assert days("15 March") == [Day(0, date(2026, 3, 15), dated=False)]
    assert days("1 January") == [Day(0, date(2026, 1, 1), dated=False)]
    assert days("1 December") == [Day(0, date(2025, 12, 1), dated=False)]


def test_how_far_ahead_a_day_without_a_year_may_be_is_one_number() -> None:
    today = date(2026, 6, 1)
    last, next_one = today + SOON, today + SOON + timedelta(days=1)
    assert [item.day for item in days(f"{last:%d %B}", today)] == [last]
    assert [item.day for item in days(f"{next_one:%d %B}", today)] == [next_one.replace(year=2025)]


@pytest.mark.parametrize(
    "text", ["30 Feb 2026", "version 1.2.2026.4", "2026-13-01", "4711-2026", "May I", "99 May", "MAR-2030"]
)
def test_what_is_no_day_is_left_out(text: str) -> None:
    assert days(text) == []


def test_a_japanese_day_without_a_year_is_the_nearest_that_may_be_meant() -> None:
    assert [item.day for item in days("3月4日付", date(2026, 2, 20))] == [date(2026, 3, 4)]
    assert [item.day for item in days("12月16日付", date(2026, 2, 20))] == [date(2025, 12, 16)]


def test_a_day_knows_where_it_stands() -> None:
    assert [item.start for item in days("from 2026-05-04")] == [5]


def test_a_leap_day_without_a_year_is_the_last_one_that_was() -> None:
    assert [item.day for item in days("29 February", date(2028, 3, 1))] == [date(2028, 2, 29)]


@pytest.mark.parametrize("text", ["as of 15.01.2027.", "as of 01/15/27", "from 15-01-2027, please"])
def test_a_day_may_end_a_sentence_and_have_a_short_year(text: str) -> None:
    assert [str(item.day) for item in days_in(text, date(2026, 11, 29))] == ["2027-01-15"]


@pytest.mark.parametrize("text", ["in June 2026", "en juin 2026", "im Juni 2026", "em junho de 2026"])
def test_a_month_with_its_year_is_its_first_day(text: str) -> None:
    assert [(item.day, item.dated) for item in days(text)] == [(date(2026, 6, 1), True)]


def test_a_month_alone_is_a_day_only_where_something_is_planned_and_soon_enough() -> None:
    assert days("in June") == []
    assert [item.day for item in days_in("in June", TODAY, HALF_A_YEAR)] == [date(2026, 6, 1)]
    assert all(item.day < TODAY for item in days_in("since January", TODAY, HALF_A_YEAR))
    assert list(days_in("I may join", TODAY, HALF_A_YEAR)) == []
