"""The stories of single tickets: what happens in the world, and how the ticket ends."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from tests.e2e.okta_users import NEW_VALUE, PLANT, REAPPLY
from tests.e2e.tickets import AGENT, FORBIDDEN, Filed, Place
from tests.e2e.world import World
from workflows.model import CaseState as C
from workflows.steps import BELIEVED

Story = Callable[[World, Place], Filed]
NAMES_NO_VALUE = "My department has not been updated in Okta."  # in prose, so that its end has to be confirmed
BUSY: dict[str, Any] = {"status": 429, "headers": {"Retry-After": "60"}}


def helped(world: World, place: Place) -> Filed:
    """Story: a user whom one Force Sync helps."""
    ticket, _ = world.stale_ticket(place)
    world.settle()
    return ticket


def two_directories(world: World, place: Place) -> Filed:
    """Story: one ticket about two users of different directories; each needs a Force Sync of their directory."""
    users = f"{world.stale_user().login}, {world.stale_user(PLANT).login}"
    ticket = world.ticket(place, about=users, requester=AGENT)
    world.settle()
    return ticket


def already_right(world: World, place: Place) -> Filed:
    """Story: a profile that holds the stated value."""
    member = world.member()
    ticket = world.ticket(place, about=member, expected=world.profile(member)["department"])
    world.settle()
    return ticket


def copy_is_old(world: World, place: Place) -> Filed:
    """Story: a change that was made in the directory and not imported."""
    member = world.member()
    world.change_directory(member, "department", "Treasury Operations", imported=False)
    ticket = world.ticket(place, about=member)
    world.settle()
    return ticket


def asked(world: World, place: Place) -> Filed:
    """Story: a ticket that states no value while both copies agree."""
    ticket = world.ticket(place, about=world.member(), expected=None)
    world.settle()
    return ticket


def answered(world: World, place: Place) -> Filed:
    """Story: a question that the requester answers."""
    member = world.member()
    ticket = world.ticket(place, about=member, expected=None)
    world.settle()
    world.reply(ticket, member.login, f"Attribute: department\nExpected: {world.profile(member)['department']}")
    world.settle()
    return ticket


def never_answered(world: World, place: Place) -> Filed:
    """Story: a question that nobody answers for an hour."""
    ticket = asked(world, place)
    world.skip(minutes=61)
    world.settle()
    return ticket


def reminded(world: World, place: Place) -> Filed:
    """Story: a question that is repeated after half the reply time."""
    ticket = asked(world, place)
    world.skip(minutes=30)
    world.run_for(minutes=1)
    return ticket


def to_be_confirmed(world: World, place: Place) -> Filed:
    """Story: a user whom one Force Sync helps, and who names the attribute but no value."""
    ticket = world.said(place, by=world.stale_user(), text=NAMES_NO_VALUE)
    world.settle()
    return ticket


def confirmed_by(reply: str) -> Story:
    """Story: the reply to the question whether what came right is what was meant."""

    def told(world: World, place: Place) -> Filed:
        ticket = to_be_confirmed(world, place)
        world.skip(minutes=5)
        world.reply(ticket, world.shown(ticket)["requester"], reply)
        world.settle()
        return ticket

    return told


def never_confirmed(world: World, place: Place) -> Filed:
    """Story: a Force Sync that helped, and a requester who does not say so within the hour, although reminded."""
    ticket = to_be_confirmed(world, place)
    world.skip(minutes=31)
    world.run_for(minutes=1)
    world.skip(minutes=30)
    world.settle()
    return ticket


def change_taken_back(world: World, place: Place) -> Filed:
    """Story: a change that is reverted in the directory while the case waits for the Force Sync."""
    member = world.member()
    before = world.profile(member)["department"]
    world.change_directory(member, "department", "Treasury Operations")
    ticket = world.ticket(place, about=member)
    world.work()
    world.change_directory(member, "department", before)
    world.settle()
    return ticket


def holds_from_tomorrow(world: World, place: Place) -> Filed:
    """Story: a change whose form says that it holds from the next day on."""
    member, tomorrow = world.stale_user(), world.time.now() + timedelta(days=1)
    text = f"Attribute: department\nExpected: {NEW_VALUE}\nEffective date: {tomorrow:%Y-%m-%d}"
    ticket = world.said(place, by=member, text=text)
    world.work()
    world.skip(days=1)
    world.settle()
    return ticket


def older_ticket_leads(world: World, place: Place) -> Filed:
    """Story: a second ticket about the same user and attribute as one that is being worked."""
    older, member = world.stale_ticket(place)
    while not world.has_case(older):
        world.run_for(seconds=5)
    ticket = world.ticket(place, about=member)
    world.settle()
    return ticket


def sync_refused(world: World, place: Place) -> Filed:
    """Story: an Okta that refuses the Force Sync each time."""
    body = {"errorCode": "E0000001", "errorSummary": "No"}
    world.fault("okta", "status", path=REAPPLY, status=400, body=body, times=BELIEVED)
    return helped(world, place)


def sync_limited(world: World, place: Place) -> Filed:
    """Story: an Okta that rate-limits the Force Sync at first."""
    world.fault("okta", "status", path=REAPPLY, **BUSY)
    return helped(world, place)


def answer_lost_without_effect(world: World, place: Place) -> Filed:
    """Story: a Force Sync whose connection is reset before Okta receives the call."""
    world.fault("okta", "reset_before", path=REAPPLY)
    return helped(world, place)


def observed(world: World, place: Place) -> Filed:
    """Story: a directory whose autonomy is observe: the ticket is as usual."""
    ticket, _ = world.stale_ticket(place)
    world.settle()
    return ticket


def unreadable_at_first(world: World, place: Place) -> Filed:
    """Story: a desk that answers the first reads of the ticket with something else, until it is believed."""
    ticket, _ = world.stale_ticket(place)
    path = rf"/(incident|issue)/{ticket.id}$"
    signed_in = {"X-AACCOUNTID": "somebody"}  # without it, the answer would look like a refused credential
    world.fault(place[0], "status", method="GET", path=path, status=200, headers=signed_in, body=["no ticket"], times=3)
    world.settle()
    return ticket


def end_refused(world: World, place: Place) -> Filed:
    """Story: a desk that refuses the resolution, and again when it is tried once more."""
    ticket = _claimed_and_no_further(world, place)
    world.fault(place[0], "status", method=_writing(place), path=ticket.id, status=403, times=2, body=FORBIDDEN)
    world.settle()
    return ticket


def taken_before_it_was_seen(world: World, place: Place) -> Filed:
    """Story: a ticket that a person is already working."""
    ticket, _ = world.stale_ticket(place)
    world.take(ticket)
    world.settle()
    return ticket


def taken_when_claimed(world: World, place: Place) -> Filed:
    """Story: a person takes the ticket while Okta is unavailable."""
    ticket = _claimed_and_no_further(world, place)
    world.take(ticket)
    world.settle()
    return ticket


def taken_when_asked(world: World, place: Place) -> Filed:
    """Story: a person takes the ticket before the requester replies."""
    ticket = asked(world, place)
    world.take(ticket)
    world.settle()
    return ticket


def taken_when_joined(world: World, place: Place) -> Filed:
    """Story: a person takes the ticket before the Force Sync."""
    ticket, _ = world.stale_ticket(place)
    world.work()
    world.take(ticket)
    world.settle()
    return ticket


def taken_when_synced(world: World, place: Place) -> Filed:
    """Story: a person takes the ticket while the Force Sync is running."""
    ticket, member = world.stale_ticket(place)
    world.make_stuck(member)
    world.run_for(seconds=100)
    world.take(ticket)
    world.settle()
    return ticket


def taken_when_closing(world: World, place: Place) -> Filed:
    """Story: a person takes the ticket while the desk rate-limits the resolution."""
    ticket = _claimed_and_no_further(world, place)
    world.fault(place[0], "status", method=_writing(place), path=ticket.id, **BUSY)
    world.run_for(seconds=70)
    world.take(ticket)
    world.settle()
    return ticket


def reopened(world: World, place: Place) -> Filed:
    """Story: a resolved ticket that a person reopens."""
    ticket = already_right(world, place)
    world.skip(minutes=5)
    world.reopen(ticket)
    world.settle()
    return ticket


def tagged_again_after(story: Story) -> Story:
    """Story: a ticket that a person tags again after its end."""

    def again(world: World, place: Place) -> Filed:
        ticket = story(world, place)
        world.skip(minutes=5)
        world.tag_again(ticket)
        world.settle()
        return ticket

    again.__name__ = f"{story.__name__}_and_tagged_again"
    return again


def untagged(world: World, place: Place) -> Filed:
    """Story: a ticket whose tag a person removes while the case waits."""
    ticket, _ = world.stale_ticket(place)
    world.work()
    world.untag(ticket)
    world.settle()
    return ticket


def _claimed_and_no_further(world: World, place: Place) -> Filed:
    """Stop a case just after it is taken: Okta is unavailable for a minute, and the profile is already right."""
    member = world.member()
    world.skip(minutes=10)  # the mapping is read again to end on
    world.fault("okta", "status", path="^/api/v1/mappings", **BUSY)
    ticket = world.ticket(place, about=member, expected=world.profile(member)["department"])
    world.work()
    assert world.case(ticket).state is C.CLAIMED
    return ticket


def _writing(place: Place) -> str:
    return "PATCH" if place[0] == "servicenow" else "POST"
