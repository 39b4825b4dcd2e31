"""Finds and reads To-Okta mappings: their ids are kept for good, their rules only briefly.

The list of mappings contains no rules, so a mapping is found in the list and then read by its id.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from itertools import islice
from typing import Any

from connectors.okta.cache import Cache
from connectors.okta.client import OktaClient, part
from connectors.okta.reading.bodies import OktaReader
from workflows.errors import FarSideError
from workflows.model import Directory, ProfileMapping

PAGE = 200  # the maximum page size of the list
MOST_LEARNED = 10 * PAGE  # in an org with more apps, mappings are looked up directory by directory
MOST_READ = 10  # at the start: a directory has one a user type

Route = tuple[str, str]  # the ids of an app and of an Okta user type


class Mappings:
    """Finds and reads one org's mappings; threads share it. `cache` holds their rules and which ones are missing."""

    def __init__(self, client: OktaClient, reader: OktaReader, cache: Cache) -> None:
        self._client, self._reader, self._cache = client, reader, cache
        self._clock = client.transport.clock
        self._ids: dict[Route, str] = {}  # never expires: an app keeps its mappings as long as it exists

    def learn(self, directories: Callable[[], Iterable[Directory]]) -> None:
        """Record the ids of all mappings, and read those of the directories: a first ticket is judged on them.

        What cannot be read now is looked up when needed.
        """
        with contextlib.suppress(FarSideError):
            for item, _ in islice(self._listed("list the mappings", {}), MOST_LEARNED):
                self._note(item)
            ids = {directory.ref.app_id for directory in directories()}
            for route in islice((route for route in self._ids if route[0] in ids), MOST_READ):
                self._kept(route, None)

    def read(self, directory: Directory, type_id: str, not_before: datetime | None) -> ProfileMapping | None:
        """Return the mapping onto a user type, read at `not_before` or later; `None` if there is none."""
        return self._kept((directory.ref.app_id, type_id), not_before)

    def _kept(self, route: Route, not_before: datetime | None) -> ProfileMapping | None:
        return self._cache.get(("mapping", route), lambda: self._read(route), not_before=not_before)

    def _read(self, route: Route) -> ProfileMapping | None:
        at, known = self._clock.now(), self._ids.get(route)
        answer = self._client.find("read the mapping", _path(known)) if known else None
        if answer is None:
            found = self._find(route)
            answer = self._client.get("read the mapping", _path(found)) if found else None
        return self._reader.profile_mapping(answer.body, answer.request_id, at) if answer else None

    def _find(self, route: Route) -> str | None:
        self._ids.pop(route, None)
        app_id, type_id = route
        for item, _ in self._listed("find the mapping", {"sourceId": app_id, "targetId": type_id}):
            self._note(item)
        return self._ids.get(route)

    def _listed(self, operation: str, wanted: Mapping[str, str | int]) -> Any:
        return self._client.items(operation, "/api/v1/mappings", {**wanted, "limit": PAGE})

    def _note(self, item: Mapping[str, Any]) -> None:
        source, target = item.get("source"), item.get("target")
        if not isinstance(source, Mapping) or not isinstance(target, Mapping):
            return
        if (source.get("type"), target.get("type")) == ("appuser", "user"):
            self._ids[str(source.get("id")), str(target.get("id"))] = self._reader.text(item, "mapping", "id")


def _path(mapping_id: str) -> str:
    return f"/api/v1/mappings/{part(mapping_id)}"
