"""Notes as plain text, ServiceNow's journal form; every comment ends with its marker on a line of its own.

Journals interpret `[code]...[/code]` as HTML, so that no untrusted text may bring it along.
"""

from __future__ import annotations

import re

from workflows.model import Bullets, Heading, Note, Table
from workflows.redaction import plain

LONGEST = 16_000  # characters; a journal field takes more, a reader does not
LONGEST_LINE = 1_000  # close notes: one sentence
MARKER = re.compile(r"^\[forcesync ([0-9a-z.-]+)\]$", re.MULTILINE)
_CODE = re.compile(r"\[(/?code)\]", re.IGNORECASE)


def render(note: Note, marker: str) -> str:
    """Write a note as text, with its marker."""
    parts = []
    for block in note.blocks:
        if isinstance(block, Heading):
            parts.append(f"== {_inert(block.text)} ==")
        elif isinstance(block, Bullets):
            parts.append("\n".join(f"- {_inert(item)}" for item in block.items))
        elif isinstance(block, Table):
            parts.append("\n".join(" | ".join(_inert(cell) for cell in row) for row in (block.header, *block.rows)))
        else:
            parts.append(_inert(block.text))
    text = "\n\n".join(parts)
    if len(text) > LONGEST:
        text = text[:LONGEST] + "\n(cut here: the note was too long)"
    return f"{text}\n\n[forcesync {marker}]"


def line(text: str) -> str:
    """Write a sentence for a plain text field."""
    return _inert(text)[:LONGEST_LINE]


def marker_in(text: str) -> str | None:
    """Return the marker that a journal entry carries."""
    found = MARKER.findall(text.replace("\r\n", "\n"))
    return found[-1] if found else None


def _inert(text: str) -> str:
    return MARKER.sub("", _CODE.sub(r"(\1)", plain(text, LONGEST)))
