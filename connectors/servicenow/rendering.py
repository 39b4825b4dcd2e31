"""Notes as plain text, ServiceNow's journal form; every comment ends with its marker on a line of its own.

Journals interpret `[code]...[/code]` as HTML, so that no untrusted text may bring it along.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator

from workflows.model import Bullets, Heading, Note, Table
from workflows.values.masking import plain

LONGEST = 16_000  # characters; a journal field takes more, a reader does not
LONGEST_LINE = 1_000  # close notes: one sentence
MARKER = re.compile(r"^\[forcesync ([0-9a-z.-]+)\]$", re.MULTILINE)
_CODE = re.compile(r"\[(/?code)\]", re.IGNORECASE)


def render(note: Note, marker: str, *, code_tags: bool = False) -> str:
    """Write a note as text, with its marker; with `code_tags`, its tables as HTML.

    `glide.ui.security.allow_codetag` must let the instance show them
    (https://www.servicenow.com/docs/, "Instance security hardening settings: allow embedded HTML code").
    """
    text = "".join(_blocks(note, code_tags=code_tags)).strip()
    if len(text) > LONGEST:
        text = text[:LONGEST].rpartition("[code]")[0] if _open_code(text[:LONGEST]) else text[:LONGEST]
        text += "\n(cut here: the note was too long)"
    return f"{text}\n\n[forcesync {marker}]"


def _blocks(note: Note, *, code_tags: bool) -> Iterator[str]:
    for block in note.blocks:
        if isinstance(block, Heading):
            yield f"{_inert(block.text)}\n"
        elif isinstance(block, Bullets):
            yield "\n".join(f"- {_inert(item)}" for item in block.items) + "\n\n"
        elif isinstance(block, Table):
            yield (_html(block) if code_tags else _rows(block)) + "\n\n"
        else:
            yield f"{_inert(block.text)}\n\n"


def _rows(table: Table) -> str:
    """Write a table for eyes that see no columns: a line for each row, every cell with its name."""
    names = [_inert(name) for name in table.header]
    lines = []
    for first, *others in table.rows:
        cells = (f"{name}: {_inert(cell)}" for name, cell in zip(names[1:], others, strict=True))
        lines.append(f"- {_inert(first)} | {' | '.join(cells)}")
    return "\n".join(lines)


def _html(table: Table) -> str:
    def row(cells: Iterable[str], tag: str) -> str:
        return f"<tr>{''.join(f'<{tag}>{html.escape(_inert(cell))}</{tag}>' for cell in cells)}</tr>"

    body = "".join(row(cells, "td") for cells in table.rows)
    return f"[code]<table>{row(table.header, 'th')}{body}</table>[/code]"


def _open_code(text: str) -> bool:
    return text.count("[code]") > text.count("[/code]")


def line(text: str) -> str:
    """Write a sentence for a plain text field."""
    return _inert(text)[:LONGEST_LINE]


def marker_in(text: str) -> str | None:
    """Return the marker that a journal entry carries."""
    found = MARKER.findall(text.replace("\r\n", "\n"))
    return found[-1] if found else None


def _inert(text: str) -> str:
    return MARKER.sub("", _CODE.sub(r"(\1)", plain(text, LONGEST)))
