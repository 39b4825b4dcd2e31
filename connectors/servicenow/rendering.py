"""Renders notes as plain text, the format of ServiceNow's journals; a work note ends with its marker.

What requesters read carries none: the work note of the same change is marked, and names the comment by a hash of it.

Journals interpret `[code]...[/code]` as HTML, so it is removed from untrusted text.
"""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Callable, Iterable, Iterator

from workflows.model import Bullets, Heading, Note, Table
from workflows.values.masking import plain

LONGEST = 16_000  # characters: a journal field holds more, but nobody reads more
LONGEST_LINE = 1_000  # characters: close notes are one sentence
SENT = "Sent to the requester."  # the work note of a change that has only a public comment
MARKER = re.compile(r"\[forcesync ([0-9a-z.-]+)(?: ([0-9a-f]{16}))?\]$", re.MULTILINE)
_CODE = re.compile(r"\[(/?code)\]", re.IGNORECASE)


def table_as_lines(table: Table) -> str:
    """Write a table where columns do not align: one line per row, each cell with its column's name."""
    names = [_inert(name) for name in table.header]
    lines = []
    for first, *others in table.rows:
        cells = (f"{name}: {_inert(cell)}" for name, cell in zip(names[1:], others, strict=True))
        lines.append(f"- {_inert(first)} | {' | '.join(cells)}")
    return "\n".join(lines)


def table_as_html(table: Table) -> str:
    """Write a table as HTML, for instances whose `glide.ui.security.allow_codetag` lets journals show it.

    https://www.servicenow.com/docs/r/platform-security/instance-security-hardening-settings/sc-allow-embedded-html-code.html
    """

    def row(cells: Iterable[str], tag: str) -> str:
        return f"<tr>{''.join(f'<{tag}>{html.escape(_inert(cell))}</{tag}>' for cell in cells)}</tr>"

    body = "".join(row(cells, "td") for cells in table.rows)
    return f"[code]<table>{row(table.header, 'th')}{body}</table>[/code]"


def render(note: Note, table: Callable[[Table], str] = table_as_lines) -> str:
    """Write a note as text; `table` writes its tables."""
    text = "".join(_blocks(note, table)).strip()
    if len(text) > LONGEST:
        text = text[:LONGEST].rpartition("[code]")[0] if _open_code(text[:LONGEST]) else text[:LONGEST]
        text += "\n(cut here: the note was too long)"
    return text


def marked(text: str, marker: str, public: str) -> str:
    """Write a work note with its marker, which names the `public` comment of the same change, if there is one."""
    mark = f"[forcesync {marker} {digest(public)}]" if public else f"[forcesync {marker}]"
    return f"{text}\n\n{mark}" if text else f"{SENT} {mark}"


def digest(text: str) -> str:
    """Return a short hash of a comment's words, whatever the spaces and line breaks between them."""
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()[:16]


def _blocks(note: Note, table: Callable[[Table], str]) -> Iterator[str]:
    for block in note.blocks:
        if isinstance(block, Heading):
            yield f"{_inert(block.text)}\n"
        elif isinstance(block, Bullets):
            yield "\n".join(f"- {_inert(item)}" for item in block.items) + "\n\n"
        elif isinstance(block, Table):
            yield table(block) + "\n\n"
        else:
            yield f"{_inert(block.text)}\n\n"


def _open_code(text: str) -> bool:
    return text.count("[code]") > text.count("[/code]")


def line(text: str) -> str:
    """Write one sentence for a plain text field."""
    return _inert(text)[:LONGEST_LINE]


def marker_in(text: str) -> str | None:
    """Return the marker that a journal entry carries."""
    return _mark(text)[0] or None


def named_in(text: str) -> str:
    """Return the hash of the public comment that a work note's marker names; "" for none."""
    return _mark(text)[1]


def _mark(text: str) -> tuple[str, str]:
    found = MARKER.findall(text.replace("\r\n", "\n"))
    return found[-1] if found else ("", "")


def _inert(text: str) -> str:
    return MARKER.sub("", _CODE.sub(r"(\1)", plain(text, LONGEST)))
