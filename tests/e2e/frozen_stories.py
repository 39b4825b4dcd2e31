"""The stories whose texts are frozen: both scenarios, every edge, and whatever else changes what the worker writes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from connectors.sandbox.scenarios.catalogue import Scenario
from connectors.sandbox.scenarios.world import Member
from tests.e2e import edges
from tests.e2e.decisions import (
    PAGE_FIRST,
    not_imported_by_a_visit,
    pressed_without_effect,
    refreshed_by_a_visit,
    visited_in_vain,
)
from tests.e2e.okta_users import CORP, LDAP, NEW_VALUE, PLANT, REAPPLY
from tests.e2e.same_fault import two, two_stuck
from tests.e2e.tickets import AGENT, DESKS, INCIDENT, REQUESTED_ITEM, SERVICE_DESK, SOFTWARE, Filed, Place
from tests.e2e.ties import child, major_incident, of_a_problem, parent
from tests.e2e.world import World

Tell = Callable[[World], object]


@dataclass(frozen=True)
class Story:
    """What happens in a world, and the overrides of that world."""

    tell: Tell
    world: dict[str, Any] = field(default_factory=dict)


def on(place: Place, story: Callable[[World, Place], object]) -> Tell:
    return lambda world: story(world, place)


def without_effect(world: World, place: Place) -> None:
    """Story: a Force Sync that skips one user and helps another, whose ticket is on the other desk."""
    ticket, stuck = world.stale_ticket(place)
    world.make_stuck(stuck)
    world.stale_ticket(SERVICE_DESK if place == INCIDENT else INCIDENT)
    world.settle()
    world.reply(ticket, AGENT, "Okta case: 01234567")
    world.skip(minutes=61)
    world.run_for(minutes=5)


def without_effect_and_an_answer_lost(world: World) -> None:
    """Story: a first call whose answer is lost, and a second one without effect."""
    _, stuck = world.stale_ticket()
    world.make_stuck(stuck)
    world.fault("okta", "status", status=502, path=REAPPLY, times=1)
    world.settle()


def helped_on_every_table(world: World) -> None:
    """Story: one Force Sync for tickets of all four tables, and one of the LDAP directory."""
    for place in (INCIDENT, REQUESTED_ITEM, SERVICE_DESK, SOFTWARE):
        world.stale_ticket(place)
    world.stale_ticket(SOFTWARE, LDAP)
    world.settle()


def asked_and_handed_over(world: World) -> None:
    """Story: a user who is helped, a question, and an attribute that no directory fills."""
    world.stale_ticket(SERVICE_DESK)
    world.ticket(SERVICE_DESK, about=world.member(), expected=None)
    world.ticket(SERVICE_DESK, about=world.member(), attribute="shoeSize", expected="44")
    world.settle()


def one_helped_one_not(world: World) -> None:
    """Story: a ticket about a user whom a Force Sync helps, and one whose change was not imported."""
    helped, old = world.stale_user(), world.member(LDAP)
    world.change_directory(old, "department", NEW_VALUE, imported=False)
    world.ticket(about=f"{helped.login}, {old.login}", requester=AGENT)
    world.settle()


def for_somebody_else(world: World, place: Place) -> None:
    """Story: a ticket that a colleague files for the user whom a Force Sync helps."""
    world.ticket(place, about=world.stale_user(), requester=world.member(PLANT).login)
    world.settle()


def at_odds(world: World) -> None:
    """Story: two tickets that ask for different values while both are worked."""
    _, member = world.stale_ticket(INCIDENT)
    world.work()
    world.skip(seconds=20)
    world.ticket(SERVICE_DESK, about=member, expected="Lunar Logistics")
    world.settle()


def at_odds_with_one_handed_over(world: World) -> None:
    """Story: a ticket that people are working when another one asks for a different value and is resolved."""
    member = world.stale_user()
    world.ticket(SERVICE_DESK, about=member, expected="Lunar Logistics")
    world.settle()
    world.skip(minutes=20)
    world.ticket(INCIDENT, about=member)
    world.settle()


def same_fault(world: World) -> None:
    """Story: two tickets about the same fault that one Force Sync fixes."""
    two(world)
    world.settle()


def same_fault_on_one_desk(world: World) -> None:
    """Story: two issues about the same fault, which are linked."""
    two(world, SERVICE_DESK, SERVICE_DESK)
    world.settle()


def same_fault_without_effect(world: World) -> None:
    """Story: two tickets about the same fault that no Force Sync fixes: one Support Case for both."""
    two_stuck(world)
    world.settle()


def same_fault_for_the_directory_team(world: World) -> None:
    """Story: a second ticket about a value that was not imported, when people are working the first."""
    member = world.member()
    world.change_directory(member, "department", NEW_VALUE, imported=False)
    for place in (INCIDENT, SERVICE_DESK):
        world.ticket(place, about=member)
        world.settle()


def one_cause(world: World) -> None:
    """Story: four tickets about changes that were not imported, of which the third completes the pattern."""
    for place in (INCIDENT, SERVICE_DESK, SOFTWARE, INCIDENT):
        member = world.member()
        world.change_directory(member, "department", NEW_VALUE, imported=False)
        world.ticket(place, about=member)
        world.run_for(minutes=3)


def tied(tie: Callable[[World, Filed], None], place: Place) -> Tell:
    def tell(world: World) -> None:
        ticket, _ = world.stale_ticket(place)
        tie(world, ticket)
        world.settle()

    return tell


def _handed_over(world: World, place: Place) -> tuple[Filed, Member]:
    member = world.member(PLANT)
    ticket = world.ticket(place, about=member)
    world.settle()
    world.skip(minutes=5)
    return ticket, member


def came_right_later(world: World, place: Place) -> None:
    """Story: a handed-over ticket whose value a person sets."""
    _, member = _handed_over(world, place)
    world.change_okta(member, "department", NEW_VALUE)
    world.skip(minutes=61)
    world.run_for(seconds=5)


def changed_later(world: World, place: Place) -> None:
    """Story: a handed-over ticket whose requester asks for something else."""
    ticket, member = _handed_over(world, place)
    world.reply(ticket, member.login, "Expected: Lunar Logistics")
    world.skip(minutes=61)
    world.run_for(seconds=5)


def overwritten_later(world: World, place: Place) -> None:
    """Story: a resolved ticket whose value someone overwrites before the recheck a day later."""
    _, member = world.stale_ticket(place)
    world.settle()
    world.change_okta(member, "department", "Something Else")
    world.skip(hours=24)
    world.run_for(minutes=5)


def observed_and_closed(world: World) -> None:
    """Story: advice that people follow, and the recheck a day later."""
    ticket, member = world.stale_ticket(INCIDENT)
    world.settle()
    with world.sandbox.frame.lock:
        world.sandbox.okta.syncing.reapply(member.app_id, "by hand")
    world.skip(minutes=5)
    world.take(ticket)
    world.set_status(ticket, "Resolved")
    world.skip(hours=24, minutes=1)
    world.run_for(seconds=5)


def protected(world: World, place: Place) -> None:
    """Story: a user in a protected group."""
    _, member = world.stale_ticket(place)
    with world.sandbox.frame.lock:
        world.sandbox.okta.actors.group("Executives", [member.user_id])
    world.settle()


def service_level_runs_out(world: World) -> None:
    """Story: a ticket whose SLA ends before its run may start."""
    ticket, _ = world.stale_ticket(INCIDENT)
    world.run_sla(ticket, minutes=6)
    world.settle()


def told_in_sentences(world: World) -> None:
    """Tickets in people's own words: a value, two values, and none."""
    words = (f"My department should be {NEW_VALUE}, please.", "Department: Sales or Legal?", "It does not work!!")
    for text, place in zip(words, (INCIDENT, SERVICE_DESK, REQUESTED_ITEM), strict=True):
        world.said(place, by=world.stale_user(CORP), text=text)
    world.settle()


OBSERVE = {"policy": edges.OBSERVE}
STUCK_WAITING = {"policy": {"gather_for": 600.0, "gather_at_most": 900.0}}
EXECUTIVES: dict[str, Any] = {"policy": {"protected_groups": ["executives"]}, "groups": ["Executives"]}
STORIES: dict[str, Story] = {
    "cases": Story(World.settle, {"scenario": Scenario("cases", users=12)}),
    "tour": Story(World.settle, {"scenario": Scenario("tour", users=12)}),
    "without_effect_incident": Story(on(INCIDENT, without_effect)),
    "without_effect_issue": Story(on(SERVICE_DESK, without_effect)),
    "protected_incident": Story(on(INCIDENT, protected), EXECUTIVES),
    "protected_issue": Story(on(SERVICE_DESK, protected), EXECUTIVES),
    "data_center": Story(asked_and_handed_over, {"desks": {"jira": {"deployment": "datacenter"}}}),
    "in_german": Story(asked_and_handed_over, {"desks": {"jira": {"language": "de", "zone": "Europe/Berlin"}}}),
    "service_level": Story(service_level_runs_out, STUCK_WAITING),
    "observed_and_closed": Story(observed_and_closed, OBSERVE),
    "for_somebody_else_incident": Story(on(INCIDENT, for_somebody_else)),
    "for_somebody_else_issue": Story(on(SERVICE_DESK, for_somebody_else)),
    "child_issue": Story(tied(child, SERVICE_DESK)),
    "parent_incident": Story(tied(parent, INCIDENT)),
    "major_incident": Story(tied(major_incident, INCIDENT)),
    "of_a_problem": Story(tied(of_a_problem, INCIDENT)),
    "one_cause": Story(one_cause, {"policy": {"alarm_from": 3}}),
}
STORIES |= {
    tell.__name__: Story(on(place, tell), {"policy": policy})
    for tell, place, policy in (
        (refreshed_by_a_visit, INCIDENT, PAGE_FIRST),
        (not_imported_by_a_visit, SERVICE_DESK, PAGE_FIRST),
        (visited_in_vain, SOFTWARE, PAGE_FIRST),
        (pressed_without_effect, INCIDENT, {}),
    )
}
STORIES |= {
    tell.__name__: Story(tell)
    for tell in (
        without_effect_and_an_answer_lost,
        helped_on_every_table,
        one_helped_one_not,
        at_odds,
        at_odds_with_one_handed_over,
        same_fault,
        same_fault_on_one_desk,
        same_fault_without_effect,
        same_fault_for_the_directory_team,
        told_in_sentences,
    )
}
STORIES |= {
    f"{tell.__name__}_{name}": Story(on(place, tell))
    for tell in (came_right_later, changed_later, overwritten_later)
    for name, place in (("incident", INCIDENT), ("issue", SERVICE_DESK))
}
STORIES |= {
    f"edge_{story.__name__}": Story(
        on(DESKS[number % 2], story),
        {"policy": edges.POLICIES.get(story), "okta": edges.OKTA.get(story)},
    )
    for number, story in enumerate(edges.STORIES)
}

# These hold a third of the lines; only `make proofs` tells the other stories.
SHORT = {"tour", "one_cause", "without_effect_incident"}
LONG = set(STORIES) - SHORT
