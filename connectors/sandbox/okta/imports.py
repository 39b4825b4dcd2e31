"""Imports of the simulated org: how a directory's values reach Okta's copy, and what stops them.

An import never updates the Okta profiles here: that is the defect under test.
"""

from __future__ import annotations

import copy
from datetime import timedelta

from connectors.sandbox.okta import events
from connectors.sandbox.okta.records import OktaRecords
from connectors.sandbox.okta.syncing import Syncing

DOWN = ("DISRUPTED", "INACTIVE")  # operational statuses of agents that answer nothing
SKIPPED = "An attribute has an invalid value"


class Imports:
    """Runs and stops imports, and logs the events that Okta would. No API starts an import, so scenarios do."""

    def __init__(self, records: OktaRecords, syncing: Syncing) -> None:
        self._records, self._syncing = records, syncing

    def run(self, app_id: str) -> None:
        """Import the directory: copy its values to every app user.

        Nothing is copied while its agents are down, and no import runs while the Import Safeguard has stopped one.
        """
        self._syncing.settle()
        app, now, log = self._records.directory(app_id), self._records.frame.clock(), self._records.log
        target = [events.app_target(app)]
        log.write(now, events.IMPORT_SCHEDULED, target)
        if any(each.roadblock for each in self._records.apps.values()):
            return
        log.write(now, events.IMPORT_STARTED, target)
        if app.agents in DOWN:
            log.write(now, events.IMPORT_COMPLETED, target, failure="No agent of the directory answers")
            return
        changed = skipped = 0
        for user in self._records.members(app):
            link = user.links[app.id]
            targets = [events.user_target(user), *target]
            if link.skipped:
                log.write(now, events.IMPORT_SKIPPED_USER, targets, failure=SKIPPED)
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

    def past(self) -> None:
        """Log what stands in an org's log before anybody looks: agents, sign-ins, and each directory's last import."""
        log, now = self._records.log, self._records.frame.clock()
        directories = [app for app in self._records.apps.values() if app.is_directory]
        for app in directories:
            if app.kind == "ad":
                log.write(now - timedelta(hours=50), events.AGENT_CONNECTED, [events.app_target(app)])
        for user in self._records.people.values():
            log.write(now - timedelta(hours=5), events.SIGNED_IN, [], actor=events.person(user.login))
        for app in directories:
            moment, target = now - timedelta(hours=2), [events.app_target(app)]
            summary = {"usersScanned": len(app.members), "usersUpdated": 0, "usersSkipped": 0}
            log.write(moment, events.IMPORT_SCHEDULED, target)
            log.write(moment, events.IMPORT_STARTED, target)
            log.write(moment, events.IMPORT_COMPLETED, target, debug=summary)

    def roadblock(self, app_id: str) -> None:
        """Make the Import Safeguard stop an import of the directory: all imports pause until someone resumes them.

        https://help.okta.com/oie/en-us/Content/topics/users-groups-profiles/usgp-import-safeguard.htm
        """
        app = self._records.directory(app_id)
        app.roadblock = True
        reason = "The import would unassign more users than the safeguard allows"
        self._records.log.write(self._records.frame.clock(), events.ROADBLOCK, [events.app_target(app)], failure=reason)

    def resume(self) -> None:
        """Resume all imports, as an administrator."""
        for app in self._records.apps.values():
            if app.roadblock:
                app.roadblock = False
                now = self._records.frame.clock()
                self._records.log.write(now, events.ROADBLOCK_RESUMED, [events.app_target(app)])

    def skip(self, app_id: str, user_id: str, *, skipped: bool = True) -> None:
        """Make the directory's imports skip a user with a warning, or stop doing so."""
        self._records.link(user_id, app_id).skipped = skipped

    def agents(self, app_id: str, status: str) -> None:
        """Set the operational status of the directory's agents; DEGRADED: one of the two is down."""
        self._records.directory(app_id).agents = status
