"""The package for Okta Support: one ZIP with everything that the first two rounds of questions would ask for.

Okta limits an attachment of a Support Case to 2 MB
(https://support.okta.com/help/s/article/How-to-Create-a-Support-Case); the parts that can grow are cut well below.
"""

from __future__ import annotations

import hashlib
import html
import io
import json
import zipfile
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from workflows.diagnosis import Diagnosis
from workflows.evidence_file import evidence, redaction_report
from workflows.model import Bullets, Case, File, Heading, Note, Policy, SyncRun, Table, Text
from workflows.redaction import display
from workflows.support_form import as_text, form

MOST_BYTES = 2_000_000  # Okta's limit for an attachment, in bytes, counted the small way
LARGE = ("system-log.json", "evidence.json")
EPOCH = (1980, 1, 1, 0, 0, 0)  # a ZIP's earliest time: the same case gives the same bytes


def support_package(
    case: Case, run: SyncRun | None, found: Diagnosis, summary: Note, policy: Policy, now: datetime
) -> File:
    """Build the ZIP; `summary` is the note that stands on the ticket, `now` (UTC) its time."""
    fields = form(case, run, found, policy)
    known = evidence(case, run, found, policy, now)
    files = {
        "README.txt": _readme(case, now),
        "form.txt": as_text(fields),
        "summary.md": markdown(summary),
        "summary.html": printable(summary, f"{case.ref.key}: Force Sync without effect"),
        "evidence.json": _json(known),
        "timeline.json": _json(known["story"]),
        "users.json": _json(_users(case, found, policy)),
        "mapping-and-schema.json": _json(_mapping(found)),
        "system-log.json": _json([item.get("system_log") for item in known["subjects"]]),
        "redaction.json": _json(redaction_report(policy)),
    }
    sums = {name: hashlib.sha256(text.encode()).hexdigest() for name, text in files.items()}
    files["manifest.json"] = _json({"written_at": now.isoformat(), "sha256": sums})
    return File(name="okta-support-case.zip", content_type="application/zip", content=_zipped(files))


def markdown(note: Note) -> str:
    """Write a note as Markdown; its texts are made inert first."""
    lines: list[str] = []
    for block in note.blocks:
        if isinstance(block, Heading):
            lines.append(f"## {_inert(block.text)}")
        elif isinstance(block, Text):
            lines.append(_inert(block.text))
        elif isinstance(block, Bullets):
            lines.append("\n".join(f"- {_inert(item)}" for item in block.items))
        else:
            rows = [block.header, ("---",) * len(block.header), *block.rows]
            lines.append("\n".join("| " + " | ".join(_inert(cell) for cell in row) + " |" for row in rows))
    return "\n\n".join(lines) + "\n"


def printable(note: Note, title: str) -> str:
    """Write a note as one HTML page without scripts, styles from elsewhere or links."""
    style = (
        "body{font:11pt sans-serif;max-width:50em;margin:2em}table{border-collapse:collapse}"
        "td,th{border:1px solid #888;padding:.2em .5em;text-align:left;vertical-align:top}"
    )
    parts = [_html_block(block) for block in note.blocks]
    head = f'<meta charset="utf-8"><title>{html.escape(title)}</title><style>{style}</style>'
    return (
        f"<!DOCTYPE html><html><head>{head}</head><body><h1>{html.escape(title)}</h1>{''.join(parts)}</body></html>\n"
    )


def _html_block(block: Heading | Text | Bullets | Table) -> str:
    if isinstance(block, Heading):
        return f"<h2>{html.escape(block.text)}</h2>"
    if isinstance(block, Text):
        return f"<p>{html.escape(block.text)}</p>"
    if isinstance(block, Bullets):
        return "<ul>" + "".join(f"<li>{html.escape(item)}</li>" for item in block.items) + "</ul>"
    head = "".join(f"<th>{html.escape(cell)}</th>" for cell in block.header)
    rows = "".join("<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in block.rows)
    return f"<table><tr>{head}</tr>{rows}</table>"


def _users(case: Case, found: Diagnosis, policy: Policy) -> list[dict[str, Any]]:
    """Return both copies of every subject, redacted, attribute by attribute."""
    shown = []
    for subject, known in zip(case.subjects, found.subjects, strict=False):
        copy = known.copy_in_directory
        shown.append(
            {
                "user_id": subject.verdict.user_id if subject.verdict else None,
                "okta_profile": _redacted(known.user.profile.items(), policy) if known.user else None,
                "application_user": _redacted(copy.profile.items(), policy) if copy else None,
            }
        )
    return shown


def _redacted(items: Iterable[tuple[str, Any]], policy: Policy) -> dict[str, str]:
    return {name: display(name, value, policy) for name, value in sorted(items)}


def _mapping(found: Diagnosis) -> list[dict[str, Any]]:
    return [
        {
            "to_okta": {rule.attribute: rule.model_dump(mode="json") for rule in known.rules},
            "user_schema": {rule.attribute: rule.model_dump(mode="json") for rule in known.schema_rules},
        }
        for known in found.subjects
    ]


def _readme(case: Case, now: datetime) -> str:
    return (
        f"Package for an Okta Support Case, ticket {case.ref.key}, written {now:%Y-%m-%d %H:%M} UTC by forcesync.\n\n"
        "form.txt                 every field of Okta's form, for copying\n"
        "summary.md, summary.html what was seen and done, for people\n"
        "evidence.json            the same for programs, with request ids and times (UTC)\n"
        "timeline.json            what happened when\n"
        "users.json               Okta profile and application user, redacted\n"
        "mapping-and-schema.json  the To-Okta mapping and the rules of the user schema\n"
        "system-log.json          events about the users and the directory of the last days\n"
        "redaction.json           what is shown, masked and withheld\n"
        "manifest.json            SHA-256 of every file\n\n"
        "If Okta Support asks for access to the org, a super administrator grants it in the Admin Console (Settings > "
        "Account > Give access to Okta Support); forcesync grants nothing.\n"
    )


def _zipped(files: dict[str, str]) -> bytes:
    """Pack the files; should they be too large, the logs are left out (the evidence holds them once more)."""
    for left_out in ((), LARGE):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, text in files.items():
                content = "left out: the package would have been too large\n" if name in left_out else text
                archive.writestr(zipfile.ZipInfo(name, EPOCH), content, zipfile.ZIP_DEFLATED)
        if buffer.tell() <= MOST_BYTES:
            break
    return buffer.getvalue()


def _json(content: Any) -> str:
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def _inert(text: str) -> str:
    line = " ".join(text.split())
    return "".join(f"\\{sign}" if sign in "\\`*_{}[]<>#|!" else sign for sign in line)
