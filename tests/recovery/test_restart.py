"""A worker that dies in any state, or whose messages are lost or doubled: the world ends as if nothing had happened."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.ticket_texts import by_worker, files, headings
from tests.e2e.tickets import INCIDENT, SERVICE_DESK, Filed
from tests.e2e.world import World
from workflows.model import CaseState as C
from workflows.model import RunState as R
from workflows.ports import CaseStore

pytestmark = pytest.mark.long

Picture = dict[str, Any]


class Died(BaseException):
    """The process is gone: nothing of it may be caught, and nothing of it is tidied up."""


class MortalStore:
    """A store whose process dies right behind the first commit into a state; every later call finds it dead."""

    def __init__(self, store: CaseStore, state: str) -> None:
        self._store, self._state, self._dead = store, state, False

    def __getattr__(self, name: str) -> Any:
        if self._dead:
            raise Died(name)
        found = getattr(self._store, name)
        return self._then_die(found) if name in {"commit_case", "commit_run"} else found

    def _then_die(self, commit: Callable[..., Any]) -> Callable[..., Any]:
        def committed(lease: Any, change: Any, now: Any) -> Any:
            answer = commit(lease, change, now)
            if answer and change.after.state == self._state != change.before.state:
                self._dead = True
                raise Died(self._state)
            return answer

        return committed


def tickets_of_every_kind(world: World) -> list[Filed]:
    """File one ticket for each way to an end, on both desks."""
    old = world.member()
    world.change_directory(old, "department", "Elsewhere", imported=False)
    return [
        world.stale_ticket(INCIDENT)[0],
        world.stale_ticket(SERVICE_DESK)[0],
        world.ticket(INCIDENT, about=world.member(), expected=None),
        world.ticket(SERVICE_DESK, about=old, expected="Elsewhere"),
    ]


def picture(world: World, tickets: list[Filed]) -> Picture:
    """Return what can be seen of the world, without ids and times."""
    seen: Picture = {"force syncs": world.force_syncs(), "violations": world.violations()}
    for number, ticket in enumerate(tickets):
        shown = world.shown(ticket)
        seen[f"ticket {number}"] = {
            **{name: shown[name] for name in ("status", "resolution", "assignee", "group")},
            "notes": list(headings(shown)),
            "public": len(by_worker(shown, "public")),
            "files": len(files(shown)),
            "case": world.case(ticket).state,
        }
    return seen


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with World(tmp_path) as made:
        yield made


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Picture:
    """Return how the world looks when nothing happens to the worker."""
    with World(tmp_path_factory.mktemp("undisturbed")) as made:
        tickets = tickets_of_every_kind(made)
        made.settle()
        return picture(made, tickets)


def test_the_undisturbed_world_is_worth_comparing_with(undisturbed: Picture) -> None:
    ends = [undisturbed[f"ticket {number}"]["case"] for number in range(4)]
    assert [C.RESOLVED, C.RESOLVED, C.ASKED, C.ESCALATED] == ends
    assert [] == undisturbed["violations"]
    assert 1 == len(undisturbed["force syncs"])


SOME = (C.JOINED, C.CLOSING, R.STARTING)
OTHERS = (C.CLAIMED, C.ASKED, C.SYNCED, C.RESOLVED, C.ESCALATED, R.STARTED, R.ENDED)


@pytest.mark.parametrize("state", [*SOME, *(pytest.param(state, marks=pytest.mark.long) for state in OTHERS)])
def test_a_worker_that_dies_in_a_state_is_followed_by_one_that_goes_on(
    state: str, world: World, undisturbed: Picture
) -> None:
    tickets = tickets_of_every_kind(world)
    mortal: Any = MortalStore(world.parts.store, state)
    world.use_ports(dataclasses.replace(world.parts.ports, store=mortal))
    with pytest.raises(Died):
        world.settle()
    world.restart_worker()
    world.settle()
    assert undisturbed == picture(world, tickets)


def test_a_person_may_reply_while_no_worker_runs(world: World) -> None:
    member = world.member()
    ticket = world.ticket(INCIDENT, about=member, expected=None)
    world.settle()
    world.reply(ticket, member.login, f"Expected: {world.profile(member)['department']}")
    world.skip(minutes=30)
    world.restart_worker()
    world.settle()
    assert C.RESOLVED == world.case(ticket).state


def test_the_loss_of_every_message_loses_no_work(world: World, undisturbed: Picture) -> None:
    tickets = tickets_of_every_kind(world)
    for _ in range(3):
        assert world.parts.store.due(world.time.now(), 100)
        assert [] == world.parts.store.due(world.time.now(), 100), "what is on its way is not sent again at once"
        world.skip(seconds=31)
    world.settle()
    assert undisturbed == picture(world, tickets)


def test_every_message_may_come_twice_and_at_the_same_time(world: World, undisturbed: Picture) -> None:
    tickets = tickets_of_every_kind(world)
    for _ in range(30):
        due = world.parts.store.due(world.time.now(), 100)
        for kind, id in due:
            pair = [threading.Thread(target=world.engine.run_once, args=(kind, id)) for _ in range(2)]
            for thread in pair:
                thread.start()
            for thread in pair:
                thread.join()
            world.engine.run_once(kind, id)
        if not due:
            world.skip(seconds=10)
    world.settle()
    assert undisturbed == picture(world, tickets)
