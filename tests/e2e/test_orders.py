"""What a person orders about one case is done as the case's own step, on the ticket and in the audit."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.e2e.conftest import Make
from tests.e2e.desks import on_both_desks
from tests.e2e.settings import write_config
from tests.e2e.stories import NAMES_NO_VALUE, copy_is_old, helped
from tests.e2e.ticket_texts import by_worker, files
from tests.e2e.tickets import INCIDENT, SERVICE_DESK, Filed, Place
from tests.e2e.world import World
from worker.cases import orders
from worker.cases.choosing import Wanted
from worker.cases.orders import Given, carried_out
from worker.cases.page import case_show
from worker.errors import OperatorError
from workflows.engine.machine import CASE_EDGES
from workflows.model import Act, CaseState, OperatorAct

WHY = "the user has left"


def act(world: World, ticket: Filed, kind: Act) -> OperatorAct:
    at = world.time.now()
    return OperatorAct(at=at, act=kind, target=world.case(ticket).id, by="robin", operator="robin@host", why=WHY)


def ordered(world: World, ticket: Filed, kind: Act) -> str:
    return carried_out(world.parts.ports, world.parts.store, act(world, ticket, kind))


def waiting(world: World, place: Place) -> Filed:
    """Return a ticket whose case waits for its Force Sync."""
    return all_waiting(world, place)[0]


def all_waiting(world: World, *places: Place) -> list[Filed]:
    """Return tickets whose cases wait for their Force Sync."""
    tickets = [world.stale_ticket(place)[0] for place in places]
    world.work()
    assert {CaseState.JOINED} == {world.case(ticket).state for ticket in tickets}
    return tickets


@on_both_desks
def test_a_case_is_handed_over_with_its_reason_and_its_ride_is_dropped(place: Place, world: World) -> None:
    ticket = waiting(world, place)
    assert "is handed over: escalated" in ordered(world, ticket, Act.HAND_OVER)
    assert CaseState.ESCALATED == world.case(ticket).state
    assert f"Handed over by robin: {WHY}" in by_worker(world.shown(ticket), "internal")[-1]
    assert [(Act.HAND_OVER, world.case(ticket).id)] == [(item.act, item.target) for item in world.parts.store.acts()]
    world.settle()
    assert ["cancelled"] == [run.state for run in world.runs()]
    allowed = {(edge.source, edge.target) for edge in CASE_EDGES}
    assert set(world.case_edges(ticket)) <= {(str(source), str(target)) for source, target in allowed}


@on_both_desks
def test_a_ticket_is_left_alone_and_stays_so(place: Place, world: World) -> None:
    ticket = waiting(world, place)
    notes = by_worker(world.shown(ticket))
    told = ordered(world, ticket, Act.LEAVE)
    assert told.endswith("is left alone: withdrawn; our notes stay on the ticket, which has no assignee")
    world.settle()
    world.run_for(minutes=10)
    assert (CaseState.WITHDRAWN, 1) == (world.case(ticket).state, world.case(ticket).round)
    assert notes == by_worker(world.shown(ticket))
    assert world.shown(ticket)["assignee"] is None


@on_both_desks
def test_leaving_a_ticket_with_an_open_question_says_what_its_requester_was_told(place: Place, world: World) -> None:
    ticket = world.said(place, by=world.stale_user(), text=NAMES_NO_VALUE)
    world.settle()
    asked = world.case(ticket)
    assert (CaseState.ASKED, False) == (asked.state, asked.asked_inside)
    assert asked.deadline is not None
    told = ordered(world, ticket, Act.LEAVE)
    assert "is left alone: withdrawn; our question stays on the ticket" in told
    assert f"it names {asked.deadline:%Y-%m-%d %H:%M:%S} UTC for what comes next" in told
    assert told.endswith("Tell the requester who has it")


def unjudged(world: World, place: Place) -> Filed:
    """Return a ticket whose case could not be judged, because Okta did not answer."""
    ticket, _ = world.stale_ticket(place)
    world.fault("okta", "status", status=503, times=10**9)
    world.work()
    assert not world.case(ticket).subjects
    return ticket


@on_both_desks
def test_a_case_that_was_not_judged_is_judged_for_its_hand_over(place: Place, a_world: Make) -> None:
    world = a_world(policy={"retry_after": 600.0})
    ticket = unjudged(world, place)
    world.clear_faults()
    world.skip(minutes=1)
    assert "is handed over" in ordered(world, ticket, Act.HAND_OVER)
    note = by_worker(world.shown(ticket), "internal")[-1]
    for told in (
        f"Handed over by robin: {WHY}",
        "Okta profile is behind the directory's copy",
        "Asked for: department",
    ):
        assert told in note
    assert CaseState.ESCALATED == world.case(ticket).state
    assert 1 == len(by_worker(world.shown(ticket), "public"))


@on_both_desks
def test_what_keeps_a_case_from_being_judged_is_told_when_it_is_handed_over(place: Place, a_world: Make) -> None:
    world = a_world(policy={"retry_after": 600.0})
    ticket = unjudged(world, place)
    assert "is handed over" in ordered(world, ticket, Act.HAND_OVER)
    note = by_worker(world.shown(ticket), "internal")[-1]
    assert f"Handed over by robin: {WHY}" in note
    assert "The ticket could not be checked: main" in note
    assert [] == by_worker(world.shown(ticket), "public")
    assert CaseState.ESCALATED == world.case(ticket).state


def test_a_protected_user_is_told_nothing_by_an_order(a_world: Make) -> None:
    world = a_world(policy={"retry_after": 600.0, "protected_groups": ["Executives"]}, groups=["Executives"])
    ticket, member = world.stale_ticket()
    world.put_in_group(member, "Executives")
    world.fault("okta", "status", status=503, times=10**9)
    world.work()
    world.clear_faults()
    world.skip(minutes=1)
    ordered(world, ticket, Act.HAND_OVER)
    assert [] == by_worker(world.shown(ticket), "public")


def test_an_observed_ticket_only_gets_a_note(a_world: Make) -> None:
    world = a_world(policy={"default_autonomy": "observe", "autonomy": {}, "retry_after": 600.0})
    ticket, _ = world.stale_ticket()
    world.fault("okta", "status", status=503, times=10**9)
    world.work()
    world.clear_faults()
    assert not world.case(ticket).ended
    assert "is handed over: advised" in ordered(world, ticket, Act.HAND_OVER)
    assert f"handed over by robin: {WHY}" in by_worker(world.shown(ticket), "internal")[-1]


def test_a_ticket_that_a_person_has_taken_is_not_handed_over(world: World) -> None:
    ticket = waiting(world, ("servicenow", "incident"))
    world.take(ticket)
    with pytest.raises(OperatorError, match="could not be handed over now; it is withdrawn"):
        ordered(world, ticket, Act.HAND_OVER)


def test_a_case_that_a_process_has_or_that_has_ended_is_not_ordered_about(world: World) -> None:
    ticket = waiting(world, ("servicenow", "incident"))
    lease = world.parts.store.lease("case", world.case(ticket).id, world.time.now(), 60.0)
    assert lease is not None
    with pytest.raises(OperatorError, match="a process is working on"):
        ordered(world, ticket, Act.LEAVE)
    world.parts.store.release(lease)
    assert () == world.parts.store.acts()
    world.settle()
    with pytest.raises(OperatorError, match="is resolved: nothing is left to order"):
        ordered(world, ticket, Act.LEAVE)
    assert not world.parts.store.retry(act(world, ticket, Act.RETRY), world.time.now())


def test_a_retry_reads_the_ticket_at_once_whatever_it_waits_for(world: World) -> None:
    ticket = waiting(world, ("servicenow", "incident"))
    assert world.parts.store.due(world.time.now(), 10) == []
    assert world.parts.store.retry(act(world, ticket, Act.RETRY), world.time.now())
    assert "" == world.case(ticket).known
    world.work()
    assert "" != world.case(ticket).known
    assert [Act.RETRY] == [item.act for item in world.parts.store.acts()]


def by_filter(world: World, kind: Act, wanted: Wanted, *, yes: bool, limit: int | None = None) -> int:
    config = write_config(world.sandbox, world.store_file)
    return orders.ordered(config, Given(kind, "robin", WHY), None, wanted, limit=limit, yes=yes)


def test_filters_list_what_they_find_and_do_nothing_without_a_yes(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    tickets = all_waiting(world, INCIDENT, SERVICE_DESK)
    assert 1 == by_filter(world, Act.HAND_OVER, Wanted(open_only=True, state="joined"), yes=False)
    told = capsys.readouterr().out
    assert all(str(world.shown(ticket)["key"]) in told for ticket in tickets)
    assert "2 cases are to be handed over; nothing was done, --yes does it" == told.splitlines()[-1]
    assert {CaseState.JOINED} == {world.case(ticket).state for ticket in tickets}
    assert () == world.parts.store.acts()


def test_with_a_yes_each_is_ordered_about_and_each_is_in_the_audit(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    kept, *others = all_waiting(world, INCIDENT, SERVICE_DESK, SERVICE_DESK)
    assert 0 == by_filter(world, Act.HAND_OVER, Wanted(open_only=True, desk="jira"), yes=True)
    assert "2 of 2 cases handed over" == capsys.readouterr().out.splitlines()[-1]
    world.work()
    assert [CaseState.ESCALATED] * 2 == [world.case(ticket).state for ticket in others]
    assert CaseState.JOINED == world.case(kept).state
    assert {(Act.HAND_OVER, "robin", WHY)} == {(item.act, item.by, item.why) for item in world.parts.store.acts()}
    assert {world.case(ticket).id for ticket in others} == {item.target for item in world.parts.store.acts()}


def test_what_could_not_be_done_is_told_and_ends_with_code_1(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    taken, free = all_waiting(world, INCIDENT, INCIDENT)
    world.take(taken)
    assert 1 == by_filter(world, Act.HAND_OVER, Wanted(open_only=True, state="joined"), yes=True)
    told = capsys.readouterr().out
    assert "could not be handed over now; it is withdrawn" in told
    assert "1 of 2 cases handed over" == told.splitlines()[-1]
    assert CaseState.ESCALATED == world.case(free).state


@pytest.mark.parametrize("as_json", [False, True], ids=["text", "json"])
def test_an_order_that_cannot_be_carried_out_now_says_so_and_ends_with_code_1(
    as_json: bool, world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    ticket = waiting(world, INCIDENT)
    world.fault("servicenow", "status", status=503, times=10**9)
    config, given = write_config(world.sandbox, world.store_file), Given(Act.HAND_OVER, "robin", WHY)
    key = world.shown(ticket)["key"]
    assert 1 == orders.ordered(config, given, key, Wanted(open_only=True), limit=None, yes=False, as_json=as_json)
    told = capsys.readouterr()
    text = json.loads(told.out)["cases"][0]["text"] if as_json else told.err
    assert "could not be handed over now; it is joined: servicenow: " in text
    assert "the order is not kept, give it again" in text
    assert "[info" not in told.err
    assert CaseState.JOINED == world.case(ticket).state


def test_a_limit_bounds_what_is_ordered_about(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    tickets = all_waiting(world, INCIDENT, INCIDENT)
    by_filter(world, Act.LEAVE, Wanted(open_only=True, desk="servicenow"), yes=True, limit=1)
    assert "1 of 1 case left alone" == capsys.readouterr().out.splitlines()[-1]
    assert [CaseState.JOINED, CaseState.WITHDRAWN] == sorted(world.case(ticket).state for ticket in tickets)


@pytest.mark.parametrize(("text", "wanted"), [(None, Wanted(open_only=True)), ("SUP-1", Wanted(desk="jira"))])
def test_an_order_names_one_case_or_filters(text: str | None, wanted: Wanted, world: World) -> None:
    config = write_config(world.sandbox, world.store_file)
    with pytest.raises(OperatorError, match="name one case by its ID, or several by filters"):
        orders.ordered(config, Given(Act.RETRY, "robin", WHY), text, wanted, limit=None, yes=True)


@on_both_desks
def test_a_cases_files_are_saved_for_their_owner_alone_under_the_names_that_the_ticket_has(
    place: Place, world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ticket, config = copy_is_old(world, place), write_config(world.sandbox, world.store_file)
    key, folder = str(world.shown(ticket)["key"]), tmp_path / "package"
    assert 0 == case_show(config, key, save=folder)
    (name,), (saved,) = files(world.shown(ticket)), tuple(folder.iterdir())
    assert (name, world.file(ticket, name), 0o600) == (saved.name, saved.read_bytes(), saved.stat().st_mode & 0o777)
    assert f"wrote {saved}" in capsys.readouterr().err
    with pytest.raises(OperatorError, match=r"--save: the folder .* is not empty"):
        case_show(config, key, save=folder)
    world.skip(hours=9)
    world.work()
    assert 1 == world.parts.store.put_away(world.time.now(), world.time.now())
    assert 1 == case_show(config, key, save=tmp_path / "later")
    assert f"the record is archived, and what was attached is on {key} alone" in " ".join(
        capsys.readouterr().err.split()
    )
    assert not (tmp_path / "later").exists()


@on_both_desks
def test_where_no_file_was_made_saving_says_so(
    place: Place, world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ticket, config = helped(world, place), write_config(world.sandbox, world.store_file)
    assert 1 == case_show(config, str(world.shown(ticket)["key"]), save=tmp_path / "package")
    out, err = capsys.readouterr()
    assert "--save: no file is kept: none was made for" in " ".join(err.split())
    assert "The right value is in Okta" in out


@on_both_desks
def test_a_case_is_shown_with_links_its_story_and_its_notes_as_written(
    place: Place, world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    ticket = waiting(world, place)
    config = write_config(world.sandbox, world.store_file)
    case_show(config, str(world.shown(ticket)["key"]))
    told = capsys.readouterr().out
    assert ["ticket", world.case(ticket).ref.url] == told.splitlines()[0].split()
    assert "Force Sync comes next" in told
    assert ", internal, delivered" in told
    case_show(config, str(world.shown(ticket)["key"]), as_json=True)
    shown = json.loads(capsys.readouterr().out)
    assert (1, world.case(ticket).id, "internal") == (
        shown["version"],
        shown["case"]["id"],
        shown["notes"][0]["seen_by"],
    )
