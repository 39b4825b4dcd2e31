"""A case's line says what was found and whether it lasted; its record masks people's values by class."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.unit import builders as build
from worker.cases.records import case_line, masked_record
from workflows.model import Basis, Expectation, Followup, FollowupKind, Policy, Reason, ReasonKind, Request, Subject
from workflows.precheck.table import judge

LOGIN = "ada@example.com"


def looked_at(*looks: tuple[str, str, int]) -> dict[str, Any]:
    case = build.case()
    return {
        "case": case.model_dump(mode="json"),
        "followups": [{"kind": kind, "state": state, "round": number} for kind, state, number in looks],
    }


@pytest.mark.parametrize(
    ("looks", "lasted", "came_right"),
    [
        ((), None, None),
        ((("recheck", "open", 1),), None, None),
        ((("recheck", "holds", 1),), True, None),
        ((("recheck", "changed", 1),), False, None),
        ((("recheck", "changed", 2),), None, None),  # of another round
        ((("look_again", "arrived", 1),), None, True),
        ((("look_again", "missed", 1), ("support_case", "noted", 1)), None, False),
    ],
)
def test_a_line_says_what_a_later_look_found(
    looks: tuple[tuple[str, str, int], ...], lasted: bool | None, came_right: bool | None
) -> None:
    told = case_line(looked_at(*looks), Policy())
    assert (told["lasted"], told["came_right"]) == (lasted, came_right)


def test_a_value_at_the_place_where_a_sentence_is_cut_is_hidden_too() -> None:
    expected = Expectation(attribute="title", value="Head of Secret Projects", basis=Basis.STATED)
    verdict = judge(build.facts(), {}).model_copy(update={"expectations": (expected,)})
    case = build.case(
        because=Reason.of(ReasonKind.PRODUCT_FAULT, words="x" * 180 + " Head of Secret Projects"),
        subjects=(Subject(request=Request(), verdict=verdict),),
    )
    told = case_line({"case": case.model_dump(mode="json"), "followups": []}, Policy())
    assert "Head of" not in told["because"]


def record() -> dict[str, Any]:
    copy = build.app_user({"department": "Finance"})
    user = build.okta_user({"department": "Sales"}, login=LOGIN)
    facts = build.facts(request=build.asking("department", expected="Finance"), app_users=(copy,), users=(user,))
    subject = Subject(request=Request(user=LOGIN, unclear=(LOGIN, "eve@example.com")), verdict=judge(facts, {}))
    because = Reason.of(ReasonKind.CHANGE_REFUSED, words=f"The login {LOGIN} was refused.")
    case = build.case(subjects=(subject,), requester=LOGIN, because=because)
    event = {"at": "", "from": "received", "to": "claimed", "because": f"{LOGIN} was found."}
    return {"case": case.model_dump(mode="json"), "followups": [], "events": [event], "writes": []}


def test_a_record_names_whom_it_is_about() -> None:
    assert LOGIN in json.dumps(masked_record(record(), Policy()))


def test_where_logins_are_withheld_a_record_names_nobody() -> None:
    told = json.dumps(masked_record(record(), Policy(never_attributes=frozenset({"login"}))))
    assert "(login withheld)" in told
    assert "@example.com" not in told


def test_a_record_names_nobody_in_its_findings_where_logins_are_withheld() -> None:
    """The finding of somebody unknown quotes what the ticket called them, and a later look what it found."""
    facts = build.facts(request=Request(user=LOGIN), users=(), identifier=LOGIN, named=True)
    case = build.case(subjects=(Subject(request=Request(user=LOGIN), verdict=judge(facts, {})),), requester=LOGIN)
    look = Followup(id="f1", case_id=case.id, round=1, kind=FollowupKind.RECHECK, due_at=build.NOW)
    found = Reason.of(ReasonKind.TICKET_GONE, detail=f"{LOGIN} may not be read")
    stored = {"case": case.model_dump(mode="json"), "followups": [look.but(finding=found).model_dump(mode="json")]}
    assert "@example.com" not in json.dumps(masked_record(stored, Policy(never_attributes=frozenset({"login"}))))


def test_where_logins_are_withheld_a_line_names_nobody_even_before_a_judgement() -> None:
    case = build.case(subjects=(Subject(request=Request(user=LOGIN)),))
    (told,) = case_line(
        {"case": case.model_dump(mode="json"), "followups": []}, Policy(never_attributes=frozenset({"login"}))
    )["subjects"]
    assert "(login withheld)" == told["login"]
