"""What commands print: lines for people, JSON for programs, and files that are for their owner alone.

At a terminal, lines are wrapped to its width and never cut; in a pipe each record stays one whole line.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from worker.errors import OperatorError

VERSION = 1  # of every command's JSON; it is raised when a field is renamed or removed
NARROWEST = 40
LONGEST = 2000  # characters of a reason; a product's own words may be a page
INDENT = "    "  # of what stands below: a last cell without enough room beside the others, and a line's further lines


def room() -> int:
    """Return the columns to wrap at; 0 in a pipe without COLUMNS, where nothing is wrapped."""
    if not (sys.stdout.isatty() or "COLUMNS" in os.environ):
        return 0
    return max(NARROWEST, shutil.get_terminal_size().columns)


def aligned(rows: Iterable[Sequence[str]], columns: int) -> Iterator[str]:
    """Yield rows with their cells below each other; the last is wrapped to `columns`, never cut (0: one line).

    A cell of more than a third of the columns moves the rest of its own row alone.
    """
    table = [tuple(row) for row in rows]
    most = columns // 3 or sys.maxsize
    widths = [
        max((len(cell) for cell in column if len(cell) <= most), default=0)
        for column in zip(*(row[:-1] for row in table), strict=True)
    ]
    for *cells, last in table:
        head = "".join(f"{cell:<{width}}  " for cell, width in zip(cells, widths, strict=True))
        yield from _beside(head, last, columns) if columns else [(head + last).rstrip()]


def _beside(head: str, text: str, columns: int) -> Iterator[str]:
    """Yield a text in the room beside its head, or below where that is less than half, or too short for a word."""
    longest = max(map(len, text.split()), default=0)
    indent = " " * len(head)
    if head and (len(head) > columns // 2 or len(head) + longest > columns):
        yield from _wrapped(head.rstrip(), columns, "", INDENT)
        head = indent = INDENT
    yield from _wrapped(text, columns, head, indent) or [head.rstrip()] * bool(head.strip())


def _wrapped(text: str, columns: int, first: str, then: str) -> list[str]:
    return textwrap.wrap(text, columns, initial_indent=first, subsequent_indent=then, break_on_hyphens=False)


def tabled(heads: Sequence[str], rows: Iterable[Sequence[str]], columns: int) -> Iterator[str]:
    """Yield aligned rows, at a terminal below their columns' names."""
    yield from aligned([heads, *rows] if columns else rows, columns)


def folded(lines: Iterable[str], columns: int, further: str = INDENT) -> Iterator[str]:
    """Yield lines wrapped to `columns`, what follows that much further in than the line's begin (0: whole)."""
    for line in lines:
        start = line[: len(line) - len(line.lstrip())]
        yield from (_wrapped(line, columns, "", start + further) or [""]) if columns else [line]


def print_lines(lines: Iterable[str]) -> None:
    """Print lines; whoever reads them in a pipe has them at once."""
    for line in lines:
        print(line)
    sys.stdout.flush()


def json_line(fields: Mapping[str, Any]) -> str:
    """Return one JSON object on one line, with the version."""
    return json.dumps({"version": VERSION} | dict(fields), ensure_ascii=False)


def check_file(path: Path, option: str, *, replace: bool) -> None:
    """Raise `OperatorError` if the file of an option could not be written: before it is made, which may take minutes.

    Only with `replace` may it take the place of another.
    """
    if not path.parent.is_dir():
        raise OperatorError(f"{option}: the folder {path.parent} does not exist")
    if path.is_dir() or (path.exists() and not replace):
        what = "is a folder" if path.is_dir() else "exists; name another file, or add --replace"
        raise OperatorError(f"{option}: {path} {what}")


def write_file(path: Path, option: str, text: str) -> str:
    """Write the file with mode 0600, whole or not at all; return what to tell of it. Raises `OperatorError`."""
    over = path.exists()
    try:
        with drafted(path, text) as draft:
            draft.replace(path)
    except OSError as error:
        raise OperatorError(f"{option}: {path} cannot be written: {error.strerror}") from error
    return f"{'replaced' if over else 'wrote'} {path}"


@contextmanager
def drafted(path: Path, text: str) -> Iterator[Path]:
    """Give a file beside `path` that holds the text, mode 0600, to be renamed or linked; it is removed at the end."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.absolute().parent)
    draft = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        yield draft
    finally:
        draft.unlink(missing_ok=True)
