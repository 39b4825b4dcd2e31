"""What the store keeps of people's clicks: who waits for a user's page, and runs that a person starts."""

from __future__ import annotations

from datetime import timedelta

from tests.recovery.test_store import joining, leased, opened
from tests.recovery.test_store_wakes import moved, waits
from tests.unit.builders import NOW, directory
from worker.store import Store
from workflows.model import (
    Case,
    CaseState,
    DirectoryRef,
    Press,
    QuestionKind,
    Reason,
    ReasonKind,
    Request,
    RunState,
    Subject,
    Verdict,
    VerdictKind,
)
from workflows.ports import CaseCommit

REF = DirectoryRef(org="main", app_id="0oa1")
PRESS = Press(at=NOW)


def waiting_for_page(store: Store, number: int, kind: VerdictKind = VerdictKind.STALE_IN_OKTA) -> Case:
    case = opened(store, number)
    verdict = Verdict(
        kind=kind,
        reason=Reason.of(ReasonKind.STALE_IN_OKTA, label="", names=""),
        user_id="00u1",
        directory=directory(ref=REF),
        target_type_id="oty1",
        judged_at=NOW,
    )
    subjects = (Subject(request=Request(), verdict=verdict),)
    after = case.but(state=CaseState.ASKED, question=QuestionKind.PROFILE_PAGE, subjects=subjects)
    lease = leased(store, case)
    assert store.commit_case(lease, CaseCommit(before=case, after=after, due_at=None, because="page"), NOW)
    store.release(lease)
    return after


def assisted(commit: CaseCommit) -> CaseCommit:
    assert commit.join is not None
    return commit.but(join=commit.join.but(assisted=True))


def test_who_waits_for_a_page_and_wants_a_run_is_found_until_it_goes_on(store: Store) -> None:
    case, stale = waiting_for_page(store, 1), waiting_for_page(store, 2, VerdictKind.STALE_IN_DIRECTORY_COPY)
    assert [case.id] == [item.id for item in store.wanting(REF, "oty1")]
    assert () == store.wanting(REF, "oty2")
    assert stale.wants is None
    after = case.but(state=CaseState.CLAIMED)
    assert store.commit_case(leased(store, case), CaseCommit(before=case, after=after, due_at=NOW, because="on"), NOW)
    assert () == store.wanting(REF, "oty1")


def test_who_joins_a_run_wakes_those_that_would_want_it(store: Store) -> None:
    case, rider, other = waiting_for_page(store, 1), opened(store, 2), opened(store, 3)
    assert not waits(store, case, lambda: store.commit_case(leased(store, other), joining(other, "0oa2"), NOW))
    assert waits(store, case, lambda: store.commit_case(leased(store, rider), joining(rider), NOW))


def test_a_run_that_a_person_starts_stands_beside_the_directorys_other_run(store: Store) -> None:
    first, second, third = (opened(store, number) for number in range(3))
    one = store.commit_case(leased(store, first), joining(first), NOW)
    two = store.commit_case(leased(store, second), assisted(joining(second)), NOW)
    assert one is not None
    assert two is not None
    assert one.run_id != two.run_id
    moved(store, two.run_id, RunState.REQUESTED)
    late = store.commit_case(leased(store, third), assisted(joining(third)), NOW)
    assert late is not None
    assert two.run_id == late.run_id  # until the button is pressed


def test_a_persons_word_is_kept_once_and_makes_the_run_due(store: Store) -> None:
    case = opened(store)
    lease = leased(store, case)
    found = store.commit_case(lease, assisted(joining(case)), NOW)
    assert found is not None
    run_id, rider = found.run_id, store.case(case.id)
    assert run_id is not None
    assert rider is not None

    def say(press: Press) -> None:
        commit = CaseCommit(before=rider, after=rider, due_at=None, because="pressed", press=press)
        assert store.commit_case(lease, commit, NOW)

    say(PRESS)
    run = store.run(run_id)
    assert run is not None
    assert run.press is None  # nobody was asked to press yet
    moved(store, run_id, RunState.REQUESTED)
    say(PRESS)
    say(PRESS.but(at=NOW - timedelta(hours=1)))
    run = store.run(run_id)
    assert run is not None
    assert PRESS == run.press
    assert store.lease("run", run_id, NOW, 60, only_due=True) is not None
