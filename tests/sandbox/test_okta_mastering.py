"""Why a user's profile does not follow the directory in the simulated org: rejections, imports, other writers.

Each test ends with what the System Log says, since that is all a diagnosis can see.
"""

from __future__ import annotations

import pytest

from tests.sandbox.okta_org import Org

FAILED = "app.user_management.update_from_master_failed"


def log(org: Org, *types: str) -> list[tuple[str, str | None]]:
    """Return type and reason of the events, optionally of certain types only."""
    events = org.get("/api/v1/logs?limit=1000").json()
    return [(e["eventType"], e["outcome"]["reason"]) for e in events if not types or e["eventType"] in types]


def synced(org: Org) -> Org:
    org.force_sync(org.corp)
    org.clock.advance(10)
    return org


# Rejections


@pytest.mark.parametrize(
    ("attribute", "value", "words"),
    [
        ("firstName", None, "cannot be left blank"),
        ("lastName", "x" * 51, "at most 50"),
        ("login", "ada", "email address"),
        ("login", "ben@example.com", "already exists"),
        ("email", "a@b", "at least 5"),
        ("locale", "english", "en_US"),
        ("timezone", "Berlin time", "America/Denver"),
        ("city", "Atlantis", "allowed values"),
    ],
)
def test_one_unacceptable_value_keeps_the_good_ones_out_too(attribute: str, value: str | None, words: str) -> None:
    org = Org()
    ada, _ben = org.add("Ada"), org.add("Ben")
    org.state.user_types[org.state.user_type_id].schema["city"].enum = ("Springfield", "Riverton")
    org.state.set_mapping(org.corp, attribute, f"appuser.of_{attribute}")
    before = org.profile(ada)
    org.update(ada, org.corp, title="Curator", **{f"of_{attribute}": value or ""})

    synced(org)

    assert org.profile(ada) == before
    events = org.get(f"/api/v1/logs?filter=target.id+eq+%22{ada}%22").json()
    (reason,) = (event["outcome"]["reason"] for event in events if event["eventType"] == FAILED)
    assert reason.startswith(f"{attribute}: ")
    assert words in reason


@pytest.mark.parametrize(("attribute", "value"), [("locale", "en_US"), ("timezone", "America/Denver")])
def test_the_forms_that_okta_wants_are_taken(attribute: str, value: str) -> None:
    org = Org()
    ada = org.add("Ada")
    org.state.set_mapping(org.corp, attribute, f"appuser.{attribute}")
    org.update(ada, org.corp, **{attribute: value})

    assert synced(org).profile(ada)[attribute] == value


def test_a_rejected_user_stays_as_it_is_until_the_reason_is_gone() -> None:
    org = Org()
    ada = org.add("Ada")
    org.update(ada, org.corp, title="Curator")
    org.state.reject(ada, "title: refused by a hook")
    synced(org)
    held = org.profile(ada)["title"]
    org.state.reject(ada, None)

    assert held != "Curator"
    assert log(org, FAILED) == [(FAILED, "title: refused by a hook")]
    assert synced(org).profile(ada)["title"] == "Curator"


# Imports


def test_an_import_by_agents_that_do_not_answer_fails_and_copies_nothing() -> None:
    org = Org()
    ada = org.add("Ada")
    org.state.set_user(ada, directories=[{"app_id": org.corp, "source": {"title": "Curator"}}])
    org.state.imports.agents(org.corp, "INACTIVE")

    org.state.imports.run(org.corp)

    assert org.get(f"/api/v1/apps/{org.corp}/users/{ada}").json()["profile"]["title"] != "Curator"
    assert log(org)[-1] == ("system.import.complete", "No agent of the directory answers")


def test_the_safeguard_holds_every_import_back_until_somebody_resumes_them() -> None:
    org = Org()
    ben = org.add("Ben", org.ldap)
    org.state.set_user(ben, directories=[{"app_id": org.ldap, "source": {"title": "Curator"}}])
    org.state.imports.roadblock(org.corp)

    org.state.imports.run(org.ldap)
    held = org.get(f"/api/v1/apps/{org.ldap}/users/{ben}").json()["profile"]["title"]
    org.state.imports.resume()
    org.state.imports.run(org.ldap)

    assert held != "Curator"
    assert org.get(f"/api/v1/apps/{org.ldap}/users/{ben}").json()["profile"]["title"] == "Curator"
    names = [name for name, _ in log(org)]
    assert names[:3] == ["system.import.roadblock", "system.import.schedule", "system.import.roadblock.resume"]


def test_a_skipped_user_is_named_with_a_warning_and_the_others_are_imported() -> None:
    org = Org()
    ada, ben = org.add("Ada"), org.add("Ben")
    for user_id in (ada, ben):
        org.state.set_user(user_id, directories=[{"app_id": org.corp, "source": {"title": "Curator"}}])
    org.state.imports.skip(org.corp, ada)

    org.state.imports.run(org.corp)

    copies = [org.get(f"/api/v1/apps/{org.corp}/users/{id}").json()["profile"]["title"] for id in (ada, ben)]
    assert copies[0] != "Curator" == copies[1]
    skipped = "app.ad.api.user_import.warn.skipped_user.attribute_invalid_value"
    (event,) = (e for e in org.get("/api/v1/logs").json() if e["eventType"] == skipped)
    assert event["target"][0]["id"] == ada


# Other people


def test_what_an_administrator_changes_is_told_with_the_name() -> None:
    org = Org()
    ada = org.add("Ada")

    org.state.actors.update(ada, {"title": "Curator"}, by="robin.agent@example.com")

    (event,) = org.get("/api/v1/logs").json()
    assert (event["eventType"], event["actor"]["alternateId"]) == (
        "user.account.update_profile",
        "robin.agent@example.com",
    )
    assert event["target"][0]["id"] == ada
    assert org.profile(ada)["title"] == "Curator"


def test_a_value_can_be_overwritten_right_after_a_sync_and_once_only() -> None:
    org = Org()
    ada = org.add("Ada", profile={"title": "Buyer"})
    org.update(ada, org.corp, title="Curator")
    org.state.actors.overwrite_next(ada, {"title": "Buyer"})

    synced(org)
    actors = [event["actor"]["type"] for event in org.get("/api/v1/logs").json()]

    assert org.profile(ada)["title"] == "Buyer"
    assert actors == ["SystemPrincipal", "User"]
    assert synced(org).profile(ada)["title"] == "Curator"


def test_signing_in_brings_one_user_up_to_date_in_all_three_copies() -> None:
    org = Org()
    ada, ben = org.add("Ada"), org.add("Ben")
    for user_id in (ada, ben):
        org.state.set_user(user_id, directories=[{"app_id": org.corp, "source": {"title": "Curator"}}])
    org.clock.advance(60)

    org.state.actors.sign_in(ada, org.corp)

    assert org.profile(ada)["title"] == "Curator" != org.profile(ben)["title"]
    assert org.get(f"/api/v1/users/{ada}").json()["lastLogin"] == "2026-11-24T09:01:00.000Z"
    assert [name for name, _ in log(org)] == [
        "app.realtimesync.import.details.update_user",
        "user.account.update_profile",
    ]


def test_opening_the_page_of_one_user_imports_that_user_from_ad_only() -> None:
    org = Org()
    ada, ben, cleo = org.add("Ada"), org.add("Ben"), org.add("Cleo", org.ldap)
    for user_id, app_id in ((ada, org.corp), (ben, org.corp), (cleo, org.ldap)):
        org.state.set_user(user_id, directories=[{"app_id": app_id, "source": {"title": "Curator"}}])

    for user_id in (ada, cleo):
        org.state.actors.open_profile(user_id)

    titles = [org.profile(user_id)["title"] for user_id in (ada, ben, cleo)]
    assert [title == "Curator" for title in titles] == [True, False, False]
    assert [name for name, _ in log(org)] == [
        "system.agent.ad.realtimesync",
        "app.realtimesync.import.details.update_user",
        "user.account.update_profile",
    ]


def test_opening_the_page_leaves_an_unchanged_copy_alone_and_one_bad_value_fails_the_whole_import() -> None:
    org = Org()
    ada = org.add("Ada", profile={"title": "Buyer"})
    org.update(ada, org.corp, title="Curator")
    org.state.actors.open_profile(ada)
    assert org.profile(ada)["title"] == "Buyer"

    org.state.set_user(ada, directories=[{"app_id": org.corp, "source": {"city": "Oslo", "firstName": "x" * 51}}])
    org.state.actors.open_profile(ada)
    assert org.profile(ada)["city"] != "Oslo"
    *visits, event = org.get("/api/v1/logs").json()
    assert [visit["eventType"] for visit in visits] == ["system.agent.ad.realtimesync"] * 2
    assert (event["eventType"], event["outcome"]["result"]) == ("app.realtimesync.import_failed", "FAILURE")
    assert "firstName" in event["outcome"]["reason"]


# Who leads


def test_a_source_that_leads_keeps_its_values_whatever_the_directory_maps() -> None:
    org = Org()
    hr = org.state.add_source("HR")
    ada, ben = org.add("Ada", profile={"title": "Buyer"}), org.add("Ben", profile={"title": "Buyer"})
    org.state.assign(ada, hr)
    for user_id in (ada, ben):
        org.update(user_id, org.corp, title="Curator")

    synced(org)

    assert [org.profile(user_id)["title"] for user_id in (ada, ben)] == ["Buyer", "Curator"]


def test_a_force_sync_of_a_secondary_source_applies_what_the_leading_one_maps() -> None:
    org = Org()
    hr = org.state.add_source("HR")
    ada = org.add("Ada", profile={"title": "Buyer"})
    org.state.assign(ada, hr)
    org.update(ada, hr, title="Editor")
    org.update(ada, org.corp, title="Curator")

    assert org.state.syncing.would_change(org.corp) == {ada}
    assert synced(org).profile(ada)["title"] == "Editor"
    assert org.state.syncing.would_change(org.corp) == set()


@pytest.mark.parametrize(("first", "expected"), [("corp", "Curator"), ("plant", "Editor")])
def test_of_two_directories_the_first_in_the_order_leads(first: str, expected: str) -> None:
    org = Org()
    ada = org.add("Ada", org.corp, org.plant, profile={"title": "Buyer"})
    org.update(ada, org.corp, title="Curator")
    org.update(ada, org.plant, title="Editor")
    org.state.order_sources([org.corp, org.plant] if first == "corp" else [org.plant, org.corp])

    assert synced(org).profile(ada)["title"] == expected


def test_only_what_may_lead_is_put_in_order() -> None:
    org = Org()
    with pytest.raises(ValueError, match="no app of this org that may lead"):
        org.state.order_sources([org.state.csv])


# Managers


def test_a_directory_holds_a_manager_as_a_distinguished_name() -> None:
    org = Org()
    ada, cleo = org.add("Ada", profile={"manager": "Bo Stone"}), org.add("Cleo", org.ldap, profile={"manager": "Bo"})
    assert org.profile(ada)["manager"] == "CN=Bo Stone,OU=Users,DC=corp,DC=example,DC=com"
    assert org.profile(cleo)["manager"] == "cn=Bo,ou=people,dc=ldap,dc=example,dc=com"


def test_an_expression_about_the_manager_follows_a_change_of_manager_only_when_mappings_are_applied() -> None:
    org = Org()
    bo, cy = org.add("Bo"), org.add("Cy")
    dns = {user: org.state.link(user, org.corp).profile["dn"] for user in (bo, cy)}
    ada = org.add("Ada")
    org.update(ada, org.corp, manager=dns[bo])
    org.state.set_mapping(org.corp, "costCenter", 'getManagerUser("active_directory").email')
    assert synced(org).profile(ada)["costCenter"] == "bo@example.com"

    org.update(ada, org.corp, manager=dns[cy])
    assert org.profile(ada)["costCenter"] == "bo@example.com"
    assert synced(org).profile(ada)["costCenter"] == "cy@example.com"
