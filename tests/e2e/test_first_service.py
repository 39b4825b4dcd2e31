"""After a first hour the service has the same store, or says that there are two before it touches a ticket."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors.sandbox.scenarios.catalogue import Scenario
from connectors.sandbox.server import Sandbox
from tests.e2e.office import Office
from tests.e2e.outside import forcesync
from worker.running import once
from worker.setup.command import init

pytestmark = pytest.mark.long

STORE = "forcesync.sqlite3"
NOTHING_NEW = "cases opened: 0; transitions: 0 of cases, 0 of runs; cases now: advised "


@pytest.fixture
def office(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Office]:
    """Yield a desk after its first hour: settings by `init`, and tickets that `once` has worked."""
    folder = tmp_path / "first hour"
    folder.mkdir()
    with Sandbox(Scenario("tour", users=20), act=False) as sandbox:
        office = Office(sandbox, folder)
        assert 0 == init(office.config, office.flags("servicenow", "jira"), asks=False)
        assert 0 == once(office.config)
        capsys.readouterr()
        yield office


def service(office: Office, tmp_path: Path, store: Path | None = None) -> Path:
    """Copy settings and secrets to a service's folder, and the store's new place into them; return the settings."""
    folder = tmp_path / "service"
    shutil.copytree(office.folder, folder, ignore=shutil.ignore_patterns(f"{STORE}*"))
    config = folder / "forcesync.toml"
    if store:
        text = config.read_text(encoding="utf-8")
        config.write_text(text.replace(str(office.folder / STORE), str(store)), encoding="utf-8")
    return config


def test_settings_that_are_copied_elsewhere_have_the_same_store(
    office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = office.writes()
    assert 0 == once(service(office, tmp_path))
    assert capsys.readouterr().out.startswith(NOTHING_NEW)
    assert before == office.writes()


def test_a_store_that_is_moved_with_its_setting_goes_on(
    office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    moved = tmp_path / "moved.sqlite3"
    config = service(office, tmp_path, moved)
    (office.folder / STORE).rename(moved)
    assert 0 == once(config)
    assert capsys.readouterr().out.startswith(NOTHING_NEW)


@pytest.mark.parametrize("where", ["in", "beside"])
def test_a_second_store_in_the_environment_is_told_before_anything_is_touched(
    where: str, office: Office, tmp_path: Path
) -> None:
    if where == "beside":
        text = office.config.read_text(encoding="utf-8")
        kept = [line for line in text.splitlines() if not line.startswith('url = "sqlite:')]
        office.config.write_text("\n".join(kept), encoding="utf-8")
    before, other = office.writes(), tmp_path / "other.sqlite3"
    done = forcesync("run", "--config", str(office.config), FORCESYNC_STORE__URL=f"sqlite:///{other}")
    assert 2 == done.returncode
    [line] = [line for line in done.stderr.splitlines() if "store.url" in line]
    assert f"found sqlite:///{office.folder / STORE} {where} the settings file" in line
    assert f"sqlite:///{other} in FORCESYNC_STORE__URL" in line
    assert (before, False) == (office.writes(), other.exists())
