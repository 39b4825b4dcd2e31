"""What real orgs have and tidy examples lack: odd apps, more user types, several links, groups, odd names.

Each test changes one thing that a client could trip over, and shows it through the API.
"""

from __future__ import annotations

from typing import Any

import pytest

from connectors.sandbox.okta.instance import OktaState
from connectors.sandbox.wire.frame import Frame, Person
from tests.sandbox.asgi import call
from tests.sandbox.okta_org import HOST, HandClock, Org


def apps_of(org: Org, user_id: str) -> list[dict[str, Any]]:
    apps: list[dict[str, Any]] = org.get(
        f"/api/v1/apps?filter=user.id+eq+%22{user_id}%22&expand=user%2F{user_id}&limit=200"
    ).json()
    return apps


# Apps


def test_apps_that_look_like_directories_are_among_a_users_apps() -> None:
    org = Org()
    ada = org.add("Ada")
    org.state.assign(ada, org.state.csv)

    by_name = {app["name"]: app for app in apps_of(org, ada)}

    assert set(by_name) == {"active_directory", "csv_directory_v2", "ldap_interface", "oidc_client"}
    assert by_name["csv_directory_v2"]["signOnMode"] is None
    assert by_name["ldap_interface"]["signOnMode"] == "OPENID_CONNECT"
    assert by_name["csv_directory_v2"]["features"] == by_name["ldap_interface"]["features"] == []
    assert {app["app_id"] for app in org.state.directories()} == {org.corp, org.plant, org.ldap}


def test_a_second_instance_has_the_same_name_but_for_its_mappings() -> None:
    org = Org()

    first, second = (org.get(f"/api/v1/apps/{id}").json()["name"] for id in (org.corp, org.plant))
    names = [org.get(f"/api/v1/mappings?sourceId={id}").json()[0]["source"]["name"] for id in (org.corp, org.plant)]

    assert first == second == names[0] == "active_directory"
    assert names[1].startswith("active_directory_")


def test_a_user_can_be_linked_to_several_directories() -> None:
    org = Org()
    ada = org.add("Ada", org.corp, org.ldap)
    org.state.assign(ada, org.plant)

    assert {org.corp, org.ldap, org.plant} <= {app["id"] for app in apps_of(org, ada)}
    assert org.get(f"/api/v1/apps/{org.plant}/users/{ada}").json()["profile"]["email"] == "ada@example.com"


def test_a_directory_can_be_inactive_or_no_source_of_profiles_and_then_syncs_nothing() -> None:
    org = Org()
    ada, ben = org.add("Ada"), org.add("Ben", org.plant)
    org.update(ada, org.corp, title="Curator")
    org.update(ben, org.plant, title="Curator")
    org.state.apps[org.corp].status = "INACTIVE"
    org.state.apps[org.plant].features = ("IMPORT_NEW_USERS",)
    for app_id in (org.corp, org.plant):
        org.force_sync(app_id)
    org.clock.advance(10)

    assert org.get(f"/api/v1/apps/{org.corp}").json()["status"] == "INACTIVE"
    assert org.get(f"/api/v1/apps/{org.plant}").json()["features"] == ["IMPORT_NEW_USERS"]
    assert "lastSync" not in org.get(f"/api/v1/apps/{org.plant}/users/{ben}").json()
    assert "Curator" not in {org.profile(ada)["title"], org.profile(ben)["title"]}


def test_an_account_that_okta_is_the_source_of_has_scope_group_and_is_not_synced_back() -> None:
    org = Org()
    ada = org.add("Ada")
    org.update(ada, org.corp, title="Curator")
    org.state.link(ada, org.corp).scope = "GROUP"
    org.force_sync(org.corp)
    org.clock.advance(10)

    assert org.get(f"/api/v1/apps/{org.corp}/users/{ada}").json()["scope"] == "GROUP"
    assert org.profile(ada)["title"] != "Curator"


# Users


@pytest.mark.parametrize("status", ["DEPROVISIONED", "SUSPENDED", "LOCKED_OUT", "STAGED", "PASSWORD_EXPIRED"])
def test_a_users_status_is_told_with_the_time_of_its_change(status: str) -> None:
    org = Org()
    ada = org.add("Ada")
    org.clock.advance(60)
    org.state.actors.status(ada, status)

    user = org.get(f"/api/v1/users/{ada}").json()

    assert (user["status"], user["statusChanged"]) == (status, "2026-11-24T09:01:00.000Z")


def test_a_user_of_another_type_has_its_own_schema_and_mappings() -> None:
    org = Org()
    kind = org.state.add_user_type("contractor")
    ada, zoe = org.add("Ada"), org.add("Zoe", type_id=kind)
    org.state.user_types[kind].schema["title"].master = "OKTA"

    user = org.get(f"/api/v1/users/{zoe}").json()
    schema = call(
        org.app,
        "GET",
        user["_links"]["schema"]["href"],
        headers={"Authorization": f"SSWS {org.frame.credentials.okta_token}"},
    ).json()
    mappings = org.get(f"/api/v1/mappings?sourceId={org.corp}").json()

    assert user["type"]["id"] == kind != org.get(f"/api/v1/users/{ada}").json()["type"]["id"]
    assert schema["definitions"]["base"]["properties"]["title"]["master"] == {"type": "OKTA"}
    default = org.get("/api/v1/meta/schemas/user/default").json()
    assert default["definitions"]["base"]["properties"]["title"]["master"] == {"type": "PROFILE_MASTER"}
    assert {(item["target"]["id"], item["target"]["name"]) for item in mappings} == {
        (org.state.user_type_id, "user"),
        (kind, "contractor"),
    }
    assert len({item["id"] for item in mappings}) == 2
    assert [item["default"] for item in org.get("/api/v1/meta/types/user").json()] == [True, False]


def test_a_force_sync_is_for_the_users_of_one_type() -> None:
    org = Org()
    kind = org.state.add_user_type("contractor")
    ada, zoe = org.add("Ada"), org.add("Zoe", type_id=kind)
    for user_id in (ada, zoe):
        org.update(user_id, org.corp, title="Curator")
    source, _ = org.type_ids(org.corp)

    assert org.reapply(source, kind).status == 200
    org.clock.advance(10)

    assert org.profile(zoe)["title"] == "Curator"
    assert org.profile(ada)["title"] != "Curator"


def test_the_default_type_can_be_named_okta() -> None:
    state = OktaState(Frame(clock=HandClock()), default_type="Okta")

    assert state.user_types[state.user_type_id].name == "Okta"
    with pytest.raises(ValueError, match="exists already"):
        state.add_user_type("Okta")


# Groups


def test_a_users_groups_are_everyone_and_those_it_was_put_into() -> None:
    org = Org()
    ada, _ben = org.add("Ada"), org.add("Ben")
    org.state.actors.group("Executives", [ada])
    org.state.actors.group("Domain Users", [ada], app_id=org.corp)

    groups = org.get(f"/api/v1/users/{ada}/groups").json()

    assert [(item["profile"]["name"], item["type"]) for item in groups] == [
        ("Everyone", "BUILT_IN"),
        ("Executives", "OKTA_GROUP"),
        ("Domain Users", "APP_GROUP"),
    ]
    assert org.get("/api/v1/users/00uNobody/groups").status == 404


def test_groups_are_listed_by_what_their_names_begin_with_exact_ones_first() -> None:
    org = Org()
    org.state.actors.group("Executives East", [])
    executives = org.state.actors.group("Executives", [])

    def names(query: str) -> list[str]:
        return [group["profile"]["name"] for group in org.get(f"/api/v1/groups{query}").json()]

    assert ["Executives", "Executives East"] == names("?q=executives")
    assert {"Everyone", "Executives", "Executives East"} == set(names(""))
    assert "Executives" == org.get(f"/api/v1/groups/{executives}").json()["profile"]["name"]
    assert 404 == org.get("/api/v1/groups/00gNone").status


# App users


def test_app_users_come_in_pages_of_up_to_500() -> None:
    org = Org()
    for number in range(4):
        org.add(f"User{number}")

    first = org.get(f"/api/v1/apps/{org.corp}/users?limit=3")
    following = first.headers.getlist("link")[1].split(">")[0].strip("<")
    second = org.get(following)

    assert [len(first.json()), len(second.json())] == [3, 1]
    assert len(org.get(f"/api/v1/apps/{org.corp}/users?limit=501").json()) == 4
    assert following.startswith(f"{HOST}/api/v1/apps/{org.corp}/users?limit=3&after=")


# Agents, schemas, support cases


@pytest.mark.parametrize(
    ("status", "disrupted", "inactive"), [("DISRUPTED", 2, 0), ("INACTIVE", 0, 2), ("DEGRADED", 1, 0)]
)
def test_a_pool_tells_how_its_agents_are(status: str, disrupted: int, inactive: int) -> None:
    org = Org()
    org.state.imports.agents(org.corp, status)

    pools = {pool["id"]: pool for pool in org.get("/api/v1/agentPools?poolType=AD").json()}

    told = pools[org.corp]
    assert (told["operationalStatus"], told["disruptedAgents"], told["inactiveAgents"]) == (status, disrupted, inactive)
    assert pools[org.plant]["operationalStatus"] == "OPERATIONAL"


def test_a_pool_can_be_of_a_type_that_nobody_knows() -> None:
    org = Org()
    org.state.odd_pools.append("QUANTUM")

    types = [pool["type"] for pool in org.get("/api/v1/agentPools").json()]

    assert types == ["AD", "AD", "LDAP", "QUANTUM"]


def test_a_source_priority_can_be_missing_and_an_attribute_unique_by_a_text() -> None:
    org = Org()

    definitions = org.get("/api/v1/meta/schemas/user/default").json()["definitions"]

    assert definitions["custom"]["properties"]["officeLocation"]["master"] is None
    assert definitions["base"]["properties"]["login"]["unique"] == "UNIQUE_VALIDATED"


def test_allowed_values_of_an_attribute_are_in_its_schema() -> None:
    org = Org()
    org.state.user_types[org.state.user_type_id].schema["userType"].enum = ("employee", "guest")

    definitions = org.get("/api/v1/meta/schemas/user/default").json()["definitions"]

    assert definitions["base"]["properties"]["userType"]["enum"] == ["employee", "guest"]


def test_support_cases_come_in_either_shape() -> None:
    org = Org()
    org.state.support_cases.append({"caseNumber": "00012345", "subject": "Profile not updating"})
    path = "/api/v1/org/privacy/oktaSupport/cases"

    described = org.get(path).json()
    org.state.bare_support_cases = True
    bare = org.get(path).json()

    assert described["supportCases"] == bare == org.state.support_cases


def test_somebody_can_only_be_assigned_to_what_there_is() -> None:
    org = Org()
    ada = org.state.add_user(Person("ada@example.com", "Ada", "Example"), directories=[])

    with pytest.raises(ValueError, match="no app"):
        org.state.assign(ada, "0oaNothing")
    with pytest.raises(KeyError):
        org.state.assign("00uNobody", org.corp)
