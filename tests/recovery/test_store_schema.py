"""The schema is what the migrations make of it, on both databases, and every query of a step finds its index."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext

from tests.recovery.conftest import new_database
from tests.recovery.servers import Postgres
from tests.recovery.test_store import at_once, claim, joining, leased, opened
from tests.unit.builders import NOW, asking, case, directory
from worker.errors import OperatorError
from worker.store import Store
from worker.store.database import Database, write_ahead
from worker.store.store import MIGRATIONS
from worker.store.tables import metadata
from workflows.model import CaseState, Reason, ReasonKind, Stop, StopKind, Subject, Verdict, VerdictKind

HEAD = "0004"


def test_the_migrations_make_exactly_the_tables_that_the_program_uses(store_url: str) -> None:
    database = Database(store_url)
    with database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert [] == compare_metadata(context, metadata)
        assert _names(sa.inspect(connection)) == {
            index.name for table in metadata.tables.values() for index in table.indexes
        }
    database.close()


def test_a_transaction_sees_what_it_waited_for_whatever_the_servers_default_is(postgres: Postgres) -> None:
    url = new_database(postgres)
    name = sa.make_url(url).database
    database = Database(url)
    with database.writing() as connection:
        connection.exec_driver_sql(f"ALTER DATABASE {name} SET default_transaction_isolation = 'repeatable read'")
        connection.exec_driver_sql("CREATE TABLE facts (number integer)")
    database.close()
    ours, other = Database(url), Database(url)
    with ours.writing() as connection:
        assert "repeatable read" == connection.exec_driver_sql("SHOW default_transaction_isolation").scalar_one()
        assert 0 == connection.exec_driver_sql("SELECT count(*) FROM facts").scalar_one()
        with other.writing() as another:
            another.exec_driver_sql("INSERT INTO facts VALUES (1)")
        assert 1 == connection.exec_driver_sql("SELECT count(*) FROM facts").scalar_one()
    ours.close()
    other.close()


def test_a_new_file_that_another_process_just_makes_is_waited_for(tmp_path: Path) -> None:
    other, ours = (sqlite3.connect(tmp_path / "new.sqlite3", isolation_level=None) for _ in range(2))
    other.execute("BEGIN IMMEDIATE")
    other.execute("CREATE TABLE made (number)")
    waits: list[float] = []

    def wait(seconds: float) -> None:
        waits.append(seconds)
        other.execute("COMMIT")

    write_ahead(ours.cursor(), wait)
    assert 1 == len(waits)
    assert ("wal",) == ours.execute("PRAGMA journal_mode").fetchone()
    other.close()
    ours.close()


def test_of_many_first_starts_one_migrates(empty_url: str) -> None:
    stores = [Store.open(empty_url) for _ in range(4)]
    applied = at_once(*(store.migrate for store in stores))
    assert [[], [], [], ["0001", "0002", "0003", HEAD]] == sorted(applied, key=len)
    stores[0].check_schema()
    for store in stores:
        store.close()


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
    assert ["0002", "0003", HEAD] == store.migrate()
    assert ended.model_copy(update={"org": "main"}) == store.case(ended.id)
    assert [ended.id] == [found.id for found in store.cases_about("main", ["00u1"], NOW - timedelta(days=1))]
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
    assert [HEAD] == store.migrate()
    switch = Stop(
        kind=StopKind.SWITCH, name="0oa1", until=until, why="migration weekend: again", by="robin", since=since
    )
    assert [switch] == store.switches(NOW)
    kinds = (StopKind.SYSTEM, StopKind.PATIENCE, StopKind.START)
    found = [store.paused(kind, "main", NOW) for kind in kinds]
    assert ["401", "429", "403"] == [stop.why for stop in found if stop]
    store.close()


def test_a_store_of_a_newer_program_is_left_alone(store_url: str) -> None:
    database = Database(store_url)
    with database.writing() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    database.close()
    store = Store.open(store_url)
    with pytest.raises(OperatorError, match="is newer than this program: it has schema 9999"):
        store.migrate()
    with pytest.raises(OperatorError, match="is newer than this program: it has schema 9999"):
        store.check_schema()
    store.close()


def test_postgres_without_its_driver_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(OperatorError, match=r"pip install 'forcesync\[postgres\]'"):
        Store.open("postgresql://somebody:pa55@db.example.com/forcesync")


@pytest.mark.parametrize("url", ["mysql://u:pa55word@h/n", "sqlite://", "nonsense", "sqlite:////nowhere/there.db"])
def test_a_wrong_url_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(OperatorError, match=r"store\.url: ") as refused:
        Store.open(url)
    assert "pa55word" not in str(refused.value)


def test_no_query_of_a_step_reads_a_whole_table(store: Store) -> None:
    first, second = opened(store, 1), opened(store, 2)
    with _statements(store) as seen:
        store.due(NOW, 10)
        lease = leased(store, first)
        store.extend(lease, NOW, 60)
        assert claim(store, lease, first)
        store.writes(first.id, open_only=True)
        store.write_sent(lease, f"{first.id}.1.claimed", NOW)
        store.known("desk", ["1", "2"])
        store.unjudged(NOW)
        store.commit_case(leased(store, second), joining(second), NOW)
        riding = store.case(second.id)
        assert riding is not None
        assert riding.run_id is not None
        store.rides(riding.run_id)
        store.cases_about("main", ["00u1", "00u2"], NOW)
        store.last_started(directory())
        store.note_stamp(first, "2", NOW)
        store.events("case", first.id)
        store.release(lease)
        store.put_away(NOW, NOW)
    whole = {sql for sql, parameters in seen if _scans(store, sql, parameters)}
    assert set() == whole
    assert 15 < len(seen)


@contextmanager
def _statements(store: Store) -> Iterator[list[tuple[str, Any]]]:
    seen: list[tuple[str, Any]] = []

    def note(_conn: Any, _cursor: Any, sql: str, parameters: Any, _context: Any, many: bool) -> None:
        if not many and sql.split(maxsplit=1)[0] in {"SELECT", "UPDATE", "DELETE"}:
            seen.append((sql, parameters))

    engine = store._database.engine
    sa.event.listen(engine, "before_cursor_execute", note)
    yield seen
    sa.event.remove(engine, "before_cursor_execute", note)


def _scans(store: Store, sql: str, parameters: Any) -> bool:
    """Say whether the database would read a whole table; PostgreSQL is told to do so only where it has no other way."""
    with store._database.engine.connect() as connection:
        if store._database.is_sqlite:
            rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", parameters).all()
            return any(row[3].startswith("SCAN") and "leaders" not in row[3] for row in rows)
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        plan = connection.exec_driver_sql(f"EXPLAIN {sql}", parameters).scalars().all()
        return any("Seq Scan" in line and "leaders" not in line for line in plan)


def _names(inspector: sa.Inspector) -> set[str | None]:
    tables = set(inspector.get_table_names()) - {"alembic_version"}
    assert set(metadata.tables) == tables
    return {
        index["name"]
        for table in tables
        for index in inspector.get_indexes(table)
        if not index.get("duplicates_constraint")
    }


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


def test_sqlite_keeps_one_file_for_the_settings_example(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path}/forcesync.sqlite3")
    store.migrate()
    store.close()
    assert ["forcesync.sqlite3"] == [item.name for item in tmp_path.iterdir()], "WAL files are folded in at the end"


def _insert_pauses(url: str, until: datetime, reasons: dict[str, str]) -> None:
    table = sa.table("pauses", *(sa.column(name) for name in ("system", "until", "reason")))
    database = Database(url)
    with database.writing() as connection:
        for system, reason in reasons.items():
            connection.execute(table.insert().values(system=system, until=until.replace(tzinfo=None), reason=reason))
    database.close()
