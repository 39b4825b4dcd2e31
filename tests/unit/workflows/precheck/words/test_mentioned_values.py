"""Words that lead astray: parts of values, remarks behind values, and what is called right in passing."""

from __future__ import annotations

import pytest

from tests.tickets.verdicts import judged
from tests.unit import builders as build
from workflows.model import VerdictKind as V
from workflows.reading.intake import understand

TITLE = {"title": "Clerk"}, {"title": "Editor"}


@pytest.mark.parametrize(
    ("okta", "copy"),
    [
        ({"title": "Manager"}, {"title": "Senior Manager"}),
        ({"title": "Account Manager"}, {"title": "Manager"}),
        ({"title": "Manager"}, {"title": "Account Manager"}),
    ],
)
def test_a_ticket_about_the_manager_is_not_served_by_a_title(okta: dict[str, str], copy: dict[str, str]) -> None:
    verdict = judged("My manager is wrong in Okta.", okta | {"manager": "Ann Lee"}, copy | {"manager": "Bo Day"})
    assert (V.STALE_IN_OKTA, ["manager"]) == (verdict.kind, [item.attribute for item in verdict.expectations])
    assert V.CANNOT_TELL is judged("My manager is wrong in Okta.", okta, copy).kind


def test_a_word_inside_a_longer_value_names_no_attribute() -> None:
    text = "I am Account Manager since May, and okta still says Sales Clerk as my title."
    verdict = judged(text, {"title": "Sales Clerk"}, {"title": "Account Manager"})
    assert ["title"] == [item.attribute for item in verdict.expectations]


@pytest.mark.parametrize("remark", ["not correct", "typo, wrong", "this value is wrong, please keep Okta"])
def test_a_value_that_the_ticket_calls_wrong_is_not_brought(remark: str) -> None:
    text = f"Attribute: title\nOkta: Clerk\nAD: Editor ({remark})"
    assert V.STALE_IN_OKTA is not judged(text, *TITLE).kind


def test_the_value_that_a_form_calls_right_is_the_wanted_one() -> None:
    (request,) = understand(build.ticket(description="Field: title\nOkta: Clerk (correct!)\nLDAP: Editor"), {})
    assert [("Clerk", "Editor")] == [(want.expected, want.still) for want in request.wants]


@pytest.mark.parametrize(
    "aside",
    [
        "Please make sure the title is correct by Monday.",
        "My title is correct in Outlook and SAP.",
        "Please check that my title is correct.",
        "On my badge the title is right.",
    ],
)
def test_what_is_called_right_elsewhere_is_still_wanted(aside: str) -> None:
    (request,) = understand(build.ticket(description=f"My title should be Editor. {aside}"), {})
    assert [("title", "Editor")] == [(want.attribute, want.expected) for want in request.wants]


def test_what_has_come_right_in_the_meantime_is_not_wanted() -> None:
    text = "My department should be Tax, my city should be Bath.\n\nUpdate: city is OK in the meantime."
    (request,) = understand(build.ticket(description=text), {})
    assert [("department", "Tax")] == [(want.attribute, want.expected) for want in request.wants]


@pytest.mark.parametrize(
    ("expected", "actual", "wants"),
    [
        ("Department is Tax.", "Department is Sales.", [("Department", "Tax", "Sales")]),
        ("title: Editor", "title: Clerk", [("title", "Editor", "Clerk")]),
        ("Manager is able to see my profile", "Manager is not able", []),
    ],
)
def test_a_bug_report_names_the_attribute_within_its_values(
    expected: str, actual: str, wants: list[tuple[str, str, str]]
) -> None:
    (request,) = understand(build.ticket(description=f"Expected: {expected}\nActual: {actual}"), {})
    named = [(want.attribute, want.expected, want.still) for want in request.wants if want.attribute]
    assert wants == named


def test_contacts_are_not_the_affected_users_of_a_ticket_about_its_writer() -> None:
    text = "Contacts for questions:\nada.roe@example.com: HR\nbob.lux@example.com: IT\n\nMy title should be Editor."
    requests = understand(build.ticket(description=text), {})
    assert [None] == [request.user for request in requests]
    assert {"ada.roe@example.com", "bob.lux@example.com"} <= set(requests[0].unclear)


def test_a_list_with_an_empty_line_states_no_value_for_it() -> None:
    text = "Title should be as below:\nada.roe@example.com -> Editor\nbob.lux@example.com -> "
    assert ">" not in str(understand(build.ticket(description=text), {}))


def test_a_short_row_of_a_comparison_is_not_one_of_people() -> None:
    text = "User | Okta | AD | Attribute\nada.roe@example.com | Sales"
    requests = understand(build.ticket(description=text), {})
    assert [] == [want.attribute for request in requests for want in request.wants if want.attribute == "still"]


def test_a_month_before_a_value_is_no_part_of_it() -> None:
    verdict = judged(
        "Ich bin seit Mai Team Lead, in Okta steht noch Clerk.", {"title": "Clerk"}, {"title": "Team Lead"}
    )
    assert (V.STALE_IN_OKTA, ["title"]) == (verdict.kind, [item.attribute for item in verdict.expectations])


def test_a_staff_number_may_begin_with_letters_and_a_dash() -> None:
    (request,) = understand(build.ticket(description="Employee number EN-742195: mobile should be +1 555 0199"), {})
    assert "EN-742195" == request.user
