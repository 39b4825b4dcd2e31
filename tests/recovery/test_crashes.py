"""Whatever happens to a worker at whichever of its steps, the world ends as if nothing had happened."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.e2e import stories
from tests.e2e.edges import OBSERVE
from tests.e2e.stories import Story
from tests.e2e.ticket_texts import by_worker, files, headings, without_repetition
from tests.e2e.tickets import DESKS, Place
from tests.recovery.conftest import new_database
from tests.recovery.crashing import CALLS, CrashingWorld, How, Striker

pytestmark = pytest.mark.long

# Windows and deadlines are wider than a dead worker's leases, so that people do the same things at the same stages.
WAITS = {
    "poll_every": 400.0,
    "gather_for": 400.0,
    "gather_at_most": 1200.0,
    "cool_down": 0.0,
    "at_most_per_day": 1000,
    "verify_every": 100.0,
    "verify_for": 900.0,
    "ask_every": 400.0,
    "ask_for": 7200.0,
    "ride_for": 7200.0,
}
STORIES: tuple[Story, ...] = (
    stories.helped,
    stories.answered,
    stories.copy_is_old,
    stories.change_taken_back,
    stories.sync_refused,
    stories.answer_lost_without_effect,
    stories.taken_when_asked,
    stories.observed,
)
# The desk plays no part in these.
OF_RUNS = (stories.change_taken_back, stories.sync_refused, stories.answer_lost_without_effect)
MATRIX = [("sqlite", place, story) for place in DESKS for story in STORIES if place == DESKS[0] or story not in OF_RUNS]
MATRIX += [("postgres", DESKS[0], stories.helped)]


class Picture(NamedTuple):
    """How a ticket stands in the end, free of ids and times."""

    status: str
    resolution: str | None
    assignee: str | None
    group: str | None
    said: tuple[str, ...]
    bodies: tuple[str, ...]
    files: tuple[str, ...]
    statuses: tuple[str, ...]
    syncs: int


class Worlds:
    """Makes a new world for every telling."""

    def __init__(self, folder: Path, place: Place, new_url: Callable[[], str | None]) -> None:
        self._folder, self._place, self._new_url, self._made = folder, place, new_url, 0

    def tell(self, story: Story, at: str | None = None, how: How = How.KILLED_AFTER) -> tuple[Striker, Picture]:
        """Tell a story with one strike, or none; returns what was struck and how the ticket stands in the end."""
        folder = self._folder / f"world{self._made}"
        self._made += 1
        folder.mkdir()
        policy = WAITS | (OBSERVE if story is stories.observed else {})
        world = CrashingWorld(folder, policy=policy, store_url=self._new_url())
        with world:
            striker = world.strike(at, how)
            ticket = story(world, self._place)
            world.settle()
            assert [] == world.violations()
            return striker, picture(world.shown(ticket), len(world.force_syncs()))


@pytest.mark.timeout(400)
@pytest.mark.parametrize(
    ("kind", "place", "story"), MATRIX, ids=[f"{kind}-{place[0]}-{story.__name__}" for kind, place, story in MATRIX]
)
def test_a_worker_struck_at_any_step_leaves_the_world_as_if_it_had_not_been(
    kind: str, place: Place, story: Story, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    server = request.getfixturevalue("postgres") if kind == "postgres" else None
    worlds = Worlds(tmp_path, place, lambda: new_database(server) if server else None)
    known = [] if story is stories.helped else worlds.tell(stories.helped)[0].steps  # these are struck in that story
    watched, expected = worlds.tell(story)
    steps = [step for step in dict.fromkeys(watched.steps) if step not in known]
    assert steps, "this story has no steps of its own"
    wrong = []
    for step in steps:
        for how in ways(step) if server is None else (How.KILLED_AFTER,):
            striker, found = worlds.tell(story, step, how)
            assert striker.struck, f"{step}: the step was not reached"
            wrong += [f"{step}: {how.value}: {reason}" for reason in differences(expected, found, step)]
    assert [] == wrong


def ways(step: str) -> tuple[How, ...]:
    """Return what may happen at a step; to die before a step is to die after the one before it."""
    if step.split(maxsplit=1)[0] in CALLS:
        return (How.KILLED_AFTER, How.NEVER_ARRIVED, How.STALLED)
    return (How.KILLED_AFTER,)


def picture(shown: dict[str, Any], syncs: int) -> Picture:
    names = tuple(re.sub(r"[0-9a-f]{12}", "ID", name) for name in files(shown))
    moves = tuple(str(item["to"]) for item in shown["history"] if item["field"] in {"status", "state"})
    status = (shown["status"], shown["resolution"], shown["assignee"], shown["group"])
    return Picture(*status, tuple(headings(shown)), tuple(by_worker(shown)), names, moves, syncs)


def differences(expected: Picture, found: Picture, step: str) -> list[str]:
    """Compare two pictures; a Force Sync whose start is open may be made and told of once more, by its successor."""
    lines = []
    for name, wanted, seen in zip(Picture._fields, expected, found, strict=True):
        if wanted != seen and name not in {"syncs", "bodies"}:
            lines.append(f"{name}: expected {wanted!r}, found {seen!r}")
    if found.syncs not in {expected.syncs, expected.syncs + ("start" in step)}:
        lines.append(f"Force Syncs: expected {expected.syncs}, found {found.syncs}")
    if not (without_repetition(found.bodies) and without_repetition(found.files)):
        lines.append(f"something stands there twice: {found.said}, {found.files}")
    return lines
