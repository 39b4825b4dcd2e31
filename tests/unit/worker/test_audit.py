"""An act has somebody who did it and a reason, both of which can be seen."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit import builders as build
from tests.unit.workflows.notes.judged_cases import judged
from worker import wiring
from worker.audit import named
from worker.errors import OperatorError
from worker.status import status
from workflows.model import Sighting, Stop, StopKind
from workflows.ports import CaseCommit
from workflows.steps import FOREVER

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


def test_a_paused_directory_that_no_run_was_about_is_told_by_its_label(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    known = judged(build.asking("department", expected="Finance"))
    verdict = known.subjects[0].verdict
    assert verdict
    assert verdict.directory
    app_id, label = verdict.directory.ref.app_id, verdict.directory.label
    with wiring.opened_store(config) as store:
        opened = store.open_case(Sighting(ref=build.REF, stamp="1"), build.NOW)
        assert opened
        lease = store.lease("case", opened.id, build.NOW, 60)
        assert lease
        after = opened.but(subjects=known.subjects)
        assert store.commit_case(lease, CaseCommit(before=opened, after=after, due_at=None, because=""), build.NOW)
        store.pause(Stop(kind=StopKind.SWITCH, name=app_id, until=FOREVER, why="agents down", by="robin"))
    capsys.readouterr()
    status(config, as_json=False)
    assert f"paused: {label} ({app_id})" in capsys.readouterr().out
