"""What commands print: lines for people, JSON for programs, and files that are for their owner alone.

At a terminal, lines are wrapped between words and never cut, so that an address or a path stays whole; in a pipe each
record stays one whole line, and what is no record goes to standard error.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from worker.errors import OperatorError

VERSION = 1  # of every command's JSON; it is raised when a field is renamed or removed
NARROWEST, USUAL = 40, 80  # columns of a terminal; not every one tells its own
LONGEST = 2000  # characters of a reason; a product's own words may be a page
INDENT = "    "  # of what stands below: a last cell without enough room beside the others, and a line's further lines


def room(stream: TextIO | None = None) -> int:
    """Return the columns to wrap at on a stream, by default standard output; 0 in a pipe, where nothing is wrapped."""
    stream = stream or sys.stdout
    if not stream.isatty():
        return 0
    asked = os.environ.get("COLUMNS", "")
    columns = int(asked) if asked.isdecimal() else 0
    return max(NARROWEST, columns or os.get_terminal_size(stream.fileno()).columns or USUAL)


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
    return textwrap.wrap(
        text, columns, initial_indent=first, subsequent_indent=then, break_on_hyphens=False, break_long_words=False
    )


def tabled(heads: Sequence[str], rows: Iterable[Sequence[str]], columns: int) -> Iterator[str]:
    """Yield aligned rows, at a terminal below their columns' names."""
    yield from aligned([heads, *rows] if columns else rows, columns)


def folded(lines: Iterable[str], columns: int, further: str = INDENT) -> Iterator[str]:
    """Yield lines wrapped to `columns`, what follows that much further in than the line's begin (0: whole)."""
    for line in lines:
        start = line[: len(line) - len(line.lstrip())]
        yield from (_wrapped(line, columns, "", start + further) or [""]) if columns else [line]


def percents(numbers: Sequence[int]) -> list[int]:
    """Return the share of each number in whole per cent, which add up to 100: the largest remainders are rounded up.

    Of equal remainders, that of the smaller number is, so that one of two parts has the same share whichever is asked
    for.
    """
    whole = sum(numbers)
    found = [100 * number // whole for number in numbers]
    by_remainder = sorted(range(len(numbers)), key=lambda place: (-(100 * numbers[place] % whole), numbers[place]))
    for place in by_remainder[: 100 - sum(found)]:
        found[place] += 1
    return found


def print_lines(lines: Iterable[str], further: str = INDENT) -> None:
    """Print lines for people, folded to the terminal."""
    for line in folded(lines, room(), further):
        print(line, flush=True)


def print_aside(*texts: str) -> None:
    """Print on standard error, folded to its terminal, what is no record: a fault, a note, or that a list is empty."""
    for line in folded((line for text in texts for line in text.split("\n")), room(sys.stderr)):
        print(line, file=sys.stderr, flush=True)


def json_line(fields: Mapping[str, Any]) -> str:
    """Return one JSON object on one line, with the version."""
    return json.dumps({"version": VERSION} | dict(fields), ensure_ascii=False)


def print_json(fields: Mapping[str, Any]) -> None:
    """Print one record for programs."""
    print_whole(json_line(fields))


def print_whole(text: str) -> None:
    """Print what is not for a terminal's width; a reader that has gone is met here, not when the program ends."""
    print(text, flush=True)


def check_file(path: Path, option: str, *, replace: bool) -> None:
    """Raise `OperatorError` if the file of an option could not be written: before it is made, which may take minutes.

    Only with `replace` may it take the place of another.
    """
    if not path.parent.is_dir():
        raise OperatorError(f"{option}: the folder {path.parent} does not exist")
    try:
        with tempfile.TemporaryFile(dir=path.parent):
            pass
    except OSError as error:
        raise OperatorError(f"{option}: no file can be made in {path.parent}: {error.strerror}") from error
    if path.is_dir() or (path.exists() and not replace):
        what = "is a folder" if path.is_dir() else "exists; name another file, or add --replace"
        raise OperatorError(f"{option}: {path} {what}")


def empty_folder(folder: Path, option: str) -> Path:
    """Make the folder of an option, or take one that is empty. Raises `OperatorError`."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not any(folder.iterdir()):
            return folder
    except OSError as error:
        raise OperatorError(f"{option}: {folder} cannot be used: {error.strerror}; name another folder") from error
    raise OperatorError(f"{option}: the folder {folder} is not empty; name a new or an empty one")


def write_file(path: Path, option: str, text: str | bytes) -> str:
    """Write the file with mode 0600, whole or not at all; return what to tell of it. Raises `OperatorError`."""
    over = path.exists()
    try:
        with drafted(path, text) as draft:
            draft.replace(path)
    except OSError as error:
        raise OperatorError(f"{option}: {path} cannot be written: {error.strerror}") from error
    return f"{'replaced' if over else 'wrote'} {path}"


@contextmanager
def drafted(path: Path, text: str | bytes) -> Iterator[Path]:
    """Give a file beside `path` that holds the text, mode 0600, to be renamed or linked; it is removed at the end."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.absolute().parent)
    draft = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(text if isinstance(text, bytes) else text.encode())
            file.flush()
            os.fsync(file.fileno())
        yield draft
    finally:
        draft.unlink(missing_ok=True)
