"""Lists that give each person a line: who is in them, and what is said of one of them.

A list holds nothing but such lines. One that goes on with somebody who has no address names nobody for sure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from workflows.reading.addresses import EMAIL

# "- eve@example.com", "2) eve@example.com: Finance", "eve@example.com | Torre Norte 8"
_ITEM = re.compile(
    rf"^[\s*•\-–\d.)|]{{0,8}}(?P<id>{EMAIL.pattern})(?:\W*$|\s*[:=|>→,–—-]{{1,4}}\s*(?P<rest>[^\W].*|[\"“„«(+].*\w.*)$)"
)
# "Personalnummer 20931: 4713-20", "empleado 70044 | Torre Sur 2": another line of such a list.
_GOES_ON = re.compile(r"^[\s*•\-–\d.)|]{0,8}(?:[^\W\d_][\w.-]*\s+)?[\w.-]{2,40}\s*[:=|]\s*\S")


def listed(lines: Sequence[str]) -> tuple[str, ...]:
    """Return the addresses of a list of people: each has a line of its own, behind one that leads up to them."""
    told = [line for line in lines if line.strip()]
    places = [place for place, line in enumerate(told) if _ITEM.match(line)]
    found = tuple(dict.fromkeys(match["id"] for line in told if (match := _ITEM.match(line))))
    if len(found) < 2 or places != list(range(places[0], places[0] + len(places))):  # noqa: PLR2004  # one is no list
        return ()
    behind = told[places[-1] + 1] if places[-1] + 1 < len(told) else ""
    valued = all(match and match["rest"] for match in (_ITEM.match(told[place]) for place in places))
    led_up_to = places[0] > 0 and told[places[0] - 1].rstrip().endswith(":")
    others = {address for line in told if not _ITEM.match(line) for address in EMAIL.findall(line)} - set(found)
    if others or (valued and _GOES_ON.match(behind)) or not (valued or led_up_to):
        return ()
    return found


def is_of_list(line: str) -> bool:
    """Say whether a line names a person and says something of them, as the lines of lists do."""
    match = _ITEM.match(line)
    return match is not None and match["rest"] is not None


def said_of(lines: Iterable[str], user: str) -> Iterator[str]:
    """Yield what a list says of this user."""
    for line in lines:
        match = _ITEM.match(line)
        if match and match["rest"] and match["id"].casefold() == user.casefold():
            yield match["rest"]


def without_others(lines: Iterable[str], user: str) -> Iterator[str]:
    """Yield the lines but for those that a list gives to somebody else than this user."""
    for line in lines:
        match = _ITEM.match(line)
        if match is None or not match["rest"] or match["id"].casefold() == user.casefold():
            yield line
