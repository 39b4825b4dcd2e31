"""A case as one line of JSON for comparing what forcesync found with what people did: no value of any attribute."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from worker.store.archive_rows import Record
from workflows.case_values import hidden
from workflows.model import Case, FollowupKind, FollowupState, Policy, Subject, VerdictKind
from workflows.redaction import called, plain

_LASTED = {FollowupState.HOLDS.value: True, FollowupState.CHANGED.value: False}
_CAME_RIGHT = {FollowupState.ARRIVED.value: True, FollowupState.MISSED.value: False}


def line(record: Record, policy: Policy) -> dict[str, Any]:
    """Return a round of a case: its ticket, end, verdicts and later looks; times are ISO 8601 in UTC.

    `force_sync_helps` says that the press was done or, where it is only observed, advised. `lasted` and `came_right`
    are what a later look at a resolved or a handed-over ticket found, None where there was none yet.
    """
    case = Case.model_validate(record["case"])
    looks = {item["kind"]: item["state"] for item in record["followups"] if item["round"] == case.round}
    subjects = [_subject(subject, policy) for subject in case.subjects]
    return {
        "case": case.id,
        "ticket": case.ref.key,
        "desk": case.ref.desk,
        "round": case.round,
        "state": case.state.value,
        "opened_at": case.opened_at.isoformat(),
        "ended_at": case.ended_at.isoformat() if case.ended_at else None,
        "because": plain(hidden(case, policy)(case.because), 200),
        "run": case.run_id,
        "subjects": subjects,
        "force_sync_helps": any(subject["verdict"] == VerdictKind.STALE_IN_OKTA for subject in subjects),
        "lasted": _looked(looks, FollowupKind.RECHECK, _LASTED),
        "came_right": _looked(looks, FollowupKind.LOOK_AGAIN, _CAME_RIGHT),
    }


def _subject(subject: Subject, policy: Policy) -> dict[str, Any]:
    verdict = subject.verdict
    return {
        "login": called(verdict.login, policy) if verdict else subject.request.user,
        "verdict": verdict.kind.value if verdict else None,
        "attribute": verdict.attribute if verdict else None,
        "also": [cause.kind.value for cause in verdict.also] if verdict else [],
        "directory": verdict.directory.label if verdict and verdict.directory else None,
        "right_value_seen": subject.right,
    }


def _looked(looks: Mapping[str, str], kind: FollowupKind, found: Mapping[str, bool]) -> bool | None:
    return found.get(looks.get(kind.value, ""))
