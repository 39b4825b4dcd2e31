"""Rows under a header with labels: one user or one attribute a row."""

from __future__ import annotations

import pytest

from workflows.model import Statement
from workflows.reading.statements import Stated
from workflows.reading.tables import rows_in
from workflows.reading.vocabulary import vocabulary_of

BO = Statement(user="bo", attribute="title", expected="Chief")


def read(text: str) -> list[Stated]:
    return list(rows_in(text.split("\n"), vocabulary_of({})).values())


def statements(text: str) -> list[Statement]:
    return [item for row in read(text) for item in row.statements]


@pytest.mark.parametrize(
    "text",
    [
        "User | New title\nbo | Chief",
        "| User | New title |\n|------|-----------|\n| bo | Chief |",
        "||User||New title||\n|bo|Chief|",
        "User\tNew title\nbo\tChief",
        "User; New title\nbo; Chief",
        "User     New title\nbo       Chief",
        "User | Attribute | Should be\nbo | title | Chief",
    ],
)
def test_a_row_states_a_value_of_its_user(text: str) -> None:
    assert statements(text) == [BO]


def test_a_row_knows_the_line_that_it_stands_in() -> None:
    found = rows_in(["Hello", "User | New title", "bo | Chief", "cy | Boss"], vocabulary_of({}))
    assert {line: row.users for line, row in found.items()} == {1: (), 2: ("bo",), 3: ("cy",)}


def test_an_old_value_is_no_expected_one() -> None:
    (item,) = statements("Attribute | Old | New\ntitle | Clerk | Chief")
    assert (item.expected, item.still) == ("Chief", "Clerk")


@pytest.mark.parametrize("cell", ["-", "see attachment", "Chief (wrong, I left)"])
def test_a_column_of_expected_values_without_one_that_can_be_used_leaves_it_open(cell: str) -> None:
    _, row = read(f"Attribute | Should be\ntitle | {cell}")
    assert (row.loose, [item.expected for item in row.statements]) == (True, [None])


def test_a_bare_column_names_its_attribute_and_states_nothing() -> None:
    _, row = read("User | Department\nbo | Sales")
    assert (row.statements, row.named) == ((), ("department",))


def test_an_attribute_without_a_value_is_named() -> None:
    assert statements("User | Attribute\nbo | title") == [Statement(user="bo", attribute="title")]


def test_cells_that_hold_nothing_are_left_out() -> None:
    assert statements("User | New title | New city\nbo | Chief | n/a") == [BO]


@pytest.mark.parametrize(
    "header", ["Name | Okta now | Should be", "Name | Okta | Soll", "Nom | Actuel | Nouveau", "Nombre | Antes | Nuevo"]
)
def test_a_column_of_names_beside_one_of_values_names_whose_they_are(header: str) -> None:
    told = statements(f"{header}\nBo Stone | Clerk | Chief\nEve Fox | Cook | Boss")
    assert [(item.user, item.expected) for item in told] == [("Bo Stone", "Chief"), ("Eve Fox", "Boss")]


@pytest.mark.parametrize("header", ["Agent | Old | New", "Joueur | Ancien | Nouveau", "Agent | Alt | Neu"])
def test_a_first_column_that_nobody_knows_names_whose_the_values_are(header: str) -> None:
    told = statements(f"{header}\nBo Stone | Clerk | Chief\nEve Fox | Cook | Boss")
    assert [(item.user, item.expected) for item in told] == [("Bo Stone", "Chief"), ("Eve Fox", "Boss")]


@pytest.mark.parametrize(
    "table",
    [
        "Item | Old | New\n4711 | Clerk | Chief",
        "Item | Old | New\nTitle | Clerk | Chief",
        "| | Old | New |\n| Bo Stone | Clerk | Chief |",
    ],
)
def test_a_first_column_without_a_name_above_or_in_it_names_nobody(table: str) -> None:
    assert [item.user for item in statements(table)] == [None]


@pytest.mark.parametrize(
    "header", ["            AD              Okta", "| | AD | Okta |", "Thing | AD | Okta", "ATTR;AD_VALUE;OKTA_VALUE"]
)
def test_below_a_header_that_tells_nothing_stand_the_attributes_names(header: str) -> None:
    told = statements(f"{header}\ndepartment  Field Sales  Sales\ntitle       (same)       (same)")
    assert [(item.attribute, item.expected, item.still) for item in told] == [("department", "Field Sales", "Sales")]


@pytest.mark.parametrize(
    "table",
    [
        "Attribute     Expected     Current\ntitle                      Clerk",
        "            AD              Okta\ntitle                       Clerk",
        "Attribute  Expected  Current\ntitle  Senior  Analyst  Clerk",
    ],
)
def test_of_columns_that_blanks_part_a_row_with_more_or_less_cells_states_nothing(table: str) -> None:
    assert read(table)[1:] == [Stated(loose=True)]


@pytest.mark.parametrize("table", ["Attribute | New value\nTitle |", "| Attribute | New value |\n| Title | |"])
def test_an_attribute_without_a_value_is_asked_about(table: str) -> None:
    assert [(item.attribute, item.expected) for item in statements(table)] == [("Title", None)]


def test_whoever_stands_beside_an_empty_cell_is_still_named() -> None:
    assert [row.users for row in read("User | Attribute | Expected\neve@example.com | title |")][1:] == [
        ("eve@example.com",)
    ]


def test_a_row_in_which_two_of_several_columns_agree_says_what_the_others_say() -> None:
    header = "User | New title | Old title | New department | Old department"
    told = statements(f"{header}\nbo | Chief | Clerk | Sales | Sales")
    assert [(item.attribute, item.expected) for item in told] == [("title", "Chief")]


def test_lines_with_aligned_colons_are_no_table() -> None:
    assert read("AD   title    : Chief\nOkta job name : Clerk") == []


@pytest.mark.parametrize(
    "header", ["Emp no | Name | New title", "Personalnummer | Name | Neuer Titel", "E-mail | Naam | Nieuwe functie"]
)
def test_what_identifies_somebody_beside_a_new_value_names_whose_it_is(header: str) -> None:
    told = statements(f"{header}\nBF190 | Bo Stone | Chief\nBF200 | Eve Fox | Boss")
    assert [(item.user, item.attribute, item.expected) for item in told] == [
        ("BF190", "title", "Chief"),
        ("BF200", "title", "Boss"),
    ]


def test_a_column_of_another_attribute_beside_a_new_value_is_asked_for_too() -> None:
    (_, row) = read("Name | New title | Department\nBo Stone | Chief | Sales")
    assert (row.users, row.named) == (("Bo Stone",), ("department",))


def test_words_end_a_table_and_empty_lines_do_not() -> None:
    assert len(read("User | New title\nbo | Chief\n\ncy | Boss\nThat is all.\ndi | Cook")) == 3


@pytest.mark.parametrize("text", ["Name | Age\nx | y", "a | b\nc | d", "bo | Chief", "User | Weather\nbo | rain"])
def test_a_table_without_labels_is_prose(text: str) -> None:
    assert read(text) == []


def test_a_list_of_names_has_a_person_a_line() -> None:
    assert [row.users for row in read("- Eve Stone: Sales\n- Tom Jones: Legal")] == [("Eve Stone",), ("Tom Jones",)]


def test_a_number_in_a_list_of_people_is_a_person() -> None:
    found = read("eve@example.com: Sales\nemployee 70044: Legal")
    assert [row.users for row in found] == [("eve@example.com",), ("70044",)]


@pytest.mark.parametrize("lines", ["Room 112: Sales\nRoom 113: Legal", "Value in source: 1\nValue in target: 2"])
def test_a_list_of_other_things_has_nobody(lines: str) -> None:
    assert read(lines) == []


def test_a_row_in_which_nothing_differs_states_nothing() -> None:
    assert statements("Attribute | AD | Okta\ntitle | Chief | Chief") == []
