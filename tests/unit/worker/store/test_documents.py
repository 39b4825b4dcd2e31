"""A case that an older version stored is read with what its ticket had been told."""

from __future__ import annotations

from types import SimpleNamespace

from tests.unit import builders as build
from worker.store.documents import dump, load_case
from workflows.model import RunNotice, Said, WaitsFor

OLD_WORDS = [
    "reminder2", "sign-in1", "same", "support-case", "at-odds-c0ffee", "proposed-r1", "proposed-r1-again", "paused-r2",
]  # fmt: skip


def test_the_words_of_version_1_become_named_fields() -> None:
    doc = dump(build.case()) | {"version": 1, "said": OLD_WORDS}
    case = load_case(SimpleNamespace(doc=doc, id="c1", stamp="s"))
    assert case.said == Said(
        older_ticket=True,
        support_case=True,
        contrary=("c0ffee",),
        reminded=(2,),
        sign_ins=(1,),
        runs=(
            RunNotice(run_id="r1", wait=WaitsFor.APPROVAL),
            RunNotice(run_id="r1", wait=WaitsFor.APPROVAL, reminder=True),
            RunNotice(run_id="r2", wait=WaitsFor.SWITCH),
        ),
    )


def test_a_case_of_version_1_that_was_told_nothing_stays_so() -> None:
    doc = dump(build.case()) | {"version": 1, "said": []}
    assert Said() == load_case(SimpleNamespace(doc=doc, id="c1", stamp="s")).said
