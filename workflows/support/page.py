"""The page that goes with a hand-over: what the note has no room for, such as the log, times and request ids."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from workflows.model import Block, Heading, Note, Table, Text
from workflows.support import members
from workflows.support.checks import NOT_DONE, NOT_PRESSED, in_the_log, not_checked, ruled_out
from workflows.support.material import Material
from workflows.support.summary import attempt_line, org, section, subject_blocks, surroundings

COLUMNS = ("type", "result", "reason", "changed")
MOST_ROWS = 40  # of a log, the newest; the data below the page has all that was read


def page(material: Material) -> Note:
    """Return the page for the team that has the ticket now; values as the settings class them."""
    blocks: list[Block] = [Heading(text="Found")]
    for verdict in filter(None, (subject.verdict for subject in material.case.subjects)):
        said = (verdict.reason, *verdict.suspicions, *(item.reason for item in verdict.also))
        blocks.append(Text(text=" ".join(map(material.why, said))))
    blocks.append(Text(text=f"Org: {org(material, for_a_form=False)}"))
    for subject, known in material.subjects:
        blocks += subject_blocks(subject, known, material)
    blocks += section("Directory, agents and imports", surroundings(material))
    blocks += _log(material)
    if material.attempts:
        blocks += section("Force Sync", (attempt_line(item, material) for item in material.attempts))
        blocks += section("Ruled out (from what was read)", ruled_out(material))
        blocks += section("Could not be checked", not_checked(material))
        blocks += section(NOT_DONE.rstrip(":"), () if material.was_pressed else (NOT_PRESSED,))
    else:
        blocks += section("Could not be read", map(material.quoted, material.found.missing))
    rows = ((material.at(item["at"]), item["what"], item["id"] or "-") for item in members.timeline(material))
    happened = Table(header=("Time", "What", "Request or event"), rows=tuple(rows))
    return Note(blocks=(*blocks, Heading(text="What happened when"), happened))


def _log(material: Material) -> Iterator[Block]:
    """Yield the log of each user and of the directory; what holds nothing is named all the same."""
    logs = members.system_log(material)
    users = [(f"user {name}", found) for name, found in logs["users"].items()]
    for name, found in (*users, ("the directory", logs["directory"])):
        yield Heading(text=f"System Log of {name}")
        if not found:
            none = "It could not be read." if found is None else f"No event in {in_the_log(material)}."
            yield Text(text=none)
            continue
        newest = sorted(found, key=lambda event: event["published"], reverse=True)[:MOST_ROWS]
        rows = tuple((material.at(event["published"]), *(_cell(event[name]) for name in COLUMNS)) for event in newest)
        yield Table(header=("Time", "Event", "Result", "Reason", "Changed"), rows=rows)


def _cell(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value or "-")
