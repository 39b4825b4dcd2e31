"""ServiceNow's own client, PySNC, works tickets on the simulated instance: the calls that our connector makes too.

PySNC speaks https only, so its session sends each request to the sandbox by plain HTTP.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests
from requests.adapters import HTTPAdapter

from connectors.sandbox.scenarios.catalogue import Scenario
from connectors.sandbox.server import Sandbox

pysnc = pytest.importorskip("pysnc", reason="PySNC is not installed here; the dev group has it")
pytestmark = pytest.mark.long
CALLER = "adela.ashdown@example.com"


class Plain(HTTPAdapter):
    """Sends what is meant for https by plain HTTP."""

    def send(self, request: requests.PreparedRequest, *args: Any, **how: Any) -> requests.Response:
        request.url = (request.url or "").replace("https://", "http://", 1)
        return super().send(request, *args, **how)


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(Scenario("empty", users=3), act=False) as running:
        yield running
        assert running.frame.violations == []


@pytest.fixture
def client(sandbox: Sandbox) -> Any:
    held, session = sandbox.frame.credentials, requests.Session()
    session.auth = (held.servicenow_user, held.servicenow_password)
    session.mount("https://", Plain())
    url = sandbox.servicenow_url.replace("http://", "https://")
    return pysnc.ServiceNowClient(url, session, auto_retry=False)


def filed(sandbox: Sandbox, table: str = "incident") -> str:
    with sandbox.frame.lock:
        return sandbox.servicenow.create(
            tagged=True, requester=CALLER, summary="My title is old", description="It says Clerk.", table=table
        )


def found(client: Any, table: str, query: str, fields: str = "") -> list[Any]:
    records = client.GlideRecord(table, batch_size=2)
    if fields:
        records.fields = fields
    records.add_encoded_query(query)
    records.query()
    return [dict(record.serialize()) for record in records]


def test_open_tagged_tickets_are_found_by_their_tag_and_paged_to_the_end(sandbox: Sandbox, client: Any) -> None:
    ids = {filed(sandbox) for _ in range(5)}
    (label,) = found(client, "label", "name=profile not updating^viewable_by=everyone")
    entries = found(client, "label_entry", f"label={label['sys_id']}^table=incident", "sys_id,table_key")
    assert {entry["table_key"] for entry in entries} == ids

    tag = f"sys_tags.{label['sys_id']}={label['sys_id']}"
    assert {row["sys_id"] for row in found(client, "incident", f"{tag}^active=true^stateNOT IN6,7,8")} == ids


def test_a_ticket_is_read_with_both_values_and_its_journals(sandbox: Sandbox, client: Any) -> None:
    id = filed(sandbox)
    with sandbox.frame.lock:
        sandbox.servicenow.comment(id, author=CALLER, visibility="public", body="Any news?")
    record = client.GlideRecord("incident")
    record.fields = "state,caller_id,caller_id.email"
    assert record.get(id)
    assert (record.get_value("state"), record.get_display_value("state")) == ("1", "New")
    assert record.get_display_value("caller_id") == "Adela Ashdown"
    assert record.get_value("caller_id.email") == CALLER
    query = f"element_id={id}^name=incident^elementINwork_notes,comments^ORDERBYsys_created_on"
    assert [(row["element"], row["value"]) for row in found(client, "sys_journal_field", query)] == [
        ("comments", "Any news?")
    ]


def test_a_ticket_is_claimed_commented_on_and_resolved(sandbox: Sandbox, client: Any) -> None:
    id, record = filed(sandbox), client.GlideRecord("incident")
    assert record.get(id)
    record.assigned_to = found(client, "sys_user", f"user_name={sandbox.frame.credentials.servicenow_user}")[0][
        "sys_id"
    ]
    record.state, record.work_notes = 2, "Looking into it."
    assert record.update()
    record.state, record.close_code, record.close_notes = 6, "Solution provided", "The title is right now."
    assert record.update()

    shown = sandbox.servicenow.ticket(id)
    assert (shown["status"], shown["resolution"], shown["assignee"]) == (
        "Resolved",
        "Solution provided",
        sandbox.frame.credentials.servicenow_user,
    )
    assert [item["body"] for item in shown["comments"]] == ["Looking into it."]


def test_a_refusal_of_a_data_policy_changes_nothing(sandbox: Sandbox, client: Any) -> None:
    id, record = filed(sandbox), client.GlideRecord("incident")
    assert record.get(id)
    record.state = 6
    with pytest.raises(pysnc.exceptions.RoleException, match="mandatory: Resolution code, Resolution notes"):
        record.update()
    assert sandbox.servicenow.ticket(id)["status"] == "New"


def test_a_file_is_attached_and_read_again(sandbox: Sandbox, client: Any) -> None:
    id, record = filed(sandbox), client.GlideRecord("incident")
    assert record.get(id)
    record.add_attachment("diagnostics.json", b'{"a": 1}', content_type="application/json")

    files = record.get_attachments()
    assert files.next()
    assert (files.file_name, files.read()) == ("diagnostics.json", b'{"a": 1}')
    assert sandbox.servicenow.attachment(id, "diagnostics.json")[0] == b'{"a": 1}'


def test_a_requested_item_leads_to_its_request_its_tasks_and_its_variables(sandbox: Sandbox, client: Any) -> None:
    id = filed(sandbox, "sc_req_item")
    with sandbox.frame.lock:
        task = sandbox.servicenow.add_task(id, summary="Hand out a badge")
        sandbox.servicenow.state.add_variable(id, "affected_user", CALLER)
    record = client.GlideRecord("sc_req_item")
    assert record.get(id)
    assert record.get_display_value("request") == "REQ0010001"
    assert [row["sys_id"] for row in found(client, "sc_task", f"request_item={id}^active=true")] == [task]
    query = f"request_item={id}"
    (variable,) = found(
        client, "sc_item_option_mtom", query, "sc_item_option.value,sc_item_option.item_option_new.name"
    )
    assert set(variable.values()) == {CALLER, "affected_user", variable["sys_id"]}


def test_wrong_credentials_and_an_unknown_record_are_told_apart(sandbox: Sandbox, client: Any) -> None:
    assert client.GlideRecord("incident").get("0" * 32) is False
    client.session.auth = ("nobody", "wrong")
    with pytest.raises(pysnc.exceptions.AuthenticationException):
        client.GlideRecord("incident").get("0" * 32)
