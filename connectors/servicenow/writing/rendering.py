"""Renders notes as plain text, the format of ServiceNow's journals.

Journals interpret `[code]...[/code]` as HTML, so it is removed from untrusted text.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Iterator

from connectors.servicenow.markers import MARKER
from workflows.model import Bullets, Heading, Note, Table
from workflows.values.masking import plain

LONGEST = 16_000  # characters: a journal field holds more, but nobody reads more
LONGEST_LINE = 1_000  # characters: close notes are one sentence
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


def _inert(text: str) -> str:
    return MARKER.sub("", _CODE.sub(r"(\1)", plain(text, LONGEST)))
