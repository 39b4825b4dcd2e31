"""What is resolved as soon as it was seen, and what its requester has to confirm."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit import builders as build
from workflows.model import MappingRule, Reading, Request, Statement, Verdict
from workflows.model import VerdictKind as V
from workflows.precheck.table import judge

CLERK = build.okta_user({"title": "Account Clerk"})
CHIEF = build.app_user({"title": "Chief Planner"})
NUMBER = {"employeeNumber": "70911"}
NUMBERED = {
    "users": (build.okta_user({"title": "Account Clerk"} | NUMBER),),
    "app_users": (build.app_user({"title": "Chief Planner"} | NUMBER),),
    "mapping": build.mapping(
        employeeNumber=MappingRule(attribute="employeeNumber", expression="appuser.employeeNumber")
    ),
}

AGREEING = {"department": "Sales", "email": "ada@example.com"}
BESIDE_OTHERS = {
    "users": (build.okta_user({"title": "Account Clerk"} | AGREEING),),
    "app_users": (build.app_user({"title": "Chief Planner"} | AGREEING),),
    "mapping": build.mapping(
        **{name: MappingRule(attribute=name, expression=f"appuser.{name}") for name in ("title", *AGREEING)}
    ),
}


def judged(*words: str, request: Request | None = None, **facts: Any) -> Verdict:
    """Judge a ticket about Ada, who is Account Clerk in Okta and Chief Planner in the directory."""
    values = {"users": (CLERK,), "app_users": (CHIEF,), "request": request or Request(), "words": words}
    return judge(build.facts(**values | facts), {})


def is_firm(*words: str, **facts: Any) -> bool:
    verdict = judged(*words, **facts)
    assert verdict.kind == V.STALE_IN_OKTA
    assert [item.value for item in verdict.expectations if item.attribute == "title"] == ["Chief Planner"]
    return verdict.firm


def stating(*statements: Statement, named: tuple[str, ...] = ()) -> Request:
    return Request(statements=statements, named=named)


def test_a_remark_in_brackets_behind_a_value_makes_it_no_less_one() -> None:
    assert is_firm(request=build.asking("title", expected="Chief Planner (checked in AD)"))
    assert not is_firm(request=build.asking("title", expected="what AD has (Chief Planner)"))


def test_a_stated_value_that_the_copy_holds_is_firm() -> None:
    assert is_firm(request=build.asking("title", expected="Chief Planner"))


def test_an_attribute_that_a_form_names_is_firm_where_nobody_states_a_value() -> None:
    assert is_firm(request=build.asking("title"))
    assert is_firm(request=stating(named=("title",)))


def test_an_attribute_that_a_form_names_is_not_firm_beside_a_value_that_is_stated_of_another() -> None:
    department = Statement(attribute="department", expected="Plant Seven")
    copy = build.app_user({"title": "Chief Planner", "department": "Plant Seven"})
    assert not is_firm(request=stating(department, Statement(attribute="title")), app_users=(copy,))


@pytest.mark.parametrize(
    "words",
    ["It should be Lead Cook.", "I was promoted to Lead Cook.", "Title: Lead Cook", "from Account Clerk to Lead Cook"],
)
def test_an_attribute_that_a_form_names_is_not_firm_where_words_may_be_its_value(words: str) -> None:
    assert not is_firm(words, request=build.asking("title"))


def test_an_attribute_that_a_form_names_is_firm_beside_words_that_can_be_no_value() -> None:
    assert is_firm("My profile is not updating in Okta.", request=build.asking("title"))


def test_the_value_that_arrives_is_firm_beside_its_attributes_name() -> None:
    assert is_firm("My title should be Chief Planner.")


def test_the_value_that_arrives_is_firm_beside_the_value_that_okta_shows() -> None:
    assert is_firm("Okta shows Account Clerk, but since May I am Chief Planner.")


@pytest.mark.parametrize(
    "words",
    [
        "My title is out of date.",
        "I am Chief Planner now.",
        "Okta still shows Account Clerk.",
    ],
    ids=["the name alone", "the new value alone", "the old value alone"],
)
def test_one_sign_alone_is_confirmed(words: str) -> None:
    assert not is_firm(words)


def test_a_value_that_may_go_on_is_confirmed() -> None:
    assert not is_firm("My title should be Chief Planner Zyxw.")


@pytest.mark.parametrize(
    "words",
    [
        "My title Chief Planner is needed for access to the door.",
        "The report should show my title Chief Planner.",
        "My title Chief Planner is missing in Salesforce.",
    ],
)
def test_a_sentence_about_what_is_no_profile_is_confirmed(words: str) -> None:
    assert not is_firm(words)


@pytest.mark.parametrize("words", ["My title is not Chief Planner", "My title Chief Planner is wrong."])
def test_before_a_value_arrives_that_stands_beside_a_word_for_wrong_it_is_asked(words: str) -> None:
    verdict = judged(words)
    assert (verdict.kind, verdict.firm) == (V.CANNOT_TELL, False)


def test_a_word_for_wrong_beside_both_values_speaks_of_the_old_one() -> None:
    assert is_firm("My title is wrong: Account Clerk instead of Chief Planner.")


def test_what_is_named_and_cannot_be_brought_leaves_the_end_open() -> None:
    assert not is_firm(request=build.asking("title", "department"))


def test_an_unknown_word_of_a_form_is_no_firm_end() -> None:
    verdict = judged(request=stating(Statement(attribute="title"), Statement(attribute="shoe size")))
    assert (verdict.kind, verdict.firm) == (V.NOT_MAPPED, False)


def test_only_what_a_sync_brings_is_ever_firm() -> None:
    assert not judged(request=build.asking("title", expected="Boss")).firm
    assert not judged("My profile is old.").firm
    assert not judged("My title is Chief Planner.", reading=Reading(guard="do not sync")).firm


@pytest.mark.parametrize(
    "words",
    [
        "In Okta my title Chief Planner, I am quite sure about that, is wrong.",
        "In Okta ist mein Titel Chief Planner, da bin ich mir ganz sicher, falsch.",
    ],
    ids=["en", "de"],
)
def test_a_word_for_wrong_behind_the_value_in_its_sentence_leaves_it_open(words: str) -> None:
    assert not is_firm(words)


def test_a_word_for_wrong_behind_the_value_that_is_about_okta_does_not() -> None:
    assert is_firm("My title is Chief Planner, which Okta is wrong about.")


@pytest.mark.parametrize(
    ("words", "firm"),
    [
        ("My title should be Chief Planner in Okta. My department is wrong there, too.", False),
        ("My title and my department are wrong in Okta. The title should be Chief Planner.", False),
        ("My title Account Clerk and my department are wrong in Okta. The title should be Chief Planner.", False),
        ("Okta has the wrong department and still Account Clerk as title, it should be Chief Planner.", False),
        ("My title should be Chief Planner in Okta. Please also change my department in Okta.", False),
        ("My title should be Chief Planner in Okta. My email is wrong there, too.", False),
        ("My title should be Chief Planner in Okta. The department has told AD of it.", True),
        ("My title should be Chief Planner in Okta. Its department=Retail is another matter.", False),
        ("My title should be Chief Planner in Okta. Its department=Retail is fine.", True),
    ],
)
def test_what_is_named_beside_leaves_the_end_open_where_its_part_of_a_sentence_calls_it_wrong(
    words: str, *, firm: bool
) -> None:
    assert is_firm(words, **BESIDE_OTHERS) == firm


@pytest.mark.parametrize(
    "words",
    [
        "Personnel number 70911: Okta lacks the title Chief Planner.",
        "Personalnummer 70911: in Okta fehlt der Titel Chief Planner.",
        "Matricule 70911 : la fonction Chief Planner manque dans Okta.",
        "Matrícula 70911: falta no Okta o cargo Chief Planner.",
        "Personeelsnummer 70911: in Okta ontbreekt de functie Chief Planner.",
    ],
)
def test_the_number_that_tells_who_is_meant_is_not_asked_about(words: str) -> None:
    assert is_firm(words, **NUMBERED)


def test_a_number_that_is_called_wrong_without_its_value_is_left_open() -> None:
    assert not is_firm("The personnel number is wrong in Okta, and the title should be Chief Planner.", **NUMBERED)


@pytest.mark.parametrize(
    "words",
    [
        "Oktaの役職が「Account Clerk」のままです。5月の部署異動で「Chief Planner」になり、ADは正しい状態です。",
        "Títulos desatualizados no Okta: Chief Planner.",
        "Titres non mis à jour dans mon profil Okta : Chief Planner.",
        "Titoli da correggere in Okta: Chief Planner.",
    ],
)
def test_names_in_other_sentences_and_in_the_plural_leave_nothing_open(words: str) -> None:
    assert is_firm(words)
