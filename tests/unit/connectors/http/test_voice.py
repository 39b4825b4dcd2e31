"""Each product is told from what may stand in front of it, by the forms in which products and gateways refuse."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
import requests

from connectors.http.voice import Voice
from connectors.jira.answers import VOICE as JIRA
from connectors.okta.answers import VOICE as OKTA
from connectors.servicenow.answers import VOICE as SERVICENOW

PRODUCTS = {"jira": JIRA, "okta": OKTA, "servicenow": SERVICENOW}
PAGE = "<html><title>Unauthorized (401)</title></html>"
PROBLEM = {"type": "about:blank", "title": "Not Found", "status": 404, "detail": "no such route"}
FOREIGN: tuple[Any, ...] = (
    "",
    PAGE,
    "blocked by policy",
    {},
    [],
    ["odd"],
    None,
    7,
    {"message": "no Route matched with those values", "request_id": "1f"},  # Kong
    {"message": "Forbidden"},  # Amazon API Gateway
    {"statusCode": 404, "message": "Resource not found"},  # Azure API Management
    {"fault": {"faultstring": "Unable to identify proxy", "detail": {"errorcode": "x"}}},  # Apigee
    {"error": {"code": 403, "message": "Forbidden", "status": "PERMISSION_DENIED"}},  # Google's
    {"error": "Not authorized"},  # Tyk
    {"timestamp": 1, "status": 404, "error": "Not Found", "message": "", "path": "/api"},  # Spring
    {"support_id": "123"},  # F5
    PROBLEM,  # https://www.rfc-editor.org/rfc/rfc9457
    {"errorMessages": [], "errors": {}},
    {"errors": [{"code": "x"}]},
)
OWN: dict[str, tuple[Any, ...]] = {
    "jira": (
        {"errorMessages": ["Issue Does Not Exist"], "errors": {}},
        {"errorMessages": [], "errors": {"resolution": "Field 'resolution' cannot be set."}},
        {"errorMessage": "The request is not visible to you.", "i18nErrorMessage": {"i18nKey": "x", "parameters": []}},
        {"message": "HTTP 404 Not Found", "status-code": 404, "sub-code": -1},
        {"code": 404, "message": "Not Found"},
    ),
    "okta": (
        {"errorCode": "E0000007", "errorSummary": "Not found: Resource not found: 00u1 (User)", "errorCauses": []},
        {"errorCode": "E0000007"},
        {"error": "invalid_client", "error_description": "The client is unknown."},
    ),
    "servicenow": (
        {"error": {"message": "No Record found", "detail": "Record doesn't exist"}, "status": "failure"},
        {"error": {"message": "Invalid table x", "detail": None}, "status": "failure"},
        {"error": {"message": "User Not Authenticated", "detail": "Required to provide Auth information"}},
        {"error": "something", "status": "failure"},
    ),
}


def came(body: Any, status: int = 404, headers: Mapping[str, str] | None = None) -> requests.Response:
    """Return a refusal."""
    response = requests.Response()
    response.status_code = status
    response._content = (body if isinstance(body, str) else json.dumps(body)).encode()
    response.headers.update({"Content-Type": "application/json"} | dict(headers or {}))
    return response


@pytest.mark.parametrize("voice", PRODUCTS.values(), ids=PRODUCTS)
@pytest.mark.parametrize("body", FOREIGN, ids=str)
def test_no_product_speaks_as_gateways_do(body: Any, voice: Voice) -> None:
    assert not voice.speaks(came(body))


@pytest.mark.parametrize(
    ("product", "body"), [(name, body) for name, bodies in OWN.items() for body in bodies], ids=str
)
def test_a_product_is_known_by_its_own_form_alone(product: str, body: Any) -> None:
    assert [product] == [name for name, voice in PRODUCTS.items() if voice.speaks(came(body))]


@pytest.mark.parametrize("voice", PRODUCTS.values(), ids=PRODUCTS)
def test_without_words_the_products_id_of_the_request_shows_who_speaks(voice: Voice) -> None:
    mark = {voice.mark: "1f"}
    assert voice.speaks(came("", 403, mark))
    assert voice.speaks(came({"status": 404, "message": "Resource not found"}, 404, mark))
    assert not voice.speaks(came(PAGE, 404, mark)), "a page is for people, whoever wrote it"
    assert not voice.speaks(came('{"errorCode": "E00', 404, mark)), "what was cut says nothing for certain"
    assert voice.speaks(came(PAGE, 401, mark)), "Jira refuses a credential with a page"


def test_a_challenge_of_okta_is_its_own_though_it_has_no_body() -> None:
    challenge = 'Bearer authorization_uri="https://org.example.com/oauth2/v1/authorize", error="insufficient_scope"'
    assert OKTA.speaks(came("", 403, {"WWW-Authenticate": challenge}))
    assert not OKTA.speaks(came("", 401, {"WWW-Authenticate": 'Key realm="kong"'}))
