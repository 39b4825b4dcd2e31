"""The rules of every request: where it goes, how long it takes, how often it is sent, and what is logged."""

from __future__ import annotations

import json
import socket
import time
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from pydantic import SecretStr
from structlog.testing import capture_logs

from connectors.http.credentials import BasicCredential, HeaderCredential
from connectors.http.file_secret import FileSecret
from connectors.http.governance import LONGEST_CALL, Network, Timeouts
from connectors.http.transport import Transport, after_write
from connectors.http.voice import Voice
from tests.unit.wire import VOICE, StoppedClock, Wire, answer, reset, serving, silence, stall, trickle, truncate
from workflows.engine.delivery import CALL_SECONDS
from workflows.errors import FarSideError, Misconfigured, Refused, Transient, Uncertain, Unexpected
from workflows.values.masking import plain

SECRET = "a-s3cret-token"
HTML = b"<html><head><title>Instance Hibernating page of ada@example.com</title></head></html>"
PATIENCE = 0.3
DENIED = answer(401, X_Id="req-1")
WHOLE = json.dumps({"result": [{"name": "Ada \\ Byron", "active": True, "count": -1.5, "none": None, "more": []}]})


@pytest.fixture
def wire() -> Iterator[Wire]:
    with serving() as served:
        yield served


def transport(wire: Wire, **changes: Any) -> Transport:
    values: dict[str, Any] = {
        "clock": StoppedClock(),
        "network": Network(Timeouts(read=PATIENCE)),
        "request_id_headers": ("X-Id",),
    }
    made = Transport("far", wire.url, **values | changes)
    made.session.auth = HeaderCredential(SecretStr(SECRET), "Bearer {}")
    return made


def call(way: Transport, method: str, path: str = "/thing", **kwargs: Any) -> Any:
    with way.operation("do the thing", write=method != "GET"):
        response = way.session.request(method, way.base_url + path, **kwargs)
        way.check(response, VOICE)
        return way.json(response)


def fault(way: Transport, method: str, path: str = "/thing", **kwargs: Any) -> FarSideError:
    with pytest.raises(FarSideError) as caught:
        call(way, method, path, **kwargs)
    assert SECRET not in str(caught.value)
    return caught.value


@pytest.mark.parametrize("act", [silence, stall, truncate, reset], ids=lambda act: act.__name__)
def test_no_answer_to_a_read_is_transient_and_to_a_write_uncertain(wire: Wire, act: Any) -> None:
    wire.script = [act]
    assert type(fault(transport(wire), "GET")) is Transient
    made = len(wire.requests)
    assert type(fault(transport(wire), "POST")) is Uncertain
    assert len(wire.requests) == made + 1


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_product_that_cannot_be_reached_is_named_with_its_host(method: str) -> None:
    with socket.socket() as held:  # a port that nobody listens on, and nobody else gets
        held.bind(("127.0.0.1", 0))
        port = held.getsockname()[1]
        way = Transport("far", f"http://127.0.0.1:{port}", clock=StoppedClock())
        found = fault(way, method)
    assert type(found) is Transient
    assert f"127.0.0.1 port {port} could not be reached: it refused the connection" in found.detail


@pytest.mark.parametrize("begin", [b"HTTP/1.1 200 OK\r\nX-Slow: ", b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n"])
def test_an_answer_that_never_ends_times_out(wire: Wire, begin: bytes) -> None:
    wire.script = [trickle(begin)]
    began = time.monotonic()
    assert type(fault(transport(wire), "POST")) is Uncertain
    assert PATIENCE * 0.9 < time.monotonic() - began < 10


def test_a_lease_outlasts_the_longest_call(wire: Wire) -> None:
    assert LONGEST_CALL < CALL_SECONDS
    with pytest.raises(Misconfigured, match="read_timeout"):
        transport(wire, network=Network(Timeouts(read=LONGEST_CALL)))


def test_a_port_where_nobody_listens_proves_that_nothing_was_sent() -> None:
    with serving() as gone:
        pass
    assert type(fault(transport(gone), "POST")) is Transient


def test_a_read_whose_connection_broke_is_retried_once(wire: Wire) -> None:
    wire.script = [reset, answer(200, b'{"a": 1}')]
    assert call(transport(wire), "GET") == {"a": 1}
    assert len(wire.requests) == 2


def test_a_read_is_never_sent_a_third_time(wire: Wire) -> None:
    wire.script = [answer(503)]
    assert type(fault(transport(wire), "GET")) is Transient
    assert len(wire.requests) == 2


@pytest.mark.parametrize(("status", "headers"), [(429, {}), (500, {}), (503, {"Retry_After": "1"}), (404, {})])
def test_a_read_that_was_answered_is_not_retried(wire: Wire, status: int, headers: dict[str, str]) -> None:
    wire.script = [answer(status, b"{}", **headers)]
    fault(transport(wire), "GET")
    assert len(wire.requests) == 1


@pytest.mark.parametrize("act", [reset, answer(502), answer(503), answer(401)])
def test_a_write_is_sent_once_whatever_the_answer(wire: Wire, act: Any) -> None:
    wire.script = [act]
    fault(transport(wire), "PUT")
    assert len(wire.requests) == 1


def test_a_redirect_is_not_followed(wire: Wire) -> None:
    wire.script = [answer(302, Location="/login.do")]
    assert type(fault(transport(wire), "GET")) is Misconfigured
    assert [request.line for request in wire.requests] == ["GET /thing HTTP/1.1"]


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost:1/x",
        "https://127.0.0.1/x",
        "//other.example.com/x",
        "https://other.example.com/",
        "http://127.0.0.1\\@other.example.com/",
        "nonsense",
    ],
)
def test_nothing_is_sent_to_another_host(wire: Wire, url: str) -> None:
    way = transport(wire)
    with pytest.raises(FarSideError), way.operation("follow a link", write=False):
        way.session.get(url)
    assert wire.requests == []


@pytest.mark.parametrize(
    "url", ["http://example.com", "ftp://127.0.0.1", "https://user:pw@example.com", "example.com", "https://", ""]
)
def test_a_url_that_would_expose_the_credential_is_refused(url: str) -> None:
    with pytest.raises(Misconfigured) as caught:
        Transport("far", url, clock=StoppedClock())
    assert "pw" not in str(caught.value)


def test_a_library_cannot_loosen_the_rules(wire: Wire) -> None:
    wire.script = [answer(302, Location="/login.do")]
    way = transport(wire)
    fault(way, "GET", timeout=None, allow_redirects=True)
    wire.script = [silence]
    assert type(fault(way, "GET", timeout=None)) is Transient


def test_cookies_are_not_kept(wire: Wire) -> None:
    wire.script = [answer(200, b"{}", Set_Cookie="session=somebody; Path=/")]
    way = transport(wire)
    call(way, "GET")
    call(way, "GET")
    assert "Cookie" not in wire.requests[1].headers


def test_a_header_that_would_break_the_request_is_refused_before_it_is_sent(wire: Wire) -> None:
    assert type(fault(transport(wire), "POST", headers={"X-Name": "a\r\nX-Injected: 1"})) is Refused
    assert wire.requests == []


def test_a_page_instead_of_data_is_transient_for_a_read_and_uncertain_for_a_write(wire: Wire) -> None:
    wire.script = [answer(200, HTML, Content_Type="text/html")]
    read, write = fault(transport(wire), "GET"), fault(transport(wire), "POST")
    assert (type(read), type(write)) == (Transient, Uncertain)
    assert "hibernating" in str(read)
    assert "ada" not in str(read)


def test_what_is_not_json_is_shown_by_its_shape_alone(wire: Wire) -> None:
    wire.script = [answer(200, b'{"department": "Top Secret 7", "mail": "ada@exa')]
    error = fault(transport(wire), "GET")
    assert type(error) is Transient, "it broke off: read again, it may be whole"
    assert '"department": "xxx xxxxxx 9"' in str(error)


def test_a_products_words_come_through_without_people_and_secrets(wire: Wire) -> None:
    wire.script = [answer(400, f'["far Bearer {SECRET} of ada@example.com may not"]'.encode())]
    way = transport(wire)
    with pytest.raises(Refused) as caught, way.operation("do the thing", write=True):
        way.check(way.session.post(way.base_url), VOICE)
    assert "may not" in str(caught.value)
    assert SECRET not in str(caught.value)
    assert "ada@" not in str(caught.value)


def refusal(way: Transport, words: str, **sent: Any) -> str:
    with pytest.raises(Refused) as caught, way.operation("do the thing", write=True):
        way.check(way.session.post(way.base_url, **sent), Voice(lambda _: words, lambda _: True, "X-Id"))
    return str(caught.value)


@pytest.mark.parametrize("word", ["Winter is coming 7", "a@b:c/d!", "pw7+x", "correct horse"])
def test_a_password_that_a_product_repeats_is_shown_nowhere(wire: Wire, word: str) -> None:
    wire.script = [answer(400, b"{}")]
    way = transport(wire)
    way.session.auth = BasicCredential("svc.forcesync", SecretStr(word))
    told = refusal(way, f"login of svc.forcesync with {word} failed ({quote(word)})")
    assert "login of svc.forcesync with [removed] failed ([removed])" in told
    assert "with [removed]." == plain(f"with {word}.", 100), "whatever other product or person says it"


def test_a_secret_of_a_form_that_a_token_endpoint_repeats_is_shown_nowhere(wire: Wire) -> None:
    wire.script = [answer(400, b"{}")]
    form = {"grant_type": "password", "password": "canary-pass-1", "client_secret": "canary-client-2"}
    told = refusal(transport(wire), "no client canary-client-2 with canary-pass-1 for password", data=form)
    assert "no client [removed] with [removed] for password" in told


def test_a_refused_credential_is_misconfigured_at_once(wire: Wire) -> None:
    wire.script = [DENIED]
    assert type(fault(transport(wire), "GET")) is Misconfigured
    assert len(wire.requests) == 1


def test_a_rotated_secret_is_used_at_once(wire: Wire, tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("old")
    way = transport(wire)
    way.session.auth = HeaderCredential(FileSecret(file), "SSWS {}")
    call(way, "GET")
    file.write_text("new-one")
    call(way, "GET")
    assert [request.headers["Authorization"] for request in wire.requests] == ["SSWS old", "SSWS new-one"]


@pytest.mark.parametrize("secret", ["canary-4711\ncanary-4712", "\ufeffcanary-4711", "canary-4711\u2192"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_header_that_cannot_be_sent_is_in_no_traceback(wire: Wire, method: str, secret: str) -> None:
    way = transport(wire, credential_setting="far.token")
    way.session.auth = HeaderCredential(SecretStr(secret), "SSWS {}")
    error = fault(way, method)
    assert type(error) is Misconfigured
    assert "the request cannot be formed: Unsendable; see `far.token` in the settings" == error.detail
    assert "canary" not in "".join(traceback.format_exception(error))
    assert [] == wire.requests


def test_a_fault_of_ours_is_not_told_as_the_credentials(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object, **__: object) -> None:
        raise ValueError("too many values to unpack")

    way = transport(wire)
    monkeypatch.setattr(type(way.session.get_adapter(way.base_url)), "send", fails)
    with pytest.raises(ValueError, match="too many values"):
        call(way, "GET")


class RotatesWhenRefused(HeaderCredential):
    """Stands for a secret that is rotated between a request and its refusal."""

    def renew(self, refused: str) -> None:
        self._secret = SecretStr("new")


def test_a_read_refused_with_an_old_secret_is_retried_with_the_new_one(wire: Wire) -> None:
    wire.script = [DENIED, answer(200, b"{}")]
    way = transport(wire)
    way.session.auth = RotatesWhenRefused(SecretStr("old"))
    call(way, "GET")
    assert [request.headers["Authorization"] for request in wire.requests] == ["old", "new"]


def test_a_new_secret_that_is_refused_too_is_misconfigured(wire: Wire) -> None:
    wire.script = [DENIED]
    way = transport(wire)
    way.session.auth = RotatesWhenRefused(SecretStr("old"))
    assert type(fault(way, "GET")) is Misconfigured
    assert len(wire.requests) == 2


def test_a_write_refused_with_an_old_secret_waits_for_the_next_try(wire: Wire) -> None:
    wire.script = [DENIED]
    way = transport(wire)
    way.session.auth = RotatesWhenRefused(SecretStr("old"))
    assert type(fault(way, "POST")) is Transient
    assert len(wire.requests) == 1


def test_every_request_is_logged_without_its_secrets_and_people(wire: Wire) -> None:
    wire.script = [answer(200, b'{"a": "body"}', X_Id="req-7"), reset]
    way = transport(wire)
    with capture_logs() as lines:
        call(way, "GET", "/users/ada%40example.com?search=ada@example.com")
        fault(way, "POST", "/things", json={"a": "body"})
    known = {"system": "far", "operation": "do the thing"}
    assert (known | {"status": 200, "request_id": "req-7", "path": "/users/-"}).items() <= lines[0].items()
    assert isinstance(lines[0]["duration_ms"], int)
    assert lines[1]["event"] == "request failed"
    logged = str(lines)
    assert not any(word in logged for word in (SECRET, "body", "ada", "search"))


PAGE = b"<html><title>Access Denied</title></html>"


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 410, 425, 451, 500, 503])
@pytest.mark.parametrize("body", [PAGE, b"blocked by policy", b"", b"{}", b"[]", b'{"message": "no Route matched"}'])
def test_what_stands_in_front_of_a_product_says_nothing_about_a_record(wire: Wire, status: int, body: bytes) -> None:
    wire.script = [answer(status, body, Content_Type="application/json")]
    assert type(fault(transport(wire), "GET")) is Transient
    assert type(fault(transport(wire), "POST")) is Uncertain


@pytest.mark.parametrize(("status", "advised"), [(400, True), (404, True), (405, True), (401, False), (403, False)])
def test_another_product_at_the_address_is_the_operators_to_see_and_stands_on_no_ticket(
    wire: Wire, status: int, *, advised: bool
) -> None:
    wire.script = [answer(status, b"{}")]
    error = fault(transport(wire, credential_setting="desks.far.token"), "GET")
    assert advised == ("; check `desks.far.url`: another product may answer there, or none" in str(error))
    assert "desks.far" not in error.said
    assert type(fault(transport(wire), "GET")) is Transient


@pytest.mark.parametrize("length", range(1, len(WHOLE)))
def test_json_that_was_cut_anywhere_or_spoilt_passes(wire: Wire, length: int) -> None:
    wire.script = [answer(200, WHOLE[:length].encode())]
    assert type(fault(transport(wire), "GET")) is Transient
    assert type(fault(transport(wire), "POST")) is Uncertain


def test_a_5xx_after_a_write_is_uncertain_whatever_its_headers(wire: Wire) -> None:
    wire.script = [answer(503, b"{}", Retry_After="0")]
    assert type(fault(transport(wire), "POST")) is Uncertain
    wire.script = [answer(503, b"{}", Retry_After="5")]
    assert type(fault(transport(wire), "POST")) is Uncertain


@pytest.mark.parametrize("kind", [Transient, Refused, Misconfigured, Unexpected, Uncertain])
def test_no_failed_look_at_what_a_write_did_is_the_writes_refusal(kind: type[FarSideError]) -> None:
    with pytest.raises(Uncertain, match=r"it was sent, but .*: HTTP 403"), after_write("far", "assign"):
        raise kind("far", "read the issue", "HTTP 403")
