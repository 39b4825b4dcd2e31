"""An Okta org on a bare socket: what it answers, call by call, and a connector that asks it."""

from __future__ import annotations

import json
from typing import Any

from pydantic import SecretStr

from connectors.okta import OktaConnector
from tests.unit.builders import NOW
from tests.unit.wire import Act, StoppedClock, Wire, answer

STAMP = NOW.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def said(body: Any, **headers: str) -> Act:
    """Answer with JSON; underscores in header names stand for hyphens."""
    return answer(200, json.dumps(body).encode(), X_Okta_Request_Id="req1", **headers)


def refused(status: int, code: str, summary: str = "", **headers: str) -> Act:
    """Answer with Okta's error object."""
    body = {"errorCode": code, "errorSummary": summary, "errorLink": code, "errorId": "oae1", "errorCauses": []}
    return answer(status, json.dumps(body).encode(), **headers)


def org(wire: Wire, *script: Act, clock: StoppedClock | None = None, **options: Any) -> OktaConnector:
    """Return a connector of the org that answers like this."""
    wire.script = list(script)
    return OktaConnector("main", wire.url, SecretStr("s3cret"), clock=clock or StoppedClock(), **options)


def user_json(user_id: str = "00u1", **changes: Any) -> dict[str, Any]:
    body = {
        "id": user_id,
        "status": "ACTIVE",
        "type": {"id": "oty1"},
        "profile": {"login": "ada@example.com", "email": "ada@example.com", "department": "Sales"},
        "_links": {"schema": {"href": "https://org.example.com/api/v1/meta/schemas/user/osc1"}},
    }
    return body | changes


def app_user_json(user_id: str = "00u1", **changes: Any) -> dict[str, Any]:
    return {"id": user_id, "scope": "USER", "status": "ACTIVE", "profile": {"department": "Research"}} | changes


def app_json(app_id: str = "0oa1", **changes: Any) -> dict[str, Any]:
    features = ["PROFILE_MASTERING", "IMPORT_PROFILE_UPDATES"]
    body = {"id": app_id, "name": "active_directory", "label": "corp.example.com", "status": "ACTIVE"}
    return body | {"features": features, "signOnMode": None} | changes


def mapping_json(**changes: Any) -> dict[str, Any]:
    body = {
        "id": "prm1",
        "source": {"id": "0oa1", "name": "active_directory", "type": "appuser"},
        "target": {"id": "oty1", "name": "user", "type": "user"},
        "properties": {"department": {"expression": "appuser.department", "pushStatus": "PUSH"}},
    }
    return body | changes
