"""Everybody whom the prose may be about; whether there is such a user, Okta knows."""

from __future__ import annotations

import pytest

from workflows.model import CandidateKind as K
from workflows.reading.candidates import MOST, in_prose
from workflows.reading.spans import Line
from workflows.reading.vocabulary import vocabulary_of


def told(text: str) -> list[tuple[str, K]]:
    words = vocabulary_of({})
    lines = [Line(line, words.hits(line)) for line in text.split("\n")]
    return [(item.text, item.kind) for item in in_prose(lines, words)]


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("The title of ada.byron@example.com.", "ada.byron@example.com"),
        ("Ada <ada@example.com>", "ada@example.com"),
        ("o'neil@example.org, please", "o'neil@example.org"),
    ],
)
def test_every_address_is_an_identifier(text: str, address: str) -> None:
    assert (address, K.IDENTIFIER) in told(text)


@pytest.mark.parametrize(
    "text", ["my colleague Bo Stone is", "User: Bo Stone has", "the profile of Bo Stone", "Mr Bo Stone"]
)
def test_a_name_behind_a_word_for_a_person_is_a_name(text: str) -> None:
    assert told(text) == [("Bo Stone", K.NAME)]


@pytest.mark.parametrize("text", ["Ms. Bo Stone", "Dr. Bo Stone"])
def test_a_name_behind_a_title_with_a_full_stop_is_a_name(text: str) -> None:
    assert told(text) == [("Bo Stone", K.NAME)]


@pytest.mark.parametrize("text", ["Bo Stone is on leave", "Human Resources", "for Bo", "for the Sales Team"])
def test_other_capitalized_words_are_no_name(text: str) -> None:
    assert told(text) == []


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("user bstone has a wrong title", "bstone"),
        ("Bo Stone (bstone) joined", "bstone"),
        ("Bo Stone (4711) joined", "4711"),
        ("bstone1", "bstone1"),
        ("1. bstone: wrong title", "bstone"),
        ("the employee K-4711 has a wrong title", "K-4711"),
        ("o colaborador n.º CV4711 informa que o cargo dele no perfil ainda é o antigo", "CV4711"),
    ],
)
def test_what_may_be_a_login_or_a_number_is_a_word(text: str, word: str) -> None:
    assert told(text) == [(word, K.WORD)]


def test_a_number_before_a_name_is_no_part_of_it() -> None:
    found = told("SB10021 Padma Rangan 60314")
    assert ("Padma Rangan", K.GUESS) in found
    assert not any("SB10021 " in text for text, _ in found)


def test_a_noun_with_a_capital_may_stand_before_a_name() -> None:
    assert ("Finja Mertens", K.GUESS) in told("Für die Mechatronikerin Finja Mertens gilt das.")


@pytest.mark.parametrize("login", ["ada.byron", "ada.king-noel"])
def test_what_is_written_like_a_login_may_be_one(login: str) -> None:
    assert told(f"部下({login}):") == [(login, K.GUESS)]


@pytest.mark.parametrize(
    "text", ["see example.com", "https://jobs.example.net", "see a.b.c now", "it is v1.stable now"]
)
def test_what_is_a_host_or_goes_on_is_no_login(text: str) -> None:
    assert told(text) == []


def test_a_name_ends_with_its_genitive() -> None:
    assert ("Finja Mertens", K.GUESS) in told("Hello, I'm Finja Mertens's PA.")
    assert told("my colleague Bo Stone's Okta profile") == [("Bo Stone", K.NAME)]


def test_what_holds_the_products_name_is_nobody() -> None:
    assert told("mi perfil de Okta NO coincide") == []


def test_a_word_that_a_language_knows_is_nobody() -> None:
    assert told("user profile\nthanks\nfor city") == []


def test_everybody_is_told_once_and_identifiers_come_first() -> None:
    text = "colleague Bo Stone, user bstone, bo@example.com\nbo@example.com, user bstone and colleague Bo Stone"
    assert told(text) == [("bo@example.com", K.IDENTIFIER), ("bstone", K.WORD), ("Bo Stone", K.NAME)]


def test_words_are_told_in_the_order_of_their_places() -> None:
    assert [word for word, _ in told("user bstone, colleague tjones, user cfox")] == ["bstone", "tjones", "cfox"]


def test_no_more_are_told_than_are_looked_up() -> None:
    assert len(told(" ".join(f"u{number}@example.com" for number in range(99)))) == MOST
