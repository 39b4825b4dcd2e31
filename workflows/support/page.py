"""The page that goes with a hand-over: what was found and what to do, then what the note has no room for."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile
from typing import Any

from workflows.model import Block, Bullets, Heading, Note, Subject, Table, Text
from workflows.support import members
from workflows.support.checks import NOT_DONE, NOT_PRESSED, not_checked, ruled_out, searched
from workflows.support.material import Material, SubjectDiagnosis, lacks
from workflows.support.summary import (
    DN,
    attempt_line,
    org,
    read_of,
    readings,
    section,
    surroundings,
    user_heading,
    values_of,
)

ACCOUNT = "samAccountName"  # what Okta calls AD's sAMAccountName in an app user
COLUMNS = ("type", "result", "reason", "changed")
MOST_ROWS = 40  # of a log, the newest; the data below the page has all that was read


def page(material: Material) -> Note:
    """Return the page for the team that has the ticket now; values as the settings class them."""
    blocks: list[Block] = [*_to_do(material)]
    for subject, known in material.subjects:
        blocks += [*_whom(subject, known, material), *values_of(subject, material)]
    blocks.append(Heading(text="Found"))
    for verdict in filter(None, (subject.verdict for subject in material.case.subjects)):
        said = (verdict.reason, *verdict.suspicions, *(item.reason for item in verdict.also))
        blocks.append(Text(text=" ".join(map(material.why, said))))
    if material.attempts:
        blocks += section("Force Sync", (attempt_line(item, material) for item in material.attempts))
    if material.attempts and any(map(lacks, material.case.subjects)):
        blocks += section("Ruled out (from what was read)", ruled_out(material))
        blocks += section("Could not be checked", not_checked(material))
        blocks += section(NOT_DONE.rstrip(":"), () if material.was_pressed else (NOT_PRESSED,))
    elif not material.attempts:
        blocks += section("Could not be read", map(material.quoted, material.found.missing))
    return Note(blocks=(*blocks, *_details(material)))


def _to_do(material: Material) -> Iterator[Block]:
    """Yield what the note asks for; the page's own title is the note's."""
    if material.note:
        yield from takewhile(lambda block: isinstance(block, Text), material.note.blocks[1:])


def _whom(subject: Subject, known: SubjectDiagnosis, material: Material) -> Iterator[Block]:
    """Yield how the directory team finds a user: as far as the page's readers may see it, and by class."""
    verdict, copy = subject.verdict, known.copy_in_directory
    login = material.reader.who(verdict.login) if verdict else None
    if login is None:
        return
    facts, held = [f"Okta login: {login}"], copy.profile if copy else {}
    if held.get(ACCOUNT):
        facts.append(f"sAMAccountName: {material.value(ACCOUNT, held[ACCOUNT])}")
    if verdict and verdict.unit and material.inside and DN in material.policy.open_attributes:  # masked, no use
        facts.append(f"Organizational unit: {verdict.unit}")
    yield Heading(text="Whom it is about")
    yield Bullets(items=tuple(facts))


def _details(material: Material) -> Iterator[Block]:
    """Yield what few need: ids, times, flags and events."""
    yield Heading(text="Details")
    yield Text(text=f"Org: {org(material, for_a_form=False)}")
    yield from (Text(text=line) for line in surroundings(material))
    for subject, known in material.subjects:
        if heading := user_heading(subject):
            yield heading
            yield from read_of(subject, tuple(readings(subject, known, material)), material)
    yield from _log(material)
    yield Heading(text="What happened when")
    rows = ((material.at(item["at"]), item["what"], item["id"] or "-") for item in members.timeline(material))
    yield Table(header=("Time", "What", "Request or event"), rows=tuple(rows))


def _log(material: Material) -> Iterator[Block]:
    """Yield the log of each user and of the directory; what holds nothing is named all the same."""
    logs = members.system_log(material)
    users = [(f"user {name}", found) for name, found in logs["users"].items()]
    if period := searched(material):
        yield Text(text=f"{period}, for imports, mappings, profile updates and agents.")
    for name, found in (*users, ("the directory", logs["directory"])):
        yield Heading(text=f"System Log of {name}")
        if not found:
            yield Text(text="It could not be read." if found is None else "No such event.")
            continue
        newest = sorted(found, key=lambda event: event["published"], reverse=True)[:MOST_ROWS]
        rows = tuple((material.at(event["published"]), *(_cell(event[name]) for name in COLUMNS)) for event in newest)
        yield Table(header=("Time", "Event", "Result", "Reason", "Changed"), rows=rows)


def _cell(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value or "-")
