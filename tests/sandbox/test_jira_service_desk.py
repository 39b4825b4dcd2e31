"""The Service Management API of the simulated Jira: errors, pages, public and internal, and files."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.sandbox.descriptions import Description
from tests.sandbox.jira_server import AGENT, CUSTOMER, Server

API = "/rest/servicedeskapi"


@pytest.fixture
def site() -> Server:
    return Server()


def test_a_request_tells_dates_as_objects(site: Server) -> None:
    shown = site.get(f"{API}/request/{site.file()}").json()
    assert (shown["issueKey"], shown["currentStatus"]["statusCategory"]) == ("SUP-1", "NEW")
    assert shown["createdDate"]["epochMillis"] == int(site.clock().timestamp() * 1000)
    assert shown["createdDate"]["iso8601"] == "2026-11-24T10:00:00+0100"


def test_refusals_have_a_shape_of_their_own(site: Server) -> None:
    id = site.file("ENG")
    answer = site.get(f"{API}/request/{id}")
    assert (answer.status, set(answer.json())) == (404, {"errorMessage", "i18nErrorMessage"})
    assert site.get(f"{API}/request/{id}", signed="").status == 401
    site.state.habits.denied = {"BROWSE_PROJECTS"}
    assert site.get(f"{API}/request/{site.file()}").status == 403


@pytest.mark.parametrize("path", ["/request/SUP-99", "/servicedesk/9/requesttype", "/servicedesk/9", "/nothing"])
def test_what_does_not_exist_is_refused_in_that_shape_too(site: Server, path: str) -> None:
    answer = site.get(f"{API}{path}")
    assert (answer.status, set(answer.json())) == (404, {"errorMessage", "i18nErrorMessage"})


def test_everybody_may_ask_whether_a_service_desk_is_there(site: Server) -> None:
    assert site.get(f"{API}/info", signed="").json()["isLicensedForUse"] is True


def test_a_comment_states_its_side(site: Server) -> None:
    id = site.file()
    place = f"{API}/request/{id}/comment"
    assert site.call("POST", place, {"body": "x"}).status == 400
    assert site.call("POST", place, {"body": "x", "public": False}).json()["public"] is False
    assert site.ticket(id)["comments"][0]["visibility"] == "internal"
    assert site.get(f"{place}?internal=false").json()["values"] == []


def test_comments_come_in_pages_by_start_and_limit(site: Server) -> None:
    id = site.file()
    for number in range(3):
        site.people.comment(id, author=AGENT, visibility="public", body=f"Note {number}.")
    first = site.get(f"{API}/request/{id}/comment?limit=2").json()
    assert (first["size"], first["isLastPage"], len(first["values"])) == (2, False, 2)
    assert site.get(f"{API}/request/{id}/comment?start=2&limit=2").json()["isLastPage"] is True


def test_comments_of_a_request_that_one_may_not_see_are_an_empty_page(site: Server) -> None:
    id = site.file()
    site.people.comment(id, author=CUSTOMER, visibility="public", body="Hello.")
    site.state.habits.denied = {"BROWSE_PROJECTS"}
    answer = site.get(f"{API}/request/{id}/comment")
    assert (answer.status, answer.json()["values"]) == (200, [])


def test_without_an_agents_licence_there_is_no_internal_side(site: Server) -> None:
    id = site.file()
    site.people.comment(id, author=AGENT, visibility="internal", body="Among us.")
    site.state.worker.agent = False
    assert site.call("POST", f"{API}/request/{id}/comment", {"body": "x", "public": False}).status == 403
    assert site.get(f"/issue/{id}/comment").json()["comments"] == []


def test_a_file_is_uploaded_first_and_then_attached_on_a_stated_side(site: Server) -> None:
    id = site.file()
    uploaded = site.upload(f"{API}/servicedesk/1/attachTemporaryFile", ("a.json", b"{}"))
    number = uploaded.json()["temporaryAttachments"][0]["temporaryAttachmentId"]
    assert (uploaded.status, site.ticket(id)["attachments"]) == (201, [])
    place = f"{API}/request/{id}/attachment"
    assert site.call("POST", place, {"temporaryAttachmentIds": [number]}).status == 400
    answer = site.call("POST", place, {"temporaryAttachmentIds": [number], "public": False})
    assert (answer.status, answer.json()["comment"]["public"]) == (201, False)
    assert [item["visibility"] for item in site.ticket(id)["attachments"]] == ["internal"]
    assert site.call("POST", place, {"temporaryAttachmentIds": [number], "public": False}).status == 400


def test_an_upload_needs_its_desk_and_its_proof(site: Server) -> None:
    assert site.upload(f"{API}/servicedesk/9/attachTemporaryFile", ("a", b"1")).status == 404
    assert site.upload(f"{API}/servicedesk/1/attachTemporaryFile", ("a", b"1"), proof="").status == 403


def test_the_portal_offers_what_customers_may_do(site: Server) -> None:
    id = site.file()
    place = f"{API}/request/{id}/transition"
    assert [item["name"] for item in site.get(place).json()["values"]] == ["Escalate this issue"]
    assert site.call("POST", place, {"id": "51"}).status == 400
    assert site.call("POST", place, {"id": "41"}).status == 204
    assert site.ticket(id)["status"] == "Escalated"


def test_an_sla_runs_pauses_and_stops_with_the_request(site: Server) -> None:
    id = site.file()
    site.people.start_sla(id, target="resolution", minutes=240)

    def told() -> dict[str, Any]:
        (shown,) = site.get(f"{API}/request/{id}/sla").json()["values"]
        return dict(shown)

    site.clock.now += timedelta(hours=1)
    cycle = told()["ongoingCycle"]
    assert (3_600_000, 14_400_000, False) == (
        cycle["elapsedTime"]["millis"],
        cycle["goalDuration"]["millis"],
        cycle["breached"],
    )
    site.transition(id, "Respond to customer")
    site.clock.now += timedelta(hours=9)
    cycle = told()["ongoingCycle"]
    assert (3_600_000, True) == (cycle["elapsedTime"]["millis"], cycle["paused"])
    assert site.get(f"{API}/request/{id}/sla", signed="").status == 401


def test_slas_are_as_described(site: Server) -> None:
    id = site.file()
    site.people.start_sla(id, target="resolution", minutes=240)
    shown = site.get(f"{API}/request/{id}/sla").json()
    described = Description("jira-service-management.json", nulls=True)
    assert [] == described.departures({"$ref": "#/components/schemas/PagedDTOSlaInformationDTO"}, shown)


def test_service_desks_and_what_their_portals_offer_come_in_pages(site: Server) -> None:
    shown = site.get(f"{API}/servicedesk").json()
    assert [(desk["projectKey"], desk["id"]) for desk in shown["values"]] == [("SUP", "1"), ("IDM", "2")]
    first = site.get(f"{API}/servicedesk/1/requesttype?limit=1").json()
    assert ([item["name"] for item in first["values"]], first["isLastPage"]) == (["Get IT help"], False)
    assert site.get(f"{API}/servicedesk/9/requesttype").status == 404
    assert site.get(f"{API}/servicedesk", signed="").status == 401


def test_a_projects_statuses_and_the_sites_slas_are_told(site: Server) -> None:
    (kind,) = site.get("/project/ENG/statuses").json()
    assert (kind["name"], [status["name"] for status in kind["statuses"]]) == ("Task", ["To Do", "In Progress", "Done"])
    assert site.get("/project/NONE/statuses").status == 404
    slas = [field["name"] for field in site.get("/field").json() if "sla-field" in str(field.get("schema"))]
    assert slas == ["Time to resolution", "Time to first response"]
