"""A case stored by an older version is read with what its ticket already says."""

from __future__ import annotations

from types import SimpleNamespace

from tests.unit import builders as build
from worker.store.documents import dump, load_case, load_followup, load_run
from workflows.model import EvidenceKind, Followup, FollowupKind, Press, Radius, RunNotice, Said, Scan, WaitsFor
from workflows.notes.reasons import sentence

OLD_WORDS = [
    "reminder2", "sign-in1", "same", "support-case", "at-odds-c0ffee", "proposed-r1", "proposed-r1-again", "paused-r2",
]  # fmt: skip


def test_the_words_of_version_1_become_named_fields() -> None:
    doc = dump(build.case()) | {"version": 1, "said": OLD_WORDS}
    case = load_case(SimpleNamespace(doc=doc, id="c1", stamp="s", known=""))
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
    assert Said() == load_case(SimpleNamespace(doc=doc, id="c1", stamp="s", known="")).said


def test_evidence_of_version_1_gets_its_kind() -> None:
    old = [
        {"what": "Okta profile of 00u1 read", "system": "main", "at": "2026-03-02T09:00:00Z"},
        {"what": "System Log: x", "system": "main", "at": "2026-03-02T09:00:00Z", "log_id": "e1"},
        {"what": "Force Sync of corp (0oa1) accepted", "system": "main", "at": "2026-03-02T09:00:00Z"},
    ]
    doc = dump(build.case()) | {"version": 1, "said": [], "evidence": old}
    case = load_case(SimpleNamespace(doc=doc, id="c1", stamp="s", known=""))
    assert [EvidenceKind.READING, EvidenceKind.EVENT, EvidenceKind.START] == [item.kind for item in case.evidence]


# As version 2 stored a handed-over case, shortened to what has changed since.
SECOND = {
    "version": 2,
    "story": [{"at": "2026-03-02T09:00:00Z", "text": "Claimed."}],
    "because": "The directory's copy was stale.",
    "evidence": [
        {"kind": "reading", "what": "Okta profile of 00u1 read", "system": "main", "at": "2026-03-02T09:00:00Z"},
        {"kind": "event", "what": "System Log: user.x", "system": "main", "at": "2026-03-02T09:00:00Z", "log_id": "e1"},
    ],
    "subjects": [
        {
            "request": {},
            "verdict": {
                "kind": "stale_in_directory_copy",
                "explanation": "The directory's copy was stale.",
                "hypotheses": ["The last import failed."],
                "also": [{"kind": "not_mapped", "explanation": "Nothing maps to it.", "attribute": "title"}],
                "judged_at": "2026-03-02T09:00:00Z",
            },
        }
    ],
}


def test_the_sentences_of_version_2_are_kept_as_they_were_written() -> None:
    case = load_case(SimpleNamespace(doc=dump(build.case()) | SECOND, id="c1", stamp="s", known=""))
    (subject,) = case.subjects
    assert subject.verdict is not None
    (cause,) = subject.verdict.also
    told = (case.because, case.story[0].what, subject.verdict.reason, *subject.verdict.suspicions, cause.reason)
    stale = "The directory's copy was stale."
    assert [stale, "Claimed.", stale, "The last import failed.", "Nothing maps to it."] == [*map(sentence, told)]
    assert case.because == subject.verdict.reason, "the end is known to be for what was found"
    assert ["Okta profile of 00u1 read", "System Log: user.x"] == [sentence(item.what) for item in case.evidence]


def test_what_a_run_of_version_2_could_not_predict_concerned_every_user() -> None:
    found = Radius(at=build.NOW, users=40, changed=0, refused=0, by_attribute={}, unpredictable={}, digest="d")
    radius = dump(found) | {"unpredictable": ["displayName", "login"]}
    doc = dump(build.run()) | {"version": 2, "radius": radius, "scan": dump(Scan(begun_at=build.NOW, users=3))}
    run = load_run(SimpleNamespace(doc=doc, id="r1"))
    assert run.radius is not None
    assert {"displayName": 40, "login": 40} == run.radius.unpredictable
    assert run.scan is None, "a scan that did not count them starts once more"


def test_a_run_of_version_4_is_read_without_the_group_that_it_took_for_whoever_pressed() -> None:
    pressed = dump(build.run(press=Press(at=build.NOW)))
    doc = pressed | {"version": 4, "press": pressed["press"] | {"by": "Service Desk"}}
    assert Press(at=build.NOW) == load_run(SimpleNamespace(doc=doc, id="r1")).press
    assert load_run(SimpleNamespace(doc=dump(build.run()) | {"version": 4}, id="r1")).press is None


def test_a_run_and_a_followup_of_an_older_version_keep_their_sentences() -> None:
    doc = dump(build.run()) | {"version": 1, "because": "nobody approved it in time"}
    assert "nobody approved it in time" == sentence(load_run(SimpleNamespace(doc=doc, id="r1")).because)
    followup = Followup(id="f1", case_id="c1", round=1, kind=FollowupKind.RECHECK, due_at=build.NOW)
    assert load_followup(dump(followup) | {"finding": ""}) == followup
    assert "it lasts" == sentence(load_followup(dump(followup) | {"finding": "it lasts"}).finding)


def test_a_case_of_version_5_is_read_without_its_digest_of_the_words_against_a_sync() -> None:
    subject = {"request": {"user": "ada@example.com", "against": "0a1b2c"}}
    doc = dump(build.case()) | {"version": 5, "subjects": [subject]}
    (read,) = load_case(SimpleNamespace(doc=doc, id="c1", stamp="s", known="")).subjects
    assert ("ada@example.com", "") == (read.request.user, read.request.stated)
