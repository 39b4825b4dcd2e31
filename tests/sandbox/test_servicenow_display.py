"""How the simulated ServiceNow shows records: types, display modes, links, journals, times and chosen fields.

https://www.servicenow.com/docs/, "Table API"; forms are compared with answers recorded from an instance.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.descriptions import recorded
from tests.sandbox.servicenow_instance import AGENT, CALLER, HOST, Instance


def forms(record: dict[str, Any]) -> dict[str, Any]:
    """Return what kind of value each field holds."""
    return {name: sorted(value) if isinstance(value, dict) else type(value).__name__ for name, value in record.items()}


def test_every_plain_value_is_a_string() -> None:
    instance = Instance()
    record = instance.record(instance.ticket(), sysparm_exclude_reference_link="true")

    assert {type(value) for value in record.values()} == {str}
    assert (record["active"], record["priority"], record["close_code"]) == ("true", "5", "")


def test_a_reference_is_a_link_and_a_value_or_the_bare_id() -> None:
    instance = Instance()
    id, ada = instance.ticket(), instance.state.user_id("ada@example.com")

    link = f"{HOST}/api/now/v2/table/sys_user/{ada}"
    assert instance.get(f"/api/now/v2/table/incident/{id}").json()["result"]["caller_id"] == {
        "link": link,
        "value": ada,
    }
    assert instance.record(id, sysparm_exclude_reference_link="true")["caller_id"] == ada


def test_display_values_are_labels_names_and_local_times() -> None:
    instance = Instance()
    record = instance.record(instance.ticket(), sysparm_display_value="true")

    shown = [record[name] for name in ("state", "impact", "priority", "sys_class_name", "active")]
    assert shown == ["New", "3 - Low", "5 - Planning", "Incident", "true"]
    assert record["caller_id"]["display_value"] == "Ada Example"
    assert record["sys_created_on"] == "2026-11-24 09:00:00"  # 16:00 UTC, seven hours behind


def test_the_opener_is_the_caller_or_the_agent_who_filed_it() -> None:
    instance = Instance()
    own, filed = (instance.record(id) for id in (instance.ticket(), instance.ticket(opened_by=AGENT)))

    assert own["opened_by"] == own["caller_id"] == filed["caller_id"]
    assert filed["opened_by"]["value"] == instance.state.one("sys_user", "user_name", AGENT)["sys_id"]
    assert (own["sys_created_by"], filed["sys_created_by"]) == (CALLER, AGENT)


def test_all_shows_both_and_the_value_of_a_time_stays_utc() -> None:
    instance = Instance()
    record = instance.record(instance.ticket(), sysparm_display_value="all")

    assert record["state"] == {"display_value": "New", "value": "1"}
    assert record["sys_created_on"] == {"display_value": "2026-11-24 09:00:00", "value": "2026-11-24 16:00:00"}
    assert sorted(record["caller_id"]) == ["display_value", "link", "value"]


def test_chosen_fields_come_dotted_too_and_unknown_ones_are_dropped_without_a_word() -> None:
    instance = Instance()
    record = instance.record(
        instance.ticket(), sysparm_fields="number,caller_id.email,no_such_field,caller_id.nor_this"
    )

    assert record == {"number": "INC0010001", "caller_id.email": "ada@example.com"}


def test_a_journal_reads_empty_as_a_value_and_whole_as_a_display_value() -> None:
    instance = Instance()
    id = instance.ticket()
    instance.people.comment(id, author=AGENT, visibility="public", body="first")
    instance.clock.advance(60)
    instance.patch(id, work_notes="second")

    head = "Forcesync Service (Work notes)"
    assert instance.record(id)["comments"] == ""
    shown = instance.record(id, sysparm_display_value="true")
    assert shown["comments"] == "2026-11-24 09:00:00 - Robin Agent (Additional comments)\nfirst\n\n"
    assert shown["comments_and_work_notes"] == f"2026-11-24 09:01:00 - {head}\nsecond\n\n{shown['comments']}"
    assert instance.record(id, sysparm_display_value="all")["work_notes"]["value"] == ""


def test_the_journal_table_holds_the_entries_with_their_authors() -> None:
    instance = Instance()
    id = instance.ticket()
    instance.patch(id, work_notes="once")
    instance.patch(id, comments="for everybody")

    rows = instance.found("sys_journal_field", f"element_id={id}^name=incident^elementINwork_notes,comments")
    told = sorted((row["element"], row["value"], row["sys_created_by"]) for row in rows)
    assert told == [("comments", "for everybody", "svc.forcesync"), ("work_notes", "once", "svc.forcesync")]


def test_tags_show_only_when_displayed_and_only_those_of_the_account() -> None:
    # servicenow.itsm CHANGELOG: sys_tags is empty with sysparm_display_value=false
    instance = Instance()
    id = instance.ticket()
    instance.state.tag(id, instance.state.private_tag_id, "tag.owner@example.com")

    assert instance.record(id)["sys_tags"] == ""
    assert instance.record(id, sysparm_display_value="true")["sys_tags"] == "profile not updating"


def test_input_display_values_are_read_in_the_accounts_zone() -> None:
    instance = Instance()
    id, change = instance.ticket(), {"activity_due": "2026-11-24 09:00:00"}
    path = f"/api/now/table/incident/{id}?sysparm_input_display_value=true"

    answer = instance.send("PATCH", path, headers={"Accept": "application/json"}, json=change)

    assert answer.json()["result"]["activity_due"] == "2026-11-24 16:00:00"


@pytest.mark.parametrize(
    ("recording", "mode"),
    [("servicenow-get-all-incidents.json", "false"), ("servicenow-update-table-row.json", "true")],
)
def test_an_incident_has_the_form_of_a_recorded_one(recording: str, mode: str) -> None:
    real = recorded(recording)["result"]
    real = real[0] if isinstance(real, list) else real
    instance = Instance()
    person = instance.state.user_id(AGENT)
    id = instance.ticket(assigned_to=person)
    record = instance.record(id, sysparm_display_value=mode)

    filled = {name for name in real if record.get(name)}
    assert set(real) - set(record) == set()
    assert {name: forms(record)[name] for name in filled} == {name: forms(real)[name] for name in filled}
    assert {"opened_by", "caller_id", "assigned_to", "assignment_group", "sys_domain", "sys_class_name"} <= filled


def test_an_attachment_has_the_form_of_a_recorded_one() -> None:
    real = recorded("servicenow-add-attachment-to-table.json")["result"]
    instance = Instance()

    made = instance.upload(instance.ticket(), "test", b"content")

    assert forms(made.json()["result"]) == forms(real)
    assert made.json()["result"]["state"] == real["state"] == "pending"
