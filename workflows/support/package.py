"""The package for Okta Support: one ZIP with everything that the first two rounds of questions would ask for."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, NamedTuple

from workflows.model import File, Note
from workflows.support import members
from workflows.support.files import as_json, evidence, printable, redaction_report
from workflows.support.form import form
from workflows.support.material import Material
from workflows.support.summary import summary


class Member(NamedTuple):
    """A file of the package: what the README says of it, and what makes its content: text, a note or data.

    Those with a number are left out in this order if the ZIP would be too large: the rest summarizes them.
    """

    about: str
    content: Callable[[Material], Any]
    cut: int = 0


MEMBERS = {
    "form.txt": Member(
        "for the person who opens the case: each field of Okta's form; complete the lines marked (please fill in)",
        form,
    ),
    "summary.html": Member("what was seen, tried, ruled out and not checked, for people", summary),
    "evidence.json": Member("the findings for programs, with request ids and times (UTC)", evidence, 8),
    "timeline.json": Member("what happened when", members.timeline, 3),
    "users.json": Member("Okta profile and application user, redacted", members.users, 6),
    "mapping.json": Member("the directory's To Okta mapping", members.mapping, 5),
    "schema-limits.json": Member("the user schema's rules for the mapped attributes", members.schema_limits, 4),
    "instance.json": Member("the directory instance and the org", members.instance, 10),
    "agents.json": Member("its agents with their versions", members.agents, 7),
    "import-history.json": Member("what is known of its imports", members.import_history, 2),
    "system-log.json": Member(
        "System Log events of imports, mappings, profile updates and agents", members.system_log, 1
    ),
    "attempts.json": Member("every Force Sync that was made, with its request id", members.attempts, 9),
    "redaction.json": Member("what is shown, masked and withheld", redaction_report),
}
CUT_ORDER = sorted((name for name, member in MEMBERS.items() if member.cut), key=lambda name: MEMBERS[name].cut)
MANIFEST = "manifest.json"
MOST_BYTES = 2_000_000  # Okta's limit for an attachment of 2 MB, taken as decimal megabytes
LONGEST_TEXT = 100_000  # characters of a member that is never left out; a person reads less
_EPOCH = (1980, 1, 1, 0, 0, 0)  # a ZIP's earliest time: the same case gives the same bytes
_CUT = "\n(cut here: the text was too long)\n"


def support_package(material: Material) -> File:
    """Build the ZIP; its readers are Okta's, so that its times are in UTC alone, and the desk's zone the contact's."""
    reader = material.reader
    zone = reader.policy.support_time_zone or getattr(reader.zone, "key", "")
    policy = reader.policy.model_copy(update={"support_time_zone": zone})
    material = replace(material, reader=replace(reader, zone=UTC, policy=policy))
    files = {"README.txt": _readme(material)}
    files |= {name: _written(member.content(material), material) for name, member in MEMBERS.items()}
    return File(name="okta-support-case.zip", content_type="application/zip", content=archived(files, material.now))


def _readme(material: Material) -> str:
    about = {name: member.about for name, member in MEMBERS.items()}
    about[MANIFEST] = "size and SHA-256 of every file, and what was left out"
    listed = "\n".join(f"{name:<20} {what}" for name, what in about.items())
    return (
        f"Package for an Okta Support Case, ticket {material.case.ref.key}, written "
        f"{material.now:%Y-%m-%d %H:%M} UTC by forcesync, our ticket automation.\n\n{listed}\n"
    )


def _written(content: Any, material: Material) -> str:
    if isinstance(content, Note):
        return printable(content, f"{material.case.ref.key}: Force Sync without effect")
    return content if isinstance(content, str) else as_json(content)


def archived(files: Mapping[str, str], now: datetime) -> bytes:
    """Pack the files with their manifest; members are left out in `CUT_ORDER` until the ZIP is small enough."""
    kept = {name: text if name in CUT_ORDER else _cut(text) for name, text in files.items()}
    left_out: dict[str, Any] = {}
    content = _zipped(kept, left_out, now)
    for name in CUT_ORDER:
        if len(content) <= MOST_BYTES:
            break
        if name in kept:
            left_out[name] = _size_and_hash(kept.pop(name))
            content = _zipped(kept, left_out, now)
    return content


def _zipped(files: Mapping[str, str], left_out: Mapping[str, Any], now: datetime) -> bytes:
    manifest = {
        "written_at": now,
        "files": {name: _size_and_hash(text) for name, text in files.items()},
        "left_out": left_out,
        "why_left_out": f"the ZIP may have {MOST_BYTES} bytes; members go in this order: {', '.join(CUT_ORDER)}",
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in {**files, MANIFEST: as_json(manifest)}.items():
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), text, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _size_and_hash(text: str) -> dict[str, Any]:
    content = text.encode()
    return {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - len(_CUT)] + _CUT
