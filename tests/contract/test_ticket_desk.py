"""What every desk must do: one set of tests for `TicketDesk`, over ServiceNow and Jira on the wire."""

from __future__ import annotations

import pytest

from connectors.sandbox.scenarios.world import AGENTS
from tests.contract.places import AGENT, HAND_OVER, Place, Stage, inside, note
from workflows.errors import Refused
from workflows.model import File, Intent, Move, Phase, TicketRef
from workflows.ports import TicketDesk

REPORT = File(name="diagnostics.json", content_type="application/json", content=b'{"seen": true}')

MARKED = {"update", "comment", "attach", "attach_internal"}  # others are found by their effect


@pytest.fixture
def desk(world: Stage, place: Place) -> TicketDesk:
    return world.desk(place)


def sighted(desk: TicketDesk) -> dict[str, str]:
    return {sighting.ref.id: sighting.stamp for sighting in desk.tagged()}


def test_a_desk_proves_its_settings(desk: TicketDesk) -> None:
    desk.check()


def test_every_tagged_open_ticket_is_seen_over_many_pages(world: Stage, place: Place) -> None:
    tagged = {world.file(place).id for _ in range(7)}
    untagged = {world.file(place, tagged=False).id for _ in range(2)}
    seen = [sighting.ref.id for sighting in world.desk(place, page_size=2).tagged()]
    assert tagged <= set(seen)
    assert not untagged & set(seen)
    assert len(seen) == len(set(seen))


def test_a_ticket_that_is_done_or_untagged_is_not_seen(world: Stage, place: Place, desk: TicketDesk) -> None:
    done, untagged = world.file(place), world.file(place)
    world.do(desk, done, Move.RESOLVED, close_text="Done.", internal=note("Done."))
    with world.people(place) as people:
        people.tag(inside(untagged), add=[], remove=[""])
    assert not {done.id, untagged.id} & sighted(desk).keys()
    assert not desk.read(untagged).tagged


def test_a_stamp_changes_when_somebody_does_something(world: Stage, place: Place, desk: TicketDesk) -> None:
    ref, quiet = world.file(place), world.file(place)
    before = sighted(desk)
    world.comment(place, ref, "Any news?")
    after = sighted(desk)
    assert before[ref.id] != after[ref.id]
    assert before[quiet.id] == after[quiet.id]


def test_reading_sees_what_a_search_does_not_show_yet(world: Stage, place: Place, desk: TicketDesk) -> None:
    world.sandbox.frame.settings.index_lag_seconds = 3600
    try:
        ref = world.file(place)
        world.comment(place, ref, "It is about Ada.")
        ticket = desk.read(ref)
    finally:
        world.sandbox.frame.settings.index_lag_seconds = 0
    assert ticket.tagged
    assert ticket.phase is Phase.NEW
    assert [(item.body, item.by_worker, item.public) for item in ticket.comments] == [("It is about Ada.", False, True)]
    assert (ticket.requester and ticket.requester.email) == world.sandbox.world.members[0].login


def test_an_agent_who_files_for_somebody_is_named(world: Stage, place: Place, desk: TicketDesk) -> None:
    own, filed = desk.read(world.file(place)), desk.read(world.file_for(place))
    assert own.requester == filed.requester
    assert own.opened_by is None
    assert (filed.opened_by and filed.opened_by.name) == AGENTS[0].name
    software = place.product == "jira" and place.table != "SUP"
    assert [False, not software] == [
        desk.is_agent(item, who) for item, who in ((own, own.requester), (filed, filed.opened_by)) if who
    ]


def test_somebody_else_who_files_for_somebody_is_no_agent(world: Stage, place: Place, desk: TicketDesk) -> None:
    colleague = world.sandbox.world.members[1].login
    filed = desk.read(world.file_for(place, colleague))
    assert filed.opened_by
    assert not desk.is_agent(filed, filed.opened_by)


def test_whoever_writes_on_a_ticket_is_an_agent_only_if_the_desk_proves_it(
    world: Stage, place: Place, desk: TicketDesk
) -> None:
    ref = world.file(place)
    with world.people(place) as people:
        for author in (AGENTS[0].login, world.sandbox.world.members[1].login):
            people.comment(inside(ref), author=author, visibility="public", body="yes")
    ticket = desk.read(ref)
    software = place.product == "jira" and place.table != "SUP"
    assert [not software, False] == [desk.is_agent(ticket, item.author) for item in ticket.comments]


def test_a_ticket_that_is_not_there_is_refused_and_stops_no_other(world: Stage, place: Place, desk: TicketDesk) -> None:
    ref = world.file(place)
    gone = ref.id[:-5] + ("00000" if place.product == "servicenow" else "99999")
    with pytest.raises(Refused):
        desk.read(TicketRef(desk="desk", id=gone, key="GONE-1"))
    assert desk.read(ref).ref.id == ref.id
    assert ref.id in sighted(desk)


def test_planning_asks_nobody_and_says_the_same_again(world: Stage, place: Place, desk: TicketDesk) -> None:
    ticket = desk.read(world.file(place))
    before = world.calls(place.product)
    for move in (*Move, None):
        intent = Intent(
            key=world.key(), move=move, internal=note("Why."), public=note("What."), close_text="Done.", files=(REPORT,)
        )
        first = desk.plan(ticket, intent)
        assert first == desk.plan(ticket, intent)
        assert all(write.key.startswith(intent.key) for write in first)
        assert len({write.key for write in first}) == len(first)
    assert world.calls(place.product) == before


def test_a_claim_takes_the_ticket_and_says_so_inside(world: Stage, place: Place, desk: TicketDesk) -> None:
    ref = world.file(place)
    ticket = world.do(desk, ref, Move.CLAIMED, internal=note("We look into it."))
    shown = world.shown(place, ref)
    assert ticket.assigned_to_worker
    assert ticket.phase is Phase.IN_PROGRESS
    assert shown["status_category"] == "in_progress"
    (comment,) = shown["comments"]
    assert "We look into it." in comment["body"]
    assert comment["visibility"] == ("internal" if place.hidden_comments else "public")
    assert ticket.comments[0].by_worker


def test_a_question_reaches_the_caller_and_a_reply_resumes(world: Stage, place: Place, desk: TicketDesk) -> None:
    ref = world.file(place)
    world.do(desk, ref, Move.CLAIMED, internal=note("We look into it."))
    asked = world.do(desk, ref, Move.ASKED, public=note("Please name the person."))
    question = world.shown(place, ref)["comments"][-1]
    assert ("Please name the person." in question["body"], question["visibility"]) == (True, "public")
    assert asked.phase is (Phase.WAITING if place.waits else Phase.IN_PROGRESS)
    world.comment(place, ref, "It is about Ada.")
    resumed = world.do(desk, ref, Move.RESUMED)
    assert resumed.phase is Phase.IN_PROGRESS
    marked = [item for item in resumed.comments if item.marker]
    assert not resumed.comments[-1].by_worker
    assert resumed.comments.index(marked[-1]) == len(resumed.comments) - 2


def test_resolving_closes_with_a_resolution(world: Stage, place: Place, desk: TicketDesk) -> None:
    ref = world.file(place)
    world.do(desk, ref, Move.CLAIMED, internal=note("We look into it."))
    parts = {"internal": note("Evidence."), "public": note("Done for you."), "close_text": "Done for you."}
    ticket = world.do(desk, ref, Move.RESOLVED, **parts)
    shown = world.shown(place, ref)
    assert ticket.phase is Phase.DONE
    assert shown["status_category"] == "done"
    assert shown["resolution"] or place.table == "sc_req_item"
    hidden = {item["visibility"] for item in shown["comments"] if "Evidence." in item["body"]}
    assert hidden == ({"internal"} if place.hidden_comments else {"public"})


def test_an_escalation_hands_over_with_the_file_inside(world: Stage, place: Place, desk: TicketDesk) -> None:
    ref = world.file(place)
    world.do(desk, ref, Move.CLAIMED, internal=note("We look into it."))
    ticket = world.do(desk, ref, Move.ESCALATED, internal=note("Please look."), files=(REPORT,))
    shown = world.shown(place, ref)
    assert not ticket.assigned_to_worker
    if place.product == "servicenow":
        assert (shown["group"], shown["assignee"]) == ("Identity Operations", None)
    else:
        assert shown["assignee"] == HAND_OVER
    (file,) = shown["attachments"]
    assert world.file_bytes(place, ref, file["name"]) == REPORT.content
    if place.hidden_comments:
        assert file.get("visibility", "internal") == "internal"
        assert {item["visibility"] for item in shown["comments"]} == {"internal"}


@pytest.mark.parametrize("move", [Move.ADVISED, Move.RELEASED])
def test_a_ticket_is_given_back(world: Stage, place: Place, desk: TicketDesk, move: Move) -> None:
    ref = world.file(place)
    world.do(desk, ref, Move.CLAIMED, internal=note("We look into it."))
    world.do(desk, ref, move)
    assert world.shown(place, ref)["assignee"] is None


@pytest.mark.parametrize("move", [Move.CLAIMED, Move.RESOLVED])
def test_what_a_person_has_taken_stays_theirs(world: Stage, place: Place, desk: TicketDesk, move: Move) -> None:
    ref = world.file(place)
    (*_, last) = world.plan(desk, ref, move, close_text="Done.")
    world.take(place, ref)
    world.time.skip(minutes=1)
    with pytest.raises(Refused, match="a person has taken"):
        desk.deliver(ref, last)
    shown = world.shown(place, ref)
    assert (shown["assignee"], shown["status_category"]) == (AGENT, "new")


def test_letting_go_leaves_a_persons_assignment(world: Stage, place: Place, desk: TicketDesk) -> None:
    ref = world.file(place)
    world.do(desk, ref, Move.CLAIMED, internal=note("We look into it."))
    (release,) = world.plan(desk, ref, Move.RELEASED)
    world.take(place, ref)
    desk.deliver(ref, release)
    assert world.shown(place, ref)["assignee"] == AGENT


def test_what_was_delivered_is_found_and_nothing_else_is(world: Stage, place: Place, desk: TicketDesk) -> None:
    ref, other = world.file(place), world.file(place)
    parts = {"internal": note("Please look."), "files": (REPORT,)}
    first = world.plan(desk, ref, Move.ESCALATED, **parts)
    second = world.plan(desk, ref, None, **parts)
    marked = [write for write in first if write.operation in MARKED]
    assert len(marked) == (1 if "service-desk" in place.name else 2), (
        "a file of a service project goes up with its note"
    )
    for write in first:
        assert write not in marked or desk.find(ref, write) is None
        desk.deliver(ref, write)
        assert write not in marked or desk.find(ref, write) is not None
    for write in second:
        assert desk.find(ref, write) is None
    for write in marked:
        assert desk.find(other, write) is None


def test_every_note_carries_its_own_marker(world: Stage, place: Place, desk: TicketDesk) -> None:
    ref = world.file(place)
    notes = [note(f"This is note {number}.") for number in range(3)]
    writes = [write for text in notes for write in world.plan(desk, ref, None, internal=text)]
    for write in writes:
        desk.deliver(ref, write)
    assert [item.marker for item in desk.read(ref).comments] == [write.key for write in writes]


def test_a_person_who_repeats_our_note_is_not_taken_for_us(world: Stage, place: Place, desk: TicketDesk) -> None:
    ref, copied = world.file(place), world.file(place)
    (write,) = world.plan(desk, ref, None, public=note("Please name the person."))
    desk.deliver(ref, write)
    world.comment(place, copied, world.shown(place, ref)["comments"][0]["body"])
    (comment,) = desk.read(copied).comments
    assert (comment.by_worker, comment.marker) == (False, None)
    assert desk.find(copied, write) is None
