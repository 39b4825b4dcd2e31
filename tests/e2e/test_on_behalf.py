"""Who may ask for whom: a stranger's ticket tells nothing of anybody's profile, by its end, its words or its time."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import NamedTuple

from tests.e2e.conftest import Make
from tests.e2e.desks import on_both_desks
from tests.e2e.okta_users import NEW_VALUE
from tests.e2e.ticket_texts import by_worker
from tests.e2e.tickets import Filed, Place
from tests.e2e.world import World
from workflows.model import CaseState, VerdictKind

UNKNOWN = "nobody.at.all@example.com"


class Seen(NamedTuple):
    """What the person who filed a ticket can see of it, and when the last of it came."""

    state: CaseState
    kinds: tuple[VerdictKind, ...]
    words: tuple[str, ...]
    status: str
    after: timedelta


def seen(world: World, ticket: Filed) -> Seen:
    case, shown = world.case(ticket), world.shown(ticket)
    kinds = tuple(item.verdict.kind for item in case.subjects if item.verdict)
    passing = re.compile(rf"{case.ref.key}|{case.id}|\d+ \w+ \d{{4}}, \d\d:\d\d")
    words = tuple(passing.sub("...", text) for text in by_worker(shown, "public"))
    last = world.parts.store.events("case", case.id)[-1][0]
    return Seen(case.state, kinds, words, shown["status_category"], last - case.opened_at)


def asked_about(world: World, place: Place, people: list[str], values: list[str]) -> set[Seen]:
    """File a labelled ticket of a stranger for each person and value; return what they see of them."""
    by, found = world.member().login, set()
    for about in people:
        for value in values:
            ticket = world.ticket(place, about=about, expected=value, requester=by)
            world.settle()
            found.add(seen(world, ticket))
    return found


@on_both_desks
def test_whatever_a_stranger_guesses_the_ticket_goes_to_a_person_in_the_same_way(place: Place, a_world: Make) -> None:
    world = a_world(policy={"on_behalf": []})
    ahead, same = world.stale_user(), world.member()
    values = [NEW_VALUE, world.profile(same)["department"], "Astrology"]
    (only,) = asked_about(world, place, [ahead.login, same.login, UNKNOWN, "Nobody Atall"], values)
    assert (CaseState.ESCALATED, (VerdictKind.ON_BEHALF,)) == (only.state, only.kinds)
    assert not any(NEW_VALUE in text for text in only.words)
    assert [] == world.force_syncs()


@on_both_desks
def test_a_strangers_prose_is_answered_in_the_same_way_whomever_it_names(place: Place, a_world: Make) -> None:
    world = a_world(policy={"on_behalf": []})
    by, found = world.member(), []
    for about in (world.stale_user().login, world.member().login, UNKNOWN):
        text = f"The department of {about} is {NEW_VALUE}, Okta shows the old one."
        ticket = world.said(place, by=by, text=text)
        world.settle()
        found.append(seen(world, ticket))
    assert found[1:] == found[:-1]
    assert [] == world.force_syncs()


@on_both_desks
def test_a_stranger_named_beside_the_writer_takes_nothing_from_the_writer(place: Place, a_world: Make) -> None:
    world = a_world(policy={"on_behalf": []})
    writer, colleague = world.stale_user(), world.stale_user()
    text = f"My department is {NEW_VALUE} now, and so is that of {colleague.login}. Okta shows the old one."
    ticket = world.said(place, by=writer, text=text)
    world.settle()
    case = world.case(ticket)
    assert [writer.login] == [item.verdict.login for item in case.subjects if item.verdict]
    assert CaseState.RESOLVED == case.state
    assert not any(colleague.login in text for text in by_worker(world.shown(ticket), "public"))


@on_both_desks
def test_a_member_of_a_group_that_may_ask_is_served(place: Place, a_world: Make) -> None:
    world = a_world(policy={"on_behalf": ["Helpers"]}, groups=["Helpers"])
    ticket = world.ticket(place, about=world.stale_user(), requester=world.member().login)
    world.settle()
    assert CaseState.ESCALATED == world.case(ticket).state
    helper = world.member()
    world.put_in_group(helper, "Helpers")
    ticket = world.ticket(place, about=world.stale_user(), requester=helper.login)
    world.settle()
    assert CaseState.RESOLVED == world.case(ticket).state


@on_both_desks
def test_a_question_that_tells_what_okta_holds_of_somebody_else_is_put_to_an_agent(place: Place, a_world: Make) -> None:
    world = a_world(policy={"on_behalf": ["Helpers"]}, groups=["Helpers"])
    helper, about = world.member(), world.member()
    world.put_in_group(helper, "Helpers")
    for by, own in ((helper, False), (about, True)):
        ticket = world.ticket(place, about=about, expected=None, requester=by.login)
        world.settle()
        case, shown = world.case(ticket), world.shown(ticket)
        kinds = [item.verdict.kind for item in case.subjects if item.verdict]
        assert (CaseState.ASKED, [VerdictKind.CANNOT_TELL]) == (case.state, kinds)
        assert own is not case.asked_inside
        assert own is any("same value" in text for text in by_worker(shown, "public"))
        assert own is not any("Please answer: which" in text for text in by_worker(shown, "internal"))
