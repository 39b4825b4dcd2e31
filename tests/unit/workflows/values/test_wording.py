"""Near names and numbers, as sentences write them."""

from __future__ import annotations

from workflows.values.wording import capital, counted, instead, near, near_ones


def test_a_number_has_its_noun_in_the_singular_or_the_plural() -> None:
    assert ("1 ticket", "0 tickets", "2 tickets") == tuple(counted(number, "ticket") for number in (1, 0, 2))


def test_a_typing_error_is_near_and_another_word_is_not() -> None:
    assert ["Directory Team"] == near("directory taem", ["Directory Team", "Payroll"])
    assert near_ones("xyz", ["Payroll"]) == ""


def test_few_names_are_all_listed_and_of_many_only_the_near_ones() -> None:
    assert "; near ones: 'Payroll'; it has: Payroll, Sales" == instead("Payrol", ["Payroll", "Sales"])
    assert instead("Payrol", map(str, range(30))).endswith("; it has 30 others")


def test_a_sentence_begins_with_a_capital_and_the_product_with_its_own_letter() -> None:
    assert capital("the copy is old") == "The copy is old"
    assert capital("forcesync goes on") == "forcesync goes on"
