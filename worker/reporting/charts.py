"""The report's charts as SVG to stand inside an HTML page, with the page's font: no script, nothing loaded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import leather

from worker.reporting.figures import Report
from worker.reporting.wording import lasting

WIDTH, HEIGHT = 900, 320  # pixels
BAR, AROUND = 28, 110  # pixels of one bar that lies, and of what stands around all
MOST_CAUSES = 15
MOST_TICKS, MOST_WEEKS = 5, 8  # names on an axis
COUNTED = tuple(step * 10**power for power in range(7) for step in (1, 2, 5))  # distances of ticks
TIMES = (10, 60, 300, 900, 1800, 3600, 7200, 14400, 28800, 86400, 2 * 86400, 7 * 86400, 28 * 86400)  # seconds
COLOURS = ("#3b5b92", "#2f7d4f", "#8cc5a2", "#c27b24")
BY_WEEK = (
    ("tickets", "taken up"),
    ("resolved", "resolved"),
    ("untouched", "without anybody"),
    ("handed_over", "handed over"),
)


def tickets_by_week(report: Report) -> str:
    """Draw what became of each week's tickets."""
    lines = ((title, [some.counts[id].number for some in report.by_week.values()]) for id, title in BY_WEEK)
    return _over_weeks(report, lines, COUNTED)


def times_by_week(report: Report) -> str:
    """Draw how long it took to resolve each week's tickets."""
    spreads = [some.spreads["time_to_resolve"] for some in report.by_week.values()]
    lines = [("median", [spread.median for spread in spreads]), ("90th percentile", [spread.p90 for spread in spreads])]
    return _over_weeks(report, lines, TIMES)


def causes(report: Report) -> str:
    """Draw why tickets were handed over, the most frequent causes first."""
    found = Counter[str]()
    for item in report.handed_over:
        found[item.cause.title] += item.number
    some = found.most_common(MOST_CAUSES)
    chart = leather.Chart()
    chart.add_bars([(number, name) for name, number in some], fill_color=COLOURS[0])
    return _svg(chart, AROUND + BAR * len(some))


def _over_weeks(report: Report, lines: Iterable[tuple[str, Sequence[float | None]]], steps: Sequence[int]) -> str:
    """Draw lines over the weeks; a week without a value is left out, a single one is a dot, and "" is without any."""
    weeks, chart, highest = list(report.by_week), leather.Chart(), 0.0
    for (title, values), colour in zip(lines, COLOURS, strict=False):
        points = [(place, value) for place, value in enumerate(values) if value is not None]
        highest = max([highest, *(value for _, value in points)])
        if len(points) > 1:
            chart.add_line(points, name=title, stroke_color=colour)
        elif points:
            chart.add_dots(points, name=title, fill_color=colour)
        else:
            return ""
    chart.add_x_scale(*((0, len(weeks) - 1) if len(weeks) > 1 else (-1, 1)))
    some = range(0, len(weeks), 1 + len(weeks) // MOST_WEEKS)
    chart.add_x_axis(ticks=list(some), tick_formatter=lambda value, *_: weeks[int(value)])
    step = next((step for step in steps if highest <= MOST_TICKS * step), steps[-1])
    ticks = list(range(0, int(highest) + 2 * step, step))
    chart.add_y_scale(0, ticks[-1])
    shown = lasting if steps is TIMES else str
    chart.add_y_axis(ticks=ticks, tick_formatter=lambda value, *_: shown(value))
    return _svg(chart, HEIGHT)


def _svg(chart: leather.Chart, height: int) -> str:
    return str(chart.to_svg(width=WIDTH, height=height))
