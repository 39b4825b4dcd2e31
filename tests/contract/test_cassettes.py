"""A run can be recorded, comes out scrubbed, and replays without a network: tests the recorder only, on the sandbox."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import SecretStr

from connectors.okta import OktaConnector
from connectors.sandbox.wire.frame import Person
from tests.contract.cassettes import HOST, Scrubber, alias, recording, replaying
from tests.contract.okta_side import NotReadyError, live_side, sandbox_side
from tests.unit.wire import StoppedClock
from worker.sandbox.config import settings_table, write_settings
from workflows.model import AppUser, OktaUser, ProfileMapping

Story = tuple[tuple[OktaUser, ...], tuple[AppUser, ...], ProfileMapping | None]


def story(org: OktaConnector, login: str) -> Story:
    """Read what every ticket needs."""
    users = org.find_users(login)
    copies = org.links(users[0].id).copies
    return users, copies, org.mapping(copies[0].directory, users[0].type_id)


def test_a_recorded_run_holds_no_secret_and_no_person_and_replays_alone(tmp_path: Path) -> None:
    file = tmp_path / "okta.yaml"
    with sandbox_side() as side:
        assert side.sandbox is not None
        url, token = side.sandbox.okta_url, side.sandbox.frame.credentials.okta_token
        scrubber = Scrubber(secrets=[token], hosts=[url])
        org = OktaConnector("main", url, SecretStr(token), clock=StoppedClock())
        with recording(file, scrubber):
            users, copies, mapping = story(org, side.login)
        person = side.sandbox.okta.find_user(side.login)
        calls = side.sandbox.frame.calls["okta"].total()
    assert person is not None
    written = file.read_text(encoding="utf-8").casefold()
    told = (str(value) for value in (*person.profile.values(), *copies[0].profile.values()) if value)
    planted = [token, side.login, url, url.removeprefix("http://"), *(text for text in told if len(text) > 3)]
    assert [text for text in planted if re.search(rf"\\b{re.escape(text.casefold())}\\b", written)] == []
    assert written.count("uri: ") == calls == 4

    elsewhere = OktaConnector("main", f"https://{HOST}", SecretStr("another"), clock=StoppedClock())
    with replaying(file, scrubber):
        again = story(elsewhere, alias(side.login))
    assert [user.id for user in again[0]] == [user.id for user in users]
    assert [copy.directory.ref for copy in again[1]] == [copy.directory.ref for copy in copies]
    assert again[1][0].profile.keys() == copies[0].profile.keys()
    assert again[2] is not None
    assert mapping is not None
    assert again[2].rules == mapping.rules


def test_a_tenant_is_only_read_unless_pressing_is_allowed_and_its_run_can_be_recorded(tmp_path: Path) -> None:
    with sandbox_side() as far:
        assert far.sandbox is not None
        config = tmp_path / "forcesync.toml"
        write_settings(config, settings_table(far.sandbox, tmp_path / "store.sqlite3"))
        named = {"FORCESYNC_LIVE_CONFIG": str(config), "FORCESYNC_LIVE_USER": far.login}
        with live_side(named | {"FORCESYNC_LIVE_RECORD": str(tmp_path)}) as side:
            assert side.driver is None
            assert len(side.org.find_users(side.login)) == 1
        with live_side(named | {"FORCESYNC_LIVE_FORCE_SYNC": "yes"}) as side:
            assert side.driver is not None
    written = (tmp_path / "okta.yaml").read_text(encoding="utf-8")
    assert "/api/v1/users" in written
    assert far.login.partition("@")[0] not in written


@pytest.mark.parametrize("missing", ["FORCESYNC_LIVE_CONFIG", "FORCESYNC_LIVE_USER"])
def test_a_tenant_that_is_not_named_is_not_tried(missing: str) -> None:
    named = {"FORCESYNC_LIVE_CONFIG": "forcesync.toml", "FORCESYNC_LIVE_USER": "somebody@example.com"}
    del named[missing]
    with pytest.raises(NotReadyError, match=missing), live_side(named):
        pass


def test_a_replay_never_reaches_the_network(tmp_path: Path) -> None:
    with sandbox_side() as side:
        assert side.sandbox is not None
        scrubber = Scrubber(secrets=[], hosts=[])
        (tmp_path / "empty.yaml").write_text("interactions: []\nversion: 1\n")
        before = side.sandbox.frame.calls["okta"].total()
        with replaying(tmp_path / "empty.yaml", scrubber), pytest.raises(Exception, match="record_mode 'none'"):
            side.org.find_users(side.login)
        assert side.sandbox.frame.calls["okta"].total() == before


def test_what_was_equal_stays_equal_and_unreadable() -> None:
    person = Person("ada@example.com", "Ada", "Byron")
    assert alias(person.login) == alias(person.login.upper())
    assert "ada" not in alias(person.login)
