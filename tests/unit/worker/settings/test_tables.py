"""Each table of the settings file takes what can be used, and says why it refuses the rest."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.worker.settings.test_model import problem, secret, table, write
from worker import running, wiring
from worker.errors import OperatorError
from worker.settings.model import load
from worker.settings.tables import (
    WebSettings,
)


@pytest.mark.parametrize("url", [None, "sqlite:///forcesync.sqlite3", "sqlite:///./forcesync.sqlite3"])
def test_the_store_is_beside_the_settings_whatever_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str | None
) -> None:
    home, elsewhere = tmp_path / "home", tmp_path / "elsewhere"
    home.mkdir()
    elsewhere.mkdir()
    config = write(home, table() | ({"store": {"url": url}} if url else {}))
    for folder, name in ((elsewhere, config), (home, Path("forcesync.toml")), (tmp_path, Path("home/forcesync.toml"))):
        monkeypatch.chdir(folder)
        running.migrate(name)
    assert [home / "forcesync.sqlite3"] == list(tmp_path.rglob("*.sqlite3"))


def test_an_environments_relative_store_is_beside_the_settings_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCESYNC_STORE__URL", "sqlite:///other.sqlite3")
    assert f"sqlite:///{tmp_path}/other.sqlite3" == load(write(tmp_path, table())).store.url


@pytest.mark.parametrize("url", ["sqlite:////srv/a.sqlite3", "postgresql://u:pa55@db/forcesync"])
def test_other_stores_stay_where_they_are(tmp_path: Path, url: str) -> None:
    assert url == load(write(tmp_path, table() | {"store": {"url": url}})).store.url


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("nonsense", "not a URL"),
        ("postgresql://u:pa55w0rd@db:port/forcesync", "the port a number"),
        (
            "postgresql://u@db/forcesync?password=pa55w0rd",
            "password is set in it; allowed: no password in a URL",
        ),
        ("postgresql://u@db/forcesync?sslpassword=pa55w0rd", "sslpassword is set in it"),
    ],
)
def test_a_stores_url_that_is_none_or_holds_a_password_is_refused_without_it(
    tmp_path: Path, url: str, said: str
) -> None:
    told = problem(tmp_path, table() | {"store": {"url": url}})
    assert "store.url: " in told
    assert said in told
    assert "pa55w0rd" not in told


def test_a_files_store_url_that_the_environment_overrides_is_refused_without_its_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCESYNC_STORE__URL", f"sqlite:///{tmp_path}/other.sqlite3")  # overridden
    told = problem(tmp_path, table() | {"store": {"url": "postgresql://u:pa55w0rd@db:port/forcesync"}})
    assert "store.url: not a URL" in told
    assert "pa55w0rd" not in told


def test_a_store_may_have_a_clients_certificate(tmp_path: Path) -> None:
    url = "postgresql://u@db/forcesync?sslmode=verify-full&sslcert=/c.crt&sslkey=/c.key"
    assert url == load(write(tmp_path, table() | {"store": {"url": url}})).store.url


@pytest.mark.parametrize(
    "pasted", ["00aB3dE6gH9jK2mN5pQ8sT1vW4yZ7", "Pa55w0rd-for-Okta!", "b64/of+1=" * 30, "correct-horse-staple"]
)
def test_a_secret_in_place_of_its_files_path_or_of_a_choice_is_not_shown(tmp_path: Path, pasted: str) -> None:
    content = table()
    content["okta"]["main"] = {"url": "http://127.0.0.1:1", "token_file": pasted, "auth": pasted}
    content["okta"]["main"]["force_sync"] = {"driver": pasted}
    told = problem(tmp_path, content)
    assert pasted[:12] not in told
    for key in ("token_file: found a text that names no file", "auth: allowed", "force_sync.driver: allowed"):
        assert f"okta.main.{key}" in told


def test_a_message_about_the_store_has_its_absolute_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, table())
    monkeypatch.chdir(tmp_path)
    with (
        pytest.raises(OperatorError, match=rf"no store at sqlite:///{tmp_path}/forcesync\.sqlite3"),
        wiring.opened_store(Path("forcesync.toml")),
    ):
        pass


def test_relative_paths_in_the_file_start_at_its_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "token").write_text("from-file")
    (tmp_path / "texts").mkdir()
    content = table() | {"texts": {"folder": "texts"}}
    content["okta"]["main"] = {"url": "http://127.0.0.1:1", "token_file": "token"}
    config = write(tmp_path, content)
    monkeypatch.chdir("/")
    settings = load(config)
    assert "from-file" == secret(settings.okta["main"].token)
    assert tmp_path / "texts" == settings.texts.folder


@pytest.mark.parametrize("url", ["http://example.com", "ftp://127.0.0.1", "https://u:a-s3cret@127.0.0.1", "nonsense"])
def test_a_url_that_no_call_can_be_made_with_is_refused(tmp_path: Path, url: str) -> None:
    content = table()
    content["desks"]["snow"] |= {"url": url, "escalation_group": "Identity Operations"}
    text = problem(tmp_path, content)
    assert text.startswith(f"{tmp_path}/forcesync.toml cannot be used:\n  desks.snow.url: ")
    assert "allowed: https://HOST" in text


def test_reapply_needs_its_own_token(tmp_path: Path) -> None:
    content = table()
    content["okta"]["main"]["force_sync"] = {"driver": "reapply"}
    assert "needs one of its own" in problem(tmp_path, content)


def test_a_service_app_needs_its_id_and_its_key_and_no_token(tmp_path: Path) -> None:
    (tmp_path / "key.pem").write_text("a-s3cret-key")
    content = table()
    content["okta"]["main"] = {"url": "http://127.0.0.1:1", "auth": "oauth", "client_id": "0oa1"}
    assert "okta.main.key: auth 'oauth' needs it; set it, or key_file" in problem(tmp_path, content)
    content["okta"]["main"]["key_file"] = str(tmp_path / "key.pem")
    settings = load(write(tmp_path, content))
    assert secret(settings.okta["main"].key) == "a-s3cret-key"


def test_ssws_needs_a_token(tmp_path: Path) -> None:
    content = table()
    del content["okta"]["main"]["token"]
    assert "okta.main.token: auth 'ssws' needs it; set it, or token_file" in problem(tmp_path, content)


@pytest.mark.parametrize(
    ("url", "told"),
    [
        (
            "https://example.okta.com/oauth2/default",
            "okta.main.url: found 'https://example.okta.com/oauth2/default'; ",
        ),
        ("https://example.okta.com/?from=login", "allowed: the org's address alone, https://example.okta.com, without"),
        (
            "https://example-admin.okta.com",
            "that is the Admin Console; allowed: the org's address, https://example.okta",
        ),
    ],
)
def test_a_page_of_okta_is_refused_as_an_org(tmp_path: Path, url: str, told: str) -> None:
    content = table()
    content["okta"]["main"]["url"] = url
    assert told in problem(tmp_path, content)


def test_an_org_may_be_written_with_a_slash_at_its_end(tmp_path: Path) -> None:
    content = table()
    content["okta"]["main"]["url"] = "https://example.okta.com/"
    assert load(write(tmp_path, content)).okta["main"].url == "https://example.okta.com/"


@pytest.mark.parametrize(
    ("listen", "address"),
    [
        ("", None),
        ("9464", ("127.0.0.1", 9464)),
        ("0.0.0.0:9464", ("0.0.0.0", 9464)),
        ("[::1]:9464", ("::1", 9464)),
        ("forcesync.internal:80", ("forcesync.internal", 80)),
    ],
)
def test_health_is_served_on_this_machine_alone_unless_a_host_is_named(
    listen: str, address: tuple[str, int] | None
) -> None:
    web = WebSettings(listen=listen)
    assert address == web.address
    assert address == WebSettings(listen=web.behind(0)).address
    assert [9464, 9467] == [WebSettings(listen=WebSettings(listen="9464").behind(n)).address[1] for n in (0, 3)]  # type: ignore[index]


@pytest.mark.parametrize("listen", ["0", "65536", "web", ":9464", "localhost:", "::1:9464", "[]:9464"])
def test_an_address_that_is_none_is_refused_with_what_is_allowed(tmp_path: Path, listen: str) -> None:
    told = problem(tmp_path, table() | {"web": {"listen": listen}})
    assert "web.listen" in told
    assert "'9464', for this machine alone" in told
