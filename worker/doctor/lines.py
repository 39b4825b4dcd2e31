"""Lines for people: they fit the terminal, and elsewhere each record stays one whole line."""

from __future__ import annotations

import os
import shutil
import sys
import textwrap
from collections.abc import Iterable, Iterator, Sequence

NARROWEST = 40
INDENT = "    "  # of a last cell that stands below the others, where they take more than half of the room


def room() -> int:
    """Return the columns to wrap at; 0 in a pipe without COLUMNS, where nothing is wrapped."""
    if not (sys.stdout.isatty() or "COLUMNS" in os.environ):
        return 0
    return max(NARROWEST, shutil.get_terminal_size().columns)


def aligned(rows: Iterable[Sequence[str]], columns: int) -> Iterator[str]:
    """Yield rows with their cells below each other; the last is wrapped to `columns`, never cut (0: one line)."""
    table = [tuple(row) for row in rows]
    widths = [
        max((len(cell) for cell in column), default=0) for column in zip(*(row[:-1] for row in table), strict=True)
    ]
    for *cells, last in table:
        head = "".join(f"{cell:<{width}}  " for cell, width in zip(cells, widths, strict=True))
        if not columns:
            yield (head + last).rstrip()
            continue
        if len(head) > columns // 2:
            yield head.rstrip()
            head, indent = INDENT, INDENT
        else:
            indent = " " * len(head)
        lines = textwrap.wrap(last, columns, initial_indent=head, subsequent_indent=indent, break_on_hyphens=False)
        yield from lines or ([head.rstrip()] if head.strip() else [])
