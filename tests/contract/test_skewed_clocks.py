"""Products whose clocks differ from ours: we come back when their clock says so, neither earlier nor hours later."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm
from pydantic import SecretStr
from structlog.testing import capture_logs

from connectors.jira import JiraDesk, JiraSettings
from connectors.okta import App, CallBudget, OktaConnector, ServiceApp
from connectors.sandbox.wire.frame import Fault, Product, RetryForm
from connectors.servicenow import ServiceNowDesk, ServiceNowSettings
from tests.contract.operations import PLACE
from tests.contract.places import Stage, Time, stage
from worker.sandbox.config import settings_table
from workflows.errors import Misconfigured, Transient
from workflows.ports import TicketDesk

SKEWS = (timedelta(minutes=-37), timedelta(hours=6))


@dataclass(frozen=True)
class OurClock:
    """The worker's clock, ahead of the products' or behind."""

    theirs: Time
    ahead: timedelta

    def now(self) -> datetime:
        return self.theirs.now() + self.ahead


@pytest.fixture(scope="module")
def served() -> Iterator[Stage]:
    with stage("cloud") as served:
        yield served


@pytest.fixture(params=SKEWS, ids=str)
def clock(request: pytest.FixtureRequest, served: Stage) -> OurClock:
    return OurClock(served.time, request.param)


@contextmanager
def busy(served: Stage, product: Product, path: str, form: RetryForm) -> Iterator[None]:
    """Make the next call of a path be refused for forty seconds; an earlier call is a violation."""
    frame, before = served.sandbox.frame, len(served.sandbox.frame.violations)
    refusal = Fault("busy", product, "status", path=re.compile(path), status=429, retry_after=40, retry_form=form)
    frame.faults.append(refusal)
    yield
    assert [item.rule for item in frame.violations[before:]] == []


@pytest.mark.parametrize("form", ["date", "reset"])
def test_okta_is_called_again_when_its_own_clock_allows(served: Stage, clock: OurClock, form: RetryForm) -> None:
    token = SecretStr(served.sandbox.frame.credentials.okta_token)
    org = OktaConnector("okta", served.sandbox.okta_url, token, clock=clock)
    with busy(served, "okta", r"/api/v1/users$", form):
        with pytest.raises(Transient) as caught:
            org.find_users("somebody@corp.example.com")
        until = caught.value.until
        assert until is not None
        assert timedelta(seconds=40) <= until - clock.now() <= timedelta(seconds=43)
        served.time.skip(seconds=(until - clock.now()).total_seconds())
        assert org.find_users("somebody@corp.example.com") == ()


def test_jira_is_called_again_when_its_own_clock_allows(served: Stage, clock: OurClock, tmp_path: Path) -> None:
    table = settings_table(served.sandbox, tmp_path)["desks"]["jira"]
    settings = JiraSettings(**{name: value for name, value in table.items() if name != "kind"})
    desk, ref = JiraDesk("desk", settings, clock=clock), served.file(PLACE["cloud-service-desk"])
    with busy(served, "jira", r"/issue/\d+$", "date"):
        with pytest.raises(Transient) as caught:
            desk.read(ref)
        until = caught.value.until
        assert until is not None
        assert timedelta(seconds=40) <= until - clock.now() <= timedelta(seconds=43)
        served.time.skip(seconds=(until - clock.now()).total_seconds())
        assert desk.read(ref).ref.key == ref.key


def test_a_refused_assertion_tells_how_far_the_clocks_differ(served: Stage, clock: OurClock) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    public = json.loads(ECAlgorithm.to_jwk(key.public_key())) | {"kid": "k1", "alg": "ES256"}
    served.sandbox.okta.oauth.register("0oaSkewed", [public])
    secret = SecretStr(json.dumps(json.loads(ECAlgorithm.to_jwk(key)) | {"kid": "k1"}))
    scopes = ("okta.users.read",)
    app = ServiceApp("okta", served.sandbox.okta_url, App("0oaSkewed", secret, scopes), clock=clock)
    with pytest.raises(Misconfigured) as caught:
        app.fetch()
    words = {-37: "its clock is 37 min ahead of ours", 360: "its clock is 360 min behind ours"}
    assert words[round(clock.ahead.total_seconds() / 60)] in caught.value.detail


@contextmanager
def few_calls(served: Stage) -> Iterator[None]:
    """Limit the org to a dozen app calls a minute; needless calls could exceed it on a slow machine."""
    settings = served.sandbox.frame.settings
    served.time.skip(minutes=2)
    settings.limits, settings.okta_limits["apps"] = True, 12
    try:
        yield
    finally:
        settings.limits = False
        del settings.okta_limits["apps"]


def test_a_bucket_that_is_nearly_used_up_rests_until_its_minute_is_over(served: Stage, clock: OurClock) -> None:
    token = SecretStr(served.sandbox.frame.credentials.okta_token)
    org = OktaConnector("okta", served.sandbox.okta_url, token, clock=clock, budget=CallBudget(keep_for=0))
    with few_calls(served):
        with pytest.raises(Transient, match="nearly used up") as caught:
            for _ in range(12):
                org.directories()
        until = caught.value.until
        assert until is not None
        assert timedelta() < until - clock.now() <= timedelta(seconds=63)
        served.time.skip(seconds=(until - clock.now()).total_seconds())
        assert len(org.directories()) > 0


@pytest.mark.parametrize("name", ["incident", "cloud-service-desk", "org"])
def test_clocks_that_differ_are_told_once_at_the_start(
    served: Stage, clock: OurClock, name: str, tmp_path: Path
) -> None:
    tables = settings_table(served.sandbox, tmp_path)["desks"]
    options = {product: {key: own[key] for key in own if key != "kind"} for product, own in tables.items()}
    token = SecretStr(served.sandbox.frame.credentials.okta_token)
    systems: dict[str, Callable[[], TicketDesk | OktaConnector]] = {
        "incident": lambda: ServiceNowDesk("system", ServiceNowSettings(**options["servicenow"]), clock=clock),
        "cloud-service-desk": lambda: JiraDesk("system", JiraSettings(**options["jira"]), clock=clock),
        "org": lambda: OktaConnector("system", served.sandbox.okta_url, token, clock=clock),
    }
    system = systems[name]()
    with capture_logs() as logs:
        system.check()
        system.check()
    told = [line["text"] for line in logs if line["event"] == "the clocks differ"]
    words = {-37: "its clock is 37 min ahead of ours", 360: "its clock is 360 min behind ours"}
    assert [True] == [words[round(clock.ahead.total_seconds() / 60)] in text for text in told]
