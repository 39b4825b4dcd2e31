"""Okta's errors are read by their codes, and its lists to the end."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from pydantic import SecretStr

from connectors.okta import OktaConnector, ReapplyDriver
from tests.unit.builders import directory, okta_user
from tests.unit.okta_wire import app_user_json, org, refused, said
from tests.unit.wire import Act, Request, StoppedClock, Wire, answer
from workflows.errors import FarSideError, Misconfigured, NotAllowed, Refused, Transient, Unexpected


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (403, "E0000005", Misconfigured),
        (403, "E0000006", Refused),
        (404, "E0000007", Refused),
        (401, "E0000011", Misconfigured),
        (401, "E0000015", Refused),
        (405, "E0000022", Refused),
        (400, "E0000047", Transient),
        (500, "E0000009", Transient),
        (400, "E9999999", Refused),
    ],
)
def test_the_error_code_decides_before_the_status(wire: Wire, status: int, code: str, kind: type[FarSideError]) -> None:
    with pytest.raises(kind, match=code):
        org(wire, refused(status, code, "Its words"), said([])).user("00u1")


def test_a_refused_user_is_told_from_a_refused_account_by_the_list_beside_it(wire: Wire) -> None:
    refusal = refused(403, "E0000006", "You do not have permission")
    with pytest.raises(Refused, match="E0000006"):
        org(wire, refusal, said([])).links("00u1")
    with pytest.raises(NotAllowed, match=r"the account of `okta\.main.* lacks okta\.apps\.read"):
        org(wire, refusal).links("00u1")
    assert [request.line.split()[1] for request in wire.requests][1::2] == ["/api/v1/apps?limit=1"] * 2


def test_a_schema_that_may_not_be_read_any_more_is_not_known_any_more(wire: Wire) -> None:
    clock = StoppedClock()
    asked = OktaConnector("main", wire.url, SecretStr("s"), clock=clock)
    wire.script = [said({"definitions": {}}), *[refused(403, "E0000006", "You do not have permission")] * 2]
    user, long_ago = okta_user(schema_id="osc1"), clock.at - timedelta(days=1)
    asked.attribute_rules(user, not_before=long_ago)
    clock.at += timedelta(hours=1)
    for since in (clock.at, long_ago):
        with pytest.raises(NotAllowed, match=r"okta\.schemas\.read"):
            asked.attribute_rules(user, not_before=since)


def test_the_second_form_of_oktas_errors_is_read_too(wire: Wire) -> None:
    body = b'{"status": 404, "message": "Resource not found"}'
    with pytest.raises(Refused, match="HTTP 404: Resource not found"):
        org(wire, answer(404, body, X_Okta_Request_Id="req1")).user("00u1")
    with pytest.raises(Transient, match="not the product's own words"):
        org(wire, answer(404, body)).user("00u1")


@pytest.mark.parametrize("body", [b"<html>", b"", b"{}", b'{"message": "no Route matched with those values"}'])
def test_a_404_that_is_not_oktas_does_not_mean_absence(wire: Wire, body: bytes) -> None:
    with pytest.raises(Transient, match="not the product's own words"):
        org(wire, answer(404, body)).app_user(directory(), "00u1")
    assert org(wire, refused(404, "E0000007")).app_user(directory(), "00u1") is None


def test_a_path_that_okta_does_not_know_does_not_mean_absence(wire: Wire) -> None:
    with pytest.raises(Refused, match="E0000008"):
        org(wire, refused(404, "E0000008", "The requested path was not found")).app_user(directory(), "00u1")


def test_a_stray_403_of_a_gateway_blames_no_right_of_the_account(wire: Wire) -> None:
    with pytest.raises(Transient):
        org(wire, answer(403)).links("00u1")
    with pytest.raises(Refused, match="E0000006"):
        org(wire, refused(403, "E0000006"), answer(403, b"{}")).links("00u1")


def test_a_read_only_service_has_not_started_the_sync(wire: Wire) -> None:
    wire.script = [said([{"id": "otyApp", "isDefault": True}]), refused(503, "E0000010", "Read only mode")]
    with pytest.raises(Transient, match="E0000010"):
        ReapplyDriver("main", wire.url, SecretStr("s"), clock=StoppedClock()).start(directory(), "oty1")


def test_a_credential_without_permission_is_found_at_the_start(wire: Wire) -> None:
    with pytest.raises(Misconfigured, match="E0000006"):
        org(wire, refused(403, "E0000006", "You do not have permission")).check()


def test_a_list_whose_pages_repeat_is_an_error(wire: Wire) -> None:
    link = f'<{wire.url}/api/v1/apps?after=1>; rel="next"'
    with pytest.raises(Unexpected, match="repeats"):
        org(wire, said([], Link=link)).links("00u1")


LEAD_ELSEWHERE = [".", "..", "...", "/", "a/b", "../apps", "a\\b", "%2e%2e", "..%2fapps", "a;b", "a?b", "a#b"]


@pytest.mark.parametrize("id", ["", *LEAD_ELSEWHERE])
def test_an_id_that_leads_to_another_path_is_never_sent(wire: Wire, id: str) -> None:
    with pytest.raises(Refused, match="is not an id"):
        org(wire).user(id)
    with pytest.raises(Refused, match="is not an id"):
        org(wire).groups(id)
    assert wire.requests == []


@pytest.mark.parametrize("identifier", ["me", "ME", *LEAD_ELSEWHERE])
def test_an_identifier_cannot_lead_to_another_path(wire: Wire, identifier: str) -> None:
    assert org(wire, said([]), said([])).find_users(identifier) == ()
    assert [request.line.split("?")[0] for request in wire.requests] == ["GET /api/v1/users"] * 2


def test_a_redirect_of_one_record_pauses_nothing(wire: Wire) -> None:
    wire.route = lambda request: answer(302, Location="/") if "/00u1" in request.line else answer(200, b"[]")
    with pytest.raises(Unexpected, match=r"302.*answers elsewhere"):
        org(wire).user("00u1")


def test_a_redirect_of_everything_is_the_orgs(wire: Wire) -> None:
    with pytest.raises(Misconfigured, match="302"):
        org(wire, answer(302, Location="/login")).user("00u1")


def listing(wire: Wire, listed: int, *, links: bool, pages: bool = True) -> OktaConnector:
    """Return an org whose lists have so many items, in pages if it knows pages, with links if nobody cuts them."""

    def answered(request: Request) -> Act:
        asked = parse_qs(urlsplit(request.line.split()[1]).query)
        size = min(int(asked["limit"][0]), listed) if pages else listed
        more = links and size < listed
        body = [app_user_json(f"00u{number}") for number in range(size)]
        return said(body, **({"Link": f'<{wire.url}/api/v1/apps/x?after=1&limit=1>; rel="next"'} if more else {}))

    wire.route = answered
    return org(wire)


@pytest.mark.parametrize("listed", [200, 201, 1000])
def test_a_list_without_its_links_is_not_taken_for_a_whole_one(wire: Wire, listed: int) -> None:
    with pytest.raises(Misconfigured, match=r"no `Link` header.*gateway in front of Okta"):
        listing(wire, listed, links=False).directory_users(directory())
    assert bool(listing(wire, listed, links=True).directory_users(directory()).next) is (listed > 200)


@pytest.mark.parametrize("links", [True, False])
def test_a_list_that_is_not_full_or_knows_no_pages_is_whole(wire: Wire, links: bool) -> None:
    assert len(listing(wire, 199, links=links).directory_users(directory()).members) == 199
    assert len(wire.requests) == 1
    assert len(listing(wire, 200, links=links, pages=False).directory_users(directory()).members) == 200


def test_a_full_last_page_is_whole_where_its_list_has_links_in_smaller_pages(wire: Wire) -> None:
    found = listing(wire, 200, links=True).directory_users(directory())
    assert (200, None) == (len(found.members), found.next)


def test_lost_links_are_found_at_the_start(wire: Wire) -> None:
    with pytest.raises(Misconfigured, match="no `Link` header"):
        listing(wire, 2, links=False).check()
    with pytest.raises(Misconfigured, match="no `Link` header"):
        listing(wire, 2, links=False).identity()
