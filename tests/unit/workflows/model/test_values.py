"""A value is changed only by names that it has, and by values of their types."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from tests.unit import builders as build
from workflows.model import CaseState, Said


def test_a_change_leaves_the_old_value_as_it_is() -> None:
    before = build.case()
    after = before.but(state=CaseState.CLAIMED)
    assert (CaseState.RECEIVED, CaseState.CLAIMED) == (before.state, after.state)
    assert before == after.but(state=CaseState.RECEIVED)


@pytest.mark.parametrize(
    "changes", [{"stat": CaseState.CLAIMED}, {"state": "claimed"}, {"round": "2"}, {"said": ("x",)}]
)
def test_a_wrong_name_or_type_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        build.case().but(**changes)


def test_nothing_has_been_said_in_a_new_case() -> None:
    assert Said() == build.case().said
