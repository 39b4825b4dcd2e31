"""What the control server can do to the Okta org beyond its contract, over HTTP; one small world for each test."""

from __future__ import annotations

from typing import Any

import pytest

from connectors.sandbox.control.api import Control
from tests.sandbox.asgi import Answer, call
from tests.sandbox.okta_client import ID, TOKEN_URL, Key, key
from tests.sandbox.okta_org import HOST, Org


class Desk:
    """An org and its control server."""

    def __init__(self) -> None:
        self.org = Org()
        self.ada = self.org.add("Ada", profile={"title": "Buyer"})
        self.app = Control(self.org.frame, self.org.state, {}).application()

    def post(self, path: str, body: Any) -> Answer:
        return call(self.app, "POST", path, json=body)

    def user(self, **body: Any) -> dict[str, Any]:
        answer = self.post(f"/users/{self.ada}", body)
        assert answer.status == 200, answer.text
        shown: dict[str, Any] = answer.json()
        return shown

    def directory(self, **body: Any) -> dict[str, Any]:
        answer = self.post(f"/directories/{self.org.corp}", body)
        assert answer.status == 200, answer.text
        shown: dict[str, Any] = answer.json()
        return shown

    def synced_title(self) -> str:
        self.org.force_sync(self.org.corp)
        self.org.clock.advance(10)
        return str(self.org.profile(self.ada)["title"])

    def events(self) -> list[str]:
        return [event["eventType"] for event in self.org.get("/api/v1/logs").json()]


# Users


def test_a_user_gets_a_status_groups_and_a_further_directory() -> None:
    desk = Desk()

    shown = desk.user(status="SUSPENDED", groups=["Executives"], directories=[{"app_id": desk.org.ldap}])

    assert (shown["status"], shown["groups"]) == ("SUSPENDED", ["Everyone", "Executives"])
    assert [link["app_id"] for link in shown["directories"]] == [desk.org.corp, desk.org.ldap]


@pytest.mark.parametrize("wrong", [{"stuck": True}, {"reject": "title: not allowed"}])
def test_a_user_is_stuck_or_rejected_and_then_not(wrong: dict[str, Any]) -> None:
    desk = Desk()
    desk.org.update(desk.ada, desk.org.corp, title="Curator")

    desk.user(**wrong)
    held = desk.synced_title()
    desk.user(stuck=False, reject=None)

    assert held == "Buyer"
    assert desk.synced_title() == "Curator"


def test_somebody_changes_a_profile_by_name() -> None:
    desk = Desk()

    desk.user(profile={"title": "Editor"}, by="robin.agent@example.com")

    (event,) = desk.org.get("/api/v1/logs").json()
    assert event["actor"]["alternateId"] == "robin.agent@example.com"
    assert desk.org.profile(desk.ada)["title"] == "Editor"


def test_the_next_update_is_overwritten() -> None:
    desk = Desk()
    desk.org.update(desk.ada, desk.org.corp, title="Curator")

    desk.user(overwrite_next={"title": "Buyer"})

    assert desk.synced_title() == "Buyer"


def test_a_user_is_refreshed_by_signing_in() -> None:
    desk = Desk()

    shown = desk.user(directories=[{"app_id": desk.org.corp, "source": {"title": "Curator"}}], sign_in=desk.org.corp)

    assert shown["profile"]["title"] == shown["directories"][0]["app_user"]["title"] == "Curator"


def test_a_link_has_scope_status_and_state_and_can_be_skipped_by_imports() -> None:
    desk = Desk()
    link = {"app_id": desk.org.corp, "scope": "GROUP", "status": "STAGED", "sync_state": "ERROR", "skipped": True}

    desk.user(directories=[link])

    told = desk.org.get(f"/api/v1/apps/{desk.org.corp}/users/{desk.ada}").json()
    assert (told["scope"], told["status"], told["syncState"]) == ("GROUP", "STAGED", "ERROR")
    desk.directory(**{"import": True})
    assert "app.ad.api.user_import.warn.skipped_user.attribute_invalid_value" in desk.events()


# Directories


def test_a_directory_changes_status_features_and_agents() -> None:
    desk = Desk()

    shown = desk.directory(status="INACTIVE", features=["IMPORT_NEW_USERS"], agents="DISRUPTED")

    assert (shown["status"], shown["agents"]) == ("INACTIVE", "DISRUPTED")
    assert desk.org.get(f"/api/v1/apps/{desk.org.corp}").json()["features"] == ["IMPORT_NEW_USERS"]


def test_a_mapping_row_changes_or_goes() -> None:
    desk = Desk()

    desk.directory(mapping={"title": {"expression": "appuser.title", "push_status": "DONT_PUSH"}, "city": None})

    mapping_id = desk.org.get(f"/api/v1/mappings?sourceId={desk.org.corp}").json()[0]["id"]
    rows = desk.org.get(f"/api/v1/mappings/{mapping_id}").json()["properties"]
    assert rows["title"] == {"expression": "appuser.title", "pushStatus": "DONT_PUSH"}
    assert "city" not in rows


def test_imports_run_stop_and_resume() -> None:
    desk = Desk()
    desk.user(directories=[{"app_id": desk.org.corp, "source": {"title": "Curator"}}])

    assert desk.directory(roadblock=True)["roadblock"] is True
    desk.directory(**{"import": True})
    stopped = desk.user()["directories"][0]["app_user"]["title"]
    assert desk.directory(roadblock=False)["roadblock"] is False
    desk.directory(**{"import": True})

    assert (stopped, desk.user()["directories"][0]["app_user"]["title"]) == ("Buyer", "Curator")


# The org


def test_attributes_change_their_source_and_their_limits() -> None:
    desk = Desk()
    rules = {"title": {"master": "OVERRIDE", "priority": [desk.org.ldap], "max_length": 9}, "city": {"master": None}}

    assert desk.post("/okta", {"attributes": rules}).status == 200

    told = desk.org.get("/api/v1/meta/schemas/user/default").json()["definitions"]["base"]["properties"]
    assert told["title"]["master"] == {"type": "OVERRIDE", "priority": [{"type": "APP", "value": desk.org.ldap}]}
    assert told["title"]["maxLength"] == 9
    assert told["city"]["master"] is None


def test_types_pools_and_support_cases_are_set() -> None:
    desk = Desk()

    answer = desk.post(
        "/okta",
        {
            "user_types": ["contractor"],
            "odd_pools": ["QUANTUM"],
            "support_cases": [{"caseNumber": "1", "subject": "x"}],
            "bare_support_cases": True,
        },
    )

    assert [kind["name"] for kind in answer.json()["user_types"]] == ["user", "contractor"]
    assert desk.org.get("/api/v1/agentPools").json()[-1]["type"] == "QUANTUM"
    assert desk.org.get("/api/v1/org/privacy/oktaSupport/cases").json() == [{"caseNumber": "1", "subject": "x"}]


def asked_for_a_token(desk: Desk, signer: Key) -> Answer:
    now = int(desk.org.clock().timestamp())
    assertion = signer.sign({"iss": ID, "sub": ID, "aud": TOKEN_URL, "exp": now + 60, "jti": str(now)})
    kind = "urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer"
    form = f"grant_type=client_credentials&scope=okta.users.read&client_assertion_type={kind}"
    body = f"{form}&client_assertion={assertion}".encode("ascii")
    return call(desk.org.app, "POST", TOKEN_URL, body=body)


def test_a_service_app_is_registered_and_all_tokens_revoked() -> None:
    desk = Desk()

    made = desk.post("/service_apps", {"client_id": ID, "keys": [key().public], "scopes": ["okta.users.read"]})
    token = f"Bearer {asked_for_a_token(desk, key()).json()['access_token']}"
    before = desk.org.get(f"{HOST}/api/v1/users", authorization=token).status
    revoked = call(desk.app, "DELETE", "/service_apps")

    assert (made.status, made.json(), revoked.status) == (201, {"client_id": ID}, 204)
    assert (before, desk.org.get(f"{HOST}/api/v1/users", authorization=token).status) == (200, 401)


def test_a_planted_secret_is_looked_for() -> None:
    desk = Desk()

    assert desk.post("/secrets", {"add": ["tulip-seven"]}).status == 200
    desk.org.frame.check_disclosure("jira", "a note", "the tulip is red", public=True)
    assert desk.org.rules_broken() == []
    desk.org.frame.check_disclosure("jira", "a note", "it is tulip-seven", public=False)
    assert desk.org.rules_broken() == ["secret disclosed"]


@pytest.mark.parametrize(
    ("path", "body", "words"),
    [
        ("/users/{ada}", {"sign_in": "0oaNo"}, "'0oaNo' is no directory"),
        ("/users/{ada}", {"groups": [1]}, "groups: expected a list of strings"),
        ("/users/{ada}", {"directories": [{"app_id": "{corp}", "scope": "ALL"}]}, "scope: found 'ALL'; allowed: USER"),
        ("/directories/{corp}", {"agents": "TIRED"}, "agents: found 'TIRED'; allowed: OPERATIONAL"),
        ("/directories/{corp}", {"mapping": {"title": {"push_status": "PUSH"}}}, "title: expected an expression"),
        ("/directories/{corp}", {"mapping": {"title": {"expression": "x", "push_status": "PULL"}}}, "allowed: PUSH"),
        ("/okta", {"attributes": {"shoe": {"master": "OKTA"}}}, "attributes: found 'shoe'; allowed: login"),
        ("/okta", {"attributes": {"title": {"master": "AD"}}}, "master: found 'AD'; allowed: PROFILE_MASTER"),
        ("/okta", {"user_types": ["user"]}, "exists already"),
        ("/service_apps", {"client_id": "x", "keys": []}, "at least one public JWK"),
        ("/service_apps", {"client_id": "x", "keys": ["k"]}, "expected a list of public JWKs"),
        ("/secrets", {"add": [""]}, "list of non-empty strings"),
    ],
)
def test_what_cannot_be_done_is_refused_with_what_is_allowed(path: str, body: Any, words: str) -> None:
    desk = Desk()
    names = {"ada": desk.ada, "corp": desk.org.corp}
    for entry in body.get("directories", []):
        entry["app_id"] = desk.org.corp

    answer = desk.post(path.format(**names), body)

    assert answer.status == 400
    assert words in answer.json()["error"]


def test_a_source_is_added_and_leads_and_the_order_can_be_changed() -> None:
    desk = Desk()
    shown = desk.post("/okta", {"add_source": "HR"}).json()["profile_sources"]
    assert [item["label"] for item in shown][:2] == ["HR", "corp.example.com"]
    hr = shown[0]["app_id"]
    user = desk.user(directories=[{"app_id": hr, "source": {"title": "Editor"}, "app_user": {"title": "Editor"}}])
    assert [item["app_user"]["title"] for item in user["sources"]] == ["Editor"]

    order = [item["app_id"] for item in reversed(shown)]
    after = desk.post("/okta", {"profile_sources": order}).json()["profile_sources"]
    assert [item["app_id"] for item in after] == order


def test_a_users_page_is_opened_and_an_approval_is_declared() -> None:
    desk = Desk()
    shown = desk.user(directories=[{"app_id": desk.org.corp, "source": {"title": "Curator"}}], open_profile=True)
    assert shown["profile"]["title"] == "Curator"

    desk.directory(approved=["login"])
    assert desk.org.state.directory(desk.org.corp).approved == {"login"}
    refused = desk.post(f"/directories/{desk.org.corp}", {"approved": ["shoeSize"]})
    assert (refused.status, "found 'shoeSize'" in refused.text) == (400, True)
