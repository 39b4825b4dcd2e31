"""One case as a line of JSON, to compare what forcesync found with what people did. Holds no attribute's value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from worker.store.archive import Record
from worker.store.documents import case_of
from workflows.model import Basis, FollowupKind, FollowupState, Policy, Subject, VerdictKind
from workflows.notes.reasons import sentence
from workflows.precheck.verdicts import ROUTES, VERDICTS, Act, leading_verdict
from workflows.values.case_values import hidden
from workflows.values.masking import called, plain

_LASTED = {FollowupState.HOLDS.value: True, FollowupState.CHANGED.value: False}
ADVICE = {Act.ASK: "ask", Act.RESOLVE: "resolve", Act.SYNC: "force_sync", Act.ESCALATE: "hand_over"}
_CAME_RIGHT = {FollowupState.ARRIVED.value: True, FollowupState.MISSED.value: False}


def line(record: Record, policy: Policy) -> dict[str, Any]:
    """Return a round of a case: its ticket, end, verdicts and later looks; times are ISO 8601 in UTC.

    `force_sync_helps` says that the press was done or, where it is only observed, advised; `advice` what follows from
    the leading verdict, and `advice_for` who would get the ticket. `lasted` and `came_right` are what a later look at a
    resolved or a handed-over ticket found, `afterwards` how one stood in the end that was left to people; None where
    there was none yet.
    """
    case = case_of(record["case"], record["case"]["id"])
    later = [item for item in record["followups"] if item["round"] == case.round]
    looks = {item["kind"]: item["state"] for item in later}
    verdict = leading_verdict(case)
    advice = ADVICE[VERDICTS[verdict.kind].act] if verdict else None
    subjects = [_subject(subject, policy) for subject in case.subjects]
    return {
        "case": case.id,
        "ticket": case.ref.key,
        "desk": case.ref.desk,
        "round": case.round,
        "state": case.state.value,
        "opened_at": case.opened_at.isoformat(),
        "ended_at": case.ended_at.isoformat() if case.ended_at else None,
        "because": plain(hidden(case, policy)(sentence(case.because)), 200),
        "run": case.run_id,
        "subjects": subjects,
        "force_sync_helps": any(subject["verdict"] == VerdictKind.STALE_IN_OKTA for subject in subjects),
        "advice": advice,
        "advice_for": ROUTES[VERDICTS[verdict.kind].team].value if verdict and advice == "hand_over" else None,
        "afterwards": next((item["aftermath"] for item in later if item.get("aftermath")), None),
        "lasted": _looked(looks, FollowupKind.RECHECK, _LASTED),
        "came_right": _looked(looks, FollowupKind.LOOK_AGAIN, _CAME_RIGHT),
    }


def _subject(subject: Subject, policy: Policy) -> dict[str, Any]:
    verdict = subject.verdict
    return {
        "login": called(verdict.login, policy) if verdict else subject.request.user,
        "verdict": verdict.kind.value if verdict else None,
        "user_id": verdict.user_id if verdict else None,
        "attribute": verdict.attribute if verdict else None,
        "stated": [item.attribute for item in subject.expectations if item.basis is Basis.STATED],
        "predicted": [item.attribute for item in subject.expectations if item.basis is Basis.PREDICTED],
        "also": [cause.kind.value for cause in verdict.also] if verdict else [],
        "directory": verdict.directory.label if verdict and verdict.directory else None,
        "right_value_seen": subject.right,
    }


def _looked(looks: Mapping[str, str], kind: FollowupKind, found: Mapping[str, bool]) -> bool | None:
    return found.get(looks.get(kind.value, ""))
