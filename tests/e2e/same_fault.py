"""Pairs of tickets about the same fault, and how to read them."""

from __future__ import annotations

import re
from itertools import product

import pytest

from connectors.sandbox.scenarios.world import Member
from tests.e2e.ticket_texts import by_worker, files
from tests.e2e.tickets import DESKS, INCIDENT, SERVICE_DESK, Filed, Place
from tests.e2e.world import World
from workflows.model import CaseState

PAIRS = list(product(DESKS, DESKS))
on_every_pair = pytest.mark.parametrize(("first", "second"), PAIRS, ids=[f"{one[0]}-{two[0]}" for one, two in PAIRS])
SAME = re.compile(r"([A-Z]+-?\d+)(?: \(\w+\))? is about the same(?! user and states)")
PACKAGE = "okta-support-case.zip"


def key(world: World, ticket: Filed) -> str:
    return str(world.shown(ticket)["key"])


def told_of(world: World, ticket: Filed) -> list[str]:
    """Return the tickets that a ticket's notes name as being about the same."""
    found = (name for text in by_worker(world.shown(ticket)) for name in SAME.findall(text))
    return list(dict.fromkeys(found))


def packages(world: World, *tickets: Filed) -> list[Filed]:
    """Return the tickets that hold a prepared Support Case."""
    return [ticket for ticket in tickets if any(name.endswith(PACKAGE) for name in files(world.shown(ticket)))]


def two(world: World, first: Place = INCIDENT, second: Place = SERVICE_DESK) -> tuple[Filed, Filed, Member]:
    """File two tickets of one user whom a Force Sync helps, the second while the first is being worked."""
    older, member = world.stale_ticket(first)
    world.work()
    world.skip(seconds=20)
    return older, world.ticket(second, about=member), member


def two_stuck(world: World, first: Place = INCIDENT, second: Place = SERVICE_DESK) -> tuple[Filed, Filed]:
    """File two tickets of one user whom no Force Sync helps."""
    older, younger, member = two(world, first, second)
    world.make_stuck(member)
    return older, younger


def states(world: World, *tickets: Filed) -> set[CaseState]:
    return {world.case(ticket).state for ticket in tickets}
