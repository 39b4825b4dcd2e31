"""Why a directory's copy may be stale: what the facts let us suspect, each a suspicion.

Event types: Okta's event catalogue (https://developer.okta.com/docs/reference/api/event-types/). No interface tells
when the next import is due, and forcesync cannot see AD or LDAP itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from workflows.model import AgentPool, LogEvent, Reason
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


class _Told(NamedTuple):
    """The newest events of a directory's imports, and the newest that says that this user was left out."""

    paused: LogEvent | None
    resumed: LogEvent | None
    skipped: LogEvent | None
    completed: LogEvent | None
    started: LogEvent | None


def _told(imports: Imports) -> _Told:
    told = imports.directory_events
    return _Told(
        paused=_newest(told, (ROADBLOCK,)),
        resumed=_newest(told, RESUMED),
        skipped=_newest(imports.user_events, SKIPPED) or _newest(told, (LOCKED,)),
        completed=_newest(told, (COMPLETED,)),
        started=_newest(told, (STARTED,)),
    )


def suspicions(facts: Facts) -> tuple[Reason, ...]:
    """Return the suspicions, the strongest first; none until the imports have been read."""
    imports = facts.imports
    if imports is None:
        return ()
    told, found = _told(imports), list[Reason]()
    if told.paused and (told.resumed is None or told.resumed.published <= told.paused.published):
        found.append(Reason.of(R.IMPORTS_PAUSED, at=told.paused.published))
    if event := told.skipped:
        reason = plain(event.reason or event.message or event.event_type, 120)
        found.append(Reason.of(R.IMPORT_SKIPPED, at=event.published, reason=reason))
    if imports.pool or not imports.agents_unread:
        found.append(_of_agents(imports.pool))
    if not imports.log_unread:
        found.append(_of_the_last(told))
    unread = (("agents", imports.agents_unread), ("System Log", imports.log_unread))
    found += [Reason.of(R.IMPORTS_NOT_READ, detail=f"{what}: {plain(why, 150)}") for what, why in unread if why]
    return (*found, Reason.of(R.DIRECTORY_UNSEEN))


def told_by(facts: Facts) -> tuple[LogEvent, ...]:
    """Return the System Log events that the suspicions rest on, oldest first."""
    if facts.imports is None:
        return ()
    told = _told(facts.imports)
    events = (told.paused, told.resumed, told.skipped, told.completed or told.started)
    return tuple(sorted((event for event in events if event), key=lambda event: event.published))


def refusal(facts: Facts) -> LogEvent | None:
    """Return the newest refusal of a real-time import of this user, unless the copy was updated since."""
    failed = _newest(facts.imports.user_events, (REFRESH_FAILED,)) if facts.imports else None
    updated = facts.copy_user.last_updated
    return None if failed is None or (updated is not None and updated > failed.published) else failed


def _of_agents(pool: AgentPool | None) -> Reason:
    if pool is None:
        return Reason.of(R.NO_AGENTS)
    if pool.status == "OPERATIONAL":
        return Reason.of(R.AGENTS_OPERATIONAL, count=len(pool.agents))
    return Reason.of(R.AGENTS_DOWN if pool.status in DOWN else R.AGENTS_IMPAIRED, status=plain(pool.status, 40))


def _of_the_last(told: _Told) -> Reason:
    if (done := told.completed) and done.result == "FAILURE":
        return Reason.of(R.IMPORT_FAILED, at=done.published, reason=plain(done.reason or "", 120))
    if done:
        return Reason.of(R.IMPORT_COMPLETED, at=done.published)
    return Reason.of(R.IMPORT_UNFINISHED, at=told.started.published) if told.started else Reason.of(R.NO_IMPORT)


def _newest(events: Sequence[LogEvent], kinds: Sequence[str]) -> LogEvent | None:
    return next((event for event in reversed(events) if event.event_type in kinds), None)
