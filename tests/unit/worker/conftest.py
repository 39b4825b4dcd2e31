"""Settings with an empty store, for commands that read it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.worker.settings_file import SETTINGS
from worker import running


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Return settings whose store is empty."""
    file = tmp_path / "forcesync.toml"
    file.write_text(SETTINGS.format(store=tmp_path / "store.sqlite3"))
    running.migrate(file)
    return file
