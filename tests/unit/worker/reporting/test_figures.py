"""Every number of the report, from outcomes that are known."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from tests.unit.builders import NOW, REF, approval, case, directory, started_run
from worker.reporting.figures import Figures, Share, Spread, figures
from worker.reporting.metrics import COUNTS
from worker.reporting.rounds import Round, rounds_of
from worker.reporting.wording import percent
from worker.store.retention.outcomes import Outcome
from workflows.model import (
    Aftermath,
    Case,
    CaseState,
    Followup,
    FollowupKind,
    FollowupState,
    Reason,
    ReasonKind,
    Request,
    Ride,
    RideState,
    Route,
    Subject,
    Verdict,
    VerdictKind,
)

MINUTE = timedelta(minutes=1)
RUN = started_run(started_at=NOW + MINUTE)
V, S = VerdictKind, CaseState


def subject(kind: VerdictKind = V.STALE_IN_OKTA, *, right: bool = False) -> Subject:
    verdict = Verdict(kind=kind, reason=Reason(kind=ReasonKind.STALE_IN_OKTA), directory=directory(), judged_at=NOW)
    return Subject(request=Request(), verdict=verdict, right=right)


def look(of: Case, kind: FollowupKind, state: FollowupState, **changes: Any) -> Followup:
    return Followup(
        id=f"{of.id}.{of.round}.{kind}", case_id=of.id, round=of.round, kind=kind, state=state, due_at=NOW, **changes
    )


def one(state: CaseState, number: int = 1, minutes: float = 10, **changes: Any) -> Case:
    """Make a case that was filed a minute before it was seen, and ended so many minutes after that."""
    ended = NOW + minutes * MINUTE if state in {S.RESOLVED, S.ESCALATED, S.ADVISED, S.WITHDRAWN} else None
    ref = REF.but(id=str(number), key=f"INC{number}")
    return case(id=f"c{number}", ref=ref, state=state, filed_at=NOW - MINUTE, ended_at=ended, **changes)


def counted(*outcomes: Outcome, rides: Iterable[Ride] = (), run: Any = RUN) -> Figures:
    return figures(rounds_of(outcomes, [(run, tuple(rides))]))


def ones(found: Figures) -> set[str]:
    """Return the counts that are not zero."""
    return {id for id, share in found.counts.items() if share.number}


def test_a_ticket_that_one_force_sync_fixed_without_anybody_that_lasted() -> None:
    resolved = one(S.RESOLVED, subjects=(subject(right=True),), run_id="r1")
    held = look(resolved, FollowupKind.RECHECK, FollowupState.HOLDS)
    outcome = Outcome(case=resolved, looks=(held,), responded_at=NOW + MINUTE)
    found = counted(outcome, rides=[Ride(run_id="r1", case_id="c1", state=RideState.SEEN)])
    expected = {"tickets", "attempted", "ended", "finished", "resolved", "untouched", "durable", "looked_at", "lasted"}
    assert expected | {"synced"} == ones(found)
    assert Share(1, 1) == found.counts["durable"]
    assert Spread(1, 120.0, 120.0, 120.0) == found.spreads["first_response"]
    assert Spread(1, 660.0, 660.0, 660.0) == found.spreads["time_to_resolve"]
    assert Spread(1, 600.0, 600.0, 600.0) == found.spreads["work_time"]


def test_whoever_is_asked_approves_presses_or_orders_has_touched_it() -> None:
    ride = Ride(run_id="r1", case_id="c1", state=RideState.SEEN)
    plain = one(S.RESOLVED, subjects=(subject(right=True),), run_id="r1")
    touched = (
        counted(Outcome(case=plain.but(questions=1)), rides=[ride]),
        counted(Outcome(case=plain, orders=1), rides=[ride]),
        counted(Outcome(case=plain), rides=[ride], run=RUN.but(decision=approval())),
        counted(Outcome(case=plain), rides=[ride], run=RUN.but(by_hand=True)),
    )
    assert [0, 0, 0, 0] == [found.counts["untouched"].number for found in touched]
    assert [1, 1, 1, 1] == [found.counts["resolved"].number for found in touched]


def test_a_value_that_did_not_last_or_a_ticket_opened_again_is_not_durable() -> None:
    first, second, third = (one(S.RESOLVED, number) for number in (1, 2, 3))
    changed = look(first, FollowupKind.RECHECK, FollowupState.CHANGED)
    held = look(second, FollowupKind.RECHECK, FollowupState.HOLDS)
    found = counted(
        Outcome(case=first, looks=(changed,)),
        Outcome(case=second, looks=(held,), reopened_at=NOW + 60 * MINUTE),
        Outcome(case=third, looks=(look(third, FollowupKind.RECHECK, FollowupState.OPEN),)),
    )
    assert (Share(1, 3), Share(2, 3), Share(0, 2), Share(2, 2)) == tuple(
        found.counts[id] for id in ("durable", "looked_at", "lasted", "not_lasted")
    )


def test_questions_confirmations_and_tickets_closed_without_one() -> None:
    yes = one(S.RESOLVED, 1, questions=1, because=Reason(kind=ReasonKind.CONFIRMED))
    silent = one(S.RESOLVED, 2, questions=1, unconfirmed=True, because=Reason(kind=ReasonKind.NOT_CONFIRMED))
    waiting = one(S.ASKED, 3, questions=1)
    found = counted(*(Outcome(case=item) for item in (yes, silent, waiting)))
    assert (Share(3, 3), Share(1, 2), Share(1, 2), Share(1, 3), Share(2, 3)) == tuple(
        found.counts[id] for id in ("asked", "confirmed", "unconfirmed", "open", "finished")
    )


def test_why_and_to_whom_a_ticket_was_handed_over() -> None:
    judged = one(S.ESCALATED, 1, subjects=(subject(V.DENIED),), because=Reason(kind=ReasonKind.STALE_IN_OKTA))
    silent = one(S.ESCALATED, 2, questions=1, because=Reason(kind=ReasonKind.NO_REPLY))
    without = one(S.ESCALATED, 3, subjects=(subject(),), run_id="r1", because=Reason(kind=ReasonKind.NO_EFFECT))
    ride = Ride(run_id="r1", case_id="c3", state=RideState.UNSEEN)
    rounds = rounds_of([Outcome(case=item) for item in (judged, silent, without)], [(RUN, (ride,))])
    assert ["denied", "no_reply", "no_effect"] == [item.cause.name for item in rounds if item.cause]
    assert [Route.DIRECTORY_TEAM, Route.SERVICE_DESK, Route.OKTA_SUPPORT] == [item.team for item in rounds]
    found = figures(rounds)
    assert (Share(3, 3), Share(2, 3), Share(0, 2)) == tuple(
        found.counts[id] for id in ("handed_over", "attempted", "resolved")
    )


def test_advice_is_judged_where_the_copies_tell() -> None:
    def advised(
        number: int, kind: VerdictKind, profile: bool | None, copy: bool | None, *, closed: bool = True
    ) -> Round:
        item = one(S.ADVISED, number, subjects=(subject(kind),))
        after = Aftermath(closed=closed, seen_at=NOW, profile_right=profile, copy_right=copy)
        state = FollowupState.CLOSED if closed else FollowupState.MISSED
        return Round(Outcome(case=item, looks=(look(item, FollowupKind.AFTERWARDS, state, aftermath=after),)))

    judged = [
        advised(1, V.STALE_IN_OKTA, profile=True, copy=True),
        advised(2, V.STALE_IN_OKTA, profile=False, copy=True),
        advised(3, V.STALE_IN_OKTA, profile=False, copy=True, closed=False),
        advised(4, V.STALE_IN_DIRECTORY_COPY, profile=True, copy=True),
        advised(5, V.STALE_IN_DIRECTORY_COPY, profile=True, copy=False),
        advised(6, V.STALE_IN_DIRECTORY_COPY, profile=False, copy=False),
        advised(7, V.NOT_MAPPED, profile=True, copy=True),
        advised(8, V.NEEDS_INFORMATION, profile=None, copy=None),
        advised(9, V.ALREADY_RIGHT, profile=True, copy=True),
    ]
    assert [True, False, None, True, False, None, None, None, True] == [item.advice_right for item in judged]
    counts = figures(judged).counts
    assert (Share(5, 9), Share(3, 5), Share(2, 5)) == tuple(
        counts[id] for id in ("advice_known", "advice_right", "advice_wrong")
    )


def test_median_mean_and_p90_of_ten_durations() -> None:
    found = counted(*(Outcome(case=one(S.RESOLVED, number, minutes=number)) for number in range(1, 11)))
    assert Spread(10, 330.0, 330.0, 540.0) == found.spreads["work_time"]


def test_of_a_later_round_times_begin_when_it_was_opened_again() -> None:
    again = Round(Outcome(case=one(S.RESOLVED, round=2)))
    assert (NOW, 10 * MINUTE) == (again.created_at, again.until_resolved)


def test_a_ride_of_another_round_is_not_counted() -> None:
    ride = Ride(run_id="r1", case_id="c1", state=RideState.SEEN)
    before = started_run(started_at=NOW - MINUTE)
    (item,) = rounds_of([Outcome(case=one(S.RESOLVED, round=2, subjects=(subject(right=True),)))], [(before, (ride,))])
    assert ((), 0) == (item.syncs, item.repaired)


def test_over_nothing_every_count_is_zero_and_no_share_is_made_up() -> None:
    found = figures(())
    assert set() == ones(found)
    assert {None} == {share.rate for share in found.counts.values()}
    assert Spread(0) == found.spreads["first_response"]


def test_every_count_is_part_of_what_it_is_a_share_of() -> None:
    some = [
        Round(Outcome(case=one(state, number, questions=number % 2, subjects=(subject(kind, right=bool(number % 3)),))))
        for number, (state, kind) in enumerate((state, kind) for state in S for kind in V)
    ]
    by_id = {metric.id: metric for metric in COUNTS}
    wrong = [
        (metric.id, item.case.state, item.act)
        for metric in COUNTS
        if metric.of
        for item in some
        if metric.counts(item) and not by_id[metric.of].counts(item)
    ]
    assert [] == wrong


def test_there_is_no_durable_rate_before_anything_was_looked_at_again() -> None:
    resolved = one(S.RESOLVED, subjects=(subject(right=True),))
    before = counted(Outcome(case=resolved)).counts["durable"]
    assert (1, 1, None, "-") == (before.number, before.of, before.rate, percent(before))
    held = look(resolved, FollowupKind.RECHECK, FollowupState.HOLDS)
    after = counted(Outcome(case=resolved, looks=(held,))).counts["durable"]
    assert (1.0, "100%") == (after.rate, percent(after))
