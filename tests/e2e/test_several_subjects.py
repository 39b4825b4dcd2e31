"""One ticket about several people: each is judged and verified, and the ticket ends when all are settled."""

from __future__ import annotations

import pytest

from tests.e2e.conftest import Make
from tests.e2e.desks import on_both_desks
from tests.e2e.okta_users import CORP, LDAP, NEW_VALUE, PLANT
from tests.e2e.stories import two_directories
from tests.e2e.ticket_texts import by_worker
from tests.e2e.tickets import AGENT, DESKS, Place
from workflows.model import VerdictKind


@pytest.mark.parametrize("place", DESKS, ids=[desk for desk, _ in DESKS])
def test_people_of_two_directories_are_fixed_one_after_the_other(place: Place, a_world: Make) -> None:
    world = a_world()
    ticket = two_directories(world, place)
    assert world.shown(ticket)["status_category"] == "done"
    assert sorted(world.force_syncs()) == [CORP, PLANT]
    assert [subject.right for subject in world.case(ticket).subjects] == [True, True]
    assert world.violations() == []


def test_what_helps_one_is_done_before_the_other_goes_to_a_person(a_world: Make) -> None:
    world = a_world()
    helped, old = world.stale_user(), world.member(LDAP)
    world.change_directory(old, "department", NEW_VALUE, imported=False)
    ticket = world.ticket(about=f"{helped.login}, {old.login}", requester=AGENT)
    world.settle()
    assert world.case(ticket).state == "escalated"
    assert world.profile(helped)["department"] == NEW_VALUE
    assert world.force_syncs() == [CORP]
    assert any("Force Sync can't help" in body for body in by_worker(world.shown(ticket)))
    assert world.violations() == []


def test_who_was_fixed_first_is_still_a_subject_at_the_end_where_prose_names_both(a_world: Make) -> None:
    world = a_world()
    one, other = world.stale_user(), world.stale_user(PLANT)
    text = f"The department of {one.login} and {other.login} should be {NEW_VALUE}."
    ticket = world.said(DESKS[0], by=world.member(), text=text)
    world.settle()
    assert sorted(world.force_syncs()) == [CORP, PLANT]
    subjects = world.case(ticket).subjects
    assert {one.login, other.login} == {item.verdict.login for item in subjects if item.verdict}


@pytest.mark.long
@on_both_desks
def test_a_change_that_is_taken_back_for_one_leaves_the_other_without_effect(place: Place, a_world: Make) -> None:
    world = a_world()
    one, other = world.stale_user(), world.stale_user()
    for member in (one, other):
        world.make_stuck(member)
    ticket = world.ticket(place, about=f"{one.login}, {other.login}", requester=AGENT)
    world.run_for(seconds=100)
    world.change_directory(other, "department", "Logistics")
    world.settle()
    case = world.case(ticket)
    assert [VerdictKind.STALE_IN_OKTA, VerdictKind.STALE_IN_DIRECTORY_COPY] == [
        subject.verdict and subject.verdict.kind for subject in case.subjects
    ]
    last = by_worker(world.shown(ticket), "internal")[-1]
    assert "Handed over while a Force Sync was under way" not in last
    assert [False, True] == [run.assisted for run in world.runs()], "the one still waits for the console's own button"
    assert "nobody wrote that Force Sync was pressed" in last
