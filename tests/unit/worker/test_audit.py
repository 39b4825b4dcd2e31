"""An act has somebody who did it and a reason, both of which can be seen."""

from __future__ import annotations

import pytest

from worker.audit import named
from worker.errors import OperatorError

UNSEEN = [
    "",
    " \t",
    "\u202e",
    "\u200b\u200b",
    "\u2060",
    "\u00ad",
    "\u061c",
    "\u115f",
    "\u3164",
    "\u180e",
    "- .",
    "\x07",
]


@pytest.mark.parametrize("text", UNSEEN)
def test_what_cannot_be_seen_is_neither_a_name_nor_a_reason(text: str) -> None:
    with pytest.raises(OperatorError, match="--by"):
        named(text, "planned")
    with pytest.raises(OperatorError, match="--why"):
        named("robin", text)


@pytest.mark.parametrize("text", ["robin", "Иван", "李", "4711", "\u200brobin"])
def test_a_name_in_any_script_is_taken(text: str) -> None:
    named(text, text)
