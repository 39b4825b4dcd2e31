"""The package's JSON members, one for each topic; `as_json` writes their times in ISO 8601, in UTC."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

from workflows.model import AppUser, AttributeRule, LogEvent, MappingRule, OktaUser, Reason, ReasonKind, Subject
from workflows.precheck.facts import INVALID_EXPRESSION
from workflows.precheck.import_causes import (
    COMPLETED,
    REFRESH_FAILED,
    REFRESHED,
    RESUMED,
    ROADBLOCK,
    SKIPPED,
    STARTED,
)
from workflows.precheck.schema_refusal import FAILED, UPDATED
from workflows.support.material import Attempt, Material, SubjectDiagnosis
from workflows.values.wording import capital

STARTS = (ReasonKind.SYNC_STARTED, ReasonKind.SYNC_STARTED_UNCERTAIN, ReasonKind.SYNC_STARTED_BY_HAND)
Entry = tuple[datetime, str, str | None]  # when, what, and the id of the request or the event
Rule = TypeVar("Rule", MappingRule, AttributeRule)

SILENCE = "No event type names a Force Sync, and silence proves nothing."
_OF_IMPORTS = frozenset(
    {STARTED, COMPLETED, ROADBLOCK, *RESUMED, *SKIPPED, REFRESHED, REFRESH_FAILED}
    | {f"system.import.{part}" for part in ("schedule", "complete_batch", "user.create", "user.update")}
)
# All that leaves of the System Log. What else it holds of a person (sign-ins, suspensions, factors, locked accounts)
# concerns no reader of a file: https://developer.okta.com/docs/reference/api/event-types/
TOLD = _OF_IMPORTS | {FAILED, UPDATED, INVALID_EXPRESSION}
TOLD |= {f"system.agent.{kind}.{part}" for kind in ("ad", "ldap") for part in ("connect", "start", "realtimesync")}
# Of a radius, what tells Okta Support nothing, and who is protected.
LEFT_OUT = {"digest", "expressions", "guarded", "protected", "protected_unpredictable"}


def instance(material: Material) -> dict[str, Any]:
    """Return the directory instance and the org that it belongs to."""
    return {"org": material.found.organization, "instance": material.directory}


def agents(material: Material) -> list[dict[str, Any]]:
    """Return the instance's agents with their versions; their hosts' names and free texts are left out."""
    return [
        {"pool": pool.id, "status": pool.status, "agents": [_agent(agent) for agent in pool.agents]}
        for pool in material.pools
    ]


def import_history(material: Material) -> dict[str, Any]:
    """Return what the System Log says about imports, and when each user's copy was last updated."""
    copies = (known.copy_in_directory for _, known in material.subjects)
    return {
        "note": f"{SILENCE} No interface shows when the next import is due.",
        "events": _logged(_of_imports(material), material),
        "copies": [
            {"user_id": copy.user_id, "last_sync": copy.last_sync, "last_updated": copy.last_updated}
            for copy in copies
            if copy
        ],
    }


def system_log(material: Material) -> dict[str, Any]:
    """Return the log of every user and of the directory; None if it could not be read."""
    users = {subject.verdict.user_id: known for subject, known in material.subjects if subject.verdict}
    directory = next((known.directory_events for known in users.values() if known.directory_events is not None), None)
    return {
        "note": SILENCE,
        "users": {user_id: _logged(known.user_events, material) for user_id, known in users.items() if user_id},
        "directory": _logged(directory, material),
    }


def attempts(material: Material) -> list[dict[str, Any]]:
    """Return every Force Sync that was run, with its request id."""
    return [_attempt(item, material) for item in material.attempts]


def timeline(material: Material) -> list[dict[str, Any]]:
    """Return what happened when, in order."""
    left_out = {Reason.of(ReasonKind.CLAIMED)}
    left_out |= {Reason.of(kind, label=item.run.label) for item in material.attempts for kind in STARTS}
    entries: list[Entry] = [
        (item.at, capital(material.why(item.what)), None) for item in material.case.story if item.what not in left_out
    ]
    for subject, known in material.subjects:
        entries += [*_updates(known), *_looked(subject, material)]
    for attempt in material.attempts:
        entries += _start(attempt, material)
    entries += [
        (event.published, f"System Log: {event.event_type} ({event.result}).", event.uuid)
        for event in _of_imports(material)
    ]
    unique = sorted(dict.fromkeys(entries), key=lambda entry: entry[0])
    return [{"at": at, "what": what, "id": id} for at, what, id in unique]


def _updates(known: SubjectDiagnosis) -> Iterator[Entry]:
    """Yield when Okta last updated both copies, as it says now."""
    user, copy = known.user, known.copy_in_directory
    if user and user.last_updated:
        yield user.last_updated, f"Okta profile of user {user.id} was last updated.", None
    if copy and copy.last_updated:
        yield copy.last_updated, f"Okta's copy of user {copy.user_id} was last updated.", None
    if copy and copy.last_sync:
        yield copy.last_sync, f"Okta's copy of user {copy.user_id} was last synchronized.", None


def _looked(subject: Subject, material: Material) -> Iterator[Entry]:
    """Yield what was read before the start, and what every look after it saw."""
    for item in subject.verdict.evidence if subject.verdict else ():
        if item.request_id:
            yield item.at, f"{material.why(item.what)}.", item.request_id
    who = f"User {subject.verdict.user_id}: " if subject.verdict else ""
    for look in subject.looks:
        saw = f"{who}looked at; {' and '.join(look.lacking) or 'nothing'} still missing"
        yield look.first_at, f"{saw}.", look.first_request_id
        if look.count > 1:
            yield look.last_at, f"{saw} (look {look.count}).", look.last_request_id
    for last in subject.seen:
        value = material.value(last.attribute, last.value)
        yield last.at, f"{last.attribute} of the Okta profile was last read: {value}.", last.request_id


def _start(attempt: Attempt, material: Material) -> Iterator[Entry]:
    """Yield one start of Force Sync, and for whom it was seen to take effect."""
    run = attempt.run
    if run.started_at:
        answer = f" Answer: {material.quoted(run.answer).rstrip('.')}." if run.answer else ""
        written = f" (written on the ticket at {material.at(run.press.at)})" if run.press else ""
        how = f"{'pressed' if run.press else 'run'} in the Admin Console{written}" if run.by_hand else "started"
        yield run.started_at, f"Force Sync of app {run.directory.ref.app_id} was {how}.{answer}", run.request_id
    for user in attempt.took:
        names = " and ".join(user.attributes)
        yield user.at, f"User {user.user_id}: the same Force Sync took effect in {names}.", user.request_id


def users(material: Material) -> list[dict[str, Any]]:
    """Return both copies of every subject, redacted, attribute by attribute."""
    return [
        {
            "user_id": subject.verdict.user_id if subject.verdict else None,
            "status": known.user.status if known.user and material.tells_status else None,
            "last_updated": known.user.last_updated if known.user else None,
            "okta_profile": _redacted(known.user, material),
            "application_user": _redacted(known.copy_in_directory, material),
            "assignment": _assignment(known.copy_in_directory, material) if known.copy_in_directory else None,
        }
        for subject, known in material.subjects
    ]


def mapping(material: Material) -> list[MappingRule]:
    """Return the To Okta mapping, the attributes in question first."""
    return _in_question_first((rule for _, known in material.subjects for rule in known.rules), material)


def schema_limits(material: Material) -> list[AttributeRule]:
    """Return the user schema's rules for the mapped attributes, those in question first."""
    shown = _asked(material) | {rule.attribute for rule in mapping(material)}
    rules = (rule for _, known in material.subjects for rule in known.schema_rules if rule.attribute in shown)
    return _in_question_first(rules, material)


def _in_question_first(rules: Iterable[Rule], material: Material) -> list[Rule]:
    """Sort one rule an attribute."""
    asked, unique = _asked(material), {rule.attribute: rule for rule in rules}
    return sorted(unique.values(), key=lambda rule: (rule.attribute not in asked, rule.attribute))


def _asked(material: Material) -> frozenset[str]:
    return frozenset(item.attribute for subject in material.case.subjects for item in subject.expectations)


def _logged(found: Iterable[LogEvent] | None, material: Material) -> list[dict[str, Any]] | None:
    """Return the events that may leave, without the people in them: ids, types, times, results; None if not read."""
    if found is None:
        return None
    return [
        {
            "uuid": event.uuid,
            "published": event.published,
            "type": event.event_type,
            "result": event.result,
            "reason": material.quoted(event.reason) if event.reason else None,
            "actor": {"id": event.actor, "kind": event.actor_kind},
            "changed": event.changed,
        }
        for event in found
        if event.event_type in TOLD
    ]


def _of_imports(material: Material) -> Sequence[LogEvent]:
    """Return the log's events about imports, each once and oldest first."""
    events = {
        event.uuid: event
        for _, known in material.subjects
        for event in (*(known.user_events or ()), *(known.directory_events or ()))
        if event.event_type in _OF_IMPORTS
    }
    return sorted(events.values(), key=lambda event: event.published)


def _redacted(found: OktaUser | AppUser | None, material: Material) -> dict[str, str] | None:
    if found is None:
        return None
    return {name: material.value(name, value) for name, value in sorted(found.profile.items())}


def _assignment(copy: AppUser, material: Material) -> dict[str, Any]:
    times = {"last_updated": copy.last_updated, "last_sync": copy.last_sync}
    return {
        "status": copy.status if material.tells_status else None,
        "scope": copy.scope,
        "sync_state": copy.sync_state,
    } | times


def _attempt(attempt: Attempt, material: Material) -> dict[str, Any]:
    run = attempt.run
    return {
        "run": run.id,
        "app_id": run.directory.ref.app_id,
        "user_type_id": run.target_type_id,
        "started_at": run.started_at,
        "request_id": run.request_id,
        "press_written_at": run.press.at if run.press else None,
        "how": "by a person in the Admin Console" if run.by_hand else "through the API",
        "answer": "lost" if run.uncertain else "not seen by us" if run.by_hand else "accepted",
        "answered": material.quoted(run.answer) if run.answer else None,
        "watched_until": run.deadline,
        "repeats": run.successor_of,
        "approved_at": run.decision.at if run.decision and run.decision.approved else None,
        "tickets_waiting": attempt.tickets,
        "tickets_with_effect": attempt.helped,
        "users_with_effect": [user._asdict() for user in attempt.took],
        "before_the_press": run.radius.model_dump(mode="json", exclude=LEFT_OUT) if run.radius else None,
    }


def _agent(agent: Mapping[str, Any]) -> dict[str, Any]:
    seen = agent.get("lastConnection")  # milliseconds since 1970, as the API returns it
    shown = {name: agent.get(name) for name in ("id", "version", "operationalStatus", "isLatestGAedVersion")}
    return shown | {"last_connection": _of_millis(seen) if isinstance(seen, int | float) else None}


def _of_millis(millis: float) -> datetime | None:
    try:
        return datetime.fromtimestamp(millis / 1000, UTC)
    except (ValueError, OverflowError, OSError):  # not a time that a calendar has
        return None
