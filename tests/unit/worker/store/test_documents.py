"""A case stored by an older version is read with what its ticket already says."""

from __future__ import annotations

from types import SimpleNamespace

from tests.unit import builders as build
from worker.store.documents import dump, load_case
from workflows.model import EvidenceKind, RunNotice, Said, WaitsFor

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


def test_a_case_of_version_1_whose_ticket_says_nothing_stays_so() -> None:
    doc = dump(build.case()) | {"version": 1, "said": []}
    assert Said() == load_case(SimpleNamespace(doc=doc, id="c1", stamp="s")).said


def test_evidence_of_version_1_gets_its_kind() -> None:
    old = [
        {"what": "Okta profile of 00u1 read", "system": "main", "at": "2026-03-02T09:00:00Z"},
        {"what": "System Log: x", "system": "main", "at": "2026-03-02T09:00:00Z", "log_id": "e1"},
        {"what": "Force Sync of corp (0oa1) accepted", "system": "main", "at": "2026-03-02T09:00:00Z"},
    ]
    doc = dump(build.case()) | {"version": 1, "said": [], "evidence": old}
    case = load_case(SimpleNamespace(doc=doc, id="c1", stamp="s"))
    assert [EvidenceKind.READING, EvidenceKind.EVENT, EvidenceKind.START] == [item.kind for item in case.evidence]
