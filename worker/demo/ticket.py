"""A ticket as its product shows it to an agent, as lines: the fields on top, then each entry under a heading."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

# What the products call the sides of an entry, by desk and visibility.
SIDES = {
    ("servicenow", "internal"): "Work notes",
    ("servicenow", "public"): "Additional comments",
    ("jira", "internal"): "Internal note",
    ("jira", "public"): "Comment",
}
_FIELDS = {"Status": "status", "Resolution": "resolution", "Assigned to": "assignee", "Group": "group"}


def shown(ticket: dict[str, Any]) -> Iterator[str]:
    """Yield the lines of a ticket."""
    yield f"{ticket['key']}  {ticket['summary']}"
    yield " · ".join(f"{name}: {ticket[key]}" for name, key in _FIELDS.items() if ticket[key])
    yield ""
    yield from ticket["description"].splitlines()
    for comment in ticket["comments"]:
        side, at = SIDES[ticket["desk"], comment["visibility"]], comment["created"][:19].replace("T", " ")
        yield ""
        yield f"--- {side} · {comment['author']} · {at} UTC"
        yield from drawn(comment["body"]) if ticket["desk"] == "jira" else comment["body"].splitlines()
    for file in ticket["attachments"]:
        yield ""
        yield f"--- Attachment: {file['name']} ({file['size']} bytes)"


def drawn(body: str) -> Iterator[str]:
    """Yield wiki markup, as far as our notes use it, without its signs."""
    for line in body.splitlines():
        heading = re.fullmatch(r"\*(.+)\*", line)
        cells = [cell for cell in re.split(r"(?<!\\)\|+", line) if cell] if line.startswith("|") else []
        text = " | ".join(cells) if cells else heading[1] if heading else line
        text = re.sub(r"\[\^([^\]|]+)[^\]]*\]", r"Attachment: \1", text)
        yield re.sub(r"\\([^\w\s])", r"\1", text)
