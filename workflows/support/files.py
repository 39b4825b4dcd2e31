"""The evidence of a case as files: one HTML page for a colleague, and masked JSON for a program."""

from __future__ import annotations

import html
import json
from datetime import datetime
from typing import Any

from workflows.model import Bullets, File, Heading, Note, Subject, Table, Text, Value
from workflows.support import members
from workflows.support.material import Material, SubjectDiagnosis
from workflows.support.page import page
from workflows.values.masking import masked

FORMAT = "forcesync diagnostics 4"
_STYLE = (
    "body{font:11pt sans-serif;max-width:55em;margin:2em}table{border-collapse:collapse}"
    "td,th{border:1px solid #888;padding:.2em .5em;text-align:left;vertical-align:top}@media print{body{margin:0}}"
)
# The page fetches and runs nothing, and its policy makes browsers enforce that.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def evidence_file(material: Material) -> File | None:
    """Write the file for an escalated ticket, for people and for programs; None if nothing was read."""
    if not any(subject.verdict and subject.verdict.user_id for subject in material.case.subjects):
        return None
    data = evidence(material) | {
        "timeline": members.timeline(material),
        "force_syncs": members.attempts(material),
        "agents": members.agents(material),
        "system_log": members.system_log(material),
        "masking": redaction_report(material),
    }
    head = material.note.blocks[0] if material.note else None
    title = head.text if isinstance(head, Heading) else "what was found"
    text = printable(page(material), f"{material.case.ref.key}: {title}", as_json(data))
    return File(name="evidence.html", content_type="text/html", content=text.encode())


def evidence(material: Material) -> dict[str, Any]:
    """Return the findings, with people's values masked as the settings say."""
    case = material.case
    return {
        "format": FORMAT,
        "written_at": material.now,
        "ticket": {"desk": case.ref.desk, "key": case.ref.key, "url": case.ref.url},
        "case": {"id": case.id, "round": case.round, "opened_at": case.opened_at},
        "org": material.found.organization,
        "subjects": [_subject(subject, known, material) for subject, known in material.subjects],
        "could_not_be_read": [material.quoted(item) for item in material.found.missing],
    }


def redaction_report(material: Material) -> dict[str, Any]:
    """List what is shown, what is masked and what is withheld."""
    return {
        "shown": sorted(material.policy.open_attributes),
        "withheld": sorted(material.policy.never_attributes),
        "all_others": "masked: first and last character and the length; of up to four characters the length alone",
        "people": "users appear by Okta's ids, and on top of an evidence page by login; log events tell actors by id",
        "quoted_texts": "known values of the users that are not shown (of three characters or more) are masked in them",
        "secrets": "removed by the word before them (password, token, ...) and by their shape (keys, tokens, cookies)",
        "left_out": "the ticket's own text, comments, host names of agents, network addresses, and System Log events "
        "that are not of imports, mappings, profile updates or agents",
    }


def _subject(subject: Subject, known: SubjectDiagnosis, material: Material) -> dict[str, Any]:
    verdict, user, copy = subject.verdict, known.user, known.copy_in_directory
    if verdict is None:
        return {"verdict": None}
    expected = {item.attribute: material.value(item.attribute, item.value) for item in verdict.expectations}
    return {
        "verdict": verdict.kind,
        "explanation": material.why(verdict.reason),
        "hypotheses": [material.why(item) for item in verdict.suspicions],
        "also": [{"cause": item.kind, "explanation": material.why(item.reason)} for item in verdict.also],
        "judged_at": verdict.judged_at,
        "user": {"id": verdict.user_id, "login": masked(verdict.login)},
        "user_last_updated": user.last_updated if user else None,
        "copy_last_updated": copy.last_updated if copy else None,
        "copy_last_sync": copy.last_sync if copy else None,
        "directory": verdict.directory,
        "attributes": [
            {
                "attribute": item.attribute,
                "mapping": material.quoted(item.expression) if item.expression else None,
                "okta_before": material.value(item.attribute, item.okta),
                "directory_copy": material.value(item.attribute, item.app_user) if item.source else None,
                "expected": expected.get(item.attribute),
            }
            for item in verdict.observations
        ],
        "seen_after": [
            item.model_dump() | {"value": material.value(item.attribute, item.value)} for item in subject.seen
        ],
        "looks_after": subject.looks,
        "right_value_seen": subject.right,
        "evidence": [
            item.model_dump(mode="json", exclude={"kind"}) | {"what": material.why(item.what)}
            for item in verdict.evidence
        ],
    }


def printable(note: Note, title: str, data: str = "") -> str:
    """Write a note as one HTML page without scripts, styles from elsewhere or links; `data` for programs goes below."""
    head = (
        f'<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        f"<title>{html.escape(title)}</title><style>{_STYLE}</style>"
    )
    body = "\n".join(_html(block) for block in note.blocks)
    if data:
        body += f'\n<details><summary>The same for programs</summary><pre id="data">{html.escape(data)}</pre></details>'
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head>{head}</head>\n<body><h1>{html.escape(title)}</h1>\n{body}\n'
        "</body></html>\n"
    )


def _html(block: Heading | Text | Bullets | Table) -> str:
    if isinstance(block, Heading):
        return f"<h2>{html.escape(block.text)}</h2>"
    if isinstance(block, Text):
        return f"<p>{html.escape(block.text)}</p>"
    if isinstance(block, Bullets):
        return "<ul>" + "".join(f"<li>{html.escape(item)}</li>" for item in block.items) + "</ul>"
    head = "".join(f"<th>{html.escape(cell)}</th>" for cell in block.header)
    rows = "".join("<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in block.rows)
    return f"<table><tr>{head}</tr>{rows}</table>"


def as_json(content: Any) -> str:
    """Write times, values of the model and what holds them as JSON that people can read."""
    return json.dumps(content, indent=1, ensure_ascii=False, default=_as_json) + "\n"


def _as_json(content: Value | datetime) -> Any:
    return content.isoformat() if isinstance(content, datetime) else content.model_dump(mode="json")
