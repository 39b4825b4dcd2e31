"""The report as one HTML page that needs nothing else: numbers, definitions, charts, and the tickets behind them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from html import escape

from worker.reporting.charts import causes, tickets_by_week, times_by_week
from worker.reporting.figures import Figures, Report
from worker.reporting.lines import HEADS, SHOWN, sync_number
from worker.reporting.listing import BY_CAUSE, Row, listed
from worker.reporting.metrics import ADVICE, COUNTED, COUNTS, DURATIONS, SYNCS, Count, Metric
from worker.reporting.wording import TEAMS, lasting, percent, period, shared

MOST_LISTED = 200  # of one number; the command lists them all
STYLE = """
body { font: 15px/1.45 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1c1c1c; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2rem; }
table { border-collapse: collapse; width: 100%; }
td, th { text-align: right; padding: .2rem .5rem; vertical-align: top; }
td:first-child, th:first-child { text-align: left; } tr { border-bottom: 1px solid #ddd; }
details > :not(summary), td p { margin: .3rem 0 .6rem; color: #444; font-size: .9rem; } summary { cursor: pointer; }
ul { columns: 3; padding-left: 1.1rem; } svg { max-width: 100%; } svg text { font-family: system-ui, sans-serif; }
@media print { body { margin: 0; } }
"""


def page(report: Report) -> str:
    """Return the page; over nothing, it says so."""
    body = "".join(_body(report)) if not report.is_empty else "<p>Nothing to report: no ticket was taken up.</p>"
    title = f"forcesync: {period(report)}"
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>{STYLE}</style></head>\n<body><h1>{escape(title)}</h1>\n{body}</body></html>\n"
    )


def _body(report: Report) -> Iterator[str]:
    yield "<p>Open a number to see which tickets it counts. For one desk or week, give "
    yield "forcesync report --desk, or --since and --until.</p><h2>Tickets</h2>\n<table>"
    yield from (_counted(report, count) for count in COUNTS)
    if report.whole.counts[ADVICE[0].id].number:
        yield "</table>\n<h2>Advice</h2>\n<table>"
        yield from (_counted(report, count) for count in ADVICE)
    yield "</table>\n<h2>Times</h2>\n<table><tr><th></th><th>median</th><th>mean</th><th>90th percentile</th></tr>"
    for duration in DURATIONS:
        spread = report.whole.spreads[duration.id]
        yield _line(report, duration, *map(lasting, (spread.median, spread.mean, spread.p90)))
    yield "</table>\n<h2>Force Syncs</h2>\n<table>"
    for sync in SYNCS:
        yield _line(report, sync, sync_number(report, sync.id))
    yield "</table>\n"
    if report.rounds:
        yield f"<h2>What became of the tickets, by week</h2>\n{tickets_by_week(report)}"
    if times := times_by_week(report):
        yield f"<h2>Time to resolve, by week</h2>\n{times}"
    if report.handed_over:
        yield f"<h2>Handed over</h2>\n{causes(report)}<table><tr><th>cause</th><th>team</th><th>tickets</th></tr>"
        for item in report.handed_over:
            rows = _opened(
                item.cause.title, "", listed(report, f"{BY_CAUSE}{item.cause.name}"), f"{BY_CAUSE}{item.cause.name}"
            )
            yield f"<tr><td>{rows}</td><td>{escape(TEAMS[item.team])}</td><td>{item.number}</td></tr>"
        yield "</table>"
    for title, groups in (("desk", report.by_desk), ("week", report.by_week)):
        yield f"<h2>By {title}</h2>\n{_table(title, groups)}"


def _counted(report: Report, count: Count) -> str:
    share = report.whole.counts[count.id]
    of = shared(share, count.share_of).strip() if count.of else ""
    return _line(report, count, str(share.number), of)


def _line(report: Report, metric: Metric, *cells: str) -> str:
    opened = _opened(metric.title, metric.definition, listed(report, metric.id), metric.id)
    return f"<tr><td>{opened}</td>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>\n"


def _opened(title: str, definition: str, rows: Iterable[Row], name: str) -> str:
    some = list(rows)
    items = "".join(f"<li>{_ticket(row)}</li>" for row in some[:MOST_LISTED])
    more = (
        f"<p>{len(some) - MOST_LISTED} more: forcesync report --cases {escape(name)}</p>"
        if len(some) > MOST_LISTED
        else ""
    )
    told = f"<p>{escape(definition)}</p>" if definition else ""
    return f"<details><summary>{escape(title)}</summary><ul>{items}</ul>{more}</details>{told}"


def _ticket(row: Row) -> str:
    took = f" {lasting(row.seconds)}" if row.seconds is not None else ""
    run = f" {row.run}" if row.run else ""
    advice = f": {row.advice}" if row.advice else ""
    key = escape(row.ticket)
    if row.url.startswith(("https://", "http://")):
        key = f'<a href="{escape(row.url)}">{key}</a>'
    return f"{key}{escape(took)}{escape(run)}{escape(advice)}"


def _table(title: str, groups: Mapping[str, Figures]) -> str:
    titles = {metric.id: metric.title for metric in COUNTED}
    heads = "".join(f'<th title="{escape(titles[id])}">{head}</th>' for id, head in zip(SHOWN, HEADS, strict=False))
    lines = "".join(f"<tr><td>{escape(name)}</td>{_cells(some)}</tr>" for name, some in groups.items())
    return f"<table><tr><th>{title}</th>{heads}<th>{HEADS[-1]}</th></tr>{lines}</table>"


def _cells(some: Figures) -> str:
    counts = [some.counts[id] for id in SHOWN]
    numbers = [str(counts[0].number), *(percent(share) for share in counts[1:])]
    numbers.append(lasting(some.spreads["time_to_resolve"].median))
    return "".join(f"<td>{number}</td>" for number in numbers)
