"""Every edge of both state machines is reached by a story, on both desks."""

from __future__ import annotations

import pytest

from tests.e2e.conftest import Make
from tests.e2e.edges import ABOUT_OKTA, CASE_STORIES, OKTA, POLICIES, RUN_STORIES, STORIES
from tests.e2e.stories import Story
from tests.e2e.ticket_texts import by_worker, files, without_repetition
from tests.e2e.tickets import DESKS, Place
from workflows.engine.machine import CASE_EDGES, RUN_EDGES, Edge

pytestmark = pytest.mark.long

LONG = pytest.mark.long  # on the other desk
TOLD_ON = [
    pytest.param(story, place, id=f"{story.__name__}-{place[0]}", marks=() if place == DESKS[number % 2] else LONG)
    for number, story in enumerate(STORIES)
    for place in ([DESKS[number % 2]] if story in ABOUT_OKTA else DESKS)
]


@pytest.mark.parametrize("edge", CASE_EDGES, ids=lambda edge: f"{edge.source}-{edge.target}")
def test_every_edge_of_a_case_has_its_story(edge: Edge) -> None:
    assert (edge.source, edge.target) in CASE_STORIES, f"tell in tests/e2e/edges.py how the world causes {edge}"


@pytest.mark.parametrize("edge", RUN_EDGES, ids=lambda edge: f"{edge.source}-{edge.target}")
def test_every_edge_of_a_run_has_its_story(edge: Edge) -> None:
    assert (edge.source, edge.target) in RUN_STORIES, f"tell in tests/e2e/edges.py how the world causes {edge}"


def test_no_story_is_told_of_an_edge_that_does_not_exist() -> None:
    assert set(CASE_STORIES) <= {(edge.source, edge.target) for edge in CASE_EDGES}
    assert set(RUN_STORIES) <= {(edge.source, edge.target) for edge in RUN_EDGES}


@pytest.mark.parametrize(("story", "place"), TOLD_ON)
def test_a_story_takes_its_edges_and_doubles_nothing(story: Story, place: Place, a_world: Make) -> None:
    world = a_world(policy=POLICIES.get(story), okta=OKTA.get(story))
    ticket = story(world, place)
    assert {edge for edge, told in CASE_STORIES.items() if told is story} <= set(world.case_edges(ticket))
    assert {edge for edge, told in RUN_STORIES.items() if told is story} <= set(world.run_edges())
    shown = world.shown(ticket)
    assert without_repetition(by_worker(shown))
    assert without_repetition(files(shown))
