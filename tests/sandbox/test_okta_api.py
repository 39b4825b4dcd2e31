"""The simulated Okta over the wire: who may call, what is returned, and how calls are refused.

The traps of the real API are asserted one by one, since the connector is built against them.
"""

from __future__ import annotations

import pytest

from connectors.sandbox.wire.frame import Person
from tests.sandbox.asgi import Answer, call
from tests.sandbox.okta_org import HOST, Org


def ids(answer: Answer) -> list[str]:
    return [item["id"] for item in answer.json()]


def error(answer: Answer) -> tuple[int, str]:
    return answer.status, answer.json()["errorCode"]


# Credentials


def test_reads_take_either_api_token_or_the_oauth_token() -> None:
    org = Org()
    held = org.frame.credentials

    for authorization in (f"SSWS {held.okta_token}", f"SSWS {held.okta_sync_token}", f"Bearer {held.okta_oauth_token}"):
        assert org.get("/api/v1/apps", authorization=authorization).status == 200


def test_the_scheme_of_an_api_token_may_come_without_a_blank_as_oktas_own_sdk_sends_it() -> None:
    org = Org()
    held = org.frame.credentials

    assert org.get("/api/v1/apps", authorization=f"SSWS{held.okta_token}").status == 200
    assert org.get("/api/v1/apps", authorization=f"Bearer{held.okta_oauth_token}").status == 401


@pytest.mark.parametrize(
    "authorization",
    ["", "SSWS nonsense", "SSWSnonsense", "Basic 00sandboxReadOnlyTokenOfTheWorker", "SSWS"],
)
def test_anything_else_is_refused_with_the_error_object_and_a_request_id(authorization: str) -> None:
    org = Org()

    answer = call(org.app, "GET", "/api/v1/apps", headers={"Authorization": authorization})

    assert answer.status == 401
    assert answer.headers["x-okta-request-id"]
    assert answer.json() | {"errorId": ""} == {
        "errorCode": "E0000011",
        "errorSummary": "Invalid token provided",
        "errorLink": "E0000011",
        "errorId": "",
        "errorCauses": [],
    }


def test_the_organization_is_public() -> None:
    org = Org()

    answer = call(org.app, "GET", f"{HOST}/.well-known/okta-organization")

    assert answer.status == 200
    assert answer.json()["id"] == org.state.org_id


# Reapply


def test_a_reapply_answers_with_an_empty_body_and_its_request_id_is_remembered() -> None:
    org = Org()
    org.add("Ada")

    answer = org.force_sync(org.corp)

    assert (answer.status, answer.body) == (200, b"")
    assert [sync["app_id"] for sync in org.state.force_syncs()] == [org.corp]
    assert org.state.force_syncs()[0]["request_id"] == answer.headers["x-okta-request-id"]


def test_a_reapply_takes_the_sync_token_only() -> None:
    org = Org()
    held, (source, target) = org.frame.credentials, org.type_ids(org.corp)

    refused = {
        "oauth": org.reapply(source, target, authorization=f"Bearer {held.okta_oauth_token}"),
        "read": org.reapply(source, target, authorization=f"SSWS {held.okta_token}"),
        "wrong": org.reapply(source, target, authorization="SSWS wrong"),
    }

    assert {name: error(answer) for name, answer in refused.items()} == {
        "oauth": (403, "E0000005"),
        "read": (403, "E0000006"),
        "wrong": (401, "E0000011"),
    }
    assert refused["oauth"].json()["errorSummary"] == "Invalid session"
    assert org.state.force_syncs() == []


def test_a_reapply_wants_type_ids_and_both_of_them() -> None:
    org = Org()
    source, target = org.type_ids(org.corp)

    assert source != org.corp
    assert error(org.reapply(org.corp, target)) == (400, "E0000001")
    assert error(org.reapply("otyUnknown", target)) == (404, "E0000007")
    assert error(org.reapply(source, "otyUnknown")) == (404, "E0000007")
    assert error(org.reapply(source, "")) == (400, "E0000001")
    assert error(org.reapply(source, source)) == (400, "E0000001")
    assert org.state.force_syncs() == []


def test_a_reapply_towards_the_directory_changes_nothing_and_is_a_violation() -> None:
    org = Org()
    source, target = org.type_ids(org.corp)

    assert org.reapply(target, source).status == 200
    assert org.state.force_syncs() == []
    assert org.rules_broken() == ["Force Sync in the wrong direction"]


# Users


def test_a_user_is_read_by_id_and_by_encoded_login() -> None:
    org = Org()
    ada = org.add("Ada")

    assert org.get(f"/api/v1/users/{ada}").json()["profile"]["login"] == "ada@example.com"
    assert org.get("/api/v1/users/Ada%40example.com").json()["id"] == ada
    assert error(org.get("/api/v1/users/nobody%40example.com")) == (404, "E0000007")


def test_the_provider_names_the_directory_that_checks_the_password() -> None:
    org = Org()
    people = {name: org.add(name, *where) for name, where in (("Ada", [org.plant]), ("Ben", [org.ldap]))}
    people["Cleo"] = org.state.add_user(Person("cleo@example.com", "Cleo", "Example"), directories=[])

    found = {name: org.get(f"/api/v1/users/{id}").json()["credentials"]["provider"] for name, id in people.items()}

    assert found == {
        "Ada": {"type": "ACTIVE_DIRECTORY", "name": "plant.example.com"},
        "Ben": {"type": "LDAP", "name": "ldap.example.com"},
        "Cleo": {"type": "OKTA", "name": "OKTA"},
    }


@pytest.mark.parametrize(
    "query",
    [
        "search=profile.login+eq+%22ADA%40example.com%22",
        "search=profile.email+eq+%22x%40example.com%22+or+profile.secondEmail+eq+%22ada%40home.example.com%22",
        "search=profile.employeeNumber+eq+%22EN-7%22",
        "filter=profile.login+eq+%22ada%40example.com%22",
        "q=ada",
    ],
)
def test_users_are_found(query: str) -> None:
    org = Org()
    ada = org.add("Ada", profile={"secondEmail": "ada@home.example.com", "employeeNumber": "EN-7"})
    org.add("Ben")

    assert ids(org.get(f"/api/v1/users?{query}")) == [ada]


def test_a_search_finds_a_user_by_the_value_held_now() -> None:
    org = Org()
    ada, ben = org.add("ada"), org.add("ben")
    search = "/api/v1/users?search=profile.employeeNumber+eq+%22{}%22+or+profile.nickName+eq+%22{}%22".format
    org.state.set_user(ada, profile={"employeeNumber": "EN-7"})
    assert [ada] == ids(org.get(search("en-7", "en-7")))
    org.state.set_user(ada, profile={"employeeNumber": "EN-8", "nickName": "Countess"})
    org.state.set_user(ben, profile={"nickName": "EN-7"})
    assert [ben] == ids(org.get(search("EN-7", "EN-7")))
    assert [ada] == ids(org.get(search("EN-8", "countess")))
    cy = org.add("cy", profile={"nickName": "Countess"})
    assert [ada, cy] == ids(org.get(search("EN-8", "countess")))


def test_a_bad_search_is_a_400_that_says_why() -> None:
    answer = Org().get("/api/v1/users?search=shoeSize+eq+%2242%22")

    assert error(answer) == (400, "E0000031")
    assert "shoeSize" in answer.json()["errorCauses"][0]["errorSummary"]


def test_deactivated_users_are_listed_only_when_asked_for() -> None:
    org = Org()
    ada, ben = org.add("Ada"), org.add("Ben", status="DEPROVISIONED")

    assert ids(org.get("/api/v1/users")) == [ada]
    assert ids(org.get("/api/v1/users?search=status+eq+%22DEPROVISIONED%22")) == [ben]


# Apps and app users


def test_both_ad_instances_bear_the_same_name_and_no_sign_on_mode() -> None:
    org = Org()

    found = org.get("/api/v1/apps?filter=name+eq+%22active_directory%22").json()

    assert [app["id"] for app in found] == [org.corp, org.plant]
    assert [app["settings"]["app"]["namingContext"] for app in found] == ["corp.example.com", "plant.example.com"]
    assert {app["signOnMode"] for app in found} == {None}
    assert ids(org.get("/api/v1/apps?q=ldap_sun")) == [org.ldap]
    assert error(org.get("/api/v1/apps/0oaNone")) == (404, "E0000007")


def test_the_apps_of_a_user_come_with_the_app_user_and_include_more_than_directories() -> None:
    org = Org()
    ada = org.add("Ada", org.plant, profile={"department": "Sales"})

    answer = org.get(f"/api/v1/apps?filter=user.id+eq+%22{ada}%22&expand=user%2F{ada}&limit=200")

    by_name = {app["name"]: app for app in answer.json()}
    assert set(by_name) == {"active_directory", "oidc_client", "ldap_interface"}
    assert by_name["active_directory"]["id"] == org.plant
    assert by_name["active_directory"]["_embedded"]["user"]["profile"]["department"] == "Sales"
    assert by_name["active_directory"]["_embedded"]["user"]["id"] == ada


def test_expand_needs_its_filter() -> None:
    org = Org()
    ada = org.add("Ada")

    assert error(org.get(f"/api/v1/apps?expand=user%2F{ada}")) == (400, "E0000001")


def test_the_app_user_is_the_copy_and_not_the_profile_nor_the_directory() -> None:
    org = Org()
    ada = org.add("Ada", profile={"title": "Buyer"})
    org.state.set_user(
        ada,
        directories=[
            {"app_id": org.corp, "source": {"title": "In the directory"}, "app_user": {"title": "In the copy"}}
        ],
    )

    app_user = org.get(f"/api/v1/apps/{org.corp}/users/{ada}?expand=user").json()

    assert app_user["profile"]["title"] == "In the copy"
    assert app_user["_embedded"]["user"]["profile"]["title"] == "Buyer"
    assert app_user["scope"] == "USER"
    assert app_user["externalId"]


def test_an_unlinked_user_is_not_found_at_the_app() -> None:
    org = Org()
    ada = org.add("Ada")

    assert error(org.get(f"/api/v1/apps/{org.ldap}/users/{ada}")) == (404, "E0000007")


# Mappings and schemas


def test_listed_mappings_have_no_properties_and_come_in_both_directions() -> None:
    org = Org()

    listed = org.get(f"/api/v1/mappings?sourceId={org.ldap}").json()
    both = org.get("/api/v1/mappings?limit=200").json()

    assert [(item["source"]["type"], item["target"]["type"]) for item in listed] == [("appuser", "user")]
    assert all("properties" not in item for item in both)
    assert sorted(item["source"]["type"] for item in both) == ["appuser"] * 6 + ["user"] * 6
    assert [item["target"]["id"] for item in org.get(f"/api/v1/mappings?targetId={org.ldap}").json()] == [org.ldap]


@pytest.mark.parametrize("directory", ["corp", "plant", "ldap"])
def test_a_to_okta_mapping_has_every_promised_attribute(directory: str) -> None:
    org = Org()
    listed = org.get(f"/api/v1/mappings?sourceId={getattr(org, directory)}").json()

    properties = org.get(f"/api/v1/mappings/{listed[0]['id']}").json()["properties"]

    promised = {"firstName", "lastName", "email", "login", "department", "title", "mobilePhone", "manager"}
    assert promised <= set(properties)
    assert properties["department"] == {"expression": "appuser.department", "pushStatus": "PUSH"}
    assert properties["title"] == {"expression": "appuser.title", "pushStatus": "PUSH"}


def test_a_mapping_from_okta_to_the_app_reads_the_other_way() -> None:
    org = Org()
    listed = org.get(f"/api/v1/mappings?targetId={org.ldap}").json()

    properties = org.get(f"/api/v1/mappings/{listed[0]['id']}").json()["properties"]

    assert properties["mail"]["expression"] == "user.email"


def test_a_mapping_is_not_found_by_the_id_of_a_type() -> None:
    org = Org()
    source, target = org.type_ids(org.corp)

    assert error(org.get(f"/api/v1/mappings?sourceId={source}")) == (400, "E0000001")
    assert org.get(f"/api/v1/mappings?sourceId={org.corp}&targetId={target}").status == 200
    assert error(org.get("/api/v1/mappings/prmNone")) == (404, "E0000007")


def test_the_user_schema_tells_who_masters_an_attribute() -> None:
    org = Org()
    org.state.set_master("title", "OVERRIDE", (org.corp,))
    ada = org.add("Ada")
    href = org.get(f"/api/v1/users/{ada}").json()["_links"]["schema"]["href"]

    base = org.get(href).json()["definitions"]["base"]["properties"]

    assert base["department"]["master"] == {"type": "PROFILE_MASTER"}
    assert base["nickName"]["master"] == {"type": "OKTA"}
    assert base["title"]["master"] == {"type": "OVERRIDE", "priority": [{"type": "APP", "value": org.corp}]}
    assert org.get("/api/v1/meta/schemas/user/default").json()["definitions"]["base"]["properties"] == base


def test_the_app_schema_tells_the_name_in_the_directory() -> None:
    org = Org()

    definitions = org.get(f"/api/v1/meta/schemas/apps/{org.corp}/default").json()["definitions"]

    assert definitions["custom"]["properties"]["lastName"]["externalName"] == "sn"


# The rest


def test_an_agent_pool_has_the_id_of_its_directory() -> None:
    org = Org()
    org.state.apps[org.plant].agents = "DISRUPTED"

    pools = org.get("/api/v1/agentPools?poolType=AD").json()

    assert {pool["id"]: pool["operationalStatus"] for pool in pools} == {
        org.corp: "OPERATIONAL",
        org.plant: "DISRUPTED",
    }
    assert ids(org.get("/api/v1/agentPools?poolType=LDAP")) == [org.ldap]
    assert error(org.get("/api/v1/agentPools?poolType=ad")) == (400, "E0000001")


def test_support_cases_are_those_that_people_opened() -> None:
    org = Org()
    assert org.get("/api/v1/org/privacy/oktaSupport/cases").json() == {"supportCases": []}

    org.state.support_cases.append({"caseNumber": "00012345", "subject": "Profile not updating"})
    cases = org.get("/api/v1/org/privacy/oktaSupport/cases").json()["supportCases"]
    assert [case["caseNumber"] for case in cases] == ["00012345"]


def test_an_unknown_path_and_a_wrong_method_are_refused_as_okta_does() -> None:
    org = Org()

    assert error(org.get("/api/v1/nonsense")) == (404, "E0000007")
    assert error(call(org.app, "DELETE", "/api/v1/users/00u")) == (405, "E0000022")
