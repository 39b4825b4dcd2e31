"""Searches for issues: builds the JQL from settings alone, and reads hits so that one odd issue hides no other.

A ticket's text never becomes part of a query.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import TypeVar

import structlog

from connectors.jira.answers import Json
from connectors.jira.settings import JiraSettings
from workflows.errors import Unexpected

Found = TypeVar("Found")


def tagged_jql(settings: JiraSettings) -> str:
    """Return the query for every open issue with the label, by state instead of by time.

    A watermark on `updated` would miss issues that the index shows late, and those that are labelled later.
    """
    return f"{_tagged(settings)} AND statusCategory != Done ORDER BY created ASC, key ASC"


def past_jql(settings: JiraSettings, since: datetime) -> str:
    """Return the query for every issue with the label that something happened to since then (UTC), newest first.

    Jira reads a quoted time in the searcher's zone, but a number as milliseconds since 1970
    (https://docs.atlassian.com/software/jira/docs/api/7.0.8/com/atlassian/jira/jql/util/JqlDateSupport.html).
    """
    return f"{_tagged(settings)} AND updated >= {int(since.timestamp() * 1000)} ORDER BY created DESC, key DESC"


def _tagged(settings: JiraSettings) -> str:
    projects = ", ".join(quoted(key) for key in settings.projects)
    return f"project in ({projects}) AND labels = {quoted(settings.label)}"


def quoted(value: str) -> str:
    """Write a JQL string literal, as Atlassian's `JqlStringSupport.encodeAsQuotedString` does."""
    if not value.isprintable():
        raise ValueError(f"{value!r} holds a control character, which a query must not")
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


class Hits:
    """Reads the hits of one site's searches; threads share it.

    A hit may lack what it was asked for, as where an index is being rebuilt. It is left out, and told once until
    a search comes without. A page of nothing else (`page_size` hits, or all that there are) is no answer to the search.
    """

    def __init__(self, system: str, page_size: int) -> None:
        self._system, self._page_size = system, page_size
        self._told = False

    def read(self, hits: Iterable[Json], read: Callable[[Json], Found | None]) -> Iterator[Found]:
        """Yield what `read` makes of the hits; raise `Unexpected` for a page of odd ones."""
        odd, in_a_row, legible = list[Unexpected](), 0, False
        for hit in hits:
            try:
                found = read(hit)
            except Unexpected as error:
                odd.append(error)
                in_a_row += 1
                if in_a_row >= self._page_size:
                    raise
                continue
            in_a_row, legible = 0, True
            if found is not None:
                yield found
        if odd and not legible:
            raise odd[0]
        if odd and not self._told:
            text = f"{odd[0].detail}; {len(odd)} in this search, which are not worked until they can be read"
            log = structlog.get_logger("forcesync.jira")
            log.warning("a search hit cannot be read", system=self._system, text=text)
        self._told = bool(odd)
