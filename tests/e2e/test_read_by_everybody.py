"""On a software project everybody who sees an issue reads all of it: what is written there tells of nobody else.

Each story runs where notes have an internal side too, which shows that there was something to tell.
"""

from __future__ import annotations

import re

import pytest

from connectors.sandbox.jira import workflow
from connectors.sandbox.okta import events
from connectors.sandbox.scenarios.world import Member
from tests.e2e.conftest import Make
from tests.e2e.decisions import APPROVE, APPROVER, approval_is_asked_for, decide
from tests.e2e.okta_users import CORP, NEW_VALUE, PLANT
from tests.e2e.stories import confirmed_by
from tests.e2e.test_at_odds import asks_otherwise
from tests.e2e.ticket_texts import by_worker, files, headings
from tests.e2e.tickets import AGENT, INCIDENT, SERVICE_DESK, SOFTWARE, Filed, Place
from tests.e2e.world import World
from workflows.model import CaseState

EXECUTIVES = {"policy": {"protected_groups": ["Executives"]}, "groups": ["Executives"]}
ADMIN = "profile.admin@example.com"
WITHHELD = "The values aren't shown here"

on_every_side = pytest.mark.parametrize(
    "place",
    [
        pytest.param(INCIDENT, id="incident"),
        pytest.param(SERVICE_DESK, id="service desk", marks=pytest.mark.long),
        pytest.param(SOFTWARE, id="software project"),
    ],
)


def ours(world: World, ticket: Filed) -> str:
    """Return all that we wrote on a ticket, its files included."""
    shown = world.shown(ticket)
    return "\n".join([*by_worker(shown), *(world.file(ticket, name).decode() for name in files(shown))])


@on_every_side
def test_that_somebody_is_protected_is_not_told(place: Place, a_world: Make) -> None:
    world = a_world(**EXECUTIVES)
    ticket, member = world.stale_ticket(place)
    world.put_in_group(member, "Executives")
    world.settle()
    assert CaseState.ESCALATED == world.case(ticket).state
    assert ["The Okta profile is behind the directory's copy"] == headings(world.shown(ticket))
    assert not re.search("protected|policy\\.|executive", ours(world, ticket), re.IGNORECASE)


@on_every_side
def test_who_changed_a_value_in_okta_is_told_inside_alone(place: Place, world: World) -> None:
    member = world.stale_user(PLANT)
    world.skip(seconds=2)
    world.sandbox.okta.actors.update(member.user_id, {"department": "Set By Hand"})
    ticket = world.ticket(place, about=member)
    world.settle()
    (note,) = [text for text in by_worker(world.shown(ticket)) if "Force Sync would undo that" in text]
    assert (place is not SOFTWARE) == (f"{ADMIN} changed department in Okta at" in note)
    assert (place is SOFTWARE) == ("Somebody changed department in Okta at" in note)
    assert place is not SOFTWARE or ADMIN.partition("@")[0] not in ours(world, ticket)


@on_every_side
def test_what_another_ticket_asks_for_is_told_inside_alone(place: Place, world: World) -> None:
    member = world.member()
    older = world.ticket(INCIDENT, about=member)
    world.settle()
    younger = asks_otherwise(world, place, member)
    world.settle()
    key = world.case(older).ref.key
    said = ours(world, younger)
    assert (place is SOFTWARE) == (f"Service desk: read {key} (servicenow) before you change anything here." in said)
    assert (place is not SOFTWARE) == ("asks for a different department for the same user" in said)


@on_every_side
def test_who_may_decide_and_who_did_is_told_inside_alone(place: Place, a_world: Make) -> None:
    world = a_world(policy=APPROVE)
    ticket = approval_is_asked_for(world, place)
    decide(world, approved=True)
    world.settle()
    assert CaseState.RESOLVED == world.case(ticket).state
    said = ours(world, ticket)
    assert "Who may approve" in said
    assert (place is not SOFTWARE) == (APPROVER in said)


@on_every_side
def test_who_rejected_it_is_told_inside_alone(place: Place, a_world: Make) -> None:
    world = a_world(policy=APPROVE)
    ticket = approval_is_asked_for(world, place)
    decide(world, approved=False)
    world.settle()
    assert CaseState.ESCALATED == world.case(ticket).state
    assert (place is not SOFTWARE) == (APPROVER in ours(world, ticket))


@pytest.mark.parametrize("stale", [True, False])
@on_every_side
def test_what_is_held_about_somebody_else_is_shown_inside_alone(stale: bool, place: Place, a_world: Make) -> None:
    world = a_world(policy={"on_behalf": ["Everyone"], "force_sync": "off"})
    member: Member = world.stale_user() if stale else world.member()
    by = world.member().login
    ticket = world.ticket(place, about=member, expected=None if not stale else "Astrology", requester=by)
    world.settle()
    said = ours(world, ticket)
    assert CaseState.ESCALATED == world.case(ticket).state or place is not SOFTWARE
    assert (place is SOFTWARE) == (WITHHELD in said)
    assert (place is not SOFTWARE) == (world.profile(member)["department"] in said)
    assert place is not SOFTWARE or (member.login not in said and not files(world.shown(ticket)))


@on_every_side
def test_an_evidence_page_lists_nobody_elses_failed_imports(place: Place, world: World) -> None:
    other, member = world.member(), world.member()
    world.change_directory(other, "firstName", "x" * 51, imported=False)
    world.open_page(other)
    world.change_directory(member, "mobilePhone", "+1 999-555-0199", imported=False)
    ticket = world.ticket(place, about=member, attribute="mobilePhone", expected="+1 999-555-0199")
    world.settle()
    assert CaseState.ESCALATED == world.case(ticket).state
    (name,) = files(world.shown(ticket))
    page = world.file(ticket, name).decode()
    assert "import_failed" not in page
    assert other.user_id not in page


@on_every_side
def test_that_somebody_is_suspended_is_told_inside_alone(place: Place, world: World) -> None:
    member = world.stale_user()
    world.sandbox.okta.user(member.user_id).status = "SUSPENDED"
    ticket = world.ticket(place, about=member)
    world.settle()
    assert (place is not SOFTWARE) == ("The Okta user is SUSPENDED." in "\n".join(by_worker(world.shown(ticket))))
    assert place is not SOFTWARE or not re.search("suspend", ours(world, ticket), re.IGNORECASE)
    assert all("SUSPENDED" not in text for text in by_worker(world.shown(ticket), "public"))


@on_every_side
def test_what_else_okta_logs_of_somebody_leaves_in_no_file(place: Place, world: World) -> None:
    member = world.member()
    world.change_directory(member, "department", NEW_VALUE, imported=False)
    logged(world, member, "user.lifecycle.suspend", "user.mfa.factor.reset_all", "system.import.user.suspend")
    ticket = world.ticket(place, about=member)
    world.settle()
    (name,) = files(world.shown(ticket))
    page = world.file(ticket, name).decode()
    assert "import" in page
    assert not re.search("suspend|factor", page)
    assert not re.search(r"\bACTIVE\b", page)


def logged(world: World, member: Member, *kinds: str) -> None:
    """Let Okta log events of these types about somebody; the simulated org logs none by itself."""
    okta = world.sandbox.okta
    with world.sandbox.frame.lock:
        for kind in kinds:
            okta.log.write(okta.frame.clock(), events.SIGNED_IN, [events.user_target(okta.user(member.user_id))])
            okta.log.events[-1]["eventType"] = kind


@on_every_side
def test_a_comment_that_is_note_and_answer_at_once_speaks_with_one_voice(place: Place, world: World) -> None:
    member = world.member()
    world.change_directory(member, "department", NEW_VALUE, imported=False)
    ticket = world.ticket(place, about=member)
    world.settle()
    told = by_worker(world.shown(ticket))
    assert (place is not SOFTWARE) == any("The requester has been told" in text for text in told)
    assert [] == [text for text in told if "forcesync " in text and re.search(r"\bwe\b", text, re.IGNORECASE)]


@on_every_side
def test_whoever_waits_for_it_is_told_that_it_is_solved(place: Place, world: World) -> None:
    ticket, _ = world.stale_ticket(place)
    world.settle()
    assert CaseState.RESOLVED == world.case(ticket).state
    assert [CORP] == world.force_syncs()
    assert by_worker(world.shown(ticket))[-1].count("Your Okta profile has been updated.") == 1


def test_an_issue_that_left_its_service_project_has_no_internal_side_any_more(world: World) -> None:
    ticket, _ = world.stale_ticket(SERVICE_DESK)
    world.run_for(seconds=10)
    desk, ref, jira = world.parts.ports.desks["jira"], world.case(ticket).ref, world.sandbox.jira.state
    assert desk.has_inside(ref)
    jira.move(jira.issue(ticket.id), workflow.ENGINEERING, jira.account(AGENT))
    desk.glance(ref)
    assert not desk.has_inside(ref)


@on_every_side
def test_whom_else_a_force_sync_helped_is_told_inside_alone(place: Place, world: World) -> None:
    _, other = world.stale_ticket()
    ticket = confirmed_by("no")(world, place)
    world.settle()
    assert CaseState.ESCALATED == world.case(ticket).state
    said = ours(world, ticket)
    assert "it did for 1 other ticket" not in said, "the value came here, too: there is nothing to rule out"
    assert "an effect was seen for 2 of 2 tickets" in said
    assert (place is not SOFTWARE) == (other.user_id in said)
