"""Who may ask for whom: a stranger's ticket tells nothing of anybody's profile, by its end, its words or its time."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import NamedTuple

import pytest

from tests.e2e.conftest import Make
from tests.e2e.desks import on_both_desks
from tests.e2e.edges import OBSERVE
from tests.e2e.okta_users import CORP, NEW_VALUE
from tests.e2e.ticket_texts import by_worker, files
from tests.e2e.tickets import AGENT, INCIDENT, PLACES, SERVICE_DESK, SOFTWARE, Filed, Place
from tests.e2e.world import World
from tests.sampled import sampled
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
    passing = re.compile(rf"{case.ref.key}|{case.id}|\d{{1,2}} [A-Z][a-z]+ \d{{4}}, \d\d:\d\d")
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


@pytest.mark.long
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


def test_in_a_software_project_where_all_is_seen_a_strangers_ticket_tells_nothing_either(a_world: Make) -> None:
    world = a_world(policy={"on_behalf": []})
    ahead, by, told = world.stale_user(), world.member().login, set()
    own = world.shown(world.ticket(SOFTWARE, about=ahead, expected="Astrology"))["key"]  # about the same user, and open
    world.settle()
    for about in (ahead.login, world.member().login, UNKNOWN):
        ticket = world.ticket(SOFTWARE, about=about, requester=by)
        world.settle()
        shown = world.shown(ticket)
        (note,) = by_worker(shown)
        told.add(note.replace(about, "...").replace(shown["key"], "..."))
        assert ([], []) == (files(shown), shown["links"])
    (note,) = told
    assert own not in note
    assert [] == world.force_syncs()


@pytest.mark.long
@pytest.mark.parametrize("place", PLACES, ids=[table for _, table in PLACES])
def test_what_is_attached_for_one_tells_nothing_of_another_whom_the_ticket_names(place: Place, a_world: Make) -> None:
    told = set()
    for number in range(3):
        world = a_world(policy={"on_behalf": []}, desks={"servicenow": {"attach_diagnostics": True}})
        writer, ahead, same = world.member(), world.stale_user(), world.member()
        about = (ahead.login, same.login, UNKNOWN)[number]
        lines = f"User: {writer.login}, {about}\nAttribute: department\nExpected: Astrology"
        ticket = world.said(place, by=writer, text=lines)
        world.settle()
        case, shown = world.case(ticket), world.shown(ticket)
        assert [writer.login, None] == [item.verdict.login for item in case.subjects if item.verdict]
        (name,) = files(shown)
        page = html.unescape(world.file(ticket, name).decode())
        assert VerdictKind.ON_BEHALF in page
        passing = rf"{case.id}|127\.0\.0\.1:\d+|\b[0-9a-f]{{32}}\b|{about}"  # addresses, and ids of cases and requests
        told.add(re.sub(passing, "...", "\n".join((*by_worker(shown), page))))
        assert ahead.user_id not in page
    assert 1 == len(told)


BESIDE_ONESELF = {
    "a table with another above oneself": "User | Department\n{about} | Astrology\n{by} | Astrology\n",
    "a table with another below oneself": "User | Department\n{by} | Astrology\n{about} | Astrology\n",
    "oneself and another": "User: me, {about}\nAttribute: department\nExpected: Astrology",
    "one's login and two others": "User: {by}, {about}, nobody@example.com\nAttribute: department\nExpected: Astrology",
    "a login and its short form": "User: {by}, {about}, {short}\nAttribute: department\nExpected: Astrology",
}


@pytest.mark.parametrize(
    "place",
    [
        pytest.param(SOFTWARE, id="software"),
        pytest.param(INCIDENT, id="servicenow", marks=pytest.mark.long),
        pytest.param(SERVICE_DESK, id="jira", marks=pytest.mark.long),
    ],
)
@pytest.mark.parametrize("text", sampled(BESIDE_ONESELF.values(), every=3), ids=BESIDE_ONESELF)
def test_neither_order_nor_title_nor_state_tells_whether_okta_knows_whom_one_names_beside_oneself(
    text: str, place: Place, a_world: Make
) -> None:
    told = set()
    for kind in ("ahead", "same", "deactivated", "unknown"):
        world = a_world(policy={"on_behalf": []})
        by, ahead, same = world.member(), world.stale_user(), world.member()
        gone = world.newcomer("Gone", CORP, status="DEPROVISIONED")
        about = {"ahead": ahead.login, "same": same.login, "deactivated": gone.login, "unknown": UNKNOWN}[kind]
        short = about.partition("@")[0]
        ticket = world.said(place, by=by, text=text.format(by=by.login, about=about, short=short))
        world.settle()
        shown, case = world.shown(ticket), world.case(ticket)
        notes = "\n".join(by_worker(shown)).replace(about, "U").replace(short, "u").replace(case.id, "")
        notes = re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d|\[forcesync.*?\]", "...", notes.replace(shown["key"], "..."))
        told.add((case.state, shown["status"], notes))
        assert [] == world.force_syncs()
    assert 1 == len(told)


def strangers(world: World, place: Place, by: str, about: str) -> Filed:
    """File a labelled ticket of somebody who may not ask for whom it names."""
    ticket = world.ticket(place, about=about, expected=NEW_VALUE, requester=by)
    world.settle()
    return ticket


@on_both_desks
def test_under_observe_agents_read_what_was_found_of_an_open_attribute_and_the_requester_nothing(
    place: Place, a_world: Make
) -> None:
    world = a_world(policy=OBSERVE | {"on_behalf": [], "open_attributes": ["department"]})
    ahead, same, by = world.stale_user(), world.member(), world.member().login
    people = {ahead.login: "is behind the directory's copy", same.login: "hasn't reached Okta yet", UNKNOWN: "no such"}
    tickets = {about: strangers(world, place, by, about) for about in people}
    for about, found in people.items():
        (note,) = by_worker(world.shown(tickets[about]))
        first, _, aside = note.partition("If the requester may ask: ")
        assert "find out whether the requester may ask for the person named in the ticket" in first
        assert found in aside.splitlines()[0]
        assert found not in first
    assert "Force Sync: Okta Admin Console > Directory" in by_worker(world.shown(tickets[ahead.login]))[0]
    assert 1 == len({seen(world, ticket) for ticket in tickets.values()})
    assert all(() == seen(world, ticket).words for ticket in tickets.values())


@on_both_desks
def test_under_observe_nobody_reads_what_was_found_of_an_attribute_that_is_not_open(
    place: Place, a_world: Make
) -> None:
    world = a_world(policy=OBSERVE | {"on_behalf": [], "open_attributes": ["title"]})
    by, told = world.member().login, set()
    for about in (world.stale_user().login, world.member().login, UNKNOWN):
        (note,) = by_worker(world.shown(strangers(world, place, by, about)))
        told.add(re.sub(rf"{about}|\[forcesync [^\]]*\]", "...", note))
    (note,) = told
    assert "If the requester may ask" not in note


def test_where_everybody_reads_the_note_it_holds_nothing_of_what_was_found(a_world: Make) -> None:
    world = a_world(policy=OBSERVE | {"on_behalf": [], "open_attributes": ["department"]})
    ticket = strangers(world, SOFTWARE, world.member().login, world.stale_user().login)
    (note,) = by_worker(world.shown(ticket))
    assert "If the requester may ask" not in note


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


OPENER = {"servicenow": "opened_by", "jira": "creator"}


def opened(world: World, place: Place, *, by: str, requester: str, about: str) -> Filed:
    """File a ticket that somebody opens for its requester, about whomever."""
    desk, table = place
    text = f"User: {about}\nAttribute: department\nExpected: {NEW_VALUE}"
    summary, fields = "My profile is not updating", {OPENER[desk]: by}
    with world._people(desk) as product:
        id = product.create(
            tagged=True, requester=requester, summary=summary, description=text, table=table, fields=fields
        )
    world.settle()
    return Filed(desk, id)


@on_both_desks
def test_an_agent_opens_tickets_about_anybody(place: Place, a_world: Make) -> None:
    world = a_world(policy={"on_behalf": []})
    ticket = opened(world, place, by=AGENT, requester=world.member().login, about=world.stale_user().login)
    assert CaseState.RESOLVED == world.case(ticket).state


@on_both_desks
def test_whoever_else_opens_a_ticket_for_somebody_asks_in_their_own_right(place: Place, a_world: Make) -> None:
    world = a_world(policy={"on_behalf": [], "per_requester": 1})
    colleague, subject = world.member(), world.stale_user()
    ticket = opened(world, place, by=world.member().login, requester=colleague.login, about=subject.login)
    kinds = [item.verdict.kind for item in world.case(ticket).subjects if item.verdict]
    assert (CaseState.ESCALATED, [VerdictKind.ON_BEHALF]) == (world.case(ticket).state, kinds)
    assert [] == world.force_syncs()
    assert NEW_VALUE != world.profile(subject)["department"]
    again = opened(world, place, by=world.member().login, requester=colleague.login, about=colleague.login)
    assert any("policy.per_requester" in text for text in by_worker(world.shown(again), "internal"))


@on_both_desks
def test_what_somebody_else_opened_about_its_requester_is_served(place: Place, a_world: Make) -> None:
    world = a_world(policy={"on_behalf": []})
    about = world.stale_user().login
    ticket = opened(world, place, by=world.member().login, requester=about, about=about)
    assert CaseState.RESOLVED == world.case(ticket).state


@on_both_desks
def test_a_member_of_a_group_that_may_ask_opens_tickets_about_anybody(place: Place, a_world: Make) -> None:
    world = a_world(policy={"on_behalf": ["Helpers"]}, groups=["Helpers"])
    helper = world.member()
    world.put_in_group(helper, "Helpers")
    ticket = opened(world, place, by=helper.login, requester=world.member().login, about=world.stale_user().login)
    assert CaseState.RESOLVED == world.case(ticket).state


@on_both_desks
def test_who_opened_a_ticket_costs_no_call_where_it_is_about_its_requester(place: Place, a_world: Make) -> None:
    costs = []
    for by_agent in (False, True):
        world = a_world(policy={"on_behalf": []})
        about = world.stale_user().login
        opened(world, place, by=AGENT if by_agent else about, requester=about, about=about)
        costs.append({product: sum(calls.values()) for product, calls in world.sandbox.frame.calls.items()})
    assert costs[0] == costs[1]


@on_both_desks
@pytest.mark.parametrize("status", [400, 403, 404])
def test_a_stray_refusal_of_who_is_an_agent_takes_nobody_for_none(place: Place, status: int, a_world: Make) -> None:
    world = a_world(policy={"on_behalf": []})
    path = "/sys_user_grmember$" if place[0] == "servicenow" else "/user/assignable/search$"
    body = {"error": {"message": "No", "detail": ""}, "errorMessages": ["No"]}
    headers = {"X-AACCOUNTID": "somebody"}
    world.fault(place[0], "status", path=path, status=status, times=2, headers=headers, body=body)
    ticket = opened(world, place, by=AGENT, requester=world.member().login, about=world.stale_user().login)
    assert CaseState.RESOLVED == world.case(ticket).state
    assert world.log.getvalue().count("nobody is taken for one") == 0


def test_an_opener_whose_groups_may_not_be_read_is_no_agent(a_world: Make) -> None:
    world = a_world(policy={"on_behalf": []})
    world.sandbox.servicenow.state.switches.refused_tables.add("sys_user_grmember")
    ticket = opened(world, INCIDENT, by=AGENT, requester=world.member().login, about=world.stale_user().login)
    assert CaseState.ESCALATED == world.case(ticket).state
    assert [] == world.force_syncs()


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
        assert own is any("the value that Okta last received" in text for text in by_worker(shown, "public"))
        assert own is not any(
            "Please answer: is the department in this profile correct?" in text for text in by_worker(shown, "internal")
        )


@on_both_desks
def test_an_agents_public_answer_counts_if_it_can_answer_nobody_but_us(place: Place, a_world: Make) -> None:
    world = a_world(policy={"on_behalf": ["Helpers"]}, groups=["Helpers"])
    helper, about = world.member(), world.member()
    world.put_in_group(helper, "Helpers")
    first, other = (world.ticket(place, about=about, expected=None, requester=helper.login) for _ in range(2))
    world.settle()
    (question,) = by_worker(world.shown(first), "internal")
    held = world.profile(about)["department"]
    assert f"both hold the same value for {about.login} (department: {held})." in question
    world.reply(first, AGENT, "yes")
    world.reply(other, helper.login, "yes")
    world.reply(other, AGENT, "yes")
    world.run_for(minutes=5)
    assert [CaseState.RESOLVED, CaseState.ASKED] == [world.case(ticket).state for ticket in (first, other)]
    assert "A reply on the ticket confirmed that it is right." in by_worker(world.shown(first), "internal")[-1]
