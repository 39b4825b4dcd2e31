"""One line of the table that `make bench` prints: what was measured, its bar, and whether it holds."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal, NamedTuple

TICKS = os.sysconf("SC_CLK_TCK")


class Row(NamedTuple):
    """A measured number against its bar; `bar` None is for information, `skipped` says why nothing was measured."""

    group: str
    what: str
    found: float | None
    unit: str
    bar: float | None = None
    side: Literal["at most", "at least"] = "at most"
    detail: str = ""
    skipped: str = ""

    @property
    def holds(self) -> bool:
        """Say whether the bar is kept; what has none, or was skipped, fails nothing."""
        if self.found is None or self.bar is None:
            return True
        return self.found <= self.bar if self.side == "at most" else self.found >= self.bar


def printed(rows: Iterable[Row]) -> Iterator[str]:
    """Yield the lines of the table, each as soon as its row is known."""
    yield f"{'':8} {'group':9} {'what':58} {'found':>9}  {'bar':>17}  detail"
    for row in rows:
        if row.skipped:
            yield f"{'skipped':8} {row.group:9} {row.what:58} {'':9}  {'':17}  {row.skipped}"
            continue
        bar = f"{row.side} {row.bar:g} {row.unit}" if row.bar is not None else ""
        word = ("ok" if row.holds else "RED") if row.bar is not None else ""
        yield f"{word:8} {row.group:9} {row.what:58} {row.found:9.2f}  {bar:>17}  {row.detail}".rstrip()


def cpu_seconds(pid: int) -> float:
    """Return the CPU time that a process has used, its threads together (Linux)."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def peak_mb(pid: int) -> float:
    """Return the most memory that a process has held, in MB (Linux)."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024
