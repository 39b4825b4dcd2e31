"""When a product refuses a credential, the error names its settings key, never the credential."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from pydantic import SecretStr

from connectors.okta import OktaConnector, ReapplyDriver
from connectors.sandbox.wire.frame import Fault, Product
from tests.contract.operations import PLACE
from tests.contract.places import Stage, stage
from workflows.errors import Misconfigured, Refused, Transient

INCIDENT, SERVICE_DESK = PLACE["incident"], PLACE["cloud-service-desk"]
WORDS = {"error": {"message": "No", "detail": ""}, "errorMessages": ["No"], "errorCode": "E0000006"}
CLIENT = {"client_id": "c", "client_secret": "wr0ng"}


@pytest.fixture(scope="module")
def served() -> Iterator[Stage]:
    with stage("cloud") as served:
        yield served


def okta(served: Stage) -> Callable[[], None]:
    return OktaConnector("main", served.sandbox.okta_url, SecretStr("wr0ng"), clock=served.time).check


def force_sync(served: Stage) -> Callable[[], object]:
    driver = ReapplyDriver("main", served.sandbox.okta_url, SecretStr("wr0ng"), clock=served.time)
    directory = served.org().directories()[0]
    return lambda: driver.start(directory, "oty1")


@contextmanager
def denied(served: Stage, product: Product, path: str) -> Iterator[None]:
    """Make a product refuse the next call of a path with a 403, in its own words to an authenticated caller."""
    faults, headers = served.sandbox.frame.faults, {"X-AACCOUNTID": "712020%3Aus"}
    refusal = Fault("denied", product, "status", path=re.compile(path), status=403, headers=headers, body=WORDS)
    faults.append(refusal)
    yield
    assert refusal.times == 0


Way = Callable[[Stage], Callable[[], object]]
WAYS: dict[str, Way] = {
    "`desks.desk.password`": lambda served: served.desk(INCIDENT, password="wr0ng").check,
    "`desks.desk.api_key`": lambda served: served.desk(INCIDENT, auth="api_key", api_key="wr0ng").check,
    "`desks.desk.client_secret`": lambda served: served.desk(INCIDENT, auth="oauth_password", **CLIENT).check,
    "`desks.desk.token`": lambda served: served.desk(SERVICE_DESK, token="wr0ng").check,
    "`okta.main.token`": okta,
    "`okta.main.force_sync.token`": force_sync,
}


def test_a_refused_force_sync_token_is_found_before_any_press(served: Stage) -> None:
    driver = ReapplyDriver("main", served.sandbox.okta_url, SecretStr("wr0ng"), clock=served.time)
    with pytest.raises(Misconfigured, match=r"see `okta\.main\.force_sync\.token` in the settings"):
        driver.check(served.org().directories()[0])
    with denied(served, "okta", r"/user/types$"), pytest.raises(Misconfigured, match=r"force_sync\.token"):
        served.driver().check(served.org().directories()[0])


@pytest.mark.parametrize("key", WAYS)
def test_a_refused_credential_names_its_key(served: Stage, key: str) -> None:
    with pytest.raises(Misconfigured) as caught:
        WAYS[key](served)()
    assert f"see {key} in the settings" in str(caught.value)
    assert "wr0ng" not in str(caught.value)


SYSTEM: list[tuple[Product, str, Way, str, str]] = [
    (
        "servicenow",
        r"/table/label$",
        lambda served: served.desk(INCIDENT).check,
        "`desks.desk.password`",
        "the right to read the table label",
    ),
    (
        "jira",
        r"/user/search$",
        lambda served: served.desk(SERVICE_DESK).check,
        "`desks.desk.token`",
        "the global permission",
    ),
    ("okta", r"/api/v1/users$", lambda served: served.org().check, "`okta.okta.token`", "okta.users.read"),
]


@pytest.mark.parametrize(("product", "path", "way", "key", "right"), SYSTEM, ids=lambda value: str(value)[:20])
def test_a_403_about_no_record_names_the_right_and_does_not_blame_the_credential(
    served: Stage, product: Product, path: str, way: Way, key: str, right: str
) -> None:
    with denied(served, product, path), pytest.raises(Misconfigured) as caught:
        way(served)()
    assert f"the account of {key} was accepted and lacks {right}" in str(caught.value)
    assert "see `" not in str(caught.value)


def wrong_addresses(served: Stage) -> dict[str, tuple[Callable[[], object], str]]:
    snow, jira, okta_url = served.sandbox.servicenow_url, served.sandbox.jira_url, served.sandbox.okta_url
    token = SecretStr("wr0ng")
    return {
        "snow at okta": (lambda: served.desk(INCIDENT, url=okta_url).check(), "desks.desk"),
        "snow at jira": (lambda: served.desk(INCIDENT, url=jira).check(), "desks.desk"),
        "jira at snow": (lambda: served.desk(SERVICE_DESK, url=snow).check(), "desks.desk"),
        "jira at okta": (lambda: served.desk(SERVICE_DESK, url=okta_url).check(), "desks.desk"),
        "okta at snow": (lambda: OktaConnector("main", snow, token, clock=served.time).check(), "okta.main"),
        "okta at jira": (lambda: OktaConnector("main", jira, token, clock=served.time).check(), "okta.main"),
    }


@pytest.mark.parametrize(
    "case", ["snow at okta", "snow at jira", "jira at snow", "jira at okta", "okta at snow", "okta at jira"]
)
def test_the_address_of_another_product_is_a_sentence_with_its_key(served: Stage, case: str) -> None:
    way, table = wrong_addresses(served)[case]
    with pytest.raises(Transient) as caught:  # a gateway may be reloading its routes, and answer likewise
        way()
    assert f"check `{table}.url`: another product may answer there, or none" in str(caught.value)
    assert table not in caught.value.said, "what may stand on a ticket names no setting"


def test_a_403_about_a_ticket_names_no_setting_for_its_text_may_stand_there(served: Stage) -> None:
    ref = served.file(SERVICE_DESK)
    with denied(served, "jira", r"/issue/\d+$"), pytest.raises(Refused) as caught:
        served.desk(SERVICE_DESK).read(ref)
    assert "settings" not in str(caught.value)
