"""Stores and brokers for the tests: every one of a kind behind the same fixture, so that a test body runs over all."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
import sqlalchemy as sa

from tests.migrated import place_store
from tests.recovery.children import left_behind
from tests.recovery.servers import Missing, Postgres, RabbitMq, Server, Valkey
from worker.store import Store

S = TypeVar("S", bound=Server)


def _serve(start: Callable[[], S]) -> Iterator[S]:
    """Serve for the session; a server that is missing skips the test on a laptop and fails it in CI."""
    try:
        server = start()
    except Missing as missing:
        if os.environ.get("CI") == "true":
            pytest.fail(f"CI must have every server: {missing}")
        pytest.skip(str(missing))
    with server:
        yield server


@pytest.fixture(scope="session", autouse=True)
def _nothing_is_left_behind() -> Iterator[None]:
    """Hold at the session's end that no server lives on; it is set up before them, so it looks after their end."""
    yield
    assert [] == left_behind()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    yield from _serve(Postgres)


@pytest.fixture(scope="session")
def valkey() -> Iterator[Valkey]:
    yield from _serve(Valkey)


@pytest.fixture(scope="session")
def rabbitmq() -> Iterator[RabbitMq]:
    yield from _serve(RabbitMq)


@pytest.fixture(params=["sqlite", "postgres"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the URL of a database without a schema."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/store.sqlite3"
    return new_database(request.getfixturevalue("postgres"))


@pytest.fixture
def store_url(empty_url: str, request: pytest.FixtureRequest) -> str:
    """Return the URL of a migrated store."""
    if empty_url.startswith("sqlite:///"):
        place_store(Path(empty_url.removeprefix("sqlite:///")))
        return empty_url
    return new_database(request.getfixturevalue("postgres"), request.getfixturevalue("migrated_database"))


@pytest.fixture(scope="session")
def migrated_database(postgres: Postgres) -> str:
    """Return the name of a migrated database, which others are copies of."""
    url = new_database(postgres)
    store = Store.open(url)
    store.migrate()
    store.close()
    return str(sa.make_url(url).database)


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """Return a migrated store."""
    store = Store.open(store_url)
    yield store
    store.close()


def new_database(server: Postgres, template: str = "template1") -> str:
    """Make a database of its own on the session's server, a copy of another, and return its URL."""
    name = f"test_{secrets.token_hex(6)}"
    url = sa.make_url(server.url()).set(drivername="postgresql+psycopg")
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE {template}")
    engine.dispose()
    return server.url(name)
