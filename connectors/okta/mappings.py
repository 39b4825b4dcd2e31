"""To-Okta mappings: which one leads from a directory to a user type is kept for long, what is in it is not.

The list of mappings has no rules in it, so that a mapping is found there and read by its id.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from datetime import datetime
from itertools import islice
from typing import Any

from connectors.okta.client import Kept, OktaClient, part
from connectors.okta.reading import Shapes
from workflows.errors import FarSideError
from workflows.model import Directory, ProfileMapping

PAGE = 200  # the most that the list gives at once
MOST_LEARNED = 10 * PAGE  # an org with more apps is asked directory by directory

Way = tuple[str, str]  # the ids of an app and of an Okta user type


class Mappings:
    """Finds and reads one org's mappings; threads share it. `kept` holds their rules and what was not there."""

    def __init__(self, client: OktaClient, shapes: Shapes, kept: Kept) -> None:
        self._client, self._shapes, self._kept = client, shapes, kept
        self._clock = client.transport.clock
        self._ids: dict[Way, str] = {}  # for good: an app's mappings live as long as it does

    def learn(self) -> None:
        """Note the ids of all mappings in a few calls; what cannot be read now is asked for when it is needed."""
        with contextlib.suppress(FarSideError):
            for item, _ in islice(self._listed("list the mappings", {}), MOST_LEARNED):
                self._note(item)

    def read(self, directory: Directory, type_id: str, not_before: datetime | None) -> ProfileMapping | None:
        """Return the mapping onto a user type as it was then or later, `None` where there is none."""
        way = (directory.ref.app_id, type_id)
        return self._kept.get(("mapping", way), lambda: self._read(way), not_before=not_before)

    def _read(self, way: Way) -> ProfileMapping | None:
        at, known = self._clock.now(), self._ids.get(way)
        answer = self._client.get("read the mapping", _path(known), missing_ok=True) if known else None
        if answer is None:
            found = self._find(way)
            answer = self._client.get("read the mapping", _path(found)) if found else None
        return self._shapes.profile_mapping(answer.body, answer.request_id, at) if answer else None

    def _find(self, way: Way) -> str | None:
        self._ids.pop(way, None)
        app_id, type_id = way
        for item, _ in self._listed("find the mapping", {"sourceId": app_id, "targetId": type_id}):
            self._note(item)
        return self._ids.get(way)

    def _listed(self, operation: str, wanted: Mapping[str, str | int]) -> Any:
        return self._client.pages(operation, "/api/v1/mappings", {**wanted, "limit": PAGE})

    def _note(self, item: Mapping[str, Any]) -> None:
        source, target = item.get("source"), item.get("target")
        if not isinstance(source, Mapping) or not isinstance(target, Mapping):
            return
        if (source.get("type"), target.get("type")) == ("appuser", "user"):
            self._ids[str(source.get("id")), str(target.get("id"))] = self._shapes.text(item, "mapping", "id")


def _path(mapping_id: str) -> str:
    return f"/api/v1/mappings/{part(mapping_id)}"
