"""The package for Okta Support: one ZIP with everything that the first two rounds of questions would ask for."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from workflows.model import File
from workflows.support import members
from workflows.support.files import as_json, evidence, printable, redaction_report
from workflows.support.form import as_text, form
from workflows.support.material import Material
from workflows.support.summary import summary

ABOUT = {
    "form.txt": "every field of Okta's form, for copying",
    "summary.html": "what was seen, tried, ruled out and not checked, for people",
    "evidence.json": "the findings for programs, with request ids and times (UTC)",
    "timeline.json": "what happened when",
    "users.json": "Okta profile and application user, redacted",
    "mapping.json": "the directory's To-Okta mapping",
    "schema-limits.json": "the user schema's rules for the mapped attributes",
    "instance.json": "the directory instance and the org",
    "agents.json": "its agents with their versions",
    "import-history.json": "what is known of its imports",
    "system-log.json": "events about the users and the directory of the last days",
    "attempts.json": "every Force Sync that was made, with its request id",
    "redaction.json": "what is shown, masked and withheld",
    "manifest.json": "size and SHA-256 of every file, and what was left out",
}
MOST_BYTES = 2_000_000  # Okta's limit for an attachment of 2 MB, taken as decimal megabytes
LONGEST_TEXT = 100_000  # characters of a member that is never left out; a person reads less
# Left out in this order if the ZIP would be too large: the rest summarizes it.
CUT_ORDER = (
    "system-log.json",
    "import-history.json",
    "timeline.json",
    "schema-limits.json",
    "mapping.json",
    "users.json",
    "agents.json",
    "evidence.json",
    "attempts.json",
    "instance.json",
)
MANIFEST = "manifest.json"
_EPOCH = (1980, 1, 1, 0, 0, 0)  # a ZIP's earliest time: the same case gives the same bytes
_CUT = "\n(cut here: the text was too long)\n"


def support_package(material: Material) -> File:
    """Build the ZIP; its readers are Okta's, so that its times are in UTC alone."""
    material = replace(material, zone=UTC)
    files = {
        "README.txt": _readme(material),
        "form.txt": as_text(form(material)),
        "summary.html": printable(summary(material), f"{material.case.ref.key}: Force Sync without effect"),
        "evidence.json": as_json(evidence(material)),
        "timeline.json": as_json(members.timeline(material)),
        "users.json": as_json(members.users(material)),
        "mapping.json": as_json(members.mapping(material)),
        "schema-limits.json": as_json(members.schema_limits(material)),
        "instance.json": as_json(members.instance(material)),
        "agents.json": as_json(members.agents(material)),
        "import-history.json": as_json(members.import_history(material)),
        "system-log.json": as_json(members.system_log(material)),
        "attempts.json": as_json(members.attempts(material)),
        "redaction.json": as_json(redaction_report(material.policy)),
    }
    return File(name="okta-support-case.zip", content_type="application/zip", content=archived(files, material.now))


def _readme(material: Material) -> str:
    listed = "\n".join(f"{name:<20} {about}" for name, about in ABOUT.items())
    return (
        f"Package for an Okta Support Case, ticket {material.case.ref.key}, written "
        f"{material.now:%Y-%m-%d %H:%M} UTC by forcesync.\n\n{listed}\n"
    )


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
        "written_at": now.isoformat(),
        "files": {name: _size_and_hash(text) for name, text in files.items()},
        "left_out": dict(left_out),
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
