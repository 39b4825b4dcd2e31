"""What a process works with, once `wiring` has built it from the settings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from worker.settings.model import Settings
from workflows.steps import Ports

if TYPE_CHECKING:
    from worker.store import Store


@dataclass(frozen=True)
class Parts:
    """What a command works with: the settings, the ports, and the store to close at the end."""

    settings: Settings
    ports: Ports
    store: Store
