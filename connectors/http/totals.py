"""Holds lists against the totals that products name, because access rules may hide rows without an error."""

from __future__ import annotations

import structlog


class Totals:
    """How many rows one product's lists lacked at most; threads share it, and the same lack is warned of once."""

    def __init__(self, system: str) -> None:
        self._system = system
        self._lacked: dict[tuple[str, str], int] = {}

    def newly_short(self, operation: str, what: str, came: int, total: int | None) -> bool:
        """Say whether fewer rows came than there are, and more are missing than ever before."""
        return total is not None and total - came > self._lacked.get((operation, what), 0)

    def hold(self, operation: str, what: str, came: int, total: int | None) -> None:
        """Warn that fewer rows came than there are, and again when more are missing."""
        if total is None or not self.newly_short(operation, what, came, total):
            return
        self._lacked[operation, what] = total - came
        structlog.get_logger("forcesync.http").warning(
            "a list came short",
            system=self._system,
            operation=operation,
            text=f"of {total} rows of {what}, {came} came: give the account the right to read the others, if tickets, "
            "their comments or their tags are among them. What does not come is not worked",
        )
