"""The simulated Okta's rate limits over the wire.

A client that obeys the headers is never refused; one that continues after a refusal breaks a rule.
"""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime

from starlette.types import Message

from connectors.sandbox.wire.gate import Gate
from tests.sandbox.asgi import Answer
from tests.sandbox.okta_client import Client
from tests.sandbox.okta_org import Org


def error(answer: Answer) -> tuple[int, str]:
    return answer.status, answer.json()["errorCode"]


def test_every_answer_tells_the_limit_of_its_bucket() -> None:
    org = Org()

    first, second = org.get("/api/v1/agentPools"), org.get("/api/v1/agentPools")
    other = org.get("/api/v1/mappings")

    assert (first.headers["x-rate-limit-limit"], first.headers["x-rate-limit-remaining"]) == ("10", "9")
    assert second.headers["x-rate-limit-remaining"] == "8"
    assert other.headers["x-rate-limit-remaining"] == "499"
    assert 60 <= int(first.headers["x-rate-limit-reset"]) - org.clock.now.timestamp() <= 61


def test_a_spent_bucket_answers_429_until_its_reset() -> None:
    org = Org()
    for _ in range(10):
        assert org.get("/api/v1/agentPools").status == 200

    refused = org.get("/api/v1/agentPools")
    assert error(refused) == (429, "E0000047")
    assert refused.headers["x-rate-limit-remaining"] == "0"
    assert org.get("/api/v1/mappings").status == 200

    org.clock.now = datetime.fromtimestamp(int(refused.headers["x-rate-limit-reset"]), tz=UTC)
    assert org.get("/api/v1/agentPools").status == 200
    assert org.rules_broken() == []


def test_going_on_after_a_429_is_a_violation() -> None:
    org = Org()
    for _ in range(12):
        org.get("/api/v1/agentPools")
    assert org.rules_broken() == []

    org.clock.advance(10)
    org.get("/api/v1/agentPools")

    assert org.rules_broken() == ["rate limit not respected"]


def test_limits_can_be_switched_off() -> None:
    org = Org()
    org.frame.settings.limits = False

    assert {org.get("/api/v1/agentPools").status for _ in range(12)} == {200}


# Shares of a bucket


def test_what_one_token_used_up_is_still_open_for_another_until_the_org_has_nothing_left() -> None:
    client = Client(Org())
    org, held = client.org, client.org.frame.credentials
    app = f"Bearer {client.token(scope='okta.agentPools.read')}"
    tokens = [f"SSWS {held.okta_token}", f"SSWS {held.okta_sync_token}"]

    answers = [[org.get("/api/v1/agentPools", authorization=each).status for _ in range(11)] for each in [*tokens, app]]

    # Half of twenty each; calls refused to a token do not count for the org; the third token finds the bucket empty.
    assert answers == [[200] * 10 + [429], [200] * 10 + [429], [429] * 11]


def test_the_headers_tell_the_tighter_of_the_two_limits() -> None:
    org = Org()
    held = org.frame.credentials
    org.frame.settings.okta_limits["agent pools"] = 2
    for _ in range(2):
        org.get("/api/v1/agentPools")
    other = org.get("/api/v1/agentPools", authorization=f"SSWS {held.okta_sync_token}")
    third = org.get("/api/v1/agentPools", authorization=f"Bearer {held.okta_oauth_token}")
    refused = org.get("/api/v1/agentPools", authorization=f"Bearer {held.okta_oauth_token}")

    shown = [(one.headers["x-rate-limit-limit"], one.headers["x-rate-limit-remaining"]) for one in (other, third)]
    assert shown == [("2", "1"), ("4", "0")]
    assert (refused.status, refused.headers["x-rate-limit-limit"]) == (429, "4")


# Concurrency


def test_a_call_too_many_at_once_is_refused_with_zeros_and_others_go_through() -> None:
    org = Org()
    org.frame.settings.okta_concurrency, org.frame.settings.latency_ms = 2, 1
    gate = Gate(org.frame, "okta", org.app, frozenset({"okta.example.com:8080"}))
    token = f"SSWS {org.frame.credentials.okta_token}"

    async def one() -> tuple[int, str, str]:
        sent: list[Message] = []

        async def receive() -> Message:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Message) -> None:
            sent.append(message)

        headers = [(b"host", b"okta.example.com:8080"), (b"authorization", token.encode("ascii"))]
        scope = {"type": "http", "method": "GET", "path": "/api/v1/apps", "query_string": b"", "scheme": "http"}
        await gate(scope | {"headers": headers, "root_path": ""}, receive, send)
        found = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
        code = json.loads(sent[1]["body"]) if sent[0]["status"] != 200 else {}
        return sent[0]["status"], found["x-rate-limit-limit"], code.get("errorCode", "")

    async def three() -> list[tuple[int, str, str]]:
        return list(await asyncio.gather(one(), one(), one()))

    assert sorted(asyncio.run(three())) == [(200, "100", ""), (200, "100", ""), (429, "0", "E0000047")]
    assert org.rules_broken() == []
