"""The sandbox's settings are its owner's alone, and it knows its own again."""

from __future__ import annotations

import stat
from pathlib import Path

from worker.sandbox.config import HEAD, foreign, write_settings


def test_the_sandboxs_settings_are_its_owners_alone_even_where_others_could_read_the_file(tmp_path: Path) -> None:
    file = tmp_path / "sandbox.toml"
    file.touch(mode=0o644)
    write_settings(file, {"okta": {"main": {"token": "of-a-test"}}})
    assert 0o600 == stat.S_IMODE(file.stat().st_mode)


def test_the_sandbox_overwrites_only_its_own_settings(tmp_path: Path) -> None:
    own, empty, none = tmp_path / "own.toml", tmp_path / "empty.toml", tmp_path / "none.toml"
    own.write_text(f"{HEAD}\n[okta.main]\n")
    empty.touch()
    assert not any(foreign(file) for file in (own, empty, none))
