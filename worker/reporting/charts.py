"""The report's charts as SVG to stand inside an HTML page: no script, nothing loaded from elsewhere.

pygal writes a small script and two addresses of its own into each chart; both are taken out.
"""

from __future__ import annotations

from typing import Any

import pygal
from pygal.style import Style

from worker.reporting.figures import Report
from worker.reporting.wording import lasting

OUTCOMES = (("untouched", "resolved without anybody"), ("others", "otherwise resolved"), ("handed_over", "handed over"))
LEFT = (("advised", "only advised"), ("withdrawn", "left to people"), ("open", "still open"))
MOST_CAUSES = 12
SIZE = {"width": 760, "height": 300}
LINE = 26  # pixels of one bar that lies
STYLE = Style(
    background="transparent",
    plot_background="transparent",
    font_family="system-ui, sans-serif",
    colors=("#2f7d4f", "#8cc5a2", "#d08c2f", "#6b7fb3", "#a7a7a7", "#d9d9d9"),
)


def outcomes_by_week(report: Report) -> str:
    """Draw what became of each week's tickets."""
    chart = _chart(pygal.StackedBar, print_values=True, formatter=lambda value: str(round(value)) if value else "")
    chart.x_labels = list(report.by_week)
    for id, title in (*OUTCOMES, *LEFT):
        chart.add(title, [_outcome(some.counts, id) for some in report.by_week.values()])
    return _svg(chart)


def _outcome(counts: Any, id: str) -> int:
    if id == "others":
        return int(counts["resolved"].number - counts["untouched"].number)
    return int(counts[id].number)


def causes(report: Report) -> str:
    """Draw why tickets were handed over, the most frequent causes first."""
    found = dict[str, int]()
    for item in report.handed_over:
        found[item.cause.title] = found.get(item.cause.title, 0) + item.number
    some = sorted(found.items(), key=lambda pair: pair[1], reverse=True)[:MOST_CAUSES]
    height = 80 + LINE * len(some)
    chart = _chart(
        pygal.HorizontalBar,
        height=height,
        show_legend=False,
        print_values=True,
        formatter=lambda value: str(round(value)),
    )
    chart.x_labels = [title for title, _ in reversed(some)]
    chart.add("tickets", [number for _, number in reversed(some)])
    return _svg(chart)


def times_by_week(report: Report) -> str:
    """Draw how long it took to resolve each week's tickets."""
    chart = _chart(pygal.Line, formatter=lasting, value_formatter=lasting)
    chart.x_labels = list(report.by_week)
    spreads = [some.spreads["time_to_resolve"] for some in report.by_week.values()]
    chart.add("median", [spread.median for spread in spreads])
    chart.add("90th percentile", [spread.p90 for spread in spreads])
    return _svg(chart)


def _chart(kind: Any, **options: Any) -> Any:
    chart = kind(
        **SIZE | {"js": (), "style": STYLE, "disable_xml_declaration": True, "legend_at_bottom": True} | options
    )
    chart.add_xml_filter(_without_scripts)
    return chart


def _svg(chart: Any) -> str:
    return str(chart.render(is_unicode=True))


def _without_scripts(root: Any) -> Any:
    for parent in list(root.iter()):
        for child in list(parent):
            if callable(child.tag) or child.tag.rpartition("}")[2] == "script":  # a comment's tag is a function
                parent.remove(child)
    return root
