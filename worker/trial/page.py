"""A trial as one HTML page to show around: self-contained, everything escaped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from html import escape

from worker.trial.rows import Result, shares
from workflows.values.wording import moment

STYLE = """
body{font:15px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;color:#1c2330}
table{border-collapse:collapse;width:100%;margin:1rem 0}th,td{text-align:left;padding:.35rem .7rem;vertical-align:top}
th{border-bottom:2px solid #c5cbd6}td{border-bottom:1px solid #e3e7ee}td.number{text-align:right;white-space:nowrap}
.bar{background:#e3e7ee;height:.7rem;min-width:8rem}.bar div{background:#2f6fde;height:100%}
"""


def page(result: Result, at: datetime) -> str:
    """Return the page."""
    return "\n".join(_page(result, at)) + "\n"


def _page(result: Result, at: datetime) -> Iterator[str]:
    yield '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
    yield "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
    yield f"<title>What forcesync would have done</title><style>{STYLE}</style></head><body>"
    yield "<h1>What forcesync would have done</h1>"
    yield f"<p>{len(result.rows)} tickets, read {escape(moment(at))}. Nothing was written anywhere.</p>"
    yield "<table><tr><th>What</th><th>Tickets</th><th>Share</th><th></th></tr>"
    for item in shares(result.rows):
        bar = f'<div class="bar"><div style="width:{item.share * 100:.1f}%"></div></div>'
        yield _line((item.done,), (str(item.tickets), f"{item.percent}%"), bar)
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
