"""What a text says of the days to come, and of today."""

from __future__ import annotations

from datetime import date

from workflows.reading.plans import Plan, plan_in
from workflows.reading.vocabulary import vocabulary_of

TODAY = date(2026, 3, 2)
WORDS = vocabulary_of({})


def plan(*lines: str) -> Plan:
    return plan_in(lines, [WORDS.hits(line) for line in lines], TODAY, WORDS)


def test_a_text_without_a_day_to_come_plans_nothing() -> None:
    assert plan("My title is wrong since 1 February. It will help.") == Plan()


def test_sentences_about_what_is_to_come_are_parted_from_the_rest() -> None:
    found = plan("My title is Cook.", "From 9 March I am Chief. Okta still shows Cook!")
    assert found == Plan(
        "2026-03-09", ("From 9 March I am Chief. ",), ("My title is Cook.", "Okta still shows Cook!"), True
    )


def test_a_sentence_that_names_a_day_to_come_belongs_to_the_plan_though_its_day_counts_by_another() -> None:
    found = plan("We move on Monday 9 March. Not before the 9th.")
    assert (found.sentences, found.rest) == (("We move on Monday 9 March. ", "Not before the 9th."), ())


def test_neither_a_day_with_a_full_stop_nor_an_abbreviation_ends_a_sentence() -> None:
    assert plan("Pr. 9. marts er jeg leder i Aarhus, indtil da medarbejder.").rest == ()


def test_a_day_up_to_which_something_is_wanted_is_no_plan() -> None:
    assert plan("I will need it until 9 March.", "My contract lasts till 9 March 2027.") == Plan()


def test_a_month_counts_only_where_its_sentence_plans() -> None:
    assert plan("I will be Chief in June.").later == "2026-06-01"
    assert plan("Until then it is right. In June I was Cook.").later is None
