"""Every operation of every connector times every fault: the right error, nothing doubled, no sleep, nothing leaked."""

from __future__ import annotations

import base64
import io
import re
import threading
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime
from http import HTTPStatus
from inspect import isfunction
from typing import Any

import pytest

from connectors.sandbox.wire.faults import HTML
from connectors.sandbox.wire.frame import Fault, FaultKind
from tests.contract.operations import OPERATIONS, Operation
from tests.contract.places import PATIENCE, Stage
from worker.process import logs
from workflows.errors import FarSideError, Misconfigured, Refused, Transient, Uncertain, Unexpected
from workflows.ports import OktaOrg, SyncDriver, TicketDesk

pytestmark = pytest.mark.long

SHORT = 0.15  # seconds; the timeout for an answer that never ends
PERSON, PLANTED = "ada.byron@people.example.com", "Pl4ntedValueOfSomebody"
WORDS = f"No, {PERSON}, said the product; Authorization: Bearer {PLANTED}"
BODY = {"error": {"message": WORDS, "detail": ""}, "errorMessages": [WORDS], "errorSummary": WORDS}
BODY |= {"errorCode": "E0000007"}  # Okta's code for a record that it does not know
NO_SUCH_CALL = BODY | {"errorCode": "E0000022"}  # and for a call that it does not know
SPOILT = (
    f'{{"result":[{{"name":"{PLANTED}",}},\n }}""\n ],"error":{{"detail":"it ran too long","message":"Cancelled"}},'
)
NO_CANARY = r"^(?!/api/v1/users/me$|/rest/api/2/myself$)"  # whose redirect would make any other one the system's
KNOWN = {"X-AACCOUNTID": "712020%3Aus"}  # without it, Jira Cloud has treated us as anonymous


@dataclass(frozen=True)
class Wrong:
    """A fault, its meaning for a read and for a write, and whether the product processed the request."""

    name: str
    kind: FaultKind
    of_read: type[FarSideError]
    of_write: type[FarSideError]
    status: int = 500
    retry: str | None = None
    body: Any = None
    took_effect: bool = False

    def fault(self, operation: Operation, now: datetime) -> Fault:
        """Plan the fault for the operation's call and its one quick retry."""
        headers = dict(KNOWN)
        if self.retry == "seconds":
            headers["Retry-After"] = "40"
        if self.retry == "at once":
            headers["Retry-After"] = "0"
        if self.body == HTML:
            headers["Content-Type"] = "text/html"
        if self.retry == "date":
            headers["Retry-After"] = format_datetime(now + timedelta(seconds=40), usegmt=True)
        return Fault(
            id=self.name,
            product=operation.product,
            kind=self.kind,
            method=operation.method,
            path=re.compile(rf"{NO_CANARY}(?=.*?{operation.path})" if self.kind == "redirect" else operation.path),
            times=2,
            status=self.status,
            headers=headers if self.kind in {"status", "redirect", "html"} else {},
            body=self.body if self.body is not None else BODY if self.kind == "status" else None,
        )


FAULTS = (
    Wrong("429 in seconds", "status", Transient, Transient, 429, "seconds"),
    Wrong("429 by date", "status", Transient, Transient, 429, "date"),
    Wrong("429 without a word", "status", Transient, Transient, 429),
    Wrong("500", "status", Transient, Uncertain, 500),
    Wrong("502", "status", Transient, Uncertain, 502),
    Wrong("503", "status", Transient, Uncertain, 503),
    Wrong("503 in seconds", "status", Transient, Uncertain, 503, "seconds"),
    Wrong("503 at once", "status", Transient, Uncertain, 503, "at once"),
    Wrong("504", "status", Transient, Uncertain, 504),
    Wrong("reset before", "reset_before", Transient, Uncertain),
    Wrong("reset after", "reset_after", Transient, Uncertain, took_effect=True),
    Wrong("stall", "stall", Transient, Uncertain, took_effect=True),
    Wrong("cut", "cut", Transient, Uncertain, took_effect=True),
    Wrong("truncated", "truncate", Transient, Uncertain, took_effect=True),
    Wrong("page", "html", Transient, Uncertain),
    Wrong("redirect", "redirect", Unexpected, Uncertain),
    Wrong("401", "status", Misconfigured, Misconfigured, 401),
    *(Wrong(str(status), "status", Refused, Refused, status) for status in (400, 403, 404, 409, 410)),
    *(Wrong(f"no call {status}", "status", Refused, Refused, status, body=NO_SUCH_CALL) for status in (404, 405, 410)),
    *(
        Wrong(f"page {status}", "status", Transient, Uncertain, status, body=HTML)
        for status in (400, 401, 403, 404, 409, 410, 500)
    ),
    *(
        Wrong(f"{what} {status}", "gateway", Transient, Uncertain, status, body=body)
        for status in (400, 401, 403, 404)
        for what, body in (("gateway", None), ("empty", ""))
    ),
    Wrong("spoilt", "status", Transient, Uncertain, 200, body=SPOILT),
    Wrong("another type", "status", Unexpected, Unexpected, 200, body=[PLANTED, 7]),
    Wrong("another object", "status", Unexpected, Unexpected, 200, body={PLANTED: 7}),
)


def expected(operation: Operation, wrong: Wrong) -> set[type[FarSideError] | None]:
    """Return the allowed errors; an answer whose content is ignored cannot have a wrong type or be cut."""
    may: set[type[FarSideError] | None] = {wrong.of_write if operation.kind == "write" else wrong.of_read}
    if operation.kind == "write" and wrong.name.startswith("another"):
        may = {Unexpected, Uncertain, Refused}  # depends on how the write is verified
    if wrong.of_read is Refused:
        of_call = operation.product == "okta" and wrong.body is NO_SUCH_CALL
        may = {refusal(operation, wrong.status, of_call=of_call)}
    ignored = wrong.took_effect or wrong.name.startswith("another") or wrong.name == "spoilt"
    if operation.status_only and ignored:
        may.add(None)
    if operation.convenience and may & {Refused, Misconfigured}:
        may = {None}
    if operation.absent and wrong.took_effect:
        may.add(None)
    of_all = operation.kind == "system" or operation.name.startswith("reapply: ")  # a driver has one call to lose
    if wrong.name == "redirect" and of_all:
        may.add(Misconfigured)
    return may


def refusal(operation: Operation, status: int, *, of_call: bool) -> type[FarSideError] | None:
    """Return what a refusal in the product's own words means: it is about one record, or about the account."""
    if operation.product == "jira" and status == HTTPStatus.CONFLICT:
        return Transient  # somebody changed the issue at the same moment
    if operation.optional == status and not of_call:
        return None
    if operation.name == "reapply: start" and (status == HTTPStatus.FORBIDDEN or of_call):
        return Misconfigured  # it is about no record: the account may not, or Okta has no such call
    of_account = operation.kind == "system" or (operation.lists and operation.product == "servicenow")
    of_account = of_account or (operation.lists and status == HTTPStatus.FORBIDDEN)
    return Misconfigured if of_account else Refused


def kind_of(error: FarSideError | None) -> type[FarSideError] | None:
    """Return an error's kind in the core's error tree, which the engine acts on."""
    return next((kind for kind in type(error).__mro__ if FarSideError in kind.__bases__), None)


@pytest.fixture(autouse=True)
def nobody_sleeps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forbid sleep in the test's thread; the sandbox's threads may."""
    mine, sleep = threading.get_ident(), time.sleep  # to take it away

    def refuse(seconds: float) -> None:
        assert threading.get_ident() != mine, "a thread slept on a far side"
        sleep(seconds)

    monkeypatch.setattr(time, "sleep", refuse)


@pytest.fixture
def log() -> io.StringIO:
    """Return everything that is logged."""
    stream = io.StringIO()
    logs.configure("debug", "json", stream)
    return stream


@pytest.mark.parametrize("wrong", FAULTS, ids=lambda wrong: wrong.name)
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
def test_a_fault_is_what_it_is_and_no_more(operation: Operation, wrong: Wrong, cloud: Stage, log: io.StringIO) -> None:
    frame = cloud.sandbox.frame
    prepared = operation.prepare(cloud, SHORT if wrong.kind == "stall" else PATIENCE)
    violations, hits = len(frame.violations), frame.faults_hit
    frame.faults[:] = [wrong.fault(operation, cloud.time.now())]
    error: FarSideError | None = None
    try:
        prepared.act()
    except FarSideError as raised:
        error = raised
    finally:
        frame.faults.clear()

    assert kind_of(error) in expected(operation, wrong), error
    assert frame.faults_hit - hits in ({1} if operation.kind == "write" else {1, 2})
    if wrong.retry in {"seconds", "date"} and isinstance(error, Transient):
        assert error.until == cloud.time.now() + timedelta(seconds=41)
    told = f"{error} {log.getvalue()}"
    assert not [secret for secret in secrets(cloud) if secret in told]

    assert prepared.standing() == (1 if wrong.took_effect and operation.kind == "write" else 0)
    cloud.time.skip(minutes=2)
    prepared.again()
    if operation.kind == "write" and operation.name != "reapply: start":
        assert prepared.standing() == 1
    assert [item for item in frame.violations[violations:] if "Force Sync" not in item.rule] == []


def secrets(cloud: Stage) -> list[str]:
    """Return what must never leak: credentials in every form, people, and the contents of answers."""
    known = cloud.sandbox.frame.credentials
    passwords = [known.okta_token, known.okta_sync_token, known.servicenow_password, known.jira_token]
    pairs = [f"{known.servicenow_user}:{known.servicenow_password}", f"{known.jira_email}:{known.jira_token}"]
    people = [PERSON, PLANTED, cloud.sandbox.world.members[0].login, cloud.sandbox.world.members[0].login.split("@")[0]]
    return [*passwords, *(base64.b64encode(pair.encode()).decode() for pair in pairs), *people]


NO_CALL = frozenset({"plan", "has_inside", "attaches"})  # methods that ask no product
DOORS = (("incident: ", TicketDesk), ("cloud-", TicketDesk), ("okta: ", OktaOrg), ("reapply: ", SyncDriver))


@pytest.mark.parametrize(("place", "port"), DOORS)
def test_every_method_of_a_port_that_asks_a_product_is_struck(place: str, port: type) -> None:
    struck = [operation.name for operation in OPERATIONS if operation.name.startswith(place)]
    methods = {name for name, item in vars(port).items() if isfunction(item) and not name.startswith("_")} - NO_CALL
    missing = {
        name for name in methods if not any(re.search(rf": {name.replace('_', '[_ ]')}\b", row) for row in struck)
    }
    assert set() == missing
