"""The package for Okta Support: one ZIP with everything that the first two rounds of questions would ask for."""

from __future__ import annotations

from workflows.model import File
from workflows.support import members
from workflows.support.archive import archived, as_json
from workflows.support.files import evidence, redaction_report
from workflows.support.form import GRANT_IT, as_text, form
from workflows.support.material import Material
from workflows.support.note_files import markdown, printable
from workflows.support.summary import summary

ABOUT = {
    "form.txt": "every field of Okta's form, for copying",
    "summary.md": "what was seen, tried, ruled out and not checked, for people",
    "summary.html": "the same for printing",
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


def support_package(material: Material) -> File:
    """Build the ZIP."""
    page = summary(material)
    files = {
        "README.txt": _readme(material),
        "form.txt": as_text(form(material)),
        "summary.md": markdown(page),
        "summary.html": printable(page, f"{material.case.ref.key}: Force Sync without effect"),
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
        f"{material.now:%Y-%m-%d %H:%M} UTC by forcesync.\n\n{listed}\n\n"
        f"If Okta Support asks for access to the org, a super administrator grants it ({GRANT_IT}); forcesync grants "
        "nothing.\n"
    )
