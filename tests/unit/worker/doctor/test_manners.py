"""A product that asks for patience is left alone by the doctor, too."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from worker.doctor.manners import Manners, manners_towards
from worker.store import Store
from workflows.errors import Transient

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class Time:
    """A clock that stands."""

    def now(self) -> datetime:
        return NOW


def test_what_a_product_asks_for_holds_for_the_rest_of_the_run() -> None:
    manners = Manners("okta", Time())
    manners.known.set()
    manners.ask()
    manners.note(NOW + timedelta(seconds=30), "HTTP 429")
    with pytest.raises(Transient, match=r"left alone until 09:00:30 UTC: HTTP 429"):
        manners.ask()


def test_one_limit_that_is_used_up_holds_back_no_other_checks() -> None:
    manners = Manners("okta", Time())
    manners.known.set()
    manners.note(NOW + timedelta(seconds=30), "HTTP 429", one_limit=True)
    manners.ask()


def test_what_a_worker_noted_holds(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path / 'store.sqlite3'}", clock=Time())
    store.migrate()
    store.hold("okta", NOW + timedelta(minutes=5), "HTTP 429")
    manners = manners_towards(("okta", "jira"), store, Time())
    with pytest.raises(Transient, match="09:05:00"):
        manners["okta"].ask()
    manners["jira"].ask()
    store.close()


def test_a_store_that_is_not_there_asks_for_nothing_and_is_not_made(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path / 'store.sqlite3'}", clock=Time())
    manners_towards(["okta"], store, Time())["okta"].ask()
    store.close()
    assert [] == list(tmp_path.iterdir())
