"""The evidence of a case as JSON: masked, small, the same for a colleague's eyes and for a program."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from workflows.diagnosis import Diagnosis, SubjectDiagnosis
from workflows.model import Case, File, LogEvent, Policy, Subject, SyncRun
from workflows.redaction import display, masked, plain


def diagnostics_file(case: Case, run: SyncRun | None, found: Diagnosis, policy: Policy, now: datetime) -> File:
    """Write the file for an escalated ticket; `now` (UTC) is its time."""
    text = json.dumps(evidence(case, run, found, policy, now), indent=1, ensure_ascii=False)
    return File(name="diagnostics.json", content_type="application/json", content=text.encode())


def evidence(case: Case, run: SyncRun | None, found: Diagnosis, policy: Policy, now: datetime) -> dict[str, Any]:
    """Return everything that is known of the case, with people's values masked as the settings say."""
    diagnoses = [*found.subjects, *[SubjectDiagnosis()] * len(case.subjects)]
    return {
        "format": "forcesync diagnostics 2",
        "written_at": now.isoformat(),
        "ticket": {"desk": case.ref.desk, "key": case.ref.key, "url": case.ref.url},
        "case": {"id": case.id, "round": case.round, "opened_at": case.opened_at.isoformat()},
        "org": found.organization.model_dump(mode="json") if found.organization else None,
        "subjects": [
            subject_evidence(subject, known, policy) for subject, known in zip(case.subjects, diagnoses, strict=False)
        ],
        "force_sync": run_evidence(run),
        "story": [{"at": entry.at.isoformat(), "text": entry.text} for entry in case.story],
        "could_not_be_read": list(found.missing),
        "masking": redaction_report(policy),
    }


def subject_evidence(subject: Subject, found: SubjectDiagnosis, policy: Policy) -> dict[str, Any]:
    """Return what is known of one subject."""
    verdict = subject.verdict
    if verdict is None:
        return {"verdict": None}
    expected = {item.attribute: item for item in verdict.expectations}
    return {
        "verdict": verdict.kind,
        "explanation": verdict.explanation,
        "hypotheses": list(verdict.hypotheses),
        "also": [{"cause": item.kind, "explanation": item.explanation} for item in verdict.also],
        "judged_at": verdict.judged_at.isoformat(),
        "user": {"id": verdict.user_id, "login": masked(verdict.login)},
        "user_status": found.user.status if found.user else None,
        "directory": verdict.directory.model_dump(mode="json") if verdict.directory else None,
        "attributes": [
            {
                "attribute": item.attribute,
                "mapping": item.expression,
                "okta_before": display(item.attribute, item.okta, policy),
                "directory_copy": display(item.attribute, item.app_user, policy) if item.source else None,
                "expected": display(item.attribute, expected[item.attribute].value, policy)
                if item.attribute in expected
                else None,
            }
            for item in verdict.observations
        ],
        "seen_after": [
            {
                "attribute": item.attribute,
                "value": display(item.attribute, item.value, policy),
                "at": item.at.isoformat(),
                "request_id": item.request_id,
            }
            for item in subject.seen
        ],
        "evidence": [item.model_dump(mode="json") for item in verdict.evidence],
        "copy": _copy(found),
        "agents": [
            {"pool": pool.name, "status": pool.status, "agents": [_agent(dict(agent)) for agent in pool.agents]}
            for pool in found.pools
        ],
        "system_log": {
            "note": "No event type names a Force Sync, and silence proves nothing.",
            "user": events(found.user_events),
            "directory": events(found.directory_events),
        },
    }


def run_evidence(run: SyncRun | None) -> dict[str, Any] | None:
    """Return how the Force Sync went."""
    if run is None:
        return None
    return {
        "run": run.id,
        "state": run.state,
        "directory": run.directory.label,
        "app_id": run.directory.ref.app_id,
        "started_at": run.started_at.isoformat() if run.started_at else None,
        "pressed_by_a_person": run.by_hand,
        "answer_lost": run.uncertain,
        "request_id": run.request_id,
        "repeats": run.successor_of,
        "watched_until": run.deadline.isoformat() if run.deadline else None,
    }


def events(found: Sequence[LogEvent]) -> list[dict[str, Any]]:
    """Return log events without the people in them: ids, types, times, results."""
    return [
        {
            "uuid": event.uuid,
            "published": event.published.isoformat(),
            "type": event.event_type,
            "result": event.result,
            "reason": plain(event.reason, 200) if event.reason else None,
            "actor": {"id": event.actor, "kind": event.actor_kind},
            "changed": list(event.changed),
        }
        for event in found
    ]


def redaction_report(policy: Policy) -> dict[str, Any]:
    """Say what is shown, what is masked and what is withheld."""
    return {
        "shown": sorted(policy.open_attributes),
        "withheld": sorted(policy.never_attributes),
        "all_others": "masked: first and last character and the length",
        "people": "logins are masked; users appear by Okta's ids",
        "secrets": "words behind `password`, `token` and the like are removed from texts",
    }


def _copy(found: SubjectDiagnosis) -> dict[str, Any] | None:
    copy = found.copy_in_directory
    if copy is None:
        return None
    return {
        "status": copy.status,
        "scope": copy.scope,
        "sync_state": copy.sync_state,
        "last_sync": copy.last_sync.isoformat() if copy.last_sync else None,
        "last_updated": copy.last_updated.isoformat() if copy.last_updated else None,
    }


def _agent(agent: dict[str, Any]) -> dict[str, Any]:
    return {key: agent.get(key) for key in ("id", "version", "operationalStatus", "lastConnection")}
