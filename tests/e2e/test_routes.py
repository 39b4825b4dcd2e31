"""Every verdict from its cause to the ticket's end, on both desks, all in one world at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from connectors.sandbox.okta.events import EXPRESSION_INVALID, app_target, user_target
from connectors.sandbox.scenarios.catalogue import Scenario
from connectors.sandbox.scenarios.world import Member
from tests.e2e.decisions import APPROVER
from tests.e2e.okta_users import CORP, LDAP, NEW_VALUE, PLANT
from tests.e2e.ticket_texts import by_worker, data_of, files, headings, without_repetition
from tests.e2e.tickets import DESKS, ESCALATION_ASSIGNEE, INCIDENT, SERVICE_DESK, Filed, Place
from tests.e2e.world import World
from workflows.model import CaseState, VerdictKind
from workflows.notes.titles import TOLD, title_of
from workflows.precheck.verdicts import VERDICTS, leading_verdict

pytestmark = pytest.mark.long

Arrange = Callable[[World, Place], Filed]
V = VerdictKind


def helper(world: World) -> Member:
    """Return somebody who may file for others."""
    member = world.member()
    world.put_in_group(member, "Helpers")
    return member


def names_nobody(world: World, place: Place) -> Filed:
    return world.ticket(place, attribute=None, expected=None)


def unknown_user(world: World, place: Place) -> Filed:
    return world.ticket(place, about="nobody.known@example.com", requester=helper(world).login)


def two_users_fit(world: World, place: Place) -> Filed:
    number = f"EN-{place[0]}"
    for twin in ("Una", "Duo"):
        world.newcomer(f"{twin}{place[0]}", CORP, profile={"employeeNumber": number})
    return world.ticket(place, about=number, requester=helper(world).login)


def suspended(world: World, place: Place) -> Filed:
    return world.ticket(place, about=world.newcomer(f"Gone{place[0]}", CORP, status="SUSPENDED"))


def without_directory(world: World, place: Place) -> Filed:
    return world.ticket(place, about=world.newcomer(f"Alone{place[0]}"))


def not_readable(world: World, place: Place) -> Filed:
    member = world.newcomer(f"Hidden{place[0]}", CORP)
    world.sandbox.okta.forbidden.add(member.user_id)
    ticket = world.ticket(place, about=member)
    world.run_for(minutes=1)
    return ticket


def in_two_directories(world: World, place: Place) -> Filed:
    member = world.newcomer(f"Twice{place[0]}", CORP, PLANT)
    world.change_directory(member, "department", NEW_VALUE)
    return world.ticket(place, about=member)


def in_two_directories_that_agree(world: World, place: Place) -> Filed:
    return world.ticket(place, about=world.newcomer(f"Same{place[0]}", CORP, PLANT))


def provisioned_by_okta(world: World, place: Place) -> Filed:
    member = world.newcomer(f"Pushed{place[0]}", CORP)
    world.sandbox.okta.people[member.user_id].links[member.app_id].scope = "GROUP"
    return world.ticket(place, about=member)


def in_an_inactive_directory(world: World, place: Place) -> Filed:
    label = f"{place[0]}.example.com"
    app_id = world.sandbox.world.apps[label] = world.sandbox.okta.add_directory(label, "ad")
    member = world.newcomer(f"Former{place[0]}", label)
    world.sandbox.okta.apps[app_id].status = "INACTIVE"
    return world.ticket(place, about=member)


def right_already(world: World, place: Place) -> Filed:
    member = world.member()
    return world.ticket(place, about=member, expected=world.profile(member)["department"])


def without_mapping(world: World, place: Place) -> Filed:
    return world.ticket(place, about=world.member(), attribute="shoeSize", expected="44")


def mapped_on_create_only(world: World, place: Place) -> Filed:
    app_id = world.sandbox.world.apps[LDAP]
    world.sandbox.okta.set_mapping(app_id, "title", "appuser.title", "DONT_PUSH")
    return world.ticket(place, about=world.stale_user(LDAP, "title"), attribute="title")


def sourced_by_okta(world: World, place: Place) -> Filed:
    world.sandbox.okta.set_master("city", "OKTA")
    return world.ticket(place, about=world.stale_user(attribute="city"), attribute="city")


def computed(world: World, place: Place) -> Filed:
    return world.ticket(place, about=world.member(), attribute="displayName", expected="Somebody Else")


def with_an_expression_that_failed(world: World, place: Place) -> Filed:
    member = world.member()
    user, app = world.sandbox.okta.people[member.user_id], world.sandbox.okta.apps[member.app_id]
    targets = [user_target(user), app_target(app)]
    world.sandbox.okta.log.write(world.time.now(), EXPRESSION_INVALID, targets, failure="Unexpected token")
    return world.ticket(place, about=member, attribute="displayName", expected="Somebody Else")


def with_a_value_that_okta_does_not_take(world: World, place: Place) -> Filed:
    member = world.stale_user(PLANT)
    world.change_directory(member, "mobilePhone", "5" * 101)
    return world.ticket(place, about=member)


def changed_in_okta_since(world: World, place: Place) -> Filed:
    member = world.stale_user(PLANT)
    world.skip(seconds=2)
    world.sandbox.okta.actors.update(member.user_id, {"department": "Set By Hand"})
    return world.ticket(place, about=member)


def copy_is_old(world: World, place: Place) -> Filed:
    member = world.member(PLANT)
    world.change_directory(member, "mobilePhone", "+1 999-555-0199", imported=False)
    return world.ticket(place, about=member, attribute="mobilePhone", expected="+1 999-555-0199")


def import_failed(world: World, place: Place) -> Filed:
    member = world.member()
    world.change_directory(member, "department", NEW_VALUE, imported=False)
    world.change_directory(member, "firstName", 51 * "x", imported=False)
    world.sandbox.okta.actors.open_profile(member.user_id)
    return world.ticket(place, about=member)


def okta_is_behind(world: World, place: Place) -> Filed:
    return world.ticket(place, about=world.stale_user())


def nothing_differs(world: World, place: Place) -> Filed:
    return world.ticket(place, about=world.member(), expected=None)


def for_a_stranger(world: World, place: Place) -> Filed:
    return world.ticket(place, about=world.stale_user(), requester=world.member().login)


def names_nothing(world: World, place: Place) -> Filed:
    return world.said(place, by=world.stale_user(PLANT), text="It does not work!!")


def speaks_against_a_sync(world: World, place: Place) -> Filed:
    text = f"Department: {NEW_VALUE}. Please do not sync, Okta is right."
    return world.said(place, by=world.stale_user(PLANT), text=text)


def is_still_to_come(world: World, place: Place) -> Filed:
    text = f"As of 1 June 2027 my department is {NEW_VALUE}."
    return world.said(place, by=world.stale_user(PLANT), text=text)


def right_for_longer(world: World, place: Place) -> Filed:
    member = world.member()
    world.sandbox.okta.people[member.user_id].last_updated -= timedelta(days=9)
    return world.ticket(place, about=member, expected=world.profile(member)["department"])


def right_and_denied(world: World, place: Place) -> Filed:
    return world.said(place, by=world.stale_user(), text="My department has not been updated in Okta.")


def is_about_something_else(world: World, place: Place) -> Filed:
    return nothing_differs(world, place)


def names_nothing_and_is_served(world: World, place: Place) -> Filed:
    return world.said(place, by=world.stale_user(), text="It does not work!!")


ARRANGEMENTS: dict[VerdictKind, Arrange] = {
    V.NOT_READABLE: not_readable,  # first, before the org's apps have been read
    V.NEEDS_INFORMATION: names_nobody,
    V.USER_NOT_FOUND: unknown_user,
    V.USER_AMBIGUOUS: two_users_fit,
    V.USER_NOT_ACTIVE: suspended,
    V.NOT_LINKED: without_directory,
    V.LINKED_TO_SEVERAL: in_two_directories,
    V.SOURCE_NOT_ESTABLISHED: in_two_directories_that_agree,
    V.OKTA_MASTERS_DIRECTORY: provisioned_by_okta,
    V.DIRECTORY_INACTIVE: in_an_inactive_directory,
    V.ALREADY_RIGHT: right_already,
    V.NOT_MAPPED: without_mapping,
    V.CREATE_ONLY: mapped_on_create_only,
    V.SOURCED_ELSEWHERE: sourced_by_okta,
    V.MAPPING_INVALID: with_an_expression_that_failed,
    V.NOT_PREDICTABLE: computed,
    V.REJECTED_BY_OKTA: with_a_value_that_okta_does_not_take,
    V.OVERWRITTEN: changed_in_okta_since,
    V.NOT_IMPORTED: import_failed,
    V.STALE_IN_DIRECTORY_COPY: copy_is_old,
    V.STALE_IN_OKTA: okta_is_behind,
    V.CANNOT_TELL: nothing_differs,
    V.ON_BEHALF: for_a_stranger,
    V.UNSPECIFIC: names_nothing,
    V.OBJECTED: speaks_against_a_sync,
    V.NOT_YET: is_still_to_come,
    V.DOWNSTREAM: right_for_longer,
    V.DENIED: right_and_denied,
    V.SOMETHING_ELSE: is_about_something_else,
    V.UNCONFIRMED: names_nothing_and_is_served,
}
REPLIES: dict[VerdictKind, str | None] = {  # to a question, before the other tickets are filed; None: an hour passes
    V.DENIED: "no",
    V.SOMETHING_ELSE: "something else",
    V.UNCONFIRMED: None,
}
POLICY: dict[str, Any] = {
    "on_behalf": ["Helpers"],
    "unspecific": "sync",  # under auto only
    "autonomy": {PLANT: "approve"},
    "approvers": [APPROVER],
}
RESOLVED = {V.ALREADY_RIGHT, V.STALE_IN_OKTA}
ASKED = {
    V.NEEDS_INFORMATION,
    V.USER_NOT_FOUND,
    V.USER_AMBIGUOUS,
    V.CANNOT_TELL,
    V.UNSPECIFIC,
    V.DOWNSTREAM,
}
ESCALATED = set(V) - RESOLVED - ASKED
EVERYWHERE = [(kind, place) for kind in V for place in DESKS]


def ids(item: object) -> str:
    return str(item[0] if isinstance(item, tuple) else item)


class Told:
    """The world after all tickets were worked, and each ticket by verdict and place."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.tickets: dict[tuple[VerdictKind, Place], Filed] = {}
        self._file(V.NOT_READABLE, *REPLIES)
        for kind, place in [(kind, place) for kind in REPLIES for place in DESKS]:
            ticket, reply = self.tickets[kind, place], REPLIES[kind]
            assert CaseState.ASKED == world.case(ticket).state
            if reply is not None:
                world.reply(ticket, world.shown(ticket)["requester"], reply)
        world.settle()
        world.skip(hours=1)
        self._file(*(kind for kind in ARRANGEMENTS if (kind, DESKS[0]) not in self.tickets))

    def _file(self, *kinds: VerdictKind) -> None:
        for kind, place in [(kind, place) for kind in kinds for place in DESKS]:
            self.tickets[kind, place] = ARRANGEMENTS[kind](self.world, place)
        self.world.settle()


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    folder = Path(tmp_path_factory.mktemp("routes"))
    with World(folder, Scenario("empty", users=150), policy=POLICY, groups=["Helpers"]) as world:
        yield Told(world)


def test_every_verdict_is_told_of() -> None:
    assert set(V) == set(ARRANGEMENTS), "arrange in tests/e2e/test_routes.py the world that leads to the verdict"


@pytest.mark.parametrize(("kind", "place"), EVERYWHERE, ids=ids)
def test_the_world_leads_to_the_verdict(kind: VerdictKind, place: Place, told: Told) -> None:
    (subject,) = told.world.case(told.tickets[kind, place]).subjects
    assert subject.verdict is not None
    assert kind == subject.verdict.kind


@pytest.mark.parametrize("place", DESKS, ids=ids)
@pytest.mark.parametrize("kind", sorted(ESCALATED))
def test_a_person_gets_what_force_sync_cannot_help(kind: VerdictKind, place: Place, told: Told) -> None:
    ticket = told.tickets[kind, place]
    shown = told.world.shown(ticket)
    assert CaseState.ESCALATED == told.world.case(ticket).state
    assert "in_progress" == shown["status_category"]
    assert handed_to(place) == (shown["group"], shown["assignee"])
    note = by_worker(shown, "internal")[-1]
    verdict = leading_verdict(told.world.case(ticket))
    assert verdict is not None
    assert title_of(verdict) == headings(shown, "internal")[-1]
    assert len(headings(shown, "internal")) <= 1 + (kind in REPLIES) + len(by_worker(shown, "public"))
    assert f"{VERDICTS[kind].team}: {TOLD[kind].next_step}" in note


@pytest.mark.parametrize("place", DESKS, ids=ids)
@pytest.mark.parametrize("kind", sorted(ESCALATED))
def test_the_requester_hears_who_goes_on_and_no_value(kind: VerdictKind, place: Place, told: Told) -> None:
    shown = told.world.shown(told.tickets[kind, place])
    *questions, answer = by_worker(shown, "public")
    assert len(questions) <= (2 if kind in REPLIES else 0)
    assert f"our request {shown['key']}" in answer
    assert re.search(r"\bhere[.;]", answer)
    assert not any(NEW_VALUE in text for text in (*questions, answer))


@pytest.mark.parametrize("place", DESKS, ids=ids)
@pytest.mark.parametrize("kind", sorted(ESCALATED))
def test_the_diagnostics_stand_where_customers_cannot_see_them(kind: VerdictKind, place: Place, told: Told) -> None:
    ticket = told.tickets[kind, place]
    shown = told.world.shown(ticket)
    if kind is V.ON_BEHALF:  # nothing was found of whom it names
        assert [] == files(shown)
        return
    (name,) = files(shown)
    (visibility,) = (item.get("visibility", "internal") for item in shown["attachments"])
    assert "internal" == visibility
    content = data_of(told.world.file(ticket, name))
    assert [kind] == [subject["verdict"] for subject in content["subjects"]]


@pytest.mark.parametrize("place", DESKS, ids=ids)
@pytest.mark.parametrize("kind", sorted(RESOLVED))
def test_a_resolved_ticket_says_why_inside_and_little_outside(kind: VerdictKind, place: Place, told: Told) -> None:
    ticket = told.tickets[kind, place]
    shown = told.world.shown(ticket)
    assert CaseState.RESOLVED == told.world.case(ticket).state
    assert "done" == shown["status_category"]
    assert {"servicenow": "Solution provided", "jira": "Done"}[place[0]] == shown["resolution"]
    internal, public = by_worker(shown, "internal"), by_worker(shown, "public")
    assert "The right value is in Okta" in internal[-1]
    assert {V.ALREADY_RIGHT: "forcesync changed nothing", V.STALE_IN_OKTA: "forcesync ran Force Sync for"}[
        kind
    ] in internal[-1]
    assert 1 == len(public)
    assert NEW_VALUE not in public[0]
    assert [] == files(shown)


@pytest.mark.parametrize("place", DESKS, ids=ids)
@pytest.mark.parametrize("kind", sorted(ASKED))
def test_a_question_waits_for_the_requester(kind: VerdictKind, place: Place, told: Told) -> None:
    ticket = told.tickets[kind, place]
    shown = told.world.shown(ticket)
    assert CaseState.ASKED == told.world.case(ticket).state
    assert "on_hold" == shown["status_category"]
    (question,) = by_worker(shown, "public")
    assert "Please reply to this ticket" in question
    assert all(note.startswith("Sent to the requester. [") for note in by_worker(shown, "internal"))


def test_only_the_tickets_that_gain_by_it_cost_a_force_sync(told: Told) -> None:
    assert [CORP, CORP] == told.world.force_syncs(), "one for each time that tickets were filed"


def test_the_far_sides_object_to_nothing(told: Told) -> None:
    assert [] == told.world.violations()


@pytest.mark.parametrize(("kind", "place"), EVERYWHERE, ids=ids)
def test_nothing_stands_on_a_ticket_twice(kind: VerdictKind, place: Place, told: Told) -> None:
    shown = told.world.shown(told.tickets[kind, place])
    assert without_repetition(by_worker(shown))
    assert without_repetition(files(shown))


def test_a_masked_value_is_nowhere_on_the_tickets(told: Told) -> None:
    for place in (INCIDENT, SERVICE_DESK):
        ticket = told.tickets[V.STALE_IN_DIRECTORY_COPY, place]
        shown = told.world.shown(ticket)
        texts = [*by_worker(shown), told.world.file(ticket, files(shown)[0]).decode()]
        assert [] == [text for text in texts if "+1 999-555-0199" in text]


def handed_to(place: Place) -> tuple[str | None, str | None]:
    return ("Identity Operations", None) if place[0] == "servicenow" else (None, ESCALATION_ASSIGNEE)


@pytest.mark.parametrize("helps", [True, False], ids=["behind", "equal"])
def test_another_profile_source_keeps_the_directory_from_being_synced(helps: bool, world: World) -> None:
    member = world.stale_user() if helps else world.member()
    okta = world.sandbox.okta
    with world.sandbox.frame.lock:
        okta.apps[okta.csv].features = ("IMPORT_PROFILE_UPDATES", "PROFILE_MASTERING")
        okta.assign(member.user_id, okta.csv)
    tickets = [world.ticket(place, about=member) for place in DESKS]
    world.settle()
    for ticket in tickets:
        (subject,) = world.case(ticket).subjects
        assert subject.verdict is not None
        assert V.SOURCE_NOT_ESTABLISHED == subject.verdict.kind
        note = by_worker(world.shown(ticket), "internal")[-1]
        assert okta.apps[okta.csv].label in note
        assert not any(okta.apps[okta.csv].label in text for text in by_worker(world.shown(ticket), "public"))
    assert [] == world.force_syncs()
