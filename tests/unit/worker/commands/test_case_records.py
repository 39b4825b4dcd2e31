"""A record that leaves the store tells of people what their values' classes allow."""

from __future__ import annotations

import json
from typing import Any

from tests.unit import builders as build
from worker.commands.case_records import masked_record
from workflows.model import Policy, Reason, ReasonKind, Request, Subject
from workflows.precheck.table import judge

LOGIN = "ada@example.com"


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
