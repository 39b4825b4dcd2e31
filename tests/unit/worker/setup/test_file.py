"""The settings file holds what was answered, whatever the products' names hold, and appears whole or not at all."""

from __future__ import annotations

import stat
import tomllib
from pathlib import Path

import pytest
from pydantic import SecretStr

from worker.errors import OperatorError
from worker.setup.file import Table, create, rendered
from workflows.model import Directory, DirectoryKind, DirectoryRef

NASTY = 'Support"\n[policy]\ndefault_autonomy = "auto"\u2028\x7f # \\'


def directory(label: str) -> Directory:
    return Directory(ref=DirectoryRef(org="main", app_id="0oa1"), label=label, kind=DirectoryKind.AD, active=True)


def test_no_name_of_a_product_becomes_a_setting() -> None:
    table = Table(("desks", "jira", "projects", "SUP"), {"resolution": NASTY}, (NASTY,))
    text = rendered(Path("forcesync.toml"), [table], [directory(NASTY)], lambda _: "")
    read = tomllib.loads(text)
    assert {"default_autonomy": "observe"} == read["policy"]
    assert {"resolution": NASTY} == read["desks"]["jira"]["projects"]["SUP"]


def test_what_the_check_refuses_leaves_nothing_behind(tmp_path: Path) -> None:
    def refuse(_draft: Path) -> None:
        raise OperatorError("no")

    with pytest.raises(OperatorError, match="no"):
        create(tmp_path / "forcesync.toml", "x = 1\n", {"okta_token": SecretStr("secret")}, refuse)
    assert [] == list(tmp_path.iterdir())


def test_the_check_reads_the_whole_text_and_its_secrets_before_the_file_has_its_name(tmp_path: Path) -> None:
    config, seen = tmp_path / "forcesync.toml", list[str]()

    def look(draft: Path) -> None:
        assert not config.exists()
        assert "secret\n" == draft.with_name("okta_token").read_text()
        seen.append(draft.read_text())

    made = create(config, "x = 1\n", {"okta_token": SecretStr("secret")}, look)
    assert (["x = 1\n"], "x = 1\n") == (seen, config.read_text())
    assert {0o600} == {stat.S_IMODE(path.stat().st_mode) for path in made}
    assert {"forcesync.toml", "okta_token"} == {path.name for path in tmp_path.iterdir()}
