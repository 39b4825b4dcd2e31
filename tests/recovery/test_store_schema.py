"""The schema is what the migrations make of it, on both databases, and every query of a step finds its index."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from tests.recovery.conftest import new_database
from tests.recovery.servers import Postgres
from tests.recovery.test_store import at_once, claim, joining, leased, opened
from tests.unit.builders import NOW, directory
from worker.errors import OperatorError
from worker.store import Store
from worker.store.database import Database, write_ahead
from worker.store.tables import metadata
from workflows.errors import StoreUnavailable

HEAD = "0009"


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


@pytest.mark.parametrize("opening", [Store.migrate, Store.check_schema], ids=["migrate", "check"])
def test_a_damaged_file_names_its_backup(opening: Callable[[Store], object], tmp_path: Path) -> None:
    (tmp_path / "store.sqlite3").write_bytes(b"no database" * 1000)
    with (
        closing(Store.open(f"sqlite:///{tmp_path}/store.sqlite3")) as store,
        pytest.raises(OperatorError, match=r"damaged, or no store: .*; restore its backup, or correct store\.url"),
    ):
        opening(store)


@pytest.mark.parametrize("opening", [Store.migrate, Store.check_schema], ids=["migrate", "check"])
def test_a_server_that_does_not_answer_is_no_fault_of_the_settings(opening: Callable[[Store], object]) -> None:
    with (
        closing(Store.open("postgresql://forcesync@127.0.0.1:9/store")) as store,
        pytest.raises(StoreUnavailable, match=r"127\.0\.0\.1:9/store: .*; see that it runs"),
    ):
        opening(store)


def test_a_right_that_a_servers_account_lacks_has_to_be_given(postgres: Postgres) -> None:
    url = sa.make_url(new_database(postgres))
    database = Database(url.render_as_string())
    with database.writing() as connection:
        connection.exec_driver_sql("CREATE ROLE nobody_in_particular LOGIN")
    database.close()
    with (
        closing(Store.open(url.set(username="nobody_in_particular").render_as_string())) as store,
        pytest.raises(OperatorError, match=r"permission denied .*this account's rights"),
    ):
        store.migrate()


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
    every = [f"{number:04}" for number in range(1, 1 + int(HEAD))]
    assert [[], [], [], every] == sorted(applied, key=len)
    stores[0].check_schema()
    for store in stores:
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
        store.seen_before("desk", ["1", "2"])
        store.unjudged({"desk"}, NOW)
        store.commit_case(leased(store, second), joining(second), NOW)
        riding = store.case(second.id)
        assert riding is not None
        assert riding.run_id is not None
        store.rides(riding.run_id)
        store.ride(riding.run_id, second.id)
        store.awaiting(riding.run_id)
        store.cases_about("main", ["00u1", "00u2"], NOW, besides=first.id)
        store.starts(directory(), NOW - timedelta(days=1))
        store.under_way(directory())
        store.note_stamp(first, "2", NOW, wake=True)
        store.note_missing("desk", {"1"}, NOW + timedelta(hours=1), NOW)
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


def test_sqlite_keeps_one_file_for_the_settings_example(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path}/forcesync.sqlite3")
    store.migrate()
    store.close()
    assert ["forcesync.sqlite3"] == [item.name for item in tmp_path.iterdir()], "WAL files are folded in at the end"
