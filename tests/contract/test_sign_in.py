"""Every way to sign in works a ticket from the search to its resolution, and survives the expiry of its tokens."""

from __future__ import annotations

from typing import Any

import pytest

from connectors.sandbox.jira.access import CLOUD_ID
from tests.contract.places import PLACES, Stage, note
from workflows.errors import Misconfigured
from workflows.model import File, Move, Phase, TicketRef
from workflows.ports import TicketDesk

INCIDENT, SERVICE_DESK = PLACES[0], PLACES[2]
REPORT = File(name="diagnostics.json", content_type="application/json", content=b'{"seen": true}')


def resolved(cloud: Stage, desk: TicketDesk, ref: TicketRef) -> bool:
    parts = {"internal": note("Evidence."), "public": note("Done for you."), "close_text": "Done for you."}
    done = cloud.do(desk, ref, Move.RESOLVED, files=(REPORT,), **parts)
    marked = [(item.marker, item.public) for item in done.comments if item.marker]
    return done.phase is Phase.DONE and done.assigned_to_worker and len(set(marked)) == len(marked) == 3


def claimed(cloud: Stage, desk: TicketDesk, ref: TicketRef) -> bool:
    desk.check()
    seen = {item.ref.id for item in desk.tagged()}
    return ref.id in seen and cloud.do(desk, ref, Move.CLAIMED, internal=note("We look into it.")).assigned_to_worker


def servicenow(cloud: Stage, auth: str, **changes: Any) -> TicketDesk:
    known = cloud.sandbox.frame.credentials
    client = {"client_id": known.servicenow_client_id, "client_secret": known.servicenow_client_secret}
    needs: dict[str, dict[str, Any]] = {
        "oauth_password": client,
        "oauth_client_credentials": client | {"password": None},
        "api_key": {"api_key": known.servicenow_api_key, "password": None},
    }
    return cloud.desk(INCIDENT, auth=auth, **(needs[auth] | changes))


@pytest.mark.parametrize("auth", ["oauth_password", "oauth_client_credentials", "api_key"])
def test_servicenow_is_worked_whatever_signs_the_calls(auth: str, cloud: Stage) -> None:
    desk, ref = servicenow(cloud, auth), cloud.file(INCIDENT)
    assert claimed(cloud, desk, ref)
    cloud.sandbox.servicenow.state.accounts.expire()
    cloud.time.skip(hours=1)
    assert resolved(cloud, desk, ref)
    assert cloud.sandbox.frame.violations == []


@pytest.mark.parametrize(
    ("auth", "wrong"),
    [
        ("oauth_password", {"password": "wrong"}),
        ("oauth_client_credentials", {"client_secret": "wrong"}),
        ("api_key", {"api_key": "wrong"}),
    ],
)
def test_a_wrong_secret_is_an_operators_matter(auth: str, wrong: dict[str, str], cloud: Stage) -> None:
    with pytest.raises(Misconfigured):
        list(servicenow(cloud, auth, **wrong).tagged())


def gateway(cloud: Stage, auth: str, token: str) -> TicketDesk:
    url = f"{cloud.sandbox.jira_url}/ex/jira/{CLOUD_ID}"
    return cloud.desk(SERVICE_DESK, url=url, browse_url=cloud.sandbox.jira_url, auth=auth, token=token)


@pytest.mark.parametrize("auth", ["basic", "bearer"])
def test_a_scoped_token_works_a_request_through_the_gateway(auth: str, cloud: Stage) -> None:
    desk = gateway(cloud, auth, cloud.sandbox.frame.credentials.jira_scoped_token)
    ref = cloud.file(SERVICE_DESK)
    assert claimed(cloud, desk, ref)
    assert resolved(cloud, desk, ref)
    assert cloud.sandbox.frame.violations == []
    assert desk.read(ref).ref.url.startswith(f"{cloud.sandbox.jira_url}/browse/")


def test_a_token_without_scopes_opens_no_gateway(cloud: Stage) -> None:
    with pytest.raises(Misconfigured):
        gateway(cloud, "basic", cloud.sandbox.frame.credentials.jira_token).check()
