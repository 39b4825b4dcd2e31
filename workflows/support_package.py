"""The diagnostics file for whoever takes an escalated ticket: machine-readable, masked, small.

Okta limits an attachment of a Support Case to 2 MB
(https://support.okta.com/help/s/article/How-to-Create-a-Support-Case); the parts that can grow are cut well below.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from workflows.errors import FarSideError, Misconfigured
from workflows.model import AgentPool, Case, File, LogEvent, Policy, Subject, SyncRun, Value
from workflows.ports import OktaOrg
from workflows.redaction import display, masked, plain

MOST_EVENTS = 100
LOOK_BACK = timedelta(days=1)


class Diagnostics(Value):
    """What Okta says beyond the verdict; `missing` names what could not be read, and why."""

    user_events: tuple[LogEvent, ...] = ()
    directory_events: tuple[LogEvent, ...] = ()
    pools: tuple[AgentPool, ...] = ()
    missing: tuple[str, ...] = ()


def collect(case: Case, org: OktaOrg) -> Diagnostics:
    """Read the System Log and the agents for a case; what cannot be read is named, never a reason to stop."""
    found: dict[str, Any] = {}
    missing: list[str] = []
    since = case.opened_at - LOOK_BACK
    for subject in case.subjects[:1]:
        if subject.verdict is None:
            continue
        directory = subject.verdict.directory
        try:
            if subject.verdict.user_id:
                found["user_events"] = org.log(subject.verdict.user_id, since, MOST_EVENTS)
            if directory:
                found["directory_events"] = org.log(directory.ref.app_id, since, MOST_EVENTS)
                pools = org.agent_pools()
                found["pools"] = tuple(pool for pool in pools if pool.id == directory.ref.app_id)
        except Misconfigured:
            raise
        except FarSideError as error:
            missing.append(str(error))
    return Diagnostics(**found, missing=tuple(missing))


def diagnostics_file(case: Case, run: SyncRun | None, found: Diagnostics, policy: Policy, now: datetime) -> File:
    """Write the JSON file; `now` (UTC) is its time."""
    content = {
        "format": "forcesync diagnostics 1",
        "written_at": now.isoformat(),
        "ticket": {"desk": case.ref.desk, "key": case.ref.key, "url": case.ref.url},
        "case": {"id": case.id, "round": case.round, "opened_at": case.opened_at.isoformat()},
        "subjects": [_subject(subject, policy) for subject in case.subjects],
        "force_sync": _run(run),
        "story": [{"at": entry.at.isoformat(), "text": entry.text} for entry in case.story],
        "system_log": {
            "note": "No event type names a Force Sync, and silence proves nothing.",
            "user": _events(found.user_events),
            "directory": _events(found.directory_events),
        },
        "agents": [
            {"pool": pool.name, "status": pool.status, "agents": [_agent(dict(agent)) for agent in pool.agents]}
            for pool in found.pools
        ],
        "could_not_be_read": list(found.missing),
        "masking": f"values are masked except of: {', '.join(sorted(policy.open_attributes)) or 'none'}",
    }
    text = json.dumps(content, indent=1, ensure_ascii=False)
    return File(name="diagnostics.json", content_type="application/json", content=text.encode())


def _subject(subject: Subject, policy: Policy) -> dict[str, Any]:
    verdict = subject.verdict
    if verdict is None:
        return {"verdict": None}
    expected = {item.attribute: item for item in verdict.expectations}
    shown_open = policy.open_attributes
    return {
        "verdict": verdict.kind,
        "explanation": verdict.explanation,
        "judged_at": verdict.judged_at.isoformat(),
        "user": {"id": verdict.user_id, "login": masked(verdict.login)},
        "directory": verdict.directory.model_dump(mode="json") if verdict.directory else None,
        "attributes": [
            {
                "attribute": item.attribute,
                "mapping": item.expression,
                "okta_before": display(item.attribute, item.okta, shown_open),
                "directory_copy": display(item.attribute, item.app_user, shown_open) if item.source else None,
                "expected": display(item.attribute, expected[item.attribute].value, shown_open)
                if item.attribute in expected
                else None,
            }
            for item in verdict.observations
        ],
        "seen_after": [
            {
                "attribute": item.attribute,
                "value": display(item.attribute, item.value, shown_open),
                "at": item.at.isoformat(),
                "request_id": item.request_id,
            }
            for item in subject.seen
        ],
        "evidence": [item.model_dump(mode="json") for item in verdict.evidence],
    }


def _run(run: SyncRun | None) -> dict[str, Any] | None:
    if run is None:
        return None
    return {
        "run": run.id,
        "state": run.state,
        "directory": run.directory.label,
        "app_id": run.directory.ref.app_id,
        "started_at": run.started_at.isoformat() if run.started_at else None,
        "answer_lost": run.uncertain,
        "request_id": run.request_id,
        "repeats": run.successor_of,
    }


def _events(events: Sequence[LogEvent]) -> list[dict[str, Any]]:
    return [
        {
            "uuid": event.uuid,
            "published": event.published.isoformat(),
            "type": event.event_type,
            "result": event.result,
            "reason": plain(event.reason, 200) if event.reason else None,
        }
        for event in events[-MOST_EVENTS:]
    ]


def _agent(agent: dict[str, Any]) -> dict[str, Any]:
    return {key: agent.get(key) for key in ("id", "version", "operationalStatus", "lastConnection")}
