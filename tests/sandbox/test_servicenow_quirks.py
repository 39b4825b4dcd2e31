"""Misbehaviour specific to ServiceNow, as its users report it, and the settings of an instance.

Cancelled transactions: https://github.com/ServiceNow/PySNC/issues/95, https://github.com/gflewis/sndml3/issues/38.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.asgi import call
from tests.sandbox.servicenow_instance import HOST, Instance, refusal

INCIDENTS = "/api/now/table/incident"
WORDS = "Transaction cancelled: maximum execution time exceeded"


def two() -> Instance:
    instance = Instance()
    for _ in range(2):
        instance.ticket()
    return instance


@pytest.mark.parametrize(
    ("kind", "keys"),
    [("cancelled", ["result", "error", "status"]), ("cancelled_error_first", ["error", "result", "status"])],
)
def test_a_cancelled_transaction_answers_200_with_half_a_result_and_an_error(kind: str, keys: list[str]) -> None:
    instance = two()
    instance.state.quirks.plan(kind)

    answer = instance.get(INCIDENTS)

    assert (answer.status, list(answer.json())) == (200, keys)
    assert (len(answer.json()["result"]), answer.json()["error"]["message"]) == (1, WORDS)
    assert len(instance.get(INCIDENTS).json()["result"]) == 2


def test_a_cancelled_transaction_can_leave_its_words_among_the_records() -> None:
    instance = two()
    instance.state.quirks.plan("cancelled_text")

    body: dict[str, Any] = instance.get(INCIDENTS).json()

    assert (list(body), [type(item) for item in body["result"]], body["result"][1]) == (["result"], [dict, str], WORDS)


def test_a_write_is_cancelled_where_it_is_named_and_was_made() -> None:
    instance = Instance()
    id = instance.ticket()
    instance.state.quirks.plan("cancelled", times=2)
    assert instance.patch(id, work_notes="x").json()["result"]["sys_id"] == id
    instance.state.quirks.plan("cancelled_text", method="PATCH")

    answer = instance.patch(id, work_notes="y")

    assert (answer.status, answer.json()) == (200, {"result": WORDS})
    assert [row["value"] for row in instance.state.journal(id)] == ["x", "y"]


def test_a_hibernating_instance_answers_200_with_a_page() -> None:
    instance = two()
    instance.state.quirks.plan("hibernating", times=2)
    answers = [instance.get(INCIDENTS), instance.patch(instance.ticket(), work_notes="x")]

    assert {(answer.status, answer.headers["content-type"]) for answer in answers} == {
        (200, "text/html; charset=utf-8")
    }
    assert "Instance Hibernating page" in answers[0].text
    assert instance.get(INCIDENTS).json()["result"]


def test_a_lost_session_redirects_to_the_login_where_credentials_must_not_follow() -> None:
    instance = two()
    instance.state.quirks.plan("login")
    answer = instance.get(INCIDENTS)
    assert (answer.status, answer.headers["location"].partition("?")[0]) == (302, "/login_with_sso.do")

    assert call(instance.app, "GET", f"{HOST}/login_with_sso.do").status == 200
    assert instance.violations() == []
    instance.send("GET", "/login_with_sso.do")
    assert instance.violations() == ["redirect followed with credentials"]


def test_a_business_rule_can_abort_a_write_and_names_itself() -> None:
    # KB0813377
    instance = Instance()
    id = instance.ticket()
    instance.state.quirks.plan("aborted", table="incident")
    assert instance.record(id)["sys_id"] == id

    status, message, detail = refusal(instance.patch(id, work_notes="x"))

    assert (status, message, instance.state.journal(id)) == (403, "Operation Failed", [])
    assert detail.startswith("Operation against file 'incident' was aborted by Business Rule 'Sandbox guard^")
    assert detail.endswith("Business Rule Stack:Sandbox guard")


@pytest.mark.parametrize(("kind", "field"), [("person_writes", "sys_mod_count"), ("person_takes", "assigned_to")])
def test_a_person_can_step_in_between_a_read_and_a_write(kind: str, field: str) -> None:
    instance = Instance()
    id = instance.ticket()
    instance.state.quirks.plan(kind)

    seen = instance.record(id)
    then = instance.record(id)

    assert seen[field] != then[field]
    assert then["sys_updated_by"] == "tag.owner@example.com"


def test_an_unknown_quirk_is_refused() -> None:
    with pytest.raises(ValueError, match="allowed: cancelled"):
        Instance().state.quirks.plan("no_such_quirk")


def test_switches_are_set_by_name_all_or_none() -> None:
    switches = Instance().state.switches
    switches.change(hourly_limit=5, refused_tables=["label_entry"], extensions=["txt"], mfa=True)
    assert (switches.hourly_limit, switches.refused_tables, switches.extensions) == (5, {"label_entry"}, {"txt"})

    switches.change(extensions=None, hourly_limit=None)
    assert (switches.extensions, switches.hourly_limit) == (None, None)
    for wrong in ({"no_such_switch": 1}, {"mfa": "yes"}, {"hourly_limit": True}, {"refused_tables": "label"}):
        with pytest.raises(ValueError, match=next(iter(wrong))):
            switches.change(zone_hours=2, **wrong)
    assert switches.zone_hours == -7


def test_a_person_waits_with_stepping_in_until_a_ticket_is_read() -> None:
    instance = two()
    instance.state.quirks.plan("person_takes")
    instance.get(INCIDENTS)
    id = instance.ticket()
    assert instance.record(id)["assigned_to"] == ""
    assert instance.record(id)["assigned_to"] != ""
