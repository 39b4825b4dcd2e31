"""What a site may have set up in ServiceNow: data policies, an assignment rule, query ACLs, formats of the reader."""

from __future__ import annotations

import pytest

from tests.sandbox.servicenow_instance import AGENT, CALLER, Instance, refusal

RESOLVE = {"state": "6", "close_code": "Solution provided", "close_notes": "Done."}


def with_switches(**switches: object) -> Instance:
    instance = Instance()
    instance.state.switches.change(**switches)
    return instance


def test_a_data_policy_wants_more_columns_before_a_ticket_ends() -> None:
    instance = with_switches(mandatory_at_the_end=["subcategory", "no_such_column"])
    id = instance.ticket()

    answer = instance.patch(id, **RESOLVE)
    assert refusal(answer) == (
        403,
        "Operation Failed",
        "Data Policy Exception: The following fields are mandatory: Subcategory",
    )
    assert instance.patch(id, work_notes="Not ended.").status == 200
    assert instance.patch(id, subcategory="email", **RESOLVE).json()["result"]["state"] == "6"


@pytest.mark.parametrize("clears", [True, False])
def test_an_assignment_rule_takes_the_worker_off_a_ticket_and_leaves_people_on_it(clears: bool) -> None:
    instance = with_switches(assignment_rule_clears=clears)
    id = instance.ticket()

    held = instance.patch(id, assigned_to=instance.state.worker, state="2").json()["result"]["assigned_to"]
    assert (held == "") is clears
    instance.people.change(id, by=AGENT, assignee=AGENT)
    assert instance.people.ticket(id)["assignee"] == AGENT


@pytest.mark.parametrize("column", ["sys_id", "incident.sys_id"])
def test_a_query_acl_empties_a_range_without_an_error_and_leaves_equality_alone(column: str) -> None:
    instance = with_switches(denied_ranges=[column])
    ids = sorted(instance.ticket() for _ in range(3))

    answer = instance.get("/api/now/table/incident", sysparm_query=f"sys_id>{ids[0]}^ORDERBYsys_id")
    assert (answer.status, answer.json()["result"], answer.headers["x-total-count"]) == (200, [], "0")
    assert [row["sys_id"] for row in instance.found("incident", f"sys_idIN{','.join(ids)}^ORDERBYsys_id")] == ids
    assert len(instance.found("incident", "sys_created_on>2020-01-01 00:00:00")) == 3


def test_a_query_acl_may_refuse_instead() -> None:
    instance = with_switches(denied_ranges=["number"], denied_range_answer="refused")
    answer = instance.get("/api/now/table/incident", sysparm_query="numberSTARTSWITHINC")
    assert refusal(answer)[:2] == (403, "User Not Authorized")


@pytest.mark.parametrize(
    ("form", "language", "head"),
    [
        ("yyyy-MM-dd HH:mm:ss", "en", "2026-11-24 09:00:00 - Ada Example (Additional comments)"),
        ("dd-MMM-yyyy HH:mm:ss", "en", "24-Nov-2026 09:00:00 - Ada Example (Additional comments)"),
        ("dd.MM.yyyy HH:mm:ss", "de", "24.11.2026 09:00:00 - Ada Example (Zusätzliche Kommentare)"),
        ("MM/dd/yyyy h:mm:ss a", "en", "11/24/2026 9:00:00 AM - Ada Example (Additional comments)"),
        ("d MMMM yy hh.mm.ss a", "fr", "24 novembre 26 09.00.00 AM - Ada Example (Commentaires supplémentaires)"),
        ("yyyy/MM/dd ah:mm:ss", "ja", "2026/11/24 午前9:00:00 - Ada Example (追加コメント)"),
    ],
)
def test_display_values_are_in_the_format_and_language_of_the_reader(form: str, language: str, head: str) -> None:
    instance = with_switches(date_format=form, language=language)
    id = instance.ticket()
    instance.people.comment(id, author=CALLER, visibility="public", body="Any news?")

    shown = instance.record(id, sysparm_display_value="all")
    assert shown["comments"]["display_value"] == f"{head}\nAny news?\n\n"
    assert shown["sys_updated_on"]["display_value"] == head.partition(" - ")[0]
    assert shown["sys_updated_on"]["value"] == "2026-11-24 16:00:00"


def test_an_instance_may_have_its_own_name_for_comments() -> None:
    instance = with_switches(comments_label="Additional comments (Customer visible)")
    id = instance.ticket()
    instance.people.comment(id, author=CALLER, visibility="public", body="Any news?")
    shown = instance.record(id, sysparm_display_value="true")["comments"]
    assert shown.startswith("2026-11-24 09:00:00 - Ada Example (Additional comments (Customer visible))\n")


def test_an_assignment_rule_gives_a_ticket_that_gets_a_group_to_a_person() -> None:
    instance = with_switches(assignment_rule_gives_to=AGENT)
    id, group = instance.ticket(), instance.state.one("sys_user_group", "name", "Identity Operations")["sys_id"]
    answer = instance.patch(id, assignment_group=group, assigned_to="").json()["result"]
    assert answer["assigned_to"]["value"] == instance.state.user_id(AGENT)
    worker = instance.state.worker
    assert instance.patch(id, assigned_to=worker).json()["result"]["assigned_to"]["value"] == worker


def test_people_may_be_hidden_behind_references() -> None:
    instance = with_switches(dot_walk_hides_people=True)
    id = instance.ticket()
    fields = "caller_id,caller_id.user_name,caller_id.email,caller_id.sys_id"

    shown = instance.record(id, sysparm_fields=fields)
    assert (shown["caller_id.user_name"], shown["caller_id.email"]) == ("", "")
    assert shown["caller_id"]["value"] == shown["caller_id.sys_id"] == instance.state.user_id(CALLER)


@pytest.mark.parametrize(
    ("name", "value"), [("date_format", "yy"), ("language", "xx"), ("denied_range_answer", "all"), ("denied_ranges", 1)]
)
def test_a_wrong_switch_is_refused_with_what_is_allowed(name: str, value: object) -> None:
    with pytest.raises(ValueError, match=rf"{name}: (found .*; allowed|expected a list)"):
        with_switches(**{name: value})
