"""A product's "come back later" applies to every thread and process at once, whichever call received it."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from connectors.sandbox.wire.frame import Fault, Product
from tests.contract.operations import PLACE
from tests.contract.places import Stage, note
from worker.process.backoff import Notes, patient
from worker.process.stalls import Stalls
from worker.store import Store
from workflows.errors import Transient, Uncertain
from workflows.model import Intent, PlannedWrite, TicketRef

JIRA, SNOW = PLACE["cloud-service-desk"], PLACE["incident"]


@contextmanager
def process(folder: Path, stage: Stage) -> Iterator[Notes]:
    """Open the store as another process does."""
    store = Store.open(f"sqlite:///{folder}/store.sqlite3")
    store.migrate()
    yield Notes(store, stage.time, Stalls(8, stage.time, lambda *_: None, lambda *_: None))
    store.close()


@pytest.fixture
def one(cloud: Stage, tmp_path: Path) -> Iterator[Notes]:
    with process(tmp_path, cloud) as notes:
        yield notes
    cloud.time.skip(minutes=5)
    cloud.sandbox.frame.faults.clear()


@pytest.fixture
def other(cloud: Stage, tmp_path: Path, one: Notes) -> Iterator[Notes]:
    with process(tmp_path, cloud) as notes:
        yield notes


def refuse(stage: Stage, product: Product, method: str, path: str, **more: Any) -> None:
    """Make the next call of a path be refused for a minute."""
    stage.sandbox.frame.faults.append(
        Fault("busy", product, "status", method=method, path=re.compile(path), status=429, retry_after=60, **more)
    )


def comment_of(stage: Stage, ref: TicketRef) -> PlannedWrite:
    desk = stage.desk(JIRA)
    (write,) = desk.plan(desk.read(ref), Intent(key=stage.key(), internal=note("x")))
    return write


def refused(act: Any, stage: Stage, product: Product) -> None:
    """Assert that an operation waits for the end of the minute without any call."""
    calls = stage.calls(product)
    with pytest.raises(Transient, match="left alone until") as raised:
        act()
    until = raised.value.until
    assert until is not None
    assert 55 < (until - stage.time.now()).total_seconds() < 65
    assert stage.calls(product) == calls


def test_the_word_is_heard_though_the_look_after_a_write_ends_otherwise(cloud: Stage, one: Notes, other: Notes) -> None:
    refs = [cloud.file(JIRA) for _ in range(2)]
    writes = [comment_of(cloud, ref) for ref in refs]
    desks: list[Any] = [patient(cloud.desk(JIRA), notes) for notes in (one, other)]
    violations = len(cloud.sandbox.frame.violations)
    desks[0].glance(refs[0])  # so that nothing is read before the write
    refuse(cloud, "jira", "GET", r"/issue/\d+$")
    with pytest.raises(Uncertain):
        desks[0].deliver(refs[0], writes[0])
    cloud.time.skip(seconds=2)

    for desk in desks:
        refused(lambda desk=desk: desk.deliver(refs[1], writes[1]), cloud, "jira")
    cloud.time.skip(seconds=61)
    desks[1].deliver(refs[1], writes[1])
    assert cloud.sandbox.frame.violations[violations:] == []


def test_a_thread_between_two_pages_stops_when_another_one_hears_the_word(cloud: Stage, one: Notes) -> None:
    org: Any = patient(cloud.org(), one)
    desk: Any = patient(cloud.desk(SNOW), one)
    refs = [cloud.file(SNOW) for _ in range(3)]
    reader: Any = patient(cloud.desk(SNOW, page_size=1), one)
    one_page_read, word_heard = threading.Barrier(2, timeout=20), threading.Barrier(2, timeout=20)
    ended: list[Exception] = []

    def read_pages() -> None:
        pages = reader.tagged()
        next(pages)
        one_page_read.wait()
        word_heard.wait()
        try:
            list(pages)
        except Transient as error:
            ended.append(error)

    thread = threading.Thread(target=read_pages)
    thread.start()
    one_page_read.wait()
    refuse(cloud, "servicenow", "GET", r"/table/incident/\w+$")
    with pytest.raises(Transient):
        desk.read(refs[0])
    calls = cloud.calls("servicenow")
    word_heard.wait()
    thread.join(20)
    assert [str(error) for error in ended if "left alone until" in str(error)]
    assert cloud.calls("servicenow") == calls
    assert len(org.directories()) > 0  # another product is unaffected


def test_a_word_about_one_issue_leaves_the_others_open(cloud: Stage, one: Notes, other: Notes) -> None:
    refs = [cloud.file(JIRA) for _ in range(2)]
    writes = [comment_of(cloud, ref) for ref in refs]
    desks: list[Any] = [patient(cloud.desk(JIRA), notes) for notes in (one, other)]
    refuse(cloud, "jira", "POST", r"/comment$", headers={"RateLimit-Reason": "jira-per-issue-on-write"})
    with pytest.raises(Transient):
        desks[0].deliver(refs[0], writes[0])
    for desk in desks:
        assert desk.read(refs[1]).ref.key == refs[1].key
    desks[1].deliver(refs[1], writes[1])
