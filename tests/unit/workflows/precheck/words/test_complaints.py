"""A ticket's complaint about a value that both copies hold, recognised by what stands before the value."""

from __future__ import annotations

import pytest

from tests.unit import builders as build
from workflows.case.later_looks import look_again_until
from workflows.model import Policy, ReasonKind, Request, Subject
from workflows.model import VerdictKind as V
from workflows.precheck.table import judge
from workflows.precheck.words.complaints import complains_of


@pytest.mark.parametrize(
    "words",
    [
        "okta still says Sales",
        "Okta: Sales",
        "Okta has department Sales for me, AD has Tax",
        "in Okta ist meine Abteilung immer noch Sales",
        "it should be Tax instead of Sales",
        "en Okta sigo apareciendo con el departamento antiguo: Sales",
        "first line\nmy old department SALES is shown",
    ],
)
def test_it_is_a_complaint(words: str) -> None:
    assert complains_of(words, "Sales")


@pytest.mark.parametrize(
    "words",
    [
        "Okta should say Sales",
        "Okta still does not say Sales",
        "still Tax in Okta, and AD says Sales",
        "Okta has Tax. Sales is right",
        "please update Okta to Sales",
        "okta has not picked up Sales",
        "Okta zeigt noch Tax, richtig ist Sales",
        "Okta still says Salesforce",
        "Okta still says Sales, which is right",
        "Okta shows Sales correctly, but my groups are wrong",
        "my department is Sales",
        "okta\nSales",
        "",
    ],
)
def test_it_is_none(words: str) -> None:
    assert not complains_of(words, "Sales")


def test_a_copy_that_holds_what_is_complained_about_is_old_whatever_the_right_value_is() -> None:
    request = build.asking("department")
    verdict = judge(build.facts(request=request, words="my department in Okta is still Sales"), {})
    assert (V.STALE_IN_DIRECTORY_COPY, "department", ()) == (verdict.kind, verdict.attribute, verdict.expectations)
    assert ReasonKind.COPY_HOLDS_THE_OLD is verdict.reason.kind
    assert V.CANNOT_TELL is judge(build.facts(request=request, words="my department is Sales"), {}).kind


def test_what_has_no_known_right_value_is_not_looked_for_later() -> None:
    subject = Subject(
        request=Request(), verdict=judge(build.facts(request=build.asking("department"), words="still Sales"), {})
    )
    case, policy = build.case(subjects=(subject,)), Policy(look_again_for=3600)
    assert look_again_until(case, None, policy, build.NOW) is None


def test_a_requester_is_not_meant_by_a_ticket_in_which_nobody_speaks_and_nothing_is_theirs() -> None:
    unowned = Request(wants=build.asking("department", expected="Tax").wants, unowned=True)
    facts = build.facts(request=unowned, named=False, words="cashdown moved. department: Tax, shows Pools")
    verdict = judge(facts, {})
    assert (V.NEEDS_INFORMATION, None) == (verdict.kind, verdict.user_id)
    assert ReasonKind.WHOSE_PROFILE is verdict.reason.kind
    theirs = facts.model_copy(update={"words": "department: Tax, shows Sales"})
    assert V.STALE_IN_DIRECTORY_COPY is judge(theirs, {}).kind
