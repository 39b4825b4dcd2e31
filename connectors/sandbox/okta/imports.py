"""Imports of the simulated org: how a directory's values reach Okta's copy, and what keeps them from it.

That an import is not carried on to the Okta profiles is the defect under test, so none is here.
"""

from __future__ import annotations

import copy

from connectors.sandbox.okta import events
from connectors.sandbox.okta.records import OktaRecords
from connectors.sandbox.okta.syncing import Syncing


class Imports:
    """Runs imports and stops them, with the events that Okta writes. No API starts one, so scenarios do."""

    def __init__(self, records: OktaRecords, syncing: Syncing) -> None:
        self._records, self._syncing = records, syncing

    def run(self, app_id: str) -> None:
        """Import the directory: copy what it holds to every app user.

        Nothing is copied while its agents do not work, and no import runs while the safeguard holds one back.
        """
        self._syncing.settle()
        app, now, log = self._records.directory(app_id), self._records.frame.clock(), self._records.log
        target = [events.app_target(app)]
        log.write(now, events.IMPORT_SCHEDULED, target)
        if any(each.roadblock for each in self._records.apps.values()):
            return
        log.write(now, events.IMPORT_STARTED, target)
        if app.agents in ("DISRUPTED", "INACTIVE"):
            log.write(now, events.IMPORT_COMPLETED, target, failure="No agent of the directory answers")
            return
        changed = skipped = 0
        for user in self._records.members(app):
            link = user.links[app.id]
            targets = [events.user_target(user), *target]
            if link.skipped:
                log.write(now, events.IMPORT_SKIPPED_USER, targets, failure="An attribute has an invalid value")
                skipped += 1
                continue
            link.last_sync = now
            if link.profile != link.source:
                link.profile = copy.deepcopy(link.source)
                link.last_updated = now
                changed += 1
                log.write(now, events.IMPORT_USER_UPDATED, targets)
        summary = {"usersScanned": len(app.members), "usersUpdated": changed, "usersSkipped": skipped}
        log.write(now, events.IMPORT_COMPLETED, target, debug=summary)

    def roadblock(self, app_id: str) -> None:
        """Let the Import Safeguard stop an import of the directory: all imports pause until somebody resumes them.

        https://help.okta.com/oie/en-us/Content/topics/users-groups-profiles/usgp-import-safeguard.htm
        """
        app = self._records.directory(app_id)
        app.roadblock = True
        reason = "The import would unassign more users than the safeguard allows"
        self._records.log.write(self._records.frame.clock(), events.ROADBLOCK, [events.app_target(app)], failure=reason)

    def resume(self) -> None:
        """Let an administrator resume all imports."""
        for app in self._records.apps.values():
            if app.roadblock:
                app.roadblock = False
                now = self._records.frame.clock()
                self._records.log.write(now, events.ROADBLOCK_RESUMED, [events.app_target(app)])

    def skip(self, app_id: str, user_id: str, *, skipped: bool = True) -> None:
        """Make the directory's imports pass a user by, with a warning, or stop doing so."""
        self._records.link(user_id, app_id).skipped = skipped

    def agents(self, app_id: str, status: str) -> None:
        """Set the operational status of the directory's agents; DEGRADED is one of the two."""
        self._records.directory(app_id).agents = status
