"""Assignee and status are exact, verified, and left alone if a person was faster."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from connectors.jira import JiraDesk
from tests.unit.connectors.jira.issues import issue, status, user
from tests.unit.jira_site import REF, Reply, Site, assign, desk, serving
from workflows.errors import Refused, Transient, Uncertain
from workflows.model import PlannedWrite


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as site:
        yield site


def moved(status: str, category: str = "indeterminate", resolution: str | None = None) -> Reply:
    at = {"id": "1", "name": status, "statusCategory": {"key": category}}
    return Reply({"id": "10017", "fields": {"status": at, "resolution": resolution and {"name": resolution}}})


def transition_to(status: str, category: str, number: str = "5", *, screen: bool = True) -> dict[str, Any]:
    to = {"id": number, "name": status, "statusCategory": {"key": category}}
    return {"id": number, "name": "Go", "to": to, "hasScreen": screen}


def move(*names: str, **changes: Any) -> PlannedWrite:
    payload = {"names": list(names), "category": None, "required": True, "resolution": ""} | changes
    return PlannedWrite(key="c1.status", operation="transition", payload=payload)


# assignee and status


def assigned(*holders: str | None) -> list[Reply]:
    return [Reply({"id": "10017", "fields": {"assignee": who and {"accountId": who}}}) for who in holders]


def test_an_assignee_is_set_by_id_and_read_again(site: Site) -> None:
    site.on("GET /issue/10017", *assigned(None, "712020:us"))
    site.on("PUT /issue/10017/assignee", Reply(status=204))
    desk(site).deliver(REF, assign("712020:us", None))
    assert [asked.json for asked in site.asked if asked.method == "PUT"] == [{"accountId": "712020:us"}]


def test_an_assignee_that_does_not_stick_is_refused(site: Site) -> None:
    site.on("GET /issue/10017", *assigned("712020:us", "712020:us"))
    site.on("PUT /issue/10017/assignee", Reply(status=204))
    with pytest.raises(Refused, match="shows 712020:us as the assignee"):
        desk(site).deliver(REF, assign("712020:team", "712020:us"))


@pytest.mark.parametrize(("after", "holder"), [(None, ""), ("712020:person", "712020:person")])
def test_an_automation_that_undoes_our_assignment_is_told_and_the_claim_counts(
    after: str | None, holder: str, site: Site
) -> None:
    site.on("GET /issue/10017", *assigned(None, after))
    site.on("PUT /issue/10017/assignee", Reply(status=204))
    receipt = desk(site).deliver(REF, assign("712020:us", None))
    assert receipt.holder == holder
    assert "exempt the account" in str(receipt.warning)


def test_an_issue_that_a_person_has_taken_is_neither_claimed_nor_released(site: Site) -> None:
    site.on("GET /issue/10017", *assigned("712020:person"))
    with pytest.raises(Refused, match="a person has taken"):
        desk(site).deliver(REF, assign("712020:us", None))
    desk(site).deliver(REF, assign(None, "712020:us"))
    assert "PUT /issue/10017/assignee" not in site.calls()


def test_a_failed_verification_after_a_write_is_uncertain(site: Site) -> None:
    site.on("GET /issue/10017", *assigned(None), Reply(status=500))
    site.on("PUT /issue/10017/assignee", Reply(status=204))
    with pytest.raises(Uncertain, match="could not be verified"):
        desk(site).deliver(REF, assign("712020:us", None))


def ranked(*names: str | None) -> list[Reply]:
    return [Reply({"id": "10017", "fields": {"priority": name and {"id": "1", "name": name}}}) for name in names]


PRIORITY = PlannedWrite(key="c1.priority", operation="priority", payload={"name": "High"})


def test_a_priority_is_set_by_name_and_read_again(site: Site) -> None:
    site.on("GET /issue/10017", *ranked("Medium", "High"))
    site.on("PUT /issue/10017", Reply(status=204))
    assert desk(site).find(REF, PRIORITY) is None
    assert desk(site).find(REF, PRIORITY) is not None
    site.on("GET /issue/10017", *ranked(None, "High"))
    assert desk(site).deliver(REF, PRIORITY).warning is None
    assert [asked.json for asked in site.asked if asked.method == "PUT"] == [{"fields": {"priority": {"name": "High"}}}]


@pytest.mark.parametrize(
    ("answer", "shown", "warned"),
    [
        (Reply({"errors": {"priority": "It is not on the appropriate screen."}}, 400), "Low", "not on the appropriate"),
        (Reply(status=204), "Low", "shows the priority 'low', not 'High'"),
    ],
)
def test_a_priority_that_does_not_stick_does_not_prevent_the_hand_over(
    site: Site, answer: Reply, shown: str, warned: str
) -> None:
    site.on("GET /issue/10017", *ranked(shown))
    site.on("PUT /issue/10017", answer)
    assert warned in (desk(site).deliver(REF, PRIORITY).warning or "")


def test_a_transition_is_chosen_by_the_status_it_leads_to(site: Site) -> None:
    offered = [transition_to("Escalated", "indeterminate", "4"), transition_to("In Progress", "indeterminate", "5")]
    site.on("GET /issue/10017", moved("Open", "new"), moved("In Progress"))
    site.on("GET /issue/10017/transitions", Reply({"transitions": offered}))
    site.on("POST /issue/10017/transitions", Reply(status=204, content_type="text/html"))
    desk(site).deliver(REF, move("in progress"))
    assert site.asked[-2].json == {"transition": {"id": "5"}}


def test_a_question_that_was_answered_at_once_was_asked_all_the_same(site: Site) -> None:
    offered = [transition_to("Waiting for customer", "indeterminate")]
    site.on("GET /issue/10017", moved("Waiting for support", "indeterminate"))
    site.on("GET /issue/10017/transitions", Reply({"transitions": offered}))
    site.on("POST /issue/10017/transitions", Reply(status=204))
    desk(site).deliver(REF, move("Waiting for customer", required=False))
    assert site.calls().count("POST /issue/10017/transitions") == 1


def test_a_status_that_is_already_set_needs_no_transition(site: Site) -> None:
    site.on("GET /issue/10017", moved("In Progress"))
    desk(site).deliver(REF, move("In Progress"))
    assert site.calls() == ["GET /myself", "GET /issue/10017"]


def test_without_a_name_only_an_unambiguous_category_decides(site: Site) -> None:
    site.on("GET /issue/10017", moved("Open", "new"), moved("Erledigt", "done", "Done"))
    site.on("POST /issue/10017/transitions", Reply(status=204))
    site.on("GET /issue/10017/transitions", Reply({"transitions": [transition_to("Erledigt", "done")]}))
    desk(site).deliver(REF, move("Resolved", category="done"))
    site.on("GET /issue/10017", moved("Open", "new"))
    two = [transition_to("Erledigt", "done", "5"), transition_to("Abgelehnt", "done", "6")]
    site.on("GET /issue/10017/transitions", Reply({"transitions": two}))
    with pytest.raises(Refused, match="'Abgelehnt', 'Erledigt'"):
        desk(site).deliver(REF, move("Resolved", category="done"))


def test_a_status_that_is_not_offered_is_left_alone_unless_it_is_required(site: Site) -> None:
    site.on("GET /issue/10017", moved("In Progress"))
    site.on("GET /issue/10017/transitions", Reply({"transitions": []}))
    desk(site).deliver(REF, move("Escalated", required=False))
    with pytest.raises(Refused, match="offers: none"):
        desk(site).deliver(REF, move("Escalated"))
    assert "POST /issue/10017/transitions" not in site.calls()


@pytest.mark.parametrize(
    ("screen", "message", "sent"),
    [
        (
            True,
            "cannot be set. It is not on the appropriate screen",
            [{"resolution": {"name": "Done"}}, None],
        ),
        (False, "is required", [None, {"resolution": {"name": "Done"}}]),
    ],
)
def test_a_refusal_because_of_the_resolution_is_retried_in_the_other_form(
    site: Site, screen: bool, message: str, sent: list[Any]
) -> None:
    site.on("GET /issue/10017", moved("Open", "new"), moved("Done", "done", "Done"))
    site.on("GET /issue/10017/transitions", Reply({"transitions": [transition_to("Done", "done", screen=screen)]}))
    refusal = {"errorMessages": [], "errors": {"resolution": f"Field 'resolution' {message}"}}
    site.on("POST /issue/10017/transitions", Reply(refusal, 400), Reply(status=204))
    one = desk(site)
    one.deliver(REF, move("Done", resolution="Done"))
    assert [asked.json.get("fields") for asked in site.asked if asked.method == "POST"] == sent
    site.on("GET /issue/10018", moved("Open", "new"), moved("Done", "done", "Done"))
    site.on("GET /issue/10018/transitions", Reply({"transitions": [transition_to("Done", "done", screen=screen)]}))
    site.on("POST /issue/10018/transitions", Reply(status=204))
    one.deliver(REF.model_copy(update={"id": "10018"}), move("Done", resolution="Done"))
    assert site.asked[-2].json.get("fields") == sent[-1], "the form that Jira took is remembered"


def test_a_message_that_names_no_field_may_be_about_the_resolution_too(site: Site) -> None:
    site.on("GET /issue/10017", moved("Open", "new"), moved("Done", "done", "Done"))
    offered = [transition_to("Done", "done", screen=False)]
    site.on("GET /issue/10017/transitions", Reply({"transitions": offered}))
    refusal = {"errorMessages": ["Field Resolution is required"], "errors": {}}
    site.on("POST /issue/10017/transitions", Reply(refusal, 400), Reply(status=204))
    desk(site).deliver(REF, move("Done", resolution="Done"))
    assert site.asked[-2].json["fields"] == {"resolution": {"name": "Done"}}


def test_any_other_refusal_is_reported_and_not_retried(site: Site) -> None:
    site.on("GET /issue/10017", moved("Open", "new"))
    site.on("GET /issue/10017/transitions", Reply({"transitions": [transition_to("Done", "done")]}))
    site.on("POST /issue/10017/transitions", Reply({"errorMessages": ["a validator says no"]}, 400))
    with pytest.raises(Refused, match="a validator says no"):
        desk(site).deliver(REF, move("Done", resolution="Done"))
    assert site.calls().count("POST /issue/10017/transitions") == 1


def resolving(site: Site, after: Reply) -> None:
    """Offer a way to Done that takes a resolution, and show the issue like this afterwards."""
    site.on("GET /issue/10017", moved("Open", "new"), after)
    offered = [transition_to("Done", "done")]
    site.on("GET /issue/10017/transitions", Reply({"transitions": offered}))
    site.on("POST /issue/10017/transitions", Reply(status=204))


def test_a_transition_without_the_intended_effect_is_refused(site: Site) -> None:
    resolving(site, moved("Open", "new"))
    with pytest.raises(Refused, match="shows the status 'Open'"):
        desk(site).deliver(REF, move("Done", resolution="Done"))


@pytest.mark.parametrize(
    ("after", "warned"),
    [
        (moved("Done", "done"), "has no resolution"),
        (moved("Done", "done", "Won't Do"), "\"Won't Do\" instead of 'Done'"),
    ],
)
def test_a_done_issue_with_another_resolution_is_left_with_a_warning(site: Site, after: Reply, warned: str) -> None:
    resolving(site, after)
    write = move("Done", category="done", resolution="Done")
    assert warned in str(desk(site).deliver(REF, write).warning)
    found = desk(site).find(REF, write)
    assert found is not None
    assert ("no resolution" in str(found.warning)) == ("no resolution" in warned)
    assert site.calls().count("POST /issue/10017/transitions") == 1


def test_a_conflicting_change_is_transient(site: Site) -> None:
    site.on("GET /issue/10017", moved("Open", "new"))
    site.on("GET /issue/10017/transitions", Reply({"transitions": [transition_to("Done", "done")]}))
    site.on("POST /issue/10017/transitions", Reply({"errorMessages": ["conflicting update"]}, status=409))
    with pytest.raises(Transient, match="conflicting update"):
        desk(site).deliver(REF, move("Done"))
    assert [asked.method for asked in site.asked].count("POST") == 1


# what was seen just before


def glanced(site: Site, *ways: dict[str, Any], **fields: Any) -> JiraDesk:
    """Return a desk that has just glanced at the issue, which offers these ways."""
    site.on("GET /issue/10017", Reply(issue(**fields) | {"transitions": list(ways)}))
    one = desk(site)
    one.glance(REF)
    site.asked.clear()
    return one


DONE = {"id": "5", "to": status("Done", "done"), "hasScreen": False}


def test_a_claim_of_an_issue_that_was_just_read_reads_nothing_first(site: Site) -> None:
    one = glanced(site)
    site.on("PUT /issue/10017/assignee", Reply(status=204))
    site.on("GET /issue/10017", Reply(issue(assignee=user("us"))))
    one.deliver(REF, assign("712020:us", None))
    assert site.calls() == ["PUT /issue/10017/assignee", "GET /issue/10017"]


def test_a_hand_over_is_read_before_it_all_the_same(site: Site) -> None:
    one = glanced(site, assignee=user("us"))
    site.on("GET /issue/10017", Reply(issue(assignee=user("person"))))
    one.deliver(REF, assign(None, "712020:us"))
    assert site.calls() == ["GET /issue/10017"]


def test_a_transition_that_was_just_offered_is_made_and_then_read(site: Site) -> None:
    one = glanced(site, DONE)
    site.on("POST /issue/10017/transitions", Reply(status=204))
    site.on("GET /issue/10017", Reply(issue(status=status("Done", "done"))))
    one.deliver(REF, move("Done"))
    assert site.calls() == ["POST /issue/10017/transitions", "GET /issue/10017"]


def test_an_issue_that_an_automation_moved_meanwhile_is_looked_at_again(site: Site) -> None:
    one = glanced(site, DONE)
    moved_on = Reply(issue(status=status("Answered", "indeterminate")) | {"transitions": [DONE | {"id": "7"}]})
    site.on("GET /issue/10017", moved_on, Reply(issue(status=status("Done", "done"))))
    illegal = Reply({"errorMessages": ["an illegal workflow operation"]}, 400)
    site.on("POST /issue/10017/transitions", illegal, Reply(status=204))
    one.deliver(REF, move("Done"))
    assert [asked.json["transition"]["id"] for asked in site.asked if asked.method == "POST"] == ["5", "7"]


def test_an_issue_that_an_automation_moved_where_we_wanted_it_is_left(site: Site) -> None:
    one = glanced(site, DONE)
    site.on("GET /issue/10017", Reply(issue(status=status("Done", "done"))))
    site.on("POST /issue/10017/transitions", Reply({"errorMessages": ["an illegal workflow operation"]}, 400))
    one.deliver(REF, move("Done"))
    assert site.calls() == ["POST /issue/10017/transitions", "GET /issue/10017"]


def test_a_refusal_stands_where_the_issue_has_not_moved(site: Site) -> None:
    one = glanced(site, DONE)
    site.on("POST /issue/10017/transitions", Reply({"errorMessages": ["a validator says no"]}, 400))
    with pytest.raises(Refused, match="a validator says no"):
        one.deliver(REF, move("Done"))
    assert site.calls() == ["POST /issue/10017/transitions", "GET /issue/10017"]


def test_what_was_seen_is_forgotten_when_a_write_fails(site: Site) -> None:
    one = glanced(site, DONE)
    site.on("POST /issue/10017/transitions", Reply(status=409), Reply(status=204))
    with pytest.raises(Transient):
        one.deliver(REF, move("Done"))
    site.on("GET /issue/10017", Reply(issue(assignee=user("person")) | {"transitions": [DONE]}))
    with pytest.raises(Refused, match="a person has taken"):
        one.deliver(REF, move("Done"))
