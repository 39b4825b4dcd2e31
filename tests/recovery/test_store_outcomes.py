"""What became of a round is told the same while its record is kept, and after it was archived, forgotten or erased."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests.recovery.test_store import leased, opened, write
from tests.recovery.test_store_archive import ended
from tests.unit.builders import NOW, asking, directory
from worker.store import Store
from worker.store.retention.outcomes import Outcome
from worker.store.tables import metadata
from workflows.model import (
    Act,
    Basis,
    CaseState,
    Evidence,
    Expectation,
    Observation,
    OperatorAct,
    Reason,
    ReasonKind,
    StoryEntry,
    Subject,
    Verdict,
    VerdictKind,
)
from workflows.ports import CaseCommit

DAY = timedelta(days=1)
PERSON = "ada@example.com"
VALUES = (PERSON, "00uADA", "Treasury", "Robin Agent")
FORGET = OperatorAct(at=NOW, act=Act.FORGET, target="1 case", by="eve", operator="eve@host", why="request 18")


def outcomes(store: Store) -> list[Outcome]:
    return list(store.outcomes(NOW - DAY, NOW + 365 * DAY))


def test_an_outcome_is_the_same_before_and_after_its_record_was_archived_and_forgotten(store: Store) -> None:
    case = ended(store, 1, lasted=True)
    before = outcomes(store)
    assert [(case.id, CaseState.RESOLVED, True, NOW)] == [
        (item.case.id, item.case.state, item.lasted, item.responded_at) for item in before
    ]
    assert (1, 0) == store.health(NOW).durable
    assert 1 == store.put_away(NOW, NOW + 90 * DAY)
    assert before == outcomes(store)
    assert 1 == store.forget(NOW + 270 * DAY)
    assert before == outcomes(store)
    assert (1, 0) == store.health(NOW).durable
    assert (0, 0) == store.health(NOW + 31 * DAY).durable, "only the last 30 days count"


def test_a_round_that_is_opened_again_is_counted_beside_the_next_one(store: Store) -> None:
    first, second = ended(store, 1, lasted=True), ended(store, 2)
    assert 2 == store.put_away(NOW, NOW + 90 * DAY)
    for case in (first, second):
        known = store.case(case.id)
        assert known is not None
        assert store.reopen(known, "9", NOW + 91 * DAY, Reason.of(ReasonKind.REOPENED), "reopened")
        assert not store.reopen(known, "9", NOW + 91 * DAY, Reason.of(ReasonKind.REOPENED), "reopened")
    found = {(item.case.id, item.case.round): item for item in outcomes(store)}
    assert {(first.id, 1), (first.id, 2), (second.id, 1), (second.id, 2)} == found.keys()
    assert [False, False, None, None] == [item.lasted for _, item in sorted(found.items(), key=lambda pair: pair[0][1])]
    assert [NOW + 91 * DAY] * 2 == [item.reopened_at for item in found.values() if item.reopened_at]
    assert (0, 2) == store.health(NOW).durable
    assert 2 == len(list(store.outcomes(NOW + 91 * DAY, NOW + 92 * DAY)))


def about(store: Store, number: int = 1) -> str:
    """Take a case about a person to its end, with the person's values wherever a case has room for them."""
    case = opened(store, number)
    lease = leased(store, case)
    words = Reason.of(ReasonKind.UNCLEAR_REPLY, words=f"{PERSON}: Treasury, says Robin Agent")
    verdict = Verdict(
        kind=VerdictKind.STALE_IN_OKTA,
        reason=words,
        user_id="00uADA",
        login=PERSON,
        directory=directory(),
        expectations=(Expectation(attribute="department", value="Treasury", basis=Basis.STATED),),
        observations=(Observation(attribute="department", okta="Sales", app_user="Treasury"),),
        evidence=(Evidence(what=words, system="okta", at=NOW),),
        judged_at=NOW,
    )
    subject = Subject(request=asking("department", expected="Treasury", user=PERSON), verdict=verdict, right=True)
    after = case.but(
        state=CaseState.RESOLVED,
        ended_at=NOW,
        org="main",
        requester=PERSON,
        subjects=(subject,),
        because=words,
        story=(StoryEntry(at=NOW, what=words),),
        evidence=(Evidence(what=words, system="okta", at=NOW),),
    )
    planned = write(case).but(payload={"body": f"{PERSON}: Treasury"}, content=f"{PERSON} Treasury".encode())
    commit = CaseCommit(before=case, after=after, due_at=None, because=f"{PERSON} Robin Agent", writes=(planned,))
    assert store.commit_case(lease, commit, NOW)
    store.write_refused(lease, planned.key, f"{PERSON} is unknown", NOW)
    store.defer(lease, NOW, "", NOW)
    store.release(lease)
    return case.id


def everything(store: Store) -> str:
    """Return every row of every table as text."""
    found = []
    with store._database.reading() as connection:
        for table in metadata.tables.values():
            found += [str(tuple(row)) for row in connection.execute(sa.select(table))]
    return "\n".join(found)


def test_an_outcome_has_nothing_of_a_person(store: Store) -> None:
    about(store)
    (outcome,) = outcomes(store)
    assert [] == [value for value in VALUES if value in json.dumps(outcome.model_dump(mode="json"))]
    (subject,) = outcome.case.subjects
    assert subject.verdict is not None
    assert (VerdictKind.STALE_IN_OKTA, True) == (subject.verdict.kind, subject.right)


@pytest.mark.parametrize("archived", [False, True])
def test_what_is_erased_is_in_no_table_and_still_counts(archived: bool, store: Store) -> None:
    first, second = about(store, 1), about(store, 2)
    with store._database.writing() as connection:  # as when their writes have been carried out
        connection.execute(metadata.tables["cases"].update().values(due_at=None))
    assert not archived or 2 == store.put_away(NOW, NOW + DAY)
    before = outcomes(store)
    assert all(value in everything(store) for value in VALUES)
    assert () == store.erase([first, second], FORGET)
    assert [] == [value for value in VALUES if value in everything(store)]
    assert before == outcomes(store)
    assert (FORGET,) == store.acts()
    assert [] == list(store.records())
    assert store.seen_before("desk", ["1", "2"]).keys() == {"1", "2"}, (
        "a ticket that still has the tag is not worked as new"
    )
    if (file := store.file) is not None:
        kept = b"".join(path.read_bytes() for path in file.parent.glob(f"{file.name}*"))
        assert PERSON.encode() not in kept
        assert b"Treasury" not in kept


def test_nothing_is_erased_while_one_of_the_cases_is_worked(store: Store) -> None:
    done, at_work = ended(store, 1), opened(store, 2)
    assert (at_work.id,) == store.worked([done.id, at_work.id])
    before = everything(store)
    assert (at_work.id,) == store.erase([done.id, at_work.id], FORGET)
    assert before == everything(store)
