"""The report as text for people: its tables take at most 80 columns, and no name or number is ever cut."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from worker.output import aligned, room
from worker.reporting.figures import Figures, Report
from worker.reporting.listing import Row
from worker.reporting.metrics import ADVICE, COUNTS, DURATIONS, METRICS, SYNCS, Count
from worker.reporting.wording import TEAMS, lasting, percent, period, shared

TITLE = 30  # columns of a number's title
SHOWN = ("tickets", "attempted", "resolved", "untouched", "durable", "asked", "handed_over")
HEADS = ("tickets", "cover", "resol", "alone", "durab", "asked", "handed", "time")
MEANING = "    "  # before what a number means
NAME, CELL, TIME = 14, 7, 13  # columns of a desk's or a week's name, of a number, and of a time such as "12 h 10 min"


def report_lines(report: Report) -> Iterator[str]:
    """Yield the report."""
    yield period(report)
    yield ""
    for metric in COUNTS:
        yield _counted(report, metric)
    yield ""
    yield f"{'':<{TITLE}}{'median':>14}{'mean':>14}{'p90':>14}"
    for duration in DURATIONS:
        spread = report.whole.spreads[duration.id]
        numbers = (lasting(seconds) for seconds in (spread.median, spread.mean, spread.p90))
        yield f"{duration.title:<{TITLE}}" + "".join(f"{number:>14}" for number in numbers)
    yield ""
    for sync in SYNCS:
        yield f"{sync.title:<{TITLE}}{sync_number(report, sync.id):>6}"
    yield from _advice(report)
    yield from _handed_over(report)
    for title, groups in (("desk", report.by_desk), ("week", report.by_week)):
        yield from _table(title, groups)
    yield ""
    yield (
        "--definitions says what each number means, --cases METRIC lists the cases behind one; --desk, --since and "
        "--until narrow both."
    )


def sync_number(report: Report, id: str) -> str:
    """Write a number about Force Syncs."""
    syncs = report.syncs
    if id == "tickets_per_sync":
        return "-" if syncs.tickets_per_sync is None else f"{syncs.tickets_per_sync:.1f}"
    return str({"force_syncs": syncs.started, "profiles_repaired": syncs.repaired}.get(id, syncs.foreseen))


def _counted(report: Report, metric: Count) -> str:
    share = report.whole.counts[metric.id]
    of = f"  {shared(share, metric.share_of)}" if metric.of else ""
    return f"{metric.title:<{TITLE}}{share.number:>6}{of}"


def _advice(report: Report) -> Iterator[str]:
    """Yield what became of advice, each number with what it means: in observe, these are the numbers that count."""
    if not report.whole.counts[ADVICE[0].id].number:
        return
    for metric in ADVICE:
        yield ""
        yield _counted(report, metric)
        yield f"{MEANING}{metric.definition} (--cases {metric.id})"


def _handed_over(report: Report) -> Iterator[str]:
    if not report.handed_over:
        return
    yield ""
    yield "Handed over, by cause and team"
    for item in report.handed_over:
        told = f"{item.cause.title}: {TEAMS[item.team]} (cause:{item.cause.name})"
        yield from aligned([(f"{item.number:>6}", told)], room())
    teams = Counter[str]()
    for item in report.handed_over:
        teams[item.team.value] += item.number
    told = ", ".join(f"team:{team} {number}" for team, number in teams.most_common())
    yield f"        {told}"


def _table(title: str, groups: Mapping[str, Figures]) -> Iterator[str]:
    yield ""
    yield f"{'By ' + title:<{NAME}}" + "".join(f"{head:>{CELL}}" for head in HEADS[:-1]) + f"{HEADS[-1]:>{TIME}}"
    for name, some in groups.items():
        if len(name) >= NAME:
            yield name
        counts = [some.counts[id] for id in SHOWN]
        numbers = [str(counts[0].number), *(percent(share) for share in counts[1:])]
        start = name if len(name) < NAME else ""
        median = lasting(some.spreads["time_to_resolve"].median)
        yield f"{start:<{NAME}}" + "".join(f"{number:>{CELL}}" for number in numbers) + f"{median:>{TIME}}"


def definition_rows() -> Iterator[tuple[str, str]]:
    """Yield what each number means, by the name that `--cases` takes."""
    for metric in METRICS:
        of = f" Share of: {metric.share_of}." if isinstance(metric, Count) and metric.of else ""
        yield metric.id, f"{metric.title}: {metric.definition}{of}"
    yield "cause:NAME, team:NAME", "Handed over for a cause, or to a team: As the report lists them."


def list_rows(rows: Iterable[Row]) -> Iterator[tuple[str, ...]]:
    """Yield the list behind a number, a row each."""
    for row in rows:
        told = (
            row.state,
            f"round {row.round}" if row.round > 1 else "",
            row.cause or "",
            row.advice or "",
            lasting(row.seconds) if row.seconds is not None else "",
            f"Force Sync {row.run}" if row.run else "",
            f"case {row.case}",
        )
        yield row.ticket, row.desk, ", ".join(filter(None, told))
