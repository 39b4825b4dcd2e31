"""What `wiring` builds from the settings for a process."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from worker.settings.model import Settings
from workflows.steps import Ports

if TYPE_CHECKING:
    from worker.process.backoff import Notes
    from worker.store import Store
    from worker.web.metrics import Metrics


@dataclass(frozen=True)
class Parts:
    """The settings, the ports, and the store, which the command closes at the end.

    There are metrics where the settings name an address to serve them at.
    """

    settings: Settings
    ports: Ports
    store: Store
    notes: Notes
    metrics: Metrics | None = None
