"""A store of an older schema keeps its cases, pauses and runs, and what no longer holds of them is done again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from tests.recovery.test_store import joining, leased
from tests.recovery.test_store_schema import HEAD
from tests.unit.builders import NOW, asking, case, directory
from tests.unit.builders import run as build_run
from worker.errors import OperatorError
from worker.store import Store
from worker.store.database import Database
from worker.store.store import MIGRATIONS
from workflows.model import (
    Case,
    CaseState,
    Decision,
    DirectoryRef,
    Reason,
    ReasonKind,
    RunState,
    Stop,
    StopKind,
    Subject,
    SyncRun,
    TicketRef,
    Verdict,
    VerdictKind,
)
from workflows.notes.reasons import sentence


def test_a_store_of_the_first_schema_keeps_its_cases(empty_url: str) -> None:
    _migrate_to(empty_url, "0001")
    verdict = Verdict(
        kind=VerdictKind.STALE_IN_OKTA,
        reason=Reason.of(ReasonKind.STALE_IN_OKTA, label="", names=""),
        user_id="00u1",
        directory=directory(),
        judged_at=NOW,
    )
    subjects = (Subject(request=asking("department"), verdict=verdict),)
    ended = case(state=CaseState.ESCALATED, ended_at=NOW, stamp="7", subjects=subjects)
    _insert_case_of_first_schema(empty_url, ended.model_dump(mode="json", exclude={"org"}) | {"stamp": ""})
    store = Store.open(empty_url)
    with pytest.raises(OperatorError, match=f"schema 0001, this program needs {HEAD}; run `forcesync migrate`"):
        store.check_schema()
    assert ["0002", "0003", "0004", "0005", "0006", "0007", "0008", HEAD] == store.migrate()
    assert ended.model_copy(update={"org": "main"}) == store.case(ended.id)
    since = NOW - timedelta(days=1)
    assert [ended.id] == [found.id for found in store.cases_about("main", ["00u1"], since, besides="")]
    assert () == store.cases_about("main", ["00u1"], since, besides=ended.id)
    assert 1 == store.put_away(NOW, NOW + timedelta(days=90))
    store.close()


def test_the_pauses_of_an_older_schema_become_stops_of_their_kinds(empty_url: str) -> None:
    _migrate_to(empty_url, "0003")
    until, since = NOW + timedelta(days=1), NOW.replace(hour=8, minute=30, second=0, microsecond=0)
    told = f"by robin since {since:%Y-%m-%d %H:%M} UTC: migration weekend: again"
    _insert_pauses(
        empty_url,
        until,
        {"main": "401", "main asked to wait": "429", "force sync of 0oa1": told, "main force sync": "403"},
    )
    store = Store.open(empty_url)
    assert ["0004", "0005", "0006", "0007", "0008", HEAD] == store.migrate()
    switch = Stop(
        kind=StopKind.SWITCH, name="0oa1", until=until, why="migration weekend: again", by="robin", since=since
    )
    assert [switch] == store.switches(NOW)
    kinds = (StopKind.SYSTEM, StopKind.PATIENCE, StopKind.START)
    found = [store.paused(kind, "main", NOW) for kind in kinds]
    assert ["401", "429", "403"] == [stop.why for stop in found if stop]
    store.close()


def riding_case(number: int, run_id: str, state: CaseState, *type_ids: str) -> Case:
    subjects = tuple(
        Subject(
            request=asking("department"),
            verdict=Verdict(
                kind=VerdictKind.STALE_IN_OKTA,
                reason=Reason.of(ReasonKind.STALE_IN_OKTA, label="", names=""),
                user_id=f"00u{number}",
                directory=directory(),
                target_type_id=type_id,
                judged_at=NOW,
            ),
        )
        for type_id in type_ids
    )
    ref = TicketRef(desk="desk", id=str(number), key=f"T-{number}")
    return case(id=f"c{number}", ref=ref, state=state, run_id=run_id, deadline=NOW, subjects=subjects)


OLD_RADIUS = {"at": "2026-03-02T09:00:00Z", "users": 40, "changed": 4, "refused": 0, "by_attribute": {"department": 4}}
OLD_RADIUS |= {"unpredictable": ["displayName"], "digest": "d"}


@pytest.mark.parametrize(
    ("state", "rider"),
    [
        (RunState.GATHERING, CaseState.JOINED),
        (RunState.REQUESTED, CaseState.JOINED),
        (RunState.STARTED, CaseState.SYNCED),
        (RunState.ENDED, CaseState.SYNCED),
    ],
)
def test_riders_whom_a_run_of_the_older_schema_does_not_reach_are_judged_again(
    empty_url: str, state: RunState, rider: CaseState
) -> None:
    _migrate_to(empty_url, "0004")
    run = build_run(id="r1", state=state, target_type_id="oty1")
    reached, both = riding_case(1, "r1", rider, "oty1"), riding_case(2, "r1", rider, "oty2", "oty1")
    other = riding_case(3, "r1", rider, "oty2")
    settled = riding_case(4, "r1", CaseState.CLOSING, "oty2")
    _insert_old_run(empty_url, run, (reached, both, other, settled))
    store = Store.open(empty_url)
    assert ["0005", "0006", "0007", "0008", HEAD] == store.migrate()
    assert [rider, rider, CaseState.CLAIMED, CaseState.CLOSING] == [
        _case(store, number).state for number in range(1, 5)
    ]
    again = _case(store, 3)
    assert (None, None) == (again.run_id, again.deadline)
    assert ("case", "c3") in store.due(datetime.now(UTC), 10)
    (event,) = store.events("case", "c3")
    assert (str(rider), "claimed") == event[1:3]
    assert {"c1", "c2", "c4"} == {case.id for case in store.riders("r1", open_only=True)}
    kept = store.run("r1")
    assert kept is not None
    assert state == kept.state
    if state in {RunState.GATHERING, RunState.REQUESTED}:
        assert None is kept.radius, "users of every type had been counted"
    else:
        assert kept.radius is not None
        assert {"displayName": 40} == kept.radius.unpredictable
    store.close()


@pytest.mark.parametrize("version", [1, 2])
def test_an_approval_that_an_older_schema_asked_for_is_asked_for_again(empty_url: str, version: int) -> None:
    _migrate_to(empty_url, "0004")
    asked, rider = build_run(id="r1", state=RunState.PROPOSED), riding_case(1, "r1", CaseState.JOINED, "oty1")
    decision = Decision(approved=True, by="robin", why="seen", at=NOW, digest="d")
    decided = build_run(
        id="r2", state=RunState.PROPOSED, directory=directory(ref=DirectoryRef(org="main", app_id="0oa2"))
    )
    _insert_old_run(empty_url, asked, (rider,), version)
    _insert_old_run(empty_url, decided.but(decision=decision), ())
    store = Store.open(empty_url)
    assert ["0005", "0006", "0007", "0008", HEAD] == store.migrate()
    assert CaseState.CLAIMED == _case(store, 1).state
    cancelled, kept = store.run("r1"), store.run("r2")
    assert cancelled is not None
    assert RunState.CANCELLED == cancelled.state
    assert "approval is asked for again" in sentence(cancelled.because)
    assert kept is not None
    assert (RunState.PROPOSED, decision) == (kept.state, kept.decision)
    lease = leased(store, _case(store, 1), datetime.now(UTC))
    joined_again = store.commit_case(lease, joining(_case(store, 1)), datetime.now(UTC))
    assert joined_again is not None
    assert joined_again.run_id not in {None, "r1"}, "a new run, whose approval is asked for on the ticket"
    store.close()


def _case(store: Store, number: int) -> Case:
    found = store.case(f"c{number}")
    assert found is not None
    return found


def _insert_old_run(url: str, run: SyncRun, riders: Sequence[Case], version: int = 2) -> None:
    """Store a run and its riders as the schema before runs of a user type had them."""
    doc = run.model_dump(mode="json", exclude={"target_type"}) | {"version": version, "radius": OLD_RADIUS}
    doc["because"] = "needs approval" if version == 1 else None
    names = ("id", "org", "app_id", "state", "started_at", "opened_at", "doc")
    table = sa.table("runs", *(sa.column(name, sa.JSON() if name == "doc" else None) for name in names))
    rides = sa.table("rides", *(sa.column(name) for name in ("run_id", "case_id", "state")))
    ref, at = run.directory.ref, NOW.replace(tzinfo=None)
    row = {"id": run.id, "org": ref.org, "app_id": ref.app_id, "state": str(run.state), "opened_at": at, "doc": doc}
    for rider in riders:
        _insert_case_of_first_schema(url, rider.model_dump(mode="json"))
    database = Database(url)
    with database.writing() as connection:
        connection.execute(table.insert().values(row))
        for rider in riders:
            connection.execute(rides.insert().values(run_id=run.id, case_id=rider.id, state="open"))
    database.close()


def _migrate_to(url: str, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    database = Database(url)
    with database.writing() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    database.close()


def _insert_case_of_first_schema(url: str, doc: dict[str, Any]) -> None:
    names = ("id", "desk", "ticket_id", "ticket_key", "round", "state", "stamp", "opened_at", "doc")
    table = sa.table("cases", *(sa.column(name, sa.JSON() if name == "doc" else None) for name in names))
    ref = doc["ref"]
    row = {"id": doc["id"], "desk": ref["desk"], "ticket_id": ref["id"], "ticket_key": ref["key"], "round": 1}
    row |= {"state": doc["state"], "stamp": "7", "opened_at": NOW.replace(tzinfo=None), "doc": doc}
    database = Database(url)
    with database.writing() as connection:
        connection.execute(table.insert().values(row))
    database.close()


def _insert_pauses(url: str, until: datetime, reasons: dict[str, str]) -> None:
    table = sa.table("pauses", *(sa.column(name) for name in ("system", "until", "reason")))
    database = Database(url)
    with database.writing() as connection:
        for system, reason in reasons.items():
            connection.execute(table.insert().values(system=system, until=until.replace(tzinfo=None), reason=reason))
    database.close()
