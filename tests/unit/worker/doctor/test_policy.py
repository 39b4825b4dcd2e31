"""The doctor tells when the Force Sync token was last used, as far as the store knows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest

from tests.unit import builders as build
from worker.doctor.policy import last_used
from worker.store import Store
from workflows.model import SyncRun


class Runs:
    """The part of a store that has its runs."""

    is_missing = False

    def __init__(self, *runs: SyncRun) -> None:
        self._runs = runs

    def check_schema(self) -> None:
        """Accept it."""

    def runs(self) -> tuple[SyncRun, ...]:
        return self._runs


def told(*runs: SyncRun) -> str:
    return last_used("main", cast("Store", Runs(*runs)))


def test_the_newest_run_that_used_the_token_tells_its_last_use() -> None:
    run = build.started_run()
    earlier = run.but(id="run0", started_at=build.NOW.replace(year=2025))
    by_hand = run.but(id="run2", started_at=build.NOW.replace(year=2027), by_hand=True)
    waiting = run.but(id="run3", started_at=None)
    assert f"last used at {run.started_at:%Y-%m-%d %H:%M} UTC" == told(waiting, by_hand, run, earlier)
    assert "no run of this store has used it" == told(waiting, by_hand)


@pytest.fixture
def none_yet(tmp_path: Path) -> Iterator[Store]:
    store = Store.open(f"sqlite:///{tmp_path / 'store.sqlite3'}")
    yield store
    store.close()


def test_before_there_is_a_store_no_run_has_used_it(none_yet: Store) -> None:
    assert "no run of this store has used it" == last_used("main", none_yet)
