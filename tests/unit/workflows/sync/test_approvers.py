"""Nobody decides on what they asked for themselves, by whatever name the desk knows them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit import builders as build
from workflows.model import Case, Person, Policy, ReasonKind
from workflows.sync.approvers import may_decide, void

APPROVER = build.okta_user({"email": "adela.fox@example.com", "employeeNumber": "4711"}, login="adela@example.com")
OTHER = Person(id="p2", login="bo@example.com", email="bo@example.com")
HIDDEN = Person(id="712020:ada")


def case(requester: Person | None = OTHER, opener: Person | None = None) -> Case:
    name = requester and (requester.login or requester.email or requester.id)
    return build.case(requester=name, filed_by=requester, opened_by=opener)


def refusal(case: Case, *, approves: bool = True) -> ReasonKind | None:
    reason = may_decide(APPROVER, [build.case(requester=OTHER.login), case], approves=approves)
    return reason.kind if reason else None


@pytest.mark.parametrize(
    "own",
    [
        Person(id="p1", login="ADELA@example.com"),
        Person(id="p1", login="u4711", email="adela@example.com"),
        Person(id="p1", login="u4711", email="adela.fox@example.com"),
        Person(id="p1", login="4711"),
        Person(id="p1", login="adela", email="adela@elsewhere.example"),
    ],
)
def test_an_approver_decides_neither_on_what_they_filed_nor_on_what_they_opened(own: Person) -> None:
    assert refusal(case(own)) is ReasonKind.OWN_REQUEST
    assert refusal(case(OTHER, own)) is ReasonKind.OWN_REQUEST
    assert refusal(case(own), approves=False) is ReasonKind.OWN_REQUEST


def test_an_approver_decides_on_what_others_asked_for() -> None:
    assert refusal(case(OTHER, Person(id="p3", login="cy"))) is None
    assert refusal(case(Person(id="p3", login="Straße@example.com"))) is None


@pytest.mark.parametrize("unknown", [case(None), case(HIDDEN), case(OTHER, HIDDEN), build.case(requester=None)])
def test_nobody_approves_what_an_unknown_person_asked_for_and_everybody_may_reject_it(unknown: Case) -> None:
    assert refusal(unknown) is ReasonKind.ASKER_UNKNOWN
    assert refusal(unknown, approves=False) is None


def test_an_older_case_that_holds_its_requester_alone_is_approved_by_others() -> None:
    assert refusal(build.case(requester="bo@example.com")) is None
    assert refusal(build.case(requester="adela")) is ReasonKind.OWN_REQUEST


@pytest.mark.parametrize(
    ("now", "differs"),
    [
        ({"objecting": ("c1",), "waiting": ("c2",)}, False),
        ({"waiting": ("c1",)}, False),
        ({}, False),
        ({"objecting": ("c2",)}, True),
        ({"objecting": ("c1", "c3")}, True),
        ({"waiting": ("c3",)}, True),
    ],
)
def test_an_approval_counts_while_no_more_tickets_are_overtaken(now: dict[str, Any], differs: bool) -> None:
    decision = build.approval(digest="", objecting=("c1",), waiting=("c2",), user_id="")
    org: Any = None
    reason = void(build.run(decision=decision, **now), (), Policy(), org, decision.at)
    assert differs == (reason is not None and reason.kind is ReasonKind.CHANGES_DIFFER)
