"""Ended cases are put away whole after their time, and the ticket's memory stays."""

from __future__ import annotations

from datetime import timedelta

from tests.recovery.test_store import claim, leased, opened, write
from tests.unit.builders import NOW
from worker.cases.page import told_of
from worker.store import Store
from workflows.model import (
    Case,
    CaseState,
    Followup,
    FollowupKind,
    FollowupState,
    Policy,
    Reason,
    ReasonKind,
    Receipt,
    Stop,
    StopKind,
    StoryEntry,
)
from workflows.ports import CaseCommit

DAY = timedelta(days=1)


def ended(store: Store, number: int, *, followup: bool = False, lasted: bool | None = None) -> Case:
    """Take a case to its end, with one delivered write."""
    case = opened(store, number)
    lease = leased(store, case)
    assert claim(store, lease, case)
    key = write(case).key
    store.write_sent(lease, key, NOW)
    store.write_delivered(lease, key, Receipt(at=NOW, id="c1"), NOW)
    claimed = case.model_copy(update={"state": CaseState.CLAIMED})
    story = (StoryEntry(at=NOW, what=Reason.of(ReasonKind.CLAIMED)),)
    after = claimed.model_copy(update={"state": CaseState.RESOLVED, "ended_at": NOW, "story": story})
    later = Followup(id=f"{case.id}.1.recheck", case_id=case.id, round=1, kind=FollowupKind.RECHECK, due_at=NOW + DAY)
    followups = (later,) if followup or lasted is not None else ()
    commit = CaseCommit(before=claimed, after=after, due_at=None, because="done", followups=followups)
    assert store.commit_case(lease, commit, NOW)
    store.release(lease)
    if lasted is not None:
        state = FollowupState.HOLDS if lasted else FollowupState.CHANGED
        look = store.lease("followup", later.id, NOW, 60)
        assert look is not None
        found = later.model_copy(
            update={"state": state, "finding": Reason.of(ReasonKind.VALUES_LOST, names="department")}
        )
        assert store.commit_followup(look, found, None, (), NOW)
    return after


def test_a_case_is_put_away_after_its_time_and_exported_as_before(store: Store) -> None:
    case, still_open = ended(store, 1), opened(store, 2)
    (before,) = [record for record in store.records() if record["case"]["id"] == case.id]
    assert 0 == store.put_away(NOW - DAY, NOW)
    assert 1 == store.put_away(NOW, NOW + 90 * DAY)
    assert 0 == store.put_away(NOW, NOW + 90 * DAY), "once"
    records = {record["case"]["id"]: record for record in store.records()}
    assert {case.id, still_open.id} == set(records)
    assert before == records[case.id]
    assert "claimed" == before["case"]["story"][0]["what"]["kind"]
    assert ["resolved"] == [event["to"] for event in before["events"]][-1:]
    assert ("c1", 2) == (before["writes"][0]["receipt"]["id"], before["writes"][0]["bytes"])


def test_what_is_put_away_leaves_the_ticket_known_and_can_be_opened_again(store: Store) -> None:
    case = ended(store, 1)
    store.put_away(NOW, NOW + 90 * DAY)
    known = store.case(case.id)
    assert known is not None
    assert (CaseState.RESOLVED, 1, ()) == (known.state, known.round, known.story)
    assert () == store.writes(case.id)
    assert store.reopen(known, "9", NOW + 91 * DAY, Reason.of(ReasonKind.REOPENED), "reopened")
    again = store.case(case.id)
    assert again is not None
    assert (CaseState.RECEIVED, 2) == (again.state, again.round)
    rounds = sorted(record["case"]["round"] for record in store.records() if record["case"]["id"] == case.id)
    assert [1, 2] == rounds


def test_a_case_with_an_open_followup_is_not_put_away(store: Store) -> None:
    ended(store, 1, followup=True)
    assert 0 == store.put_away(NOW, NOW + 90 * DAY)


def test_that_a_resolved_value_did_not_last_is_still_shown_of_a_case_that_was_put_away(store: Store) -> None:
    lasting, lost = ended(store, 1, lasted=True), ended(store, 2, lasted=False)
    assert {(lost.id, 1)} == store.not_durable()
    assert 2 == store.put_away(NOW, NOW + 90 * DAY)
    assert {(lost.id, 1)} == store.not_durable()
    shown = {case.id: dict(told_of(store.record(case.id), Policy())) for case in store.cases()}
    assert shown[lost.id]["later"].startswith("does the resolved value last? NOT DURABLE: the values did not last")
    assert shown[lasting.id]["later"].startswith("does the resolved value last? yes")
    assert [True, True] == ["-> resolved" in page["step"] for page in shown.values()]
    (record,) = [record for record in store.records() if record["case"]["id"] == lost.id]
    assert "values_lost" == record["followups"][0]["finding"]["kind"], "what was found is in the record"


def test_records_are_forgotten_after_their_time(store: Store) -> None:
    ended(store, 1)
    store.put_away(NOW, NOW + 90 * DAY)
    assert 0 == store.forget(NOW + 89 * DAY)
    assert 1 == store.forget(NOW + 90 * DAY)
    assert [] == list(store.records())
    assert store.seen_before("desk", ["1"]), "the ticket stays known"


def test_what_was_written_in_a_round_that_was_put_away_is_still_known_when_the_ticket_is_opened_again(
    store: Store,
) -> None:
    case = ended(store, 1)
    assert 1 == store.put_away(NOW + DAY, NOW + DAY)
    kept = store.case(case.id)
    assert kept is not None
    assert kept.written
    assert store.reopen(kept, "s2", NOW + DAY, Reason.of(ReasonKind.REOPENED), "opened again")
    again = store.case(case.id)
    assert again is not None
    assert (2, True) == (again.round, again.written)


def test_alerts_of_long_ago_are_forgotten_and_pauses_stay(store: Store) -> None:
    for kind in (StopKind.ALERT, StopKind.SWITCH):
        store.pause(Stop(kind=kind, name="x", until=NOW + DAY / 2, why="so", since=NOW))
    store.put_away(NOW + DAY, NOW + DAY)
    assert (None, "so") == (
        store.paused(StopKind.ALERT, "x", NOW),
        getattr(store.paused(StopKind.SWITCH, "x", NOW), "why", None),
    )
