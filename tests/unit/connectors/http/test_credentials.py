"""Secrets in files and expiring tokens rotate without a restart, and never appear in a text."""

from __future__ import annotations

import base64
import os
import re
from datetime import timedelta
from pathlib import Path

import pytest
import requests
from pydantic import BaseModel, SecretStr, ValidationError
from structlog.testing import capture_logs

from connectors.http.credentials import BasicCredential, Credential, HeaderCredential, Token, TokenCredential, granted
from connectors.http.file_secret import FileSecret
from connectors.http.settings import HeaderSecret, Secret
from tests.unit.builders import NOW
from tests.unit.wire import StoppedClock


class Section(BaseModel):
    token: SecretStr


def signed(credential: Credential) -> requests.PreparedRequest:
    return requests.Request("GET", "http://127.0.0.1/", auth=credential).prepare()


def test_settings_hold_a_secret_that_follows_its_file(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("first\n")
    section = Section(token=FileSecret(file))
    file.write_text("the second\n")
    assert section.token.get_secret_value() == "the second"
    assert "second" not in repr(section)
    assert "second" not in section.model_dump_json()


def test_a_change_that_the_files_time_hides_is_found_when_the_secret_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("one")
    credential = HeaderCredential(FileSecret(file), "SSWS {}")
    request = signed(credential)
    assert not credential.renewed(request)
    times = file.stat()
    file.write_text("two")
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert credential.renewed(request)
    assert credential.value() == "SSWS two"


@pytest.mark.parametrize("content", [None, "", b"\xff\xfe"])
def test_a_briefly_missing_file_leaves_the_last_value_in_use(tmp_path: Path, content: str | bytes | None) -> None:
    file = tmp_path / "token"
    file.write_text("kept")
    secret = FileSecret(file)
    file.unlink()
    if content is not None:
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
    with capture_logs() as lines:
        assert [secret.get_secret_value(), secret.get_secret_value()] == ["kept", "kept"]
    assert len(lines) == 1
    file.write_text("back again")
    assert secret.get_secret_value() == "back again"


def test_a_file_that_was_never_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="nowhere"):
        FileSecret(tmp_path / "nowhere")
    (tmp_path / "empty").touch()
    with pytest.raises(ValueError, match="empty"):
        FileSecret(tmp_path / "empty")


class Kinds(BaseModel):
    token: HeaderSecret | None = None
    password: Secret | None = None


BROKEN = ["s3cret\nsecond", "s3cret\rsecond", "s3cret\0", "s3cret\x1b", "s3\ufeffcret", "s3cret\u2028second"]


NO_TOKENS = ["s3cret\u2192", "Basic s3cret", "SSWS s3cret", "s3 cret", "s3cret\xa0s3cret", "s3cret\u3000s3cret"]


@pytest.mark.parametrize("content", [*BROKEN, *NO_TOKENS])
@pytest.mark.parametrize("key", ["token", "password"])
def test_what_cannot_be_sent_is_refused_as_the_settings_are_read_and_again_as_its_file_is(
    key: str, content: str, tmp_path: Path
) -> None:
    if content in NO_TOKENS and key == "password":
        return  # a password may hold any letter, and blanks
    with pytest.raises(ValidationError) as refused:
        Kinds(**{key: SecretStr(content)})
    assert "s3" not in str(refused.value)
    assert re.search("found a .*; allowed: the secret alone", str(refused.value))
    file = tmp_path / key
    file.write_bytes(b"\xef\xbb\xbfk3pt\r\n")
    secret = FileSecret(file, f"okta.main.{key}_file")
    Kinds(**{key: secret})
    file.write_bytes(content.encode())
    with capture_logs() as lines:
        assert secret.get_secret_value() == "k3pt"
    (line,) = lines
    assert line["text"].startswith(f"okta.main.{key}_file: the file {file} cannot be used: found a ")
    assert "s3" not in str(line)


@pytest.mark.parametrize("content", [" s3cret", "s3cret ", "\ts3cret\n"])
def test_only_a_file_may_hold_blanks_around_a_token(content: str, tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match="found a"):
        Kinds(token=SecretStr(content))
    file = tmp_path / "token"
    file.write_text(content)
    token = Kinds(token=FileSecret(file)).token
    assert token is not None
    assert token.get_secret_value() == "s3cret"


def test_a_plain_secret_stays_what_it_is() -> None:
    credential = HeaderCredential(SecretStr("k3y"), name="x-sn-apikey")
    request = signed(credential)
    assert request.headers["x-sn-apikey"] == "k3y"
    assert not credential.renewed(request)


def test_a_password_may_hold_any_letter() -> None:
    header = str(signed(BasicCredential("svc", SecretStr("pä:ss{}→"))).headers["Authorization"])
    assert base64.b64decode(header.removeprefix("Basic ")).decode() == "svc:pä:ss{}→"


class Issuer:
    """Gives out tokens one after the other, each for half an hour."""

    def __init__(self) -> None:
        self.clock = StoppedClock()
        self.given = 0

    def __call__(self) -> Token:
        self.given += 1
        return Token(f"token-{self.given}", self.clock.now() + timedelta(minutes=30))


def test_a_token_is_used_until_shortly_before_it_expires() -> None:
    issuer = Issuer()
    credential = TokenCredential(issuer, issuer.clock)
    assert (credential.value(), credential.value()) == ("Bearer token-1", "Bearer token-1")
    issuer.clock.at = NOW + timedelta(minutes=29, seconds=30)
    assert credential.value() == "Bearer token-2"


def test_a_refused_token_is_replaced_once_for_all_who_used_it() -> None:
    issuer = Issuer()
    credential = TokenCredential(issuer, issuer.clock)
    mine, theirs = signed(credential), signed(credential)
    assert credential.renewed(mine)
    assert credential.renewed(theirs)
    assert issuer.given == 2


@pytest.mark.parametrize(
    ("told", "seconds"),
    [(3600, 3600), ("1799", 1799), (30, 120), (None, 1800), (True, 1800), ("soon", 1800), (-5, 1800)],
)
def test_a_token_lives_as_long_as_it_is_told_and_no_shorter_than_is_worth_a_call(told: object, seconds: int) -> None:
    found = granted({"access_token": "t", "expires_in": told}, NOW, timedelta(minutes=30))
    assert found == Token("t", NOW + timedelta(seconds=seconds))


@pytest.mark.parametrize("body", [None, [], {}, {"access_token": ""}, {"access_token": 7}])
def test_an_answer_without_a_token_grants_none(body: object) -> None:
    assert granted(body, NOW, timedelta(minutes=30)) is None
