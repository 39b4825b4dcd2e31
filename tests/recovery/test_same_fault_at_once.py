"""Of several tickets about the same fault that are handed over at the same moment, one gets the Support Case."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from tests.recovery.test_store import at_once, leased, opened
from tests.unit.builders import NOW, asking
from worker.store import Store
from workflows.model import Case, CaseState, Reason, ReasonKind, Said, Subject, Verdict, VerdictKind
from workflows.ports import CaseCommit, Joined, Lease, Sole


def about(store: Store, number: int, *user_ids: str) -> Case:
    """Open a case that has been judged to be about these users."""
    case = opened(store, number)
    subjects = tuple(
        Subject(
            request=asking("title"),
            verdict=Verdict(
                kind=VerdictKind.STALE_IN_OKTA,
                reason=Reason.of(ReasonKind.STALE_IN_OKTA, label="x", names="x"),
                user_id=user_id,
                judged_at=NOW,
            ),
        )
        for user_id in user_ids
    )
    judged = case.model_copy(update={"state": CaseState.SYNCED, "org": "main", "subjects": subjects})
    commit = CaseCommit(before=case, after=judged, due_at=NOW, because="judged")
    assert store.commit_case(leased(store, case), commit, NOW) is not None
    return judged


def hands_over(store: Store, lease: Lease, case: Case, *user_ids: str, besides: tuple[str, ...] = ()) -> Joined | None:
    """Let a case be handed over with a Support Case that nobody else has, but for those who had one before."""
    after = case.model_copy(
        update={"state": CaseState.CLOSING, "closing": CaseState.ESCALATED, "said": Said(support_case=True)}
    )
    long_ago = NOW - timedelta(days=14)
    sole = Sole(org="main", user_ids=user_ids, besides=besides, handed_over_after=long_ago)
    commit = CaseCommit(before=case, after=after, due_at=NOW, because="no effect", sole=sole)
    return store.commit_case(lease, commit, NOW)


def lease_of(store: Store, case: Case) -> Lease:
    lease = store.lease("case", case.id, NOW + timedelta(seconds=61), 600)
    assert lease is not None
    return lease


def test_of_cases_handed_over_at_the_same_moment_the_store_lets_one_prepare_a_support_case(
    store: Store, store_url: str
) -> None:
    stores = [store, *(Store.open(store_url) for _ in range(3))]
    for number in range(5):
        user_id = f"00u{number}"
        cases = [about(store, 10 * number + place, user_id) for place in range(4)]
        leases = [lease_of(store, case) for case in cases]
        acts = zip(stores, leases, cases, strict=True)
        answers = at_once(*(partial(hands_over, *parts, user_id) for parts in acts))
        assert 1 == sum(answer is not None for answer in answers)
        stored = [found for case in cases if (found := store.case(case.id))]
        assert [answer is not None for answer in answers] == [case.said.support_case for case in stored]
    for other in stores[1:]:
        other.close()


def test_a_support_case_of_another_user_or_known_before_denies_none(store: Store) -> None:
    first, second, stranger = about(store, 1, "00u1", "00u2"), about(store, 2, "00u2"), about(store, 3, "00u3")
    assert hands_over(store, lease_of(store, first), first, "00u1", "00u2")
    lease = lease_of(store, second)
    assert None is hands_over(store, lease, second, "00u2")
    assert second == store.case(second.id), "nothing of a denied step is kept"
    assert hands_over(store, lease, second, "00u2", besides=(first.id,))
    assert hands_over(store, lease_of(store, stranger), stranger, "00u3")
