"""Holds lists against the totals that products name, because access rules may hide rows without an error."""

from __future__ import annotations

import structlog


class Totals:
    """What one product's lists lacked; threads share it, and each list is warned of once."""

    def __init__(self, system: str) -> None:
        self._system = system
        self._warned: set[str] = set()

    def newly_short(self, what: str, came: int, total: int | None) -> bool:
        """Say whether fewer rows came than there are, and that has not been warned of."""
        return total is not None and came < total and what not in self._warned

    def hold(self, operation: str, what: str, came: int, total: int | None) -> None:
        """Warn, the first time, that fewer rows came than there are."""
        if not self.newly_short(what, came, total):
            return
        self._warned.add(what)
        structlog.get_logger("forcesync.http").warning(
            "a list came short",
            system=self._system,
            operation=operation,
            text=f"of {total} rows of {what}, {came} came: give the account the right to read the others, if tickets, "
            "their comments or their tags are among them. What does not come is not worked",
        )
