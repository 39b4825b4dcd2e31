"""The scheduler archives old cases now and then, and logs one line when the broker or the store is gone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
import structlog
from pydantic import SecretStr

from tests.unit.builders import NOW
from worker.process import broker
from worker.process.actors import register
from worker.process.scheduler import ARCHIVE_EVERY, Scheduler
from worker.settings.tables import BrokerSettings, StoreSettings
from workflows.errors import StoreUnavailable


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.time = NOW

    def now(self) -> datetime:
        """Return the time that was set."""
        return self.time


class ArchivingStore:
    """A store with some batches to archive; `done` records the calls."""

    def __init__(self, batches: int) -> None:
        self.batches, self.done = batches, list[tuple[str, datetime]]()

    def due(self, *_: object) -> list[Any]:
        """Return nothing: nothing is due."""
        return []

    def put_away(self, before: datetime, _now: datetime) -> int:
        """Archive a batch, if there is one."""
        self.done.append(("put away", before))
        self.batches -= 1
        return int(self.batches >= 0)

    def forget(self, before: datetime) -> None:
        """Delete what is old."""
        self.done.append(("forget", before))


def queue(waiting: Callable[[], int] = lambda: 0) -> broker.Queue:
    return replace(broker.embedded(threads=5), waiting=waiting)


def scheduler(store: Any, clock: Clock, keep: StoreSettings) -> Scheduler:
    return Scheduler(store, clock, queue(), lambda *_: None, keep=keep)


def test_old_cases_are_archived_every_ten_minutes_and_sooner_while_there_are_more() -> None:
    store, clock = ArchivingStore(batches=1), Clock()
    made = scheduler(store, clock, StoreSettings(archive_after=30, forget_after=400))
    old, ancient = NOW - timedelta(days=30), NOW - timedelta(days=400)
    assert made.run_once() == 0
    assert store.done == [("put away", old), ("forget", ancient)]
    made.run_once()
    assert len(store.done) == 2
    clock.time += timedelta(seconds=5)
    made.run_once()
    assert [what for what, _ in store.done] == ["put away", "forget"] * 2
    clock.time += timedelta(seconds=5)
    made.run_once()
    assert len(store.done) == 4
    clock.time += ARCHIVE_EVERY
    made.run_once()
    assert len(store.done) == 6


def test_what_the_settings_keep_forever_is_neither_archived_nor_deleted() -> None:
    store = ArchivingStore(batches=1)
    scheduler(store, Clock(), StoreSettings(archive_after=0, forget_after=0)).run_once()
    assert store.done == []


def test_a_broker_that_is_gone_is_logged_in_one_line_that_names_the_setting() -> None:
    gone = broker.connect(BrokerSettings(kind="redis", url=SecretStr("redis://:s3cret@127.0.0.1:1/0")), threads=1)

    def waiting() -> int:
        lost.stop(within=0)  # this round is the last
        return gone.waiting()

    store: Any = ArchivingStore(batches=0)
    lost = Scheduler(store, Clock(), queue(waiting), lambda *_: None)
    with structlog.testing.capture_logs() as told:
        lost.run()
    (line,) = told
    assert "broker.url: the server does not answer" in line["text"]
    assert "s3cret" not in str(told)
    assert "exc_info" not in line


def test_a_store_that_is_gone_is_logged_in_one_line_and_so_is_its_return() -> None:
    class Away(ArchivingStore):
        def due(self, *_: object) -> list[Any]:
            self.batches -= 1
            if self.batches > 0:
                raise StoreUnavailable("the connection was cut")
            back.stop(within=0)
            return []

    store: Any = Away(batches=2)
    back = Scheduler(store, Clock(), queue(), lambda *_: None, after_failure=0.0)
    with structlog.testing.capture_logs() as told:
        back.run()
    assert ["the scheduler cannot send what is due", "the scheduler sends again"] == [line["event"] for line in told]
    assert "the connection was cut" in told[0]["text"]


def test_a_broker_that_goes_away_between_the_count_and_the_message_names_the_setting() -> None:
    gone = broker.connect(BrokerSettings(kind="redis", url=SecretStr("redis://127.0.0.1:1/0")), threads=1)
    actor = register(gone.broker, None, lambda *_: None)  # type: ignore[arg-type]  # nothing is worked here
    with pytest.raises(broker.BrokerUnavailable, match=r"broker\.url: the server does not answer"):
        gone.sending(actor.send)("case", "c1")
