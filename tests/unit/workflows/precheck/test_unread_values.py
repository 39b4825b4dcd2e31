"""A ticket that seems to state a value which was not read is not served by a third one that the copy holds."""

from __future__ import annotations

from typing import Any

import pytest

from tests.tickets.verdicts import judged
from workflows.model import VerdictKind as V

QUESTIONS = {V.CANNOT_TELL, V.NEEDS_INFORMATION}


@pytest.mark.parametrize(
    "text",
    [
        "I'm a Program Manager now, but my title in Okta is still Coordinator.",
        "Title is outdated: Coordinator. Since May: Program Manager.",
        "HR made my title Program Manager, Okta did not follow.",
        "Can you update my title? I work as Program Manager since summer.",
        "Mon intitulé de poste est faux : Program Manager depuis mai.",
        "WHY IS MY TITLE STILL WRONG. HEAD OF PROCUREMENT. FIX IT",
        'my title is wrong, "program manager" it says in my letter',
        "title is Coordinator, grade 4711",
        "正しくは Program Manager です",
    ],
)
def test_a_third_value_is_asked_about(text: str) -> None:
    assert judged(text, {"title": "Coordinator"}, {"title": "Team Member"}).kind in QUESTIONS


@pytest.mark.parametrize(
    "text",
    [
        "My title is not updating.",
        "Hi team, my title in Okta is old, HR changed it in Workday on Friday. Could someone have a look?",
        "my title in Okta is still Coordinator",
        "Okta still says Coordinator, I am now a Team Member",
        "Please fix my title, see INC0012345 of 2026-03-01.",
    ],
)
def test_a_complaint_without_another_value_is_served_by_the_copy(text: str) -> None:
    verdict = judged(text, {"title": "Coordinator"}, {"title": "Team Member"})
    assert (V.STALE_IN_OKTA, "title") == (verdict.kind, verdict.attribute)


@pytest.mark.parametrize(
    ("text", "okta", "copy"),
    [
        (
            "Title -> Sales Lead / Department -> Partner Sales",
            {"title": "Rep", "department": "Sales"},
            {"title": "Sales Lead", "department": "Sales"},
        ),
        (
            "title -> Chief of Design / city -> Oslo",
            {"title": "Head", "city": "Bern"},
            {"title": "Head", "city": "Oslo"},
        ),
        ("Adela Byrne and I moved to Oslo, our city is still Bern", {"city": "Bern"}, {"city": "Oslo"}),
        ("Please add me to the Finance group in Okta", {"department": "Sales"}, {"department": "Finance"}),
        ("I need access to the Finance share", {"department": "Sales"}, {"department": "Finance"}),
        (
            "Title did not update. Manager Bob Ray approved.",
            {"title": "Clerk", "manager": "Al Fox"},
            {"title": "Clerk", "manager": "Bob Ray"},
        ),
        ("HR changed my department to Tax but I asked them not to.", {"department": "Sales"}, {"department": "Tax"}),
    ],
)
def test_what_is_only_half_understood_or_about_something_else_is_not_served(
    text: str, okta: dict[str, Any], copy: dict[str, Any]
) -> None:
    assert judged(text, okta, copy).kind in QUESTIONS


def test_an_old_value_says_which_attribute_a_change_was_of() -> None:
    text = "Moved from Sales to Legal, Okta not updated. City Oslo"
    verdict = judged(text, {"department": "Sales", "city": "Oslo"}, {"department": "Legal", "city": "Oslo"})
    assert (V.STALE_IN_OKTA, "department") == (verdict.kind, verdict.attribute)


@pytest.mark.parametrize("text", ["my new mobile is 765 555 0131", "my mobile should be (765) 555-0131"])
def test_a_telephone_number_is_the_same_however_it_is_written(text: str) -> None:
    held = {"mobilePhone": "+1 765-555-0131"}
    verdict = judged(text, {"mobilePhone": "+1 765-555-9999"}, held)
    assert (V.STALE_IN_OKTA, "mobilePhone") == (verdict.kind, verdict.attribute)
