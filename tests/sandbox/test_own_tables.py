"""The sandbox's table and project with custom names throughout, as their APIs show them."""

from __future__ import annotations

from connectors.sandbox.servicenow.scoped import TABLE
from tests.sandbox.jira_server import CUSTOMER, Server
from tests.sandbox.servicenow_instance import CALLER, Instance, refusal


def test_the_scoped_table_has_its_own_state_and_group_and_follows_its_person() -> None:
    instance = Instance()
    id = instance.ticket(table=TABLE, user=CALLER, attribute="title", expected="Editor")
    fields = "number,stage,support_group,person.email,profile_attribute,new_value,active"
    (record,) = instance.found(TABLE, f"sys_id={id}", sysparm_fields=fields, sysparm_display_value="all")
    assert record["number"]["value"] == "IDR0010001"
    assert (record["stage"]["value"], record["stage"]["display_value"]) == ("10", "Requested")
    assert record["support_group"]["display_value"] == "Service Desk"
    held = [record[name]["value"] for name in ("person.email", "profile_attribute", "new_value", "active")]
    assert held == [CALLER, "title", "Editor", "true"]


def test_the_scoped_table_ends_with_an_outcome_only() -> None:
    instance = Instance()
    id = instance.ticket(table=TABLE)
    status, _, detail = refusal(instance.patch(id, TABLE, stage="40"))
    assert (status, "Outcome, Outcome notes" in detail) == (403, True)
    assert instance.patch(id, TABLE, stage="60").status == 403
    done = {"stage": "40", "outcome": "corrected", "outcome_notes": "Done."}
    record = instance.patch(id, TABLE, **done).json()["result"]
    assert (record["stage"], record["active"], record["state"]) == ("40", "false", "1")
    (shown,) = instance.people.tickets()
    assert (shown["status"], shown["resolution"], shown["status_category"]) == ("Done", "Corrected", "done")


def test_the_own_project_tells_people_options_and_request_types_as_objects() -> None:
    site = Server()
    id = site.file("IDM")
    site.state.issues[id].fields |= {"customfield_10151": CUSTOMER, "customfield_10152": "title"}
    fields = site.get(f"/issue/{id}").json()["fields"]
    assert fields["customfield_10151"]["emailAddress"] == CUSTOMER
    assert fields["customfield_10152"]["value"] == "title"
    assert fields["customfield_10153"] is None
    assert fields["customfield_10010"]["requestType"]["name"] == "Correct my profile"
    assert fields["issuetype"]["name"] == "Profile correction"


def test_a_project_tells_its_issue_types() -> None:
    site = Server()
    (kind,) = site.get("/project/IDM").json()["issueTypes"]
    assert kind["name"] == "Profile correction"
    assert site.get("/project/NONE").status == 404


def test_replies_move_requests_between_the_projects_own_statuses() -> None:
    site = Server()
    id = site.file("IDM")
    site.state.habits.agent_reply_waits = site.state.habits.customer_reply_moves = True
    site.people.comment(id, author="robin@example.com", visibility="public", body="Which value?")
    assert site.ticket(id)["status"] == "Requester to answer"
    site.people.comment(id, author=CUSTOMER, visibility="public", body="This one.")
    assert site.ticket(id)["status"] == "Under analysis"
