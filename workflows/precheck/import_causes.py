"""Why a directory's copy may be stale: what the facts let us suspect, each a suspicion.

Event types: Okta's event catalogue (https://developer.okta.com/docs/reference/api/event-types/). No interface tells
when the next import is due, and forcesync cannot see AD or LDAP itself.
"""

from __future__ import annotations

from collections.abc import Sequence

from workflows.model import AgentPool, LogEvent, Reason
from workflows.model import ReasonKind as R
from workflows.precheck.facts import Facts
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


def suspicions(facts: Facts) -> tuple[tuple[Reason, ...], tuple[LogEvent, ...]]:
    """Return the suspicions, the strongest first, and the System Log events that they rest on, oldest first.

    There are none until the imports have been read.
    """
    imports = facts.imports
    if imports is None:
        return (), ()
    told, found = imports.directory_events, list[Reason]()
    paused, resumed = _newest(told, (ROADBLOCK,)), _newest(told, RESUMED)
    if paused and (resumed is None or resumed.published <= paused.published):
        found.append(Reason.of(R.IMPORTS_PAUSED, at=paused.published))
    skipped, locked = _newest(imports.user_events, SKIPPED), _newest(told, (LOCKED,))
    if skipped:
        reason = plain(skipped.reason or skipped.message or skipped.event_type, 120)
        found.append(Reason.of(R.IMPORT_SKIPPED, at=skipped.published, reason=reason))
    elif locked:
        found.append(Reason.of(R.IMPORT_MET_LOCKED, at=locked.published))
    if imports.pool or not imports.agents_unread:
        found.append(_of_agents(imports.pool))
    last = _newest(told, (COMPLETED,)) or _newest(told, (STARTED,))
    if not imports.log_unread:
        found.append(_of_import(last))
    unread = (("agents", imports.agents_unread), ("System Log", imports.log_unread))
    found += [Reason.of(R.IMPORTS_NOT_READ, detail=f"{what}: {plain(why, 150)}") for what, why in unread if why]
    events = sorted(filter(None, (paused, resumed, skipped or locked, last)), key=lambda event: event.published)
    return (*found, Reason.of(R.DIRECTORY_UNSEEN)), tuple(events)


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


def _of_import(last: LogEvent | None) -> Reason:
    if last is None:
        return Reason.of(R.NO_IMPORT)
    if last.event_type == STARTED:
        return Reason.of(R.IMPORT_UNFINISHED, at=last.published)
    if last.result == "FAILURE":
        return Reason.of(R.IMPORT_FAILED, at=last.published, reason=plain(last.reason or "", 120))
    return Reason.of(R.IMPORT_COMPLETED, at=last.published)


def _newest(events: Sequence[LogEvent], kinds: Sequence[str]) -> LogEvent | None:
    return next((event for event in reversed(events) if event.event_type in kinds), None)
