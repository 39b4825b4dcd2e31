"""The store is its owner's alone, and one of a newer program is refused."""

from __future__ import annotations

import sqlite3
import stat
from pathlib import Path

import pytest

from worker import wiring
from worker.errors import OperatorError


def test_only_its_owner_can_read_the_store(config: Path) -> None:
    assert stat.S_IMODE(config.with_name("store.sqlite3").stat().st_mode) == 0o600


def test_a_store_of_a_newer_program_is_called_newer(config: Path) -> None:
    with sqlite3.connect(config.with_name("store.sqlite3")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    with (
        pytest.raises(OperatorError, match="is newer than this program: it has schema 9999") as caught,
        wiring.opened_store(config),
    ):
        pass
    assert "run `forcesync migrate`" not in str(caught.value)
