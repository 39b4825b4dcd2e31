"""Every key is shown with its value and where that comes from; no secret is."""

from __future__ import annotations

from pathlib import Path

import pytest

from worker import wiring
from worker.settings.sources import effective

SETTINGS = """
store.url = "postgresql://forcesync:{secret}@db.example.com/forcesync"

[okta.main]
url = "https://example.okta.com"
token_file = "okta"

[desks.snow]
kind = "servicenow"
url = "https://example.service-now.com"
user = "svc.forcesync"
password = "{secret}"
escalation_group = "Identity Operations"

[policy]
open_attributes = ["title", "department"]

[policy.autonomy]
"corp.example.com" = "observe"
"""
SECRET = "s3cret-of-a-test"


@pytest.fixture
def shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, tuple[str, str]]:
    (tmp_path / "okta").write_text(SECRET)
    config = tmp_path / "forcesync.toml"
    config.write_text(SETTINGS.format(secret=SECRET))
    monkeypatch.setenv("FORCESYNC_POLICY__POLL_EVERY", "5")
    monkeypatch.setenv("FORCESYNC_DESKS__SNOW__TAG", "of the environment")
    settings = wiring.read_settings(config)
    desks = {name: wiring.desk_settings(name, settings) for name in settings.desks}
    return {item.key: (item.shown, item.source) for item in effective(settings, config, desks)}


@pytest.mark.parametrize(
    ("key", "value", "source"),
    [
        ("okta.main.url", "https://example.okta.com", "file"),
        ("okta.main.auth", "ssws", "default"),
        ("policy.poll_every", "5.0", "environment FORCESYNC_POLICY__POLL_EVERY"),
        ("desks.snow.tag", "of the environment", "environment FORCESYNC_DESKS__SNOW__TAG"),
        ("desks.snow.password", "(hidden)", "file"),
        ("desks.snow.zone", "UTC", "default"),
        ("desks.snow.tables.incident.resolved", "6", "default"),
        ("policy.open_attributes", '["department", "title"]', "file"),
        ('policy.autonomy."corp.example.com"', "observe", "file"),
        ("store.url", "postgresql://forcesync:***@db.example.com/forcesync", "file"),
        ("store.password", "(not set)", "default"),
    ],
)
def test_a_key_has_its_value_and_its_source(
    key: str, value: str, source: str, shown: dict[str, tuple[str, str]]
) -> None:
    assert (value, source) == shown[key]


def test_a_secret_of_a_file_names_the_file(shown: dict[str, tuple[str, str]], tmp_path: Path) -> None:
    assert ("(hidden)", f"file ({tmp_path / 'okta'})") == shown["okta.main.token"]


def test_no_secret_is_shown(shown: dict[str, tuple[str, str]]) -> None:
    assert SECRET not in str(shown)
