"""How many comments a ticket gets, by what happens to it and where: each is a mail to somebody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.e2e.conftest import Make
from tests.e2e.decisions import APPROVE, approved, pressed_by_hand
from tests.e2e.edges import OBSERVE
from tests.e2e.settings import ASSISTED
from tests.e2e.stories import (
    Story,
    already_right,
    answered,
    copy_is_old,
    helped,
    holds_from_tomorrow,
    observed,
    older_ticket_leads,
    to_be_confirmed,
)
from tests.e2e.tickets import INCIDENT, REQUESTED_ITEM, SERVICE_DESK, SOFTWARE

PLACES = (INCIDENT, REQUESTED_ITEM, SERVICE_DESK, SOFTWARE)


@dataclass(frozen=True)
class Told:
    """A story, its settings, and the comments that a ticket then carries in each of `PLACES`."""

    story: Story
    comments: tuple[int, int, int, int]
    policy: Mapping[str, Any] | None = None
    okta: Mapping[str, Any] = field(default_factory=dict)


# On ServiceNow a question is two entries of one change: the question, and one line that says in the work notes that it
# is ours, because what a requester reads carries no marker. On a software project everybody reads everything, so there
# is a comment only where somebody has to do something, and at the end.
TOLD = (
    Told(helped, (3, 3, 3, 1)),
    Told(already_right, (2, 2, 2, 1)),
    Told(copy_is_old, (2, 2, 2, 1)),
    Told(observed, (1, 1, 1, 1), policy=OBSERVE),
    Told(answered, (4, 4, 3, 2)),
    Told(to_be_confirmed, (3, 3, 2, 1)),
    Told(approved, (3, 3, 3, 2), policy=APPROVE),
    Told(pressed_by_hand, (3, 3, 3, 2), okta=ASSISTED),
    Told(older_ticket_leads, (3, 3, 3, 1)),
    Told(holds_from_tomorrow, (3, 3, 3, 1)),
)


SHORT = (helped, copy_is_old)


@pytest.mark.parametrize(
    "told",
    [
        pytest.param(told, id=told.story.__name__, marks=() if told.story in SHORT else pytest.mark.long)
        for told in TOLD
    ],
)
def test_a_ticket_carries_no_more_comments_than_people_need(told: Told, a_world: Make) -> None:
    world = a_world(policy=told.policy, okta=told.okta or None)
    shown = [world.shown(told.story(world, place)) for place in PLACES]
    assert told.comments == tuple(sum(item["by_worker"] for item in ticket["comments"]) for ticket in shown)
    public = (item["body"] for ticket in shown for item in ticket["comments"] if item["visibility"] == "public")
    assert not any("[forcesync " in text for text in public)
