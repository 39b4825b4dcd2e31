"""The package's summary: what Okta Support reads first, on one page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple
from urllib.parse import urlsplit

from workflows.model import Block, Bullets, Heading, Look, Note, Subject, SyncRun, Table, Text
from workflows.support.checks import NOT_DONE, NOT_PRESSED, not_checked, ruled_out, searched
from workflows.support.material import LONGEST, Attempt, Material, SubjectDiagnosis
from workflows.values.masking import plain
from workflows.values.wording import counted

DN = "dn"  # the distinguished name's attribute in an AD or LDAP app user
_FROM_OU = re.compile(r"(?i)(?<!\\)(?:^|,)\s*((?:ou|o|dc)=.*)$")
HEADER = (
    "Attribute",
    "Mapping (To Okta)",
    "Directory's copy (application user)",
    "Okta before",
    "Okta last read",
    "Expected",
)
# The kind of org, inferred from its domain; a customer's own domain says nothing.
REALMS = {
    ".oktapreview.com": "a preview org",
    ".okta-emea.com": "a production org in EMEA",
    ".okta-gov.com": "a production org for US government",
    ".okta.mil": "a production org for US military",
    ".okta.com": "a production org",
}
IN_SHORT = (
    "The directory's copy of a user in Okta (the application user) holds the expected value of an attribute. The Okta "
    "profile does not, and a Force Sync of the directory did not change that."
)
MASKS = "Values with • are masked by us: first and last character, and the length."
ENGINES = {"idx": "Identity Engine", "v1": "Classic Engine"}
CELL = "(please fill in, it is in the Admin Console's footer)"
THE_CALL = "the call PUT /api/internal/v1/mappings/reapply"  # https://github.com/okta/terraform-provider-okta


def summary(material: Material) -> Note:
    """Return the summary; users appear by Okta's ids, their values as the settings class them."""
    tried = [attempt_line(item, material) for item in material.attempts]
    return Note(
        blocks=(
            Heading(text="In short"),
            Text(text=IN_SHORT),
            Text(text=f"Org: {org(material, for_a_form=False)}"),
            *(block for item, known in material.subjects for block in _subject(item, known, material)),
            *section("What was tried", tried or ["Nothing."]),
            *section("Instance, agents and imports", surroundings(material)),
            *section("What was ruled out", ruled_out(material) or ["Nothing could be ruled out."]),
            *section("What was searched", filter(None, (searched(material),))),
            *section("What could not be checked", not_checked(material)),
            *section(NOT_DONE.rstrip(":"), () if material.was_pressed else (NOT_PRESSED,)),
        )
    )


def section(title: str, lines: Iterable[str]) -> tuple[Block, ...]:
    """Return a list below its heading; nothing if it is empty."""
    items = tuple(lines)
    return (Heading(text=title), Bullets(items=items)) if items else ()


def org(material: Material, *, for_a_form: bool = True) -> str:
    """Describe the org, as far as it is known; in a form, what is not known is to be filled in."""
    found = material.found.organization
    if found is None:
        asks = " (please fill in its URL, engine and cell from the Admin Console)" if for_a_form else ""
        return f"it could not be read{asks}."
    host = urlsplit(found.url or "").hostname or ""
    realm = next((name for suffix, name in REALMS.items() if host.endswith(suffix)), "")
    engine = ENGINES.get(found.pipeline or "") or ("(please fill in)" if for_a_form else "")
    cell = material.policy.support_cell or (CELL if for_a_form else "")
    url = found.url or ("(please fill in the URL)" if for_a_form else "")
    parts = (
        ", ".join(filter(None, (url, f"id {found.id}"))),
        engine and f"engine: {engine}",
        realm and f"{realm} (by its domain, inferred)",
        cell and f"cell: {cell}",
    )
    return f"{'; '.join(filter(None, parts))}."


def attempt_line(attempt: Attempt, material: Material) -> str:
    """Say how one Force Sync went: how it was started, whom it reaches, and for whom it was seen to take effect."""
    run, at = attempt.run, material.at
    again = f", {'after' if run.assisted else 'a repetition of'} the call above" if run.successor_of else ""
    others = f"; an effect was seen for {attempt.helped} of {attempt.tickets} tickets" if attempt.tickets > 1 else ""
    told = [
        f"Force Sync of app {run.directory.ref.app_id} {_start(run, material)}{again}; "
        f"request id {run.request_id or 'not known'}; watched until {at(run.deadline)}{others}."
    ]
    if found := run.radius:
        told.append(
            f"Just before, at {at(found.at)}, {found.changed} of the {counted(found.users, 'user')} it covers had an "
            "Okta profile that differed from the mapped values."
        )
    told += [
        f"It took effect for Okta user {user.user_id}, seen in {' and '.join(user.attributes)} at "
        f"{_read(user.at, user.request_id, material)}."
        for user in attempt.took
    ]
    return " ".join(told)


def _start(run: SyncRun, material: Material) -> str:
    """Say how and when a run was started, and what the answer was; when a person pressed the button is not known."""
    if run.by_hand and run.press:
        wrote = material.at(run.press.at)
        return f"was pressed in the Admin Console by a person, who wrote so on our ticket at {wrote}"
    at = material.at(run.started_at)
    if run.by_hand:
        return f"was run in the Admin Console by a person; its effect was first seen at {at}"
    if run.uncertain:
        unseen = material.quoted(run.answer or "none was seen")
        return f"was asked for by {THE_CALL} at {at} (no answer of Okta's: {unseen})"
    return f"was started by {THE_CALL} at {at} (answer: {material.quoted(run.answer or 'accepted')})"


def _read(at: datetime, request_id: str | None, material: Material) -> str:
    return f"{material.at(at)} (request id {request_id or 'not known'})"


class AttributeRow(NamedTuple):
    """One attribute that was expected to change: its rule and its values; `last` was read after a start, or is ""."""

    name: str
    expression: str
    copy: str
    before: str
    last: str
    wanted: str


def attribute_rows(subject: Subject, material: Material) -> tuple[AttributeRow, ...]:
    """Return a row for every attribute that was expected to change."""
    shown, verdict = material.value, subject.verdict
    seen = {item.attribute: f"{shown(item.attribute, item.value)} at {material.at(item.at)}" for item in subject.seen}
    expected = {item.attribute: shown(item.attribute, item.value) for item in subject.expectations}
    return tuple(
        AttributeRow(
            name=item.attribute,
            expression=material.quoted(item.expression or "-"),
            copy=shown(item.attribute, item.app_user),
            before=shown(item.attribute, item.okta),
            last=seen.get(item.attribute, ""),
            wanted=expected[item.attribute],
        )
        for item in (verdict.observations if verdict else ())
        if item.attribute in expected
    )


def has_masks(row: AttributeRow) -> bool:
    """Return whether a value of the row is masked."""
    return any("•" in cell for cell in row)


def _subject(subject: Subject, known: SubjectDiagnosis, material: Material) -> Iterator[Block]:
    """Yield what is known about one user: the values, the readings and their request ids."""
    if heading := user_heading(subject):
        yield heading
        yield from values_of(subject, material)
        yield from read_of(subject, (*readings(subject, known, material), *placed(known, material)), material)


def user_heading(subject: Subject) -> Heading | None:
    """Name a user by Okta's id; None if there is none."""
    user_id = subject.verdict.user_id if subject.verdict else None
    return Heading(text=f"User {user_id}{' (arrived meanwhile)' if subject.right else ''}") if user_id else None


def values_of(subject: Subject, material: Material) -> Iterator[Block]:
    """Yield the values of one user."""
    if rows := attribute_rows(subject, material):
        yield _table(rows)
        if any(map(has_masks, rows)):
            yield Text(text=MASKS)


def read_of(subject: Subject, lines: Sequence[str], material: Material) -> Iterator[Block]:
    """Yield what was read of one user, and the request ids."""
    if lines:
        yield Bullets(items=tuple(lines))
    if read := [item for item in (subject.verdict.evidence if subject.verdict else ()) if item.request_id]:
        what = "the readings before the Force Sync" if material.attempts else "what was read"
        yield Text(text=f"Request ids of {what}:")
        told = (f"{material.why(item.what)} at {material.at(item.at)}: {item.request_id}" for item in read)
        yield Bullets(items=tuple(told))


def _table(rows: Sequence[AttributeRow]) -> Table:
    """Show the attributes; a column for what was read after a start only if something was."""
    if any(row.last for row in rows):
        return Table(header=HEADER, rows=tuple(row._replace(last=row.last or "not read again") for row in rows))
    return Table(header=(*HEADER[:3], "Okta", HEADER[5]), rows=tuple((*row[:4], row.wanted) for row in rows))


def surroundings(material: Material) -> Iterator[str]:
    """Yield what is known about the directory's instance and its agents."""
    directory = material.directory
    if directory:
        state = "active" if directory.active else "not active"
        features = ", ".join(directory.features) or "none"
        yield f"Instance {directory.label} ({directory.ref.app_id}, {directory.kind.upper()}): {state}; {features}."
    for pool in material.pools:
        versions = sorted({str(agent.get("version") or "not known") for agent in pool.agents})
        yield f"Agents: {len(pool.agents)}, {pool.status}; versions: {', '.join(versions) or 'not known'}."


def readings(subject: Subject, known: SubjectDiagnosis, material: Material) -> Iterator[str]:
    """Yield when Okta says that both copies were last updated, then every look after the start."""
    user, copy = known.user, known.copy_in_directory
    if user:
        status = f"{user.status}, " if material.tells_status else ""
        yield f"Okta profile: {status}last updated {material.at(user.last_updated)}."
    if copy:
        updated, synced = material.at(copy.last_updated), material.at(copy.last_sync)
        status = f"{copy.status}, " if material.tells_status else ""
        yield f"Application user: {status}last updated {updated}, last synchronized {synced}."
    yield from (look_line(look, material) for look in subject.looks)
    yield from _touched(subject, material)


def placed(known: SubjectDiagnosis, material: Material) -> Iterator[str]:
    """Yield as much of the copy's distinguished name as the settings give to Okta Support.

    The first parts name the person; from the first OU on, the name says which part of the directory is imported.
    """
    given, copy = material.policy.support_dn, known.copy_in_directory
    name = copy.profile.get(DN) if copy else None
    if given != "none" and isinstance(name, str) and DN not in material.policy.never_attributes:
        unit = _FROM_OU.search(name)
        if place := plain(name if given == "full" else unit[1] if unit else "", LONGEST):
            yield f"Its place in the directory: {place}."


def look_line(look: Look, material: Material) -> str:
    """Say what one or several consecutive looks saw."""
    first = _read(look.first_at, look.first_request_id, material)
    last = _read(look.last_at, look.last_request_id, material)
    when = f"once, at {first}" if look.count == 1 else f"{look.count} times, from {first} to {last}"
    saw = f"{' and '.join(look.lacking)} not as expected" if look.lacking else "all as expected"
    return f"Okta profile looked at {when}: {saw}, last updated {material.at(look.updated_at)}."


def _touched(subject: Subject, material: Material) -> Iterator[str]:
    """Say whether Okta wrote the profile at all after the first start, judging by its last update."""
    started = next((item.run.started_at for item in material.attempts), None)
    last = subject.looks[-1] if subject.looks else None
    if started is None or last is None or last.updated_at is None:
        return
    if last.updated_at < started:
        until = material.at(last.last_at)
        yield f"Its last-updated time shows that Okta did not write this profile between the Force Sync and {until}."
    elif last.lacking:
        at = material.at(last.updated_at)
        yield f"This profile was last updated after the Force Sync, at {at}, and did not hold the expected value."
