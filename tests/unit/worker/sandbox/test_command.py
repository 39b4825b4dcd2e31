"""The sandbox writes its settings over nothing that it did not write."""

from __future__ import annotations

from pathlib import Path

import pytest

from worker.errors import OperatorError
from worker.sandbox.command import serve


def served(config: Path) -> None:
    serve(scenario="empty", seed=1, tickets=0, users=1, port=1, latency_ms=0.0, write_config=config)


def test_the_sandbox_does_not_overwrite_settings_that_it_did_not_write(config: Path) -> None:
    before = config.read_text()
    with pytest.raises(OperatorError, match=r"forcesync\.toml is there and was not written by `forcesync sandbox`"):
        served(config)
    assert config.read_text() == before


def test_the_sandbox_names_a_missing_folder(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match=r"the folder .*/nowhere does not exist; make it first"):
        served(tmp_path / "nowhere" / "forcesync.toml")
