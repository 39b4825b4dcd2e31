"""Remembers for a moment what a site showed of an issue, so that a write right after a reading needs none of its own.

What was learned of the site is here too. Nothing of it is needed: what is not remembered is asked again.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from datetime import datetime, timedelta

from connectors.jira.answers import Json, an_object
from workflows.ports import Clock

VIEW_LASTS = timedelta(seconds=10)  # a reading, what is judged on it, and the writes; a person steps in more slowly
MOST_VIEWS = 1000  # a view is some 2 kB
PROPERTIES_LAST = timedelta(hours=1)
VIEWED = ("status", "resolution", "assignee", "project")

Way = tuple[str, str, str]  # project, transition, status: a transition's number is that of its workflow alone


class Memory:
    """The memory of one site; its threads share it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._views: OrderedDict[str, tuple[datetime, Json]] = OrderedDict()
        self._takes_resolution: dict[Way, bool] = {}
        self._properties_until: datetime | None = None

    def keep(self, issue_id: str, issue: Json, at: datetime) -> None:
        """Keep what an answer shows of an issue; `at` is when it was asked for."""
        fields = an_object(issue.get("fields"))
        view = {name: issue[name] for name in ("id", "transitions") if name in issue}
        with self._lock:
            self._views.pop(issue_id, None)
            self._views[issue_id] = (at, view | {"fields": {name: fields.get(name) for name in VIEWED}})
            if len(self._views) > MOST_VIEWS:
                self._views.popitem(last=False)

    def view(self, issue_id: str) -> Json | None:
        """Return the issue's state, people and transitions as they were seen just before; `None` if they were not."""
        with self._lock:
            at, view = self._views.get(issue_id, (None, None))
        return view if at and self._clock.now() - at <= VIEW_LASTS else None

    def drop(self, issue_id: str) -> None:
        """Forget an issue: a write on it failed, so that it may not be as it was seen."""
        with self._lock:
            self._views.pop(issue_id, None)

    def takes_resolution(self, way: Way) -> bool | None:
        """Return whether a transition takes a resolution; `None` until one was made."""
        return self._takes_resolution.get(way)

    def note_resolution(self, way: Way, *, taken: bool) -> None:
        """Note whether a transition was made with a resolution."""
        self._takes_resolution[way] = taken

    def keeps_properties(self) -> bool:
        """Return whether the site was lately seen to keep a comment's properties."""
        return self._properties_until is not None and self._clock.now() < self._properties_until

    def note_properties(self) -> None:
        """Note that a comment carries the property that it was sent with."""
        self._properties_until = self._clock.now() + PROPERTIES_LAST
