"""The transition tables agree with the code that uses them."""

from __future__ import annotations

import pytest

from workflows.case.steps import STEPS
from workflows.engine.machine import CASE_EDGES, OPEN_CASE, RUN_EDGES, ForbiddenTransition, check, diagram
from workflows.model import ENDS, RUN_ENDS, CaseState, RunState


def test_every_state_is_in_its_table() -> None:
    assert set(CaseState) == {state for edge in CASE_EDGES for state in edge[:2]}
    assert set(RunState) == {state for edge in RUN_EDGES for state in edge[:2]}


def test_every_open_state_has_a_step_and_ends_have_none() -> None:
    assert set(OPEN_CASE) == set(STEPS) == set(CaseState) - ENDS


def test_a_person_can_take_over_at_any_time() -> None:
    assert set(OPEN_CASE) == {edge.source for edge in CASE_EDGES if edge.target == CaseState.WITHDRAWN}


def test_runs_never_leave_their_ends() -> None:
    assert not [edge for edge in RUN_EDGES if edge.source in RUN_ENDS]


def test_an_end_is_left_only_for_the_next_round() -> None:
    assert {CaseState.RECEIVED} == {edge.target for edge in CASE_EDGES if edge.source in ENDS}


def test_what_the_tables_do_not_hold_is_refused() -> None:
    with pytest.raises(ForbiddenTransition, match="received -> resolved"):
        check(CASE_EDGES, CaseState.RECEIVED, CaseState.RESOLVED)


def test_the_diagram_draws_every_edge() -> None:
    text = diagram(RUN_EDGES)
    assert text.startswith("stateDiagram-v2\n")
    assert len(RUN_EDGES) == text.count("-->")
