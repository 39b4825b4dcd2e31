"""People come first: the worker makes way for anyone who takes, closes, untags, reopens or answers a ticket."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from connectors.sandbox.scenarios.world import Member
from tests.e2e.conftest import Make
from tests.e2e.desks import on_both_desks
from tests.e2e.okta_users import CORP, NEW_VALUE
from tests.e2e.settings import write_config
from tests.e2e.ticket_texts import by_worker, files, headings
from tests.e2e.tickets import AGENT, DESKS, INCIDENT, SERVICE_DESK, Filed, Place
from tests.e2e.world import World
from worker.cases.page import case_show, told_of
from workflows.model import CaseState, FollowupState


@on_both_desks
def test_a_person_who_takes_the_ticket_keeps_it(place: Place, world: World) -> None:
    ticket, _ = world.stale_ticket(place)
    other, _ = world.stale_ticket(place)
    world.work()
    world.take(ticket)
    taken = world.shown(ticket)
    world.settle()
    assert taken == world.shown(ticket)
    assert AGENT == world.shown(ticket)["assignee"]
    assert CaseState.WITHDRAWN == world.case(ticket).state
    assert CaseState.RESOLVED == world.case(other).state


@on_both_desks
def test_when_everybody_has_taken_over_no_force_sync_is_pressed(place: Place, world: World) -> None:
    ticket, _ = world.stale_ticket(place)
    world.work()
    world.take(ticket)
    world.settle()
    assert [] == world.force_syncs()


@on_both_desks
def test_a_ticket_without_its_tag_gets_nothing_but_its_freedom(place: Place, world: World) -> None:
    ticket, _ = world.stale_ticket(place)
    world.work()
    world.untag(ticket)
    world.settle()
    shown = world.shown(ticket)
    assert ["Out of date in Okta: department; Force Sync comes next"] == headings(shown)
    assert shown["assignee"] is None
    assert CaseState.WITHDRAWN == world.case(ticket).state


@on_both_desks
def test_a_reopened_ticket_goes_to_a_person(place: Place, world: World) -> None:
    ticket, _ = world.stale_ticket(place)
    world.settle()
    world.skip(hours=1)
    world.reopen(ticket)
    world.settle()
    shown = world.shown(ticket)
    assert [CORP] == world.force_syncs()
    assert (2, CaseState.ESCALATED) == (world.case(ticket).round, world.case(ticket).state)
    assert "in_progress" == shown["status_category"]
    note = by_worker(shown, "internal")[-1]
    assert "forcesync has worked on this ticket before, so a person decides this time." in note
    assert "held the expected value after the Force Sync" in note, "the first round's history"
    assert "A person opened the ticket again." in note
    assert 1 == len(files(shown))


@on_both_desks
def test_an_answered_question_leads_to_the_end_without_another_question(place: Place, world: World) -> None:
    member = world.member()
    ticket = world.ticket(place, about=member, expected=None)
    world.settle()
    assert "on_hold" == world.shown(ticket)["status_category"]
    world.skip(minutes=20)
    world.change_directory(member, "department", NEW_VALUE)
    world.reply(ticket, member.login, f"Attribute: department\nExpected: {NEW_VALUE}")
    world.settle()
    shown = world.shown(ticket)
    assert "done" == shown["status_category"]
    assert NEW_VALUE == world.profile(member)["department"]
    assert 2 == len(by_worker(shown, "public"))


@on_both_desks
def test_a_question_that_nobody_answers_goes_to_a_person_in_the_end(place: Place, world: World) -> None:
    ticket = world.ticket(place, about=world.member(), expected=None)
    world.settle()
    world.skip(hours=1)
    world.settle()
    shown = world.shown(ticket)
    assert CaseState.ESCALATED == world.case(ticket).state
    assert "No answer came in time" in by_worker(shown, "internal")[-1]
    question, last = by_worker(shown, "public")
    assert "Please reply" in question
    assert "with our support team. An agent will look at it and reply to you here" in last


@on_both_desks
def test_an_observed_directory_gets_advice_and_nothing_else(place: Place, a_world: Make) -> None:
    world = a_world(policy={"default_autonomy": "observe"})
    ticket, member = world.stale_ticket(place)
    before = world.profile(member)
    world.settle()
    shown = world.shown(ticket)
    assert CaseState.ADVISED == world.case(ticket).state
    assert [] == world.force_syncs()
    assert before == world.profile(member)
    assert ("new", None, None) == (shown["status_category"], shown["assignee"], shown["resolution"])
    assert [] == by_worker(shown, "public")
    advice = by_worker(shown, "internal")[-1]
    assert "Directory > Directory Integrations > corp.example.com > Provisioning > To Okta" in advice


@on_both_desks
def test_a_fault_changes_nothing_on_an_observed_ticket(place: Place, a_world: Make) -> None:
    world = a_world(policy={"default_autonomy": "observe"})
    world.fault("okta", "status", path="^/api/v1/users$", status=400, body={"errorCode": "E0000031"}, times=50)
    ticket, _ = world.stale_ticket(place)
    world.settle()
    shown = world.shown(ticket)
    assert CaseState.ADVISED == world.case(ticket).state
    assert ("new", None) == (shown["status_category"], shown["assignee"])
    assert [] == by_worker(shown, "public")
    assert [] == files(shown)
    advice = by_worker(shown, "internal")[-1]
    assert "Advice only: " in advice
    assert "E0000031" in advice or "400" in advice


@on_both_desks
def test_an_observed_ticket_that_is_tagged_again_gets_its_advice_again(place: Place, a_world: Make) -> None:
    world = a_world(policy={"default_autonomy": "observe"})
    ticket, _ = world.stale_ticket(place)
    world.settle()
    world.untag(ticket)
    world.run_for(minutes=2)
    world.tag_again(ticket)
    world.settle()
    shown = world.shown(ticket)
    assert (2, CaseState.ADVISED) == (world.case(ticket).round, world.case(ticket).state)
    assert 2 == sum("Advice only: " in note for note in by_worker(shown, "internal"))
    assert [] == by_worker(shown, "public")
    assert [] == files(shown)


def test_a_directory_may_be_observed_while_others_are_worked(a_world: Make) -> None:
    world = a_world(policy={"autonomy": {"ldap.example.com": "observe"}})
    watched, _ = world.stale_ticket(INCIDENT, "ldap.example.com")
    worked, _ = world.stale_ticket(SERVICE_DESK)
    world.settle()
    assert CaseState.ADVISED == world.case(watched).state
    assert CaseState.RESOLVED == world.case(worked).state
    assert [CORP] == world.force_syncs()


@on_both_desks
def test_a_day_later_a_value_that_holds_is_not_spoken_of(place: Place, world: World) -> None:
    ticket, _ = resolved(world, place)
    before = world.shown(ticket)
    world.skip(days=1, minutes=1)
    world.run_for(minutes=1)
    assert FollowupState.HOLDS == world.recheck(ticket).state
    assert before == world.shown(ticket)


@on_both_desks
def test_a_day_later_a_value_that_was_overwritten_is_told_inside(place: Place, world: World) -> None:
    ticket, member = resolved(world, place)
    world.skip(hours=5)
    world.change_okta(member, "department", "Something Else")
    world.skip(hours=20)
    world.run_for(minutes=1)
    shown = world.shown(ticket)
    assert FollowupState.CHANGED == world.recheck(ticket).state
    case = world.case(ticket)
    assert {(case.id, 1)} == world.parts.store.not_durable()
    assert "NOT DURABLE" in dict(told_of(world.parts.store.record(case.id), world.parts.ports.policy))["later"]
    assert "Checked again: the value did not last" == headings(shown)[-1]
    assert "internal" == shown["comments"][-1]["visibility"]
    assert ("done", CaseState.RESOLVED) == (shown["status_category"], world.case(ticket).state)
    assert any(told.event == "alert" and shown["key"] in str(told.facts["text"]) for told in world.reported)


@on_both_desks
def test_a_ticket_for_somebody_else_tells_the_requester_nothing_about_them(place: Place, world: World) -> None:
    member, requester = world.stale_user(), world.member()
    ticket = world.ticket(place, about=member, requester=requester.login, form=True)
    world.settle()
    (answer,) = by_worker(world.shown(ticket), "public")
    assert answer.startswith("Your request has been completed.")
    assert member.login not in answer


def resolved(world: World, place: Place) -> tuple[Filed, Member]:
    """Return a resolved ticket and its user."""
    ticket, member = world.stale_ticket(place)
    world.settle()
    assert CaseState.RESOLVED == world.case(ticket).state
    return ticket, member


def test_servicenow_gets_no_file_about_somebody_else_and_jira_keeps_it_inside(world: World) -> None:
    requester, other = world.member(), world.member()
    world.change_directory(other, "department", NEW_VALUE, imported=False)
    tickets = [world.ticket(place, about=other, requester=requester.login) for place in DESKS]
    tickets += [world.ticket(place, about=other) for place in DESKS]
    world.settle()
    assert [0, 1, 1, 1] == [len(files(world.shown(ticket))) for ticket in tickets]


@pytest.mark.long
def test_a_package_that_may_not_be_attached_is_made_and_saved_by_the_operator(world: World, tmp_path: Path) -> None:
    other = world.stale_user()
    world.make_stuck(other)
    ticket = world.ticket(INCIDENT, about=other, requester=AGENT)
    world.settle()
    note = next(text for text in by_worker(world.shown(ticket), "internal") if "had no effect on" in text)
    key, folder = world.shown(ticket)["key"], tmp_path / "package"
    assert f"forcesync case show {key} --save FOLDER" in note
    assert "attached ZIP" not in note
    assert [] == files(world.shown(ticket))
    assert 0 == case_show(write_config(world.sandbox, world.store_file), key, save=folder)
    (saved,) = folder.iterdir()
    with zipfile.ZipFile(saved) as archive:
        assert "form.txt" in archive.namelist()


@pytest.mark.long
def test_the_settings_may_have_files_about_anybody_attached(a_world: Make) -> None:
    world = a_world(desks={"servicenow": {"attach_diagnostics": True}})
    other = world.stale_user()
    world.make_stuck(other)
    ticket = world.ticket(INCIDENT, about=other, requester=AGENT)
    world.settle()
    assert 1 == len(files(world.shown(ticket)))


@on_both_desks
def test_only_what_the_desk_shows_us_is_promised_once_a_ticket_is_resolved(place: Place, world: World) -> None:
    ticket, member = world.stale_ticket(place)
    world.settle()
    said = by_worker(world.shown(ticket), "public")[-1]
    assert "reply" not in said
    assert f"mentions {world.shown(ticket)['key']}" in said
    world.skip(minutes=5)
    text = f"{world.shown(ticket)['key']} was resolved, and my department is still wrong."
    again = world.said(place, by=member, text=text)
    world.settle()
    assert world.has_case(again)
    assert [CORP] == world.force_syncs()
    assert "done" != world.shown(again)["status_category"]


@on_both_desks
def test_a_resolved_ticket_that_its_requester_reopens_reaches_a_person(place: Place, world: World) -> None:
    ticket, _ = world.stale_ticket(place)
    world.settle()
    world.skip(minutes=5)
    world.reopen(ticket)
    world.settle()
    assert (2, CaseState.ESCALATED) == (world.case(ticket).round, world.case(ticket).state)
