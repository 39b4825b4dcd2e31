"""Values to stored JSON and back. An older version is upgraded; a newer one is refused."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from worker.errors import OperatorError
from workflows.model import Case, CaseState, Followup, SyncRun, Value

Document = dict[str, Any]
Upgrade = Callable[[Document], Document]
_RUN_WORD = re.compile(r"(proposed|requested|paused)-(.+?)(-again)?")
_NUMBERED = ("reminder", "sign-in")


def _second_version(doc: Document) -> Document:
    """Name the fields of what the ticket already says, and give each piece of evidence its kind."""
    subjects = [_with_kinds(item) for item in doc.get("subjects", ())]
    return _with_said_by_name(doc) | {"subjects": subjects, "evidence": _kinds(doc.get("evidence", ()))}


def _with_kinds(subject: Document) -> Document:
    verdict = subject.get("verdict")
    return subject | {"verdict": verdict | {"evidence": _kinds(verdict.get("evidence", ()))}} if verdict else subject


def _kinds(evidence: Iterable[Document]) -> list[Document]:
    return [item | {"kind": _kind(item)} for item in evidence]


def _kind(item: Document) -> str:
    if item.get("log_id"):
        return "event"
    return "start" if item["what"].startswith("Force Sync of ") else "reading"


def _with_said_by_name(doc: Document) -> Document:
    """Version 1 held what the ticket says as a list of words, such as "reminder1" and "proposed-<run>-again"."""
    words = [str(word) for word in doc.get("said", ())]
    runs = (_RUN_WORD.fullmatch(word) for word in words)
    numbers = {kind: [int(n) for n in (word.removeprefix(kind) for word in words) if n.isdigit()] for kind in _NUMBERED}
    return doc | {
        "said": {
            "older_ticket": "same" in words,
            "support_case": "support-case" in words,
            "contrary": [word.removeprefix("at-odds-") for word in words if word.startswith("at-odds-")],
            "reminded": numbers["reminder"],
            "sign_ins": numbers["sign-in"],
            "runs": [{"wait": run[1], "run_id": run[2], "reminder": bool(run[3])} for run in runs if run],
        }
    }


def _third_version(doc: Document) -> Document:
    """Turn sentences into reasons: version 2 held what was found and what happened as finished text."""
    story = [{"at": item["at"], "what": _written(item["text"], empty=True)} for item in doc.get("story", ())]
    subjects = [_with_reasons(item) for item in doc.get("subjects", ())]
    evidence = _with_things(doc.get("evidence", ()))
    return doc | {"story": story, "subjects": subjects, "evidence": evidence, "because": _written(doc.get("because"))}


def _with_reasons(subject: Document) -> Document:
    verdict = subject.get("verdict")
    if not verdict:
        return subject
    kept = {name: item for name, item in verdict.items() if name not in {"explanation", "hypotheses"}}
    suspicions = [_written(text, empty=True) for text in verdict.get("hypotheses", ())]
    also = [
        {"kind": item["kind"], "attribute": item.get("attribute"), "reason": _written(item["explanation"], empty=True)}
        for item in verdict.get("also", ())
    ]
    found = {"reason": _written(verdict["explanation"], empty=True), "suspicions": suspicions, "also": also}
    return subject | {"verdict": kept | found | {"evidence": _with_things(verdict.get("evidence", ()))}}


def _with_things(evidence: Iterable[Document]) -> list[Document]:
    return [item | {"what": _thing(item)} for item in evidence]


def _thing(item: Document) -> Document | None:
    if item["kind"] == "event":
        return {"kind": "event_logged", "words": [["event", item["what"].removeprefix("System Log: ")]]}
    return _written(item["what"], empty=True)


def _written(text: str | None, *, empty: bool = False) -> Document | None:
    return {"kind": "as_written", "words": [["words", text]]} if text or empty else None


def _fourth_version(doc: Document) -> Document:
    """Name what a ticket states as statements; a case that rode before is judged anew only if it comes back."""
    return doc | {"subjects": [_with_statements(item) for item in doc.get("subjects", ())]}


def _with_statements(subject: Document) -> Document:
    request = subject.get("request", {})
    kept = {name: item for name, item in request.items() if name in {"user", "unclear"}}
    verdict = subject.get("verdict")
    judged = {"verdict": verdict | {"firm": True}} if verdict else {}  # rides without a confirmation to its round's end
    return (
        subject
        | judged
        | {"request": kept | {"statements": request.get("wants", ()), "source": request.get("source", ())}}
    )


def _fifth_version(doc: Document) -> Document:
    """Name what was claimed: version 4 claimed every ticket before it was judged."""
    claimed = {"claimed": doc.get("state") != CaseState.RECEIVED}
    return doc | {"said": claimed | doc.get("said", {})}


def _sixth_version(doc: Document) -> Document:
    """Version 5 held a digest of the words against a sync alone; such a case is taken at what was judged."""

    def renamed(subject: Document) -> Document:
        request = subject.get("request", {})
        return subject | {"request": {name: item for name, item in request.items() if name != "against"}}

    return doc | {"subjects": [renamed(item) for item in doc.get("subjects", ())]}


def _second_run_version(doc: Document) -> Document:
    return doc | {"because": _written(doc.get("because"))}


def _third_run_version(doc: Document) -> Document:
    """Count the users of what cannot be predicted; version 2 named the attributes, which concerned every user."""
    radius = doc.get("radius")
    if radius:
        radius = radius | {"unpredictable": dict.fromkeys(radius["unpredictable"], radius["users"])}
    return doc | {"radius": radius, "scan": None}


def _fourth_run_version(doc: Document) -> Document:
    """Version 3 held which riders' tickets had been read again."""
    return {name: item for name, item in doc.items() if name != "reread"}


def _fifth_run_version(doc: Document) -> Document:
    """Version 4 took the ticket's group for whoever pressed Force Sync."""
    press = doc.get("press")
    return doc | {"press": {"at": press["at"]} if press else None}


# The first brings version 1 to 2, and so on; the model's default version is one more than their number. Whoever renames
# or removes a field of the model adds one here. A new field that has a default needs none.
CASE_UPGRADES: tuple[Upgrade, ...] = (_second_version, _third_version, _fourth_version, _fifth_version, _sixth_version)
RUN_UPGRADES: tuple[Upgrade, ...] = (
    _second_run_version,
    _third_run_version,
    _fourth_run_version,
    _fifth_run_version,
)


def dump(value: Value) -> Document:
    """Turn a value into JSON."""
    return value.model_dump(mode="json")


def load_case(row: Any) -> Case:
    """Turn a row of `cases` into its value; the ticket's stamps have columns of their own."""
    return case_of(row.doc, row.id, stamp=row.stamp, known=row.known)


def case_of(doc: Document, id: str, **columns: str) -> Case:
    """Turn a case's document, an archived one too, into its value; `columns` are fields that it holds elsewhere."""
    return Case.model_validate(upgraded(doc, CASE_UPGRADES, f"case {id}") | columns)


def load_run(row: Any) -> SyncRun:
    """Turn a row of `runs` into its value."""
    return SyncRun.model_validate(upgraded(row.doc, RUN_UPGRADES, f"run {row.id}"))


def load_followup(doc: Document) -> Followup:
    """Turn a followup's document into its value; an older one holds its finding as text."""
    finding = doc.get("finding")
    return Followup.model_validate(doc | {"finding": _written(finding)} if isinstance(finding, str) else doc)


def upgraded(doc: Document, upgrades: Sequence[Upgrade], what: str) -> Document:
    """Return a document in the newest version; the stored one is left alone until its next commit."""
    newest, version = len(upgrades) + 1, doc.get("version")
    if not isinstance(version, int) or not 1 <= version <= newest:
        raise OperatorError(
            f"the store: {what} has document version {version}, this program knows 1 to {newest}; "
            "run the version of forcesync that wrote it, or a newer one"
        )
    for number in range(version, newest):
        doc = upgrades[number - 1](doc) | {"version": number + 1}
    return doc
