"""A case's line tells what was found and whether it lasted."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit import builders as build
from worker.commands.case_lines import line
from workflows.model import Basis, Expectation, Policy, Reason, ReasonKind, Request, Subject
from workflows.precheck.table import judge


def record(*looks: tuple[str, str, int]) -> dict[str, Any]:
    case = build.case()
    return {
        "case": case.model_dump(mode="json"),
        "followups": [{"kind": kind, "state": state, "round": number} for kind, state, number in looks],
    }


@pytest.mark.parametrize(
    ("looks", "lasted", "came_right"),
    [
        ((), None, None),
        ((("recheck", "open", 1),), None, None),
        ((("recheck", "holds", 1),), True, None),
        ((("recheck", "changed", 1),), False, None),
        ((("recheck", "changed", 2),), None, None),  # of another round
        ((("look_again", "arrived", 1),), None, True),
        ((("look_again", "missed", 1), ("support_case", "noted", 1)), None, False),
    ],
)
def test_what_a_later_look_found_is_told(
    looks: tuple[tuple[str, str, int], ...], lasted: bool | None, came_right: bool | None
) -> None:
    told = line(record(*looks), Policy())
    assert (told["lasted"], told["came_right"]) == (lasted, came_right)


def test_a_value_at_the_place_where_a_sentence_is_cut_is_hidden_too() -> None:
    expected = Expectation(attribute="title", value="Head of Secret Projects", basis=Basis.STATED)
    verdict = judge(build.facts(), {}).model_copy(update={"expectations": (expected,)})
    case = build.case(
        because=Reason.of(ReasonKind.PRODUCT_FAULT, words="x" * 180 + " Head of Secret Projects"),
        subjects=(Subject(request=Request(), verdict=verdict),),
    )
    told = line({"case": case.model_dump(mode="json"), "followups": []}, Policy())
    assert "Head of" not in told["because"]
