"""Telephone numbers are compared as people write them, and never by their last digits alone."""

from __future__ import annotations

import pytest

from workflows.values.comparing import begins_with, may_want_its_case, means

LONDON = [
    "+44 20 7946 0000",
    "+44 (0)20 7946 0000",
    "0044 20 79460000",
    "(020) 7946-0000",
    "+442079460000",
    "020.7946.0000",
    "020/79460000",
]


@pytest.mark.parametrize("written", LONDON)
@pytest.mark.parametrize("held", LONDON)
def test_one_number_in_its_usual_forms(written: str, held: str) -> None:
    assert means(written, held)


@pytest.mark.parametrize(
    ("written", "held"),
    [
        ("5550100", "+1 202 555 0100"),
        ("5550100", "+44 20 555 0100"),
        ("5550100", "(202) 555-0100"),
        ("7946 0000", "+44 20 7946 0000"),
        ("+49 20 7946 0000", "+44 20 7946 0000"),
        ("+1 202 555 0100", "+1 302 555 0100"),
        ("+44 20 7946 0001", "+44 (0)20 7946 0000"),
    ],
)
def test_another_number(written: str, held: str) -> None:
    assert not means(written, held)
    assert not means(held, written)


@pytest.mark.parametrize(
    ("written", "held"),
    [
        ("0170 5550199", "+49 (170) 555-0199"),
        ("202-555-0100", "+1 (202) 555-0100"),
        ("+1 202 555 0100", "12025550100"),
        ("06 1234 5678", "+39 06 1234 5678"),
        ("081 234 5678", "+353 81 234 5678"),
    ],
)
def test_a_number_without_its_country_code(written: str, held: str) -> None:
    assert means(written, held)
    assert means(held, written)


@pytest.mark.parametrize(("written", "held"), [("0012345678", "12345678"), ("10.20.30.4", "010203 04")])
def test_without_a_country_code_a_leading_zero_tells_numbers_apart(written: str, held: str) -> None:
    assert not means(written, held)


@pytest.mark.parametrize(
    ("stated", "held", "meant"),
    [
        ("40250 checked in ADUC", "40250", True),
        ("Director, Finance", "Director", True),
        ("Sales 2 North", "Sales 2", False),
        ("Sales 2 and not this", "Sales 2", False),
        ("402501", "40250", False),
    ],
)
def test_more_behind_a_value_is_a_remark_of_a_number_and_part_of_a_name(stated: str, held: str, meant: bool) -> None:
    assert meant is begins_with(stated, held)


@pytest.mark.parametrize(
    ("stated", "held", "still", "wanted"),
    [
        ("HR", "Hr", None, True),
        ("UK IT", "Uk It", None, True),
        ("McDonald", "Mcdonald", "Mcdonald", True),
        ("finance", "Finance", "FINANCE", True),
        ("FINANCE", "Finance", None, False),
        ("it", "IT", None, False),
        ("HR", "HR", "Hr", False),
        ("HR", "Sales", "Hr", False),
        ("finance", "Finance", "Sales", False),
    ],
)
def test_the_letters_case_may_be_what_is_wanted(stated: str, held: str, still: str | None, *, wanted: bool) -> None:
    assert may_want_its_case(stated, held, still) == wanted
