"""Why a directory's copy may be stale: what the facts let us suspect, each a suspicion.

Event types: Okta's event catalogue (https://developer.okta.com/docs/reference/api/event-types/). No interface tells
when the next import is due, and forcesync cannot see AD or LDAP itself.
"""

from __future__ import annotations

from collections.abc import Sequence

from workflows.model import LogEvent, Reason
from workflows.model import ReasonKind as R
from workflows.precheck.facts import Facts, Imports
from workflows.values.masking import plain

ROADBLOCK = "system.import.roadblock"
RESUMED = ("system.import.roadblock.resume", "system.import.roadblock.reschedule_and_resume")
STARTED, COMPLETED = "system.import.start", "system.import.complete"
SKIPPED = (
    "app.ad.api.user_import.warn.skipped_user.attribute_invalid_value",
    "app.ad.api.user_import.warn.skipped_user.missing_required_attribute",
)
REFRESHED = "app.realtimesync.import.details.update_user"
REFRESH_FAILED = "app.realtimesync.import_failed"  # carries the reason; one bad value fails the user's whole import
DOWN = ("DISRUPTED", "INACTIVE")  # of all agents; DEGRADED tells of some
LOCKED = "app.ad.api.user_import.account_locked"


def suspicions(facts: Facts) -> tuple[Reason, ...]:
    """Return the suspicions, the strongest first; none until the imports have been read."""
    if facts.imports is None:
        return ()
    found = [
        *_paused(facts.imports),
        *_skipped(facts.imports),
        *_agents(facts.imports),
        *_last_import(facts.imports),
        *_not_read(facts.imports),
    ]
    return (*found, Reason.of(R.DIRECTORY_UNSEEN))


def told_by(facts: Facts) -> tuple[LogEvent, ...]:
    """Return the System Log events that the suspicions rest on, oldest first."""
    if facts.imports is None:
        return ()
    told = facts.imports.directory_events
    newest = (
        _newest(told, (ROADBLOCK,)),
        _newest(told, RESUMED),
        _newest(facts.imports.user_events, SKIPPED) or _newest(told, (LOCKED,)),
        _newest(told, (COMPLETED,)) or _newest(told, (STARTED,)),
    )
    return tuple(sorted((event for event in newest if event), key=lambda event: event.published))


def refusal(facts: Facts) -> LogEvent | None:
    """Return the newest refusal of a real-time import of this user, unless the copy was updated since."""
    failed = _newest(facts.imports.user_events, (REFRESH_FAILED,)) if facts.imports else None
    updated = facts.copy_user.last_updated
    return None if failed is None or (updated is not None and updated > failed.published) else failed


def _paused(imports: Imports) -> Sequence[Reason]:
    stopped = _newest(imports.directory_events, (ROADBLOCK,))
    resumed = _newest(imports.directory_events, RESUMED)
    if stopped is None or (resumed is not None and resumed.published > stopped.published):
        return ()
    return (Reason.of(R.IMPORTS_PAUSED, at=stopped.published),)


def _skipped(imports: Imports) -> Sequence[Reason]:
    event = _newest(imports.user_events, SKIPPED) or _newest(imports.directory_events, (LOCKED,))
    if event is None:
        return ()
    reason = plain(event.reason or event.message or event.event_type, 120)
    return (Reason.of(R.IMPORT_SKIPPED, at=event.published, reason=reason),)


def _agents(imports: Imports) -> Sequence[Reason]:
    pool = imports.pool
    if pool is None:
        return () if imports.agents_unread else (Reason.of(R.NO_AGENTS),)
    if pool.status == "OPERATIONAL":
        return (Reason.of(R.AGENTS_OPERATIONAL, count=len(pool.agents)),)
    kind = R.AGENTS_DOWN if pool.status in DOWN else R.AGENTS_IMPAIRED
    return (Reason.of(kind, status=plain(pool.status, 40)),)


def _last_import(imports: Imports) -> Sequence[Reason]:
    if imports.log_unread:
        return ()
    done = _newest(imports.directory_events, (COMPLETED,))
    begun = _newest(imports.directory_events, (STARTED,))
    if done is not None and done.result == "FAILURE":
        reason = plain(done.reason or "", 120)
        return (Reason.of(R.IMPORT_FAILED, at=done.published, reason=reason),)
    if done is not None:
        return (Reason.of(R.IMPORT_COMPLETED, at=done.published),)
    if begun is not None:
        return (Reason.of(R.IMPORT_UNFINISHED, at=begun.published),)
    return (Reason.of(R.NO_IMPORT),)


def _not_read(imports: Imports) -> Sequence[Reason]:
    unread = (("agents", imports.agents_unread), ("System Log", imports.log_unread))
    return [Reason.of(R.IMPORTS_NOT_READ, detail=f"{what}: {plain(why, 150)}") for what, why in unread if why]


def _newest(events: Sequence[LogEvent], kinds: Sequence[str]) -> LogEvent | None:
    return next((event for event in reversed(events) if event.event_type in kinds), None)
