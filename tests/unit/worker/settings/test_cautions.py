"""What works and is risky is told at the start, without the secret."""

from __future__ import annotations

from pathlib import Path

import pytest

from worker.settings.cautions import cautions
from worker.settings.model import load

SETTINGS = """
[okta.main]
url = "https://example.okta.com"
{okta}
[desks.snow]
kind = "servicenow"
url = "https://example.service-now.com"
user = "svc.forcesync"
escalation_group = "Identity Operations"
{snow}
"""


def told(
    folder: Path, *, mode: int = 0o600, okta: str = 'token_file = "okta"', snow: str = 'password_file = "snow"'
) -> str:
    for name in ("okta", "snow"):
        file = folder / name
        file.write_text(f"{name}-s3cret")
        file.chmod(mode)
    config = folder / "forcesync.toml"
    config.write_text(SETTINGS.format(okta=okta, snow=snow))
    config.chmod(mode)
    found = "\n".join(cautions(load(config)))
    assert "s3cret" not in found
    return found


@pytest.mark.parametrize("mode", [0o600, 0o400])
def test_files_of_their_owner_alone_are_fine(tmp_path: Path, mode: int) -> None:
    assert not told(tmp_path, mode=mode)


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604])
def test_a_secret_file_that_others_can_read_is_named(tmp_path: Path, mode: int) -> None:
    lines = told(tmp_path, mode=mode).splitlines()
    assert [
        f"okta.main.token_file: other accounts of this machine can read {tmp_path}/okta (mode {mode:04o}); "
        f"chmod 600 {tmp_path}/okta",
        f"desks.snow.password_file: other accounts of this machine can read {tmp_path}/snow (mode {mode:04o}); "
        f"chmod 600 {tmp_path}/snow",
    ] == lines  # the settings file holds no secret itself


def test_open_settings_with_a_secret_in_them_are_named(tmp_path: Path) -> None:
    text = told(tmp_path, mode=0o644, okta='token = "a-s3cret"')
    assert f"the settings file, which holds okta.main.token: other accounts of this machine can read {tmp_path}" in text
    assert text.endswith(f"chmod 600 {tmp_path}/forcesync.toml, or name a file of its own with okta.main.token_file")


@pytest.mark.parametrize(
    ("key", "given"),
    [
        ("okta.main.proxy", {"okta": 'token_file = "okta"\nproxy = "http://USERproxy.example.com:3128"'}),
        ("desks.snow.proxy", {"snow": 'password_file = "snow"\nproxy = "http://USERproxy.example.com:3128"'}),
    ],
)
def test_a_proxys_password_makes_the_settings_file_secret_and_its_address_does_not(
    tmp_path: Path, key: str, given: dict[str, str]
) -> None:
    ((name, table),) = given.items()
    found = told(tmp_path, mode=0o640, **{name: table.replace("USER", "svc:a-s3cret@")})
    assert f"the settings file, which holds {key}: other accounts of this machine can read {tmp_path}" in found
    assert "the settings file" not in told(tmp_path, mode=0o640, **{name: table.replace("USER", "")})


def test_a_secret_of_the_environment_does_not_make_the_settings_file_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCESYNC_OKTA__MAIN__TOKEN", "env-s3cret")
    assert "the settings file" not in told(tmp_path, mode=0o644, okta="")


def test_one_token_for_reading_and_for_force_sync_is_named(tmp_path: Path) -> None:
    both = 'token = "a-s3cret"\nforce_sync = { driver = "reapply", token = "a-s3cret" }'
    assert "okta.main.token and okta.main.force_sync.token are the same" in told(tmp_path, okta=both)
    two = 'token = "a-s3cret"\nforce_sync = { driver = "reapply", token = "b-s3cret" }'
    assert not told(tmp_path, okta=two)
