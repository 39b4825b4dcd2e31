"""What is shown of values and of untrusted text."""

from __future__ import annotations

import pytest
from pydantic import JsonValue

from workflows.model import Policy
from workflows.values.masking import Hidden, display, masked, plain, shown


@pytest.mark.parametrize("value", ["+49 151 2345678", "Ada Byron", "12345", "abcd", "x"])
def test_a_masked_value_cannot_be_read(value: str) -> None:
    assert value not in masked(value)


def test_null_empty_and_text_stay_apart() -> None:
    assert [shown(None), shown(""), shown("text")] == ["(not set)", "(empty)", "text"]
    assert [masked(None), masked("")] == ["(not set)", "(empty)"]


def test_only_open_attributes_are_shown() -> None:
    policy = Policy(open_attributes=frozenset({"department"}), never_attributes=frozenset({"nationalId"}))
    assert display("department", "Finance", policy) == "Finance"
    assert "Finance" not in display("manager", "Finance", policy)
    assert display("nationalId", "12-34", policy) == "(withheld)"


def test_known_values_are_hidden_in_the_sentences_of_others() -> None:
    policy = Policy(open_attributes=frozenset({"department"}), never_attributes=frozenset({"nationalId"}))
    profile: dict[str, JsonValue] = {
        "department": "Sales",
        "nationalId": "12-34-56",
        "mobilePhone": "+49 170 5550199",
        "tags": ["Blue Team"],
    }
    hide = Hidden([profile], policy)
    told = hide("12-34-56 is taken, Sales of the BLUE TEAM may not call +49 170 5550199; Bluer Teams may")
    assert told == "(withheld) is taken, Sales of the B•••••••m may not call +•••••••••••••9; Bluer Teams may"


def test_an_open_value_stays_although_a_masked_attribute_holds_the_same() -> None:
    hide = Hidden([{"department": "Finance", "division": "Finance"}], Policy(open_attributes=frozenset({"department"})))
    assert hide("Finance") == "Finance"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("Weiß", "Weiß moved"),
        ("Großmann", "Herr Großmann moved"),
        ("İnci", "İnci moved"),
        ("Ada  Byron", "Ada Byron moved"),
    ],
)
def test_a_value_is_hidden_whatever_letters_and_spaces_it_is_written_with(value: str, text: str) -> None:
    told = Hidden([{"lastName": value}], Policy())(text)
    assert "•" in told
    assert " ".join(value.split()) not in told


def test_addresses_are_masked_where_that_is_asked_for() -> None:
    assert "eve@example.com" not in Hidden([], Policy(), addresses=True)("changed by eve@example.com")
    assert Hidden([], Policy())("changed by eve@example.com") == "changed by eve@example.com"


def test_plain_text_is_one_line_without_directions_and_short() -> None:
    assert plain("a\r\nb\x00\u202e \u200bc", 50) == "a b c"
    assert len(plain("x" * 100, 10)) == 10
