"""Which earlier approval covers a run whose expressions may change what cannot be predicted."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from tests.unit import builders as build
from workflows.model import Decision, Radius
from workflows.model import ReasonKind as R
from workflows.sync.gathering import _was_approved


def radius(**changes: Any) -> Radius:
    reach = Radius(at=build.NOW, users=100, changed=1, refused=0, by_attribute={}, unpredictable={}, digest="d")
    return reach.but(expressions="e", **changes)


def covers(approved: Radius, why: R, wanted: Radius) -> bool:
    """Say whether the approval of a run that has started covers what another one would change."""
    decision = Decision(approved=True, by="eve@example.com", why="seen", at=build.NOW, digest="d")
    past = build.run(radius=approved, decision=decision, started_at=build.NOW)
    ports: Any = SimpleNamespace(store=SimpleNamespace(runs=lambda: (past,)))
    return _was_approved(wanted, why, build.run(), ports)


@pytest.mark.parametrize(
    ("approved", "covered"),
    [
        (radius(protected_unpredictable=5, guarded="these"), True),
        (radius(protected_unpredictable=5, guarded="others"), False),
        (radius(guarded="these"), False),
        (radius(protected_unpredictable=5, guarded="these").but(expressions="f"), False),
    ],
    ids=["the same", "others are protected", "none was told", "another expression"],
)
def test_what_may_change_protected_users_was_approved_where_it_was_told_of_the_same(
    approved: Radius, covered: bool
) -> None:
    wanted = radius(protected_unpredictable=3, guarded="these")
    assert covered == covers(approved, R.MAY_CHANGE_PROTECTED, wanted)


def test_what_may_change_others_was_approved_with_its_expressions() -> None:
    assert covers(radius(), R.MAY_CHANGE, radius(guarded="these"))
