"""Shows the demo's progress: a live table on a terminal, plain lines elsewhere."""

from __future__ import annotations

from types import TracebackType

from rich.console import Console
from rich.live import Live

from worker.demo.report import Rows, one_line_each


class LiveTable:
    """One table, updated in place."""

    def __init__(self, console: Console) -> None:
        self._live = Live(console=console, refresh_per_second=4, transient=True)

    def __enter__(self) -> LiveTable:
        """Start drawing."""
        self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop drawing."""
        self._live.stop()

    def show(self, rows: Rows, seconds: float) -> None:
        """Draw the current state."""
        table = one_line_each("ticket", "about", "desk shows", "what is happening")
        table.title = f"forcesync demo, {seconds:.0f} s"
        for row in rows:
            table.add_row(row.key, row.title, row.ticket["status"], row.happening)
        self._live.update(table)


class Lines:
    """One line for every change."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._seen: dict[str, str] = {}

    def __enter__(self) -> Lines:
        """Start with no rows seen."""
        self._seen.clear()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Do nothing; there is nothing to clean up."""

    def show(self, rows: Rows, seconds: float) -> None:
        """Print what has changed."""
        for row in rows:
            text = f"{row.ticket['status']:<22} {row.happening}"
            if self._seen.get(row.key) != text:
                self._seen[row.key] = text
                self._console.print(
                    f"{seconds:5.1f} s  {row.key:<12} {text}", markup=False, highlight=False, soft_wrap=True
                )
