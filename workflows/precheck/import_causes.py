"""Why a directory's copy may be stale: what the facts let us suspect, each worded as a suspicion.

Event types: Okta's event catalogue (https://developer.okta.com/docs/reference/api/event-types/). No interface tells
when the next import is due, and forcesync cannot see AD or LDAP itself.
"""

from __future__ import annotations

from collections.abc import Sequence

from workflows.model import LogEvent
from workflows.precheck.facts import Facts, Imports
from workflows.values.masking import plain
from workflows.values.wording import utc

ROADBLOCK = "system.import.roadblock"
RESUMED = ("system.import.roadblock.resume", "system.import.roadblock.reschedule_and_resume")
STARTED, COMPLETED = "system.import.start", "system.import.complete"
SKIPPED = (
    "app.ad.api.user_import.warn.skipped_user.attribute_invalid_value",
    "app.ad.api.user_import.warn.skipped_user.missing_required_attribute",
)
UNSEEN = "forcesync cannot see AD or LDAP itself: whether the value was changed there is for its team to say."
LOCKED = "app.ad.api.user_import.account_locked"


def hypotheses(facts: Facts) -> tuple[str, ...]:
    """Return suspicions in plain sentences, the strongest first; none until the imports have been read."""
    if facts.imports is None:
        return ()
    found = [
        *_paused(facts.imports),
        *_skipped(facts.imports),
        *_agents(facts.imports),
        *_last_import(facts.imports),
        *(f"Not known, because it could not be read: {plain(item, 150)}." for item in facts.imports.missing),
    ]
    return (
        *found,
        UNSEEN,
    )


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


def _paused(imports: Imports) -> Sequence[str]:
    stopped = _newest(imports.directory_events, (ROADBLOCK,))
    resumed = _newest(imports.directory_events, RESUMED)
    if stopped is None or (resumed is not None and resumed.published > stopped.published):
        return ()
    return (
        f"Import Safeguard paused the imports at {utc(stopped.published)}, and they were not resumed: an Okta super "
        "administrator resumes or cancels them (Reports > Import Monitoring).",
    )


def _skipped(imports: Imports) -> Sequence[str]:
    event = _newest(imports.user_events, SKIPPED) or _newest(imports.directory_events, (LOCKED,))
    if event is None:
        return ()
    reason = plain(event.reason or event.message or event.event_type, 120)
    return (f"An import told at {utc(event.published)} that it passed over a user: {reason}.",)


def _agents(imports: Imports) -> Sequence[str]:
    pool = imports.pool
    if pool is None:
        return ("Okta showed no agent pool for this directory.",) if not imports.missing else ()
    if pool.status == "OPERATIONAL":
        return (f"The directory's agents were operational ({len(pool.agents)}).",)
    return (f"The directory's agents were {plain(pool.status, 40)}: imports may not have run.",)


def _last_import(imports: Imports) -> Sequence[str]:
    done = _newest(imports.directory_events, (COMPLETED,))
    begun = _newest(imports.directory_events, (STARTED,))
    if done is not None and done.result == "FAILURE":
        reason = plain(done.reason or "no reason told", 120)
        return (f"The last import, at {utc(done.published)}, failed: {reason}.",)
    if done is not None:
        return (f"The last import completed at {utc(done.published)}.",)
    if begun is not None:
        return (f"An import began at {utc(begun.published)} and was not told to have completed.",)
    return ("The System Log told of no import of this directory in the last 7 days, which proves nothing.",)


def _newest(events: Sequence[LogEvent], kinds: Sequence[str]) -> LogEvent | None:
    return next((event for event in reversed(events) if event.event_type in kinds), None)
