"""The rules that need the whole world: each is broken once, next to a similar case that is fine."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.sandbox.asgi import call
from tests.sandbox.ticket_world import STATED, Tickets

AGENT = "robin.agent@example.com"
CORP = "corp.example.com"
CONTRADICTED = "note contradicts the world"
UNAPPROVED = "login or e-mail changed without approval"
ERASED = "value erased without approval"
DESKS = pytest.mark.parametrize("desk", ["servicenow", "jira"])


def stale(desk: str) -> Tickets:
    """Return a world whose ticket states a value that the copy holds and Okta does not."""
    world = Tickets(desk)
    world.states()
    world.sandbox.world.update(world.member, "department", STATED)
    return world


# Notes and what Okta held


@DESKS
@pytest.mark.parametrize(
    "words",
    [
        "Okta held the expected value in department at {now}.",
        "Okta showed the expected department at {now}.",
        "Okta has shown the expected department since {now}.",
        "Checked again: the value has arrived",
        "The Okta profile already held what the ticket asks for in department.",
        "Your Okta profile has been updated.",
        "Checked again: the value is right now",
        "The value is right since {now}, and the ticket could not be resolved: Subcategory is mandatory.",
    ],
)
def test_a_note_says_that_a_value_is_right(desk: str, words: str) -> None:
    world = stale(desk)
    world.comment(words.format(now=world.moment()))
    assert world.broken() == [CONTRADICTED]

    world = stale(desk)
    world.press()
    world.comment(words.format(now=world.moment()))
    assert world.broken() == []


@DESKS
@pytest.mark.parametrize(
    "words",
    [
        "Force Sync had no effect on the Okta profile",
        "At {now}, Okta still didn't show the expected department (checked 9 times).",
        "By {now} the Okta profile did not hold the expected value in department (checked 9 times).",
        "We haven't been able to update your profile yet.",
    ],
)
def test_a_note_says_that_a_value_is_not_right(desk: str, words: str) -> None:
    world = stale(desk)
    world.press()
    world.clock.advance(120)
    world.comment(words.format(now=world.moment(seconds=60)))
    assert world.broken() == [CONTRADICTED]

    world = stale(desk)
    world.sandbox.okta.stuck(world.member.user_id)
    world.press()
    world.comment(words.format(now=world.moment()))
    assert world.broken() == []


@pytest.mark.parametrize(
    "words",
    [
        "If the value is right now, please close the ticket.",
        "Is it right now?",
        "Okta holds another value, and nobody knows which one is right.",
        "The colleague wrote “the Okta profile already held the expected value in department”.",
        "Okta held the expected value in title at {now}.",
        "A Force Sync had no effect for INC0099999, which is about the same.",
    ],
    ids=["supposed", "asked", "undecided", "quoted", "of another attribute", "of another ticket"],
)
def test_what_is_no_claim_about_the_ticket_is_not_judged(words: str) -> None:
    world = stale("servicenow")
    world.comment(words.format(now=world.moment()))
    assert world.broken() == []


def test_a_value_is_right_at_the_minute_that_a_note_names_even_if_it_did_not_last() -> None:
    world = stale("servicenow")
    world.press()
    then = world.moment()
    world.clock.advance(600)
    world.sandbox.okta.actors.update(world.member.user_id, {"department": "Treasury"})
    world.clock.advance(60)
    world.comment(f"Okta held the expected value in department at {then}.")
    assert world.broken() == []

    world.comment(f"At {world.moment()} the Okta profile held the expected value in department.")
    assert world.broken() == [CONTRADICTED]


def test_a_ticket_without_a_value_means_what_the_copy_has_held_for_a_while() -> None:
    words = "Your Okta profile already shows the value that you asked for."
    world = Tickets("jira")
    world.clock.advance(300)
    world.comment(words)
    assert world.broken() == []

    world.sandbox.world.update(world.member, "department", STATED)
    world.clock.advance(1)
    world.comment(f"{words} Thank you.")
    assert world.broken() == []
    world.clock.advance(300)
    world.comment(f"{words} Good bye.")
    assert world.broken() == [CONTRADICTED]


def test_a_requester_who_says_yes_has_accepted_what_the_copy_holds() -> None:
    world = Tickets("jira")
    world.states("Something else")
    world.sandbox.world.update(world.member, "department", STATED)
    world.clock.advance(300)
    world.press()
    world.people.comment(world.id, author=world.member.login, visibility="public", body="Yes, that is it.")
    world.comment("Okta held the expected value in department.")
    assert world.broken() == []


@DESKS
def test_a_note_tells_of_a_force_sync_that_never_was(desk: str) -> None:
    world = stale(desk)
    world.press()
    world.comment(f"Force Sync of {CORP} was started at {world.moment()} for this ticket (accepted by Okta).")
    assert world.broken() == []

    world.comment(f"Force Sync of {CORP} was started at {world.moment(hours=1)} for this ticket.")
    world.comment(f"Force Sync of ldap.example.com was started at {world.moment()} for this ticket.")
    assert world.broken() == [CONTRADICTED] * 2


def test_a_force_sync_of_another_user_type_was_not_for_this_ticket() -> None:
    world = stale("servicenow")
    okta = world.sandbox.okta
    world.press()
    okta.user(world.member.user_id).type_id = okta.add_user_type("contractor")
    world.comment(f"Force Sync of {CORP} was started at {world.moment()} for this ticket (accepted by Okta).")
    assert world.broken() == [CONTRADICTED]


def test_a_force_sync_whose_answer_was_lost_is_not_claimed_to_have_been_made() -> None:
    world = stale("servicenow")
    unsure = "the answer to the call was lost, so whether it ran is not certain"
    world.comment(f"Force Sync of {CORP} was started at {world.moment()} for this ticket ({unsure}).")
    assert world.broken() == []


def test_a_time_in_the_desks_zone_is_read_by_its_utc() -> None:
    world = stale("servicenow")
    world.press()
    now = world.clock.now
    far = (now + timedelta(hours=20)).strftime("%Y-%m-%d %H:%M:%S +20")
    told = f"Force Sync of {CORP} was started at {far} ({now:%Y-%m-%d %H:%M:%S} UTC) (accepted by Okta)."
    world.comment(told)
    assert world.broken() == []

    near = (now + timedelta(hours=1)).strftime("%Y-%m-%d %H:%M CET")
    world.comment(f"Okta held the expected value in department at {near} ({now - timedelta(hours=1):%H:%M} UTC).")
    assert world.broken() == [CONTRADICTED]


# The package for Okta Support


def package() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as file:
        file.writestr("form.txt", "Support Case\nSubject: Force Sync had no effect")
    return held.getvalue()


@DESKS
def test_a_package_for_okta_support_is_about_a_value_that_is_wrong(desk: str) -> None:
    world = stale(desk)
    world.attach("case.zip", package())
    assert world.broken() == []

    world.press()
    world.attach("diagnostics.json", b"{}")
    assert world.broken() == []
    world.attach("case-2.zip", package())
    assert world.broken() == ["Support Case for a value that is right"]


# The end of a ticket


def _open_task(world: Tickets) -> None:
    if world.desk == "servicenow":
        state = world.sandbox.servicenow.state
        state.insert("sc_task", {"short_description": "Hand out a badge", "request_item": world.id}, "admin")
    else:
        issues = world.sandbox.jira.state
        issues.issue(world.file()).put_under(issues.issue(world.id))


@DESKS
def test_a_ticket_is_not_closed_over_its_open_task(desk: str) -> None:
    table = {"servicenow": "sc_req_item", "jira": "SUP"}[desk]
    world = Tickets(desk, table=table)
    world.resolve()
    assert world.broken() == []

    world = Tickets(desk, table=table)
    _open_task(world)
    world.resolve()
    assert world.broken() == ["ticket closed over an open task"]


@DESKS
def test_a_ticket_is_not_worked_on_a_strangers_words(desk: str) -> None:
    world = Tickets(desk, text="My department is wrong.")
    victim = world.sandbox.world.members[1]
    words = f"User: {victim.login}\nAttribute: department\nExpected: Legal"
    world.people.comment(world.id, author=victim.login, visibility="public", body=words)
    world.resolve(f"Understood: {world.member.login} ({world.member.user_id}).")
    assert world.broken() == []

    world = Tickets(desk, text="My department is wrong.")
    world.people.comment(world.id, author="front.desk@example.com", visibility="public", body=words)
    world.resolve(f"Understood: {victim.login} ({victim.user_id}); department should be Legal.")
    assert world.broken() == ["ticket worked on a stranger's words"]


@DESKS
@pytest.mark.parametrize("author", ["requester", "agent"])
def test_the_requester_and_agents_may_say_who_is_meant(desk: str, author: str) -> None:
    world = Tickets(desk, text="A profile is wrong.")
    other = world.sandbox.world.members[1]
    who = world.member.login if author == "requester" else AGENT
    world.people.comment(world.id, author=who, visibility="public", body=f"It is about {other.login}.")
    world.resolve(f"Understood: {other.login} ({other.user_id}).")
    assert world.broken() == []


def test_a_force_sync_on_a_strangers_words_helps_no_ticket() -> None:
    world = Tickets("jira", text="My department is wrong.")
    victim = next(one for one in world.sandbox.world.members if one.app_id != world.member.app_id)
    world.sandbox.world.update(victim, "department", STATED)
    label = world.sandbox.okta.directory(victim.app_id).label
    world.people.comment(world.id, author=victim.login, visibility="public", body=f"User: {victim.login}")
    world.press(label)
    assert world.broken() == ["pointless Force Sync"]

    world.people.comment(world.id, author=AGENT, visibility="internal", body=f"She means {victim.login}.")
    world.sandbox.world.update(victim, "department", "Treasury")
    world.press(label)
    assert world.broken() == ["pointless Force Sync"]


def test_a_force_sync_of_a_directory_that_does_not_lead_helps_no_ticket() -> None:
    world = stale("servicenow")
    okta = world.sandbox.okta
    okta.assign(world.member.user_id, okta.add_source("HR"))
    world.press()
    assert world.broken() == ["pointless Force Sync"]

    world = stale("servicenow")
    world.sandbox.okta.add_source("HR")  # of others
    world.press()
    assert world.broken() == []


# What people sign in with


def renamed(desk: str = "servicenow", attribute: str = "login") -> Tickets:
    """Return a world in which a Force Sync changes every login, or every e-mail address, of a directory."""
    world = stale(desk)
    expression = 'String.substringBefore(appuser.userName, "@") + "@newbrand.example.com"'
    world.sandbox.okta.set_mapping(world.sandbox.world.apps[CORP], attribute, expression)
    return world


@pytest.mark.parametrize("attribute", ["login", "email"])
def test_a_force_sync_changes_logins_and_addresses_only_after_an_approval(attribute: str) -> None:
    world = renamed(attribute=attribute)
    world.press()
    assert world.broken() == [UNAPPROVED]

    world = stale("servicenow")
    world.press()
    assert world.broken() == []


def test_a_value_is_erased_that_nobody_said_should_be() -> None:
    world = stale("servicenow")
    world.sandbox.world.update(world.member, "city", "")
    world.press()
    assert world.broken() == [ERASED]

    world = stale("servicenow")
    world.sandbox.world.update(world.member, "city", "")
    world.comment(f"Approval needed: Force Sync of {CORP} would empty what Okta holds in city.")
    world.comment(f"Force Sync of {CORP} is next; approved by {AGENT} at {world.moment()}: seen.")
    world.press()
    assert world.broken() == []


ASKED = f"Approval needed: Force Sync of {CORP} cannot be predicted for 1 user (login)."


def _asked_and_approved(world: Tickets) -> None:
    world.comment(ASKED)
    world.comment(f"Force Sync of {CORP} is next; approved by {AGENT} at {world.moment()}: seen.")


def _approved_by_comment(world: Tickets) -> None:
    world.comment(ASKED)
    world.people.comment(world.id, author=AGENT, visibility="internal", body="Approved, go ahead.")


def _declared(world: Tickets) -> None:
    path = f"/directories/{world.sandbox.world.apps[CORP]}"
    assert call(world.sandbox._control, "POST", path, json={"approved": ["login"]}).status == 200


@DESKS
@pytest.mark.parametrize("approve", [_asked_and_approved, _approved_by_comment, _declared])
def test_an_approval_stands_on_a_ticket_or_is_declared(desk: str, approve: Callable[[Tickets], Any]) -> None:
    world = renamed(desk)
    approve(world)
    world.press()
    assert world.broken() == []


def _asked_only(world: Tickets) -> None:
    world.comment(ASKED)


def _asked_for_something_else(world: Tickets) -> None:
    world.comment(f"Approval needed: Force Sync of {CORP} would change 1 profile (department 1).")
    world.comment(f"Force Sync of {CORP} is next; approved by {AGENT} at {world.moment()}: seen.")


def _approved_by_the_requester(world: Tickets) -> None:
    world.comment(ASKED)
    world.people.comment(world.id, author=world.member.login, visibility="public", body="Approved!")


@DESKS
@pytest.mark.parametrize("approve", [_asked_only, _asked_for_something_else, _approved_by_the_requester])
def test_what_is_no_approval_of_the_change_does_not_count(desk: str, approve: Callable[[Tickets], Any]) -> None:
    world = renamed(desk)
    approve(world)
    world.press()
    assert world.broken() == [UNAPPROVED]
