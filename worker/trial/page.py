"""A trial as one HTML page to show around: self-contained, everything escaped, readable by its owner alone."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from datetime import datetime
from html import escape
from pathlib import Path

from worker.errors import OperatorError
from worker.trial.rows import Result, shares
from workflows.values.wording import moment

OWNERS = 0o600
STYLE = """
body{font:15px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;color:#1c2330}
table{border-collapse:collapse;width:100%;margin:1rem 0}th,td{text-align:left;padding:.35rem .7rem;vertical-align:top}
th{border-bottom:2px solid #c5cbd6}td{border-bottom:1px solid #e3e7ee}td.number{text-align:right;white-space:nowrap}
.bar{background:#e3e7ee;height:.7rem;min-width:8rem}.bar div{background:#2f6fde;height:100%}
"""


def check(path: Path, *, replace: bool) -> None:
    """Raise `OperatorError` if the page could not be written: before the tickets are read, which may take minutes."""
    if not path.parent.is_dir():
        raise OperatorError(f"--html: the folder {path.parent} does not exist")
    if path.is_dir() or (path.exists() and not replace):
        what = "is a folder" if path.is_dir() else "exists; name another file, or add --replace"
        raise OperatorError(f"--html: {path} {what}")


def write(path: Path, result: Result, at: datetime) -> None:
    """Write the page with mode 0600, whole or not at all."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNERS), "w", encoding="utf-8") as file:
            file.write("\n".join(_page(result, at)) + "\n")
        draft.replace(path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise OperatorError(f"--html: {path} cannot be written: {error.strerror}") from error


def _page(result: Result, at: datetime) -> Iterator[str]:
    yield '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
    yield "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
    yield f"<title>What forcesync would have done</title><style>{STYLE}</style></head><body>"
    yield "<h1>What forcesync would have done</h1>"
    yield f"<p>{len(result.rows)} tickets, read {escape(moment(at))}. Nothing was written anywhere.</p>"
    yield "<table><tr><th>What</th><th>Tickets</th><th>Share</th><th></th></tr>"
    for item in shares(result.rows):
        bar = f'<div class="bar"><div style="width:{item.share * 100:.1f}%"></div></div>'
        yield _line((item.done,), (str(item.tickets), f"{item.share:.1%}"), bar)
    yield "</table>"
    yield from (f"<p>{escape(note)}</p>" for note in result.notes)
    heads = ("Ticket", "Desk", "Whom", "Attribute", "What was found", "What would be done", "Because")
    yield "<table><tr>" + "".join(f"<th>{head}</th>" for head in heads) + "</tr>"
    for row in result.rows:
        yield _line((row.ticket, row.desk, row.whom, ", ".join(row.attributes), row.marked, row.done, row.why))
    yield "</table></body></html>"


def _line(cells: Iterable[str], numbers: Iterable[str] = (), more: str = "") -> str:
    texts = "".join(f"<td>{escape(cell)}</td>" for cell in cells)
    counts = "".join(f'<td class="number">{escape(cell)}</td>' for cell in numbers)
    return f"<tr>{texts}{counts}{f'<td>{more}</td>' if more else ''}</tr>"
