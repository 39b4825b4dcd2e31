"""The words of all languages: what a label asks for, and which entries stand in a text."""

from __future__ import annotations

import pytest

from workflows.reading.vocabulary import Label, vocabulary_of

WORDS = vocabulary_of({})


def found(text: str, field: str = "attributes") -> list[str]:
    return [text[hit.start : hit.end] for hit in WORDS.hits(text) if hit.field == field]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("User", Label("user")),
        ("Affected user's email:", Label("user")),
        ("* Attribute", Label("attribute")),
        ("New", Label("expected")),
        ("should be", Label("expected")),
        ("New department", Label("expected", ("department",))),
        ("Department (should be)", Label("expected", ("department",))),
        ("Neue Abteilung", Label("expected", ("department",))),
        ("Okta shows", Label("current")),
        ("Old title", Label("current", ("title",))),
        ("Effective date", Label("effective")),
        ("Department", Label("bare", ("department",))),
        ("Name", Label("bare", ("displayName", "firstName", "lastName"))),
    ],
)
def test_a_label_asks_for_one_kind_of_thing(text: str, label: Label) -> None:
    assert label == WORDS.label(text)


@pytest.mark.parametrize("text", ["", "Weather", "New weather", "my department is", "department or"])
def test_other_words_are_no_label(text: str) -> None:
    assert WORDS.label(text) is None


def test_names_are_found_as_whole_words_in_any_case() -> None:
    assert found("My JOB-TITLE and department are old") == ["JOB-TITLE", "department"]
    assert found("departmental entitled") == []


def test_of_one_fields_entries_at_a_place_the_longest_counts() -> None:
    assert found("the email address") == ["email address"]


def test_a_star_stands_for_any_ending() -> None:
    assert found("it is not updating", "profile_words") == ["not updating"]


def test_an_attributes_own_name_is_one_of_its_names() -> None:
    assert WORDS.attributes_of("costcenter") == ("costCenter",)
    assert WORDS.attributes_of("SN") == ("lastName",)


def test_unspaced_scripts_are_found_inside_a_run_of_signs() -> None:
    assert found("部署が違います") == ["部署"]
    assert found("Oktaの部署が違います", "profile_words") == ["Okta"]


@pytest.mark.parametrize("address", ["i.fox@example.com", "https://example.com/my/title"])
def test_what_stands_in_an_address_is_no_word(address: str) -> None:
    assert {hit.field for hit in WORDS.hits(f"see {address}")}.isdisjoint({"oneself", "attributes"})


def test_a_language_counts_where_a_text_speaks_it() -> None:
    assert found("Die Abteilung und die Kostenstelle sind falsch") == ["Abteilung", "Kostenstelle"]
    assert found("I live by the sea") == []  # "by" is a Danish town


def test_the_settings_word_means_one_attribute_alone() -> None:
    own = vocabulary_of({"department": "division", "pay grade": "title"})
    assert own.attributes_of("department") == ("division",)
    assert [hit.attributes for hit in own.hits("department, pay grade") if hit.field == "attributes"] == [
        ("division",),
        ("title",),
    ]


@pytest.mark.parametrize("word", ["grade *", "grade*", "* grade"])
def test_a_star_in_the_settings_word_stands_for_nothing(word: str) -> None:
    hits = vocabulary_of({word: "title"}).hits("My grade is wrong, and graded.")
    assert [(3, 8)] == [(hit.start, hit.end) for hit in hits if hit.field == "attributes"]


def test_a_vocabulary_is_built_once() -> None:
    assert vocabulary_of({"a": "title", "b": "city"}) is vocabulary_of({"b": "city", "a": "title"})


def test_a_whole_text_is_compared_without_its_marks() -> None:
    assert WORDS.is_one_of("yes", "Yes, it is!")
    assert WORDS.is_one_of("no_value", "N/A")
    assert not WORDS.is_one_of("yes", "Yes, but the city is wrong")


def test_a_line_with_one_word_is_read_in_the_languages_of_the_whole_ticket() -> None:
    spoken = WORDS.spoken(["Meine Abteilung in Okta ist alt, im AD steht eine andere.", "Okta ist richtig."])
    assert [hit.field for hit in WORDS.hits("Okta ist richtig.", spoken) if hit.field == "guard"] == ["guard"]
