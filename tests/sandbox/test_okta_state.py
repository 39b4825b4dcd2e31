"""What happens to the three copies of a user in the simulated Okta: imports, Force Syncs, and users that resist.

The worker's verdicts are measured against these facts.
"""

from __future__ import annotations

import pytest

from connectors.sandbox.wire.frame import Person
from tests.sandbox.okta_org import Org


def event_types(org: Org) -> list[str]:
    return [event["eventType"] for event in org.state.log.events]


@pytest.mark.parametrize("directory", ["corp", "plant", "ldap"])
def test_a_new_user_is_in_sync_everywhere(directory: str) -> None:
    org = Org()
    app_id = getattr(org, directory)
    user_id = org.add("Ada", app_id, profile={"department": "Archives"})

    user = org.state.users()[0]

    assert user["profile"]["department"] == "Archives"
    assert user["profile"]["displayName"] == "Ada Example"
    assert user["directories"][0]["app_id"] == app_id
    assert user["directories"][0]["app_user"]["department"] == "Archives"
    assert user["directories"][0]["app_user"] == user["directories"][0]["source"]
    assert org.state.syncing.would_change(app_id) == set()
    assert org.state.user_id("ADA@example.com") == user_id


def test_a_force_sync_takes_effect_after_its_time_and_not_before() -> None:
    org = Org()
    ada = org.add("Ada", profile={"department": "Sales"})
    org.update(ada, org.corp, department="Legal")

    assert org.force_sync(org.corp).status == 200
    org.clock.advance(4.999)
    assert org.profile(ada)["department"] == "Sales"
    assert org.state.force_syncs()[0]["applied_at"] is None

    org.clock.advance(60)
    assert org.profile(ada)["department"] == "Legal"
    assert org.state.force_syncs()[0]["requested_at"] == "2026-11-24T09:00:00.000Z"
    assert org.state.force_syncs()[0]["applied_at"] == "2026-11-24T09:00:05.000Z"
    assert org.get(f"/api/v1/users/{ada}").json()["lastUpdated"] == "2026-11-24T09:00:05.000Z"


def test_a_force_sync_covers_every_user_of_that_directory_and_no_other() -> None:
    org = Org()
    ada, ben = org.add("Ada"), org.add("Ben")
    cleo = org.add("Cleo", org.plant)
    before = org.profile(cleo)["title"]
    for user_id, app_id in ((ada, org.corp), (ben, org.corp), (cleo, org.plant)):
        org.update(user_id, app_id, title="Curator")

    org.force_sync(org.corp)
    org.clock.advance(5)

    assert [org.profile(user_id)["title"] for user_id in (ada, ben, cleo)] == ["Curator", "Curator", before]


def test_a_force_sync_uses_the_values_at_the_moment_of_its_effect() -> None:
    org = Org()
    ada = org.add("Ada")
    org.update(ada, org.corp, title="Curator")
    org.force_sync(org.corp)
    org.clock.advance(4)
    org.update(ada, org.corp, title="Archivist")
    org.clock.advance(2)
    org.update(ada, org.corp, title="Too late")

    assert org.profile(ada)["title"] == "Archivist"


def test_a_force_sync_evaluates_expressions_and_clears_what_the_directory_cleared() -> None:
    org = Org()
    ada = org.add("Ada")
    org.update(ada, org.corp, lastName="Newname", city=None, employeeType="CONTRACTOR")

    org.force_sync(org.corp)
    org.clock.advance(5)

    profile = org.profile(ada)
    assert profile["displayName"] == "Ada Newname"
    assert profile["userType"] == "contractor"
    assert "city" not in profile


def test_a_force_sync_copies_nothing_from_the_directory_itself() -> None:
    org = Org()
    ada = org.add("Ada", profile={"title": "Buyer"})
    org.state.set_user(ada, directories=[{"app_id": org.corp, "source": {"title": "Curator"}}])

    org.force_sync(org.corp)
    org.clock.advance(5)
    assert org.profile(ada)["title"] == "Buyer"

    org.state.imports.run(org.corp)
    assert org.state.users()[0]["directories"][0]["app_user"]["title"] == "Curator"
    assert org.profile(ada)["title"] == "Buyer"
    org.force_sync(org.corp)
    org.clock.advance(5)
    assert org.profile(ada)["title"] == "Curator"


def test_a_stuck_user_is_passed_by_without_an_event() -> None:
    org = Org()
    ada, ben = org.add("Ada", profile={"title": "Buyer"}), org.add("Ben", stuck=True, profile={"title": "Buyer"})
    org.state.stuck(ada)
    for user_id in (ada, ben):
        org.update(user_id, org.corp, title="Curator")

    org.force_sync(org.corp)
    org.clock.advance(5)

    assert [org.profile(ada)["title"], org.profile(ben)["title"]] == ["Buyer", "Buyer"]
    assert event_types(org) == []
    assert org.state.syncing.would_change(org.corp) == {ada, ben}


def test_what_is_pushed_on_creation_only_or_mastered_by_okta_stays_as_it_is() -> None:
    org = Org()
    ada = org.add("Ada", profile={"title": "Buyer", "department": "Sales", "city": "Milldale", "mobilePhone": "1"})
    org.state.set_mapping(org.corp, "title", "appuser.title", "DONT_PUSH")
    org.state.set_master("department", "OKTA")
    org.state.set_master("city", "OVERRIDE", (org.ldap,))
    org.state.set_master("mobilePhone", "OVERRIDE", (org.corp,))
    org.update(ada, org.corp, title="New", department="New", city="New", mobilePhone="New")

    org.force_sync(org.corp)
    org.clock.advance(5)

    profile = org.profile(ada)
    assert [profile[name] for name in ("title", "department", "city", "mobilePhone")] == [
        "Buyer",
        "Sales",
        "Milldale",
        "New",
    ]


@pytest.mark.parametrize(
    "values",
    [{"userName": "no-address"}, {"userName": "ben@example.com"}, {"firstName": None}, {"lastName": "x" * 51}],
)
def test_one_invalid_value_fails_the_whole_update_of_that_user_alone(values: dict[str, str | None]) -> None:
    org = Org()
    ada, ben = org.add("Ada", profile={"title": "Buyer"}), org.add("Ben")
    org.update(ada, org.corp, title="Curator", **values)
    org.update(ben, org.corp, title="Curator")

    org.force_sync(org.corp)
    org.clock.advance(5)

    assert org.profile(ada)["title"] == "Buyer"
    assert org.profile(ben)["title"] == "Curator"
    assert event_types(org) == ["app.user_management.update_from_master_failed", "user.account.update_profile"]
    assert org.state.log.events[0]["outcome"]["result"] == "FAILURE"


def test_an_unreadable_expression_is_logged_and_leaves_its_attribute_alone() -> None:
    org = Org()
    ada = org.add("Ada", profile={"department": "Sales"})
    org.state.set_mapping(org.corp, "department", 'user.getInternalProperty("department")')
    org.update(ada, org.corp, department="Legal", title="Curator")

    org.force_sync(org.corp)
    org.clock.advance(5)

    assert (org.profile(ada)["department"], org.profile(ada)["title"]) == ("Sales", "Curator")
    assert event_types(org) == ["application.appuser.mapping.invalid.expression", "user.account.update_profile"]


def test_a_deactivated_user_takes_no_update() -> None:
    org = Org()
    ada = org.add("Ada", status="DEPROVISIONED", profile={"title": "Buyer"})
    org.update(ada, org.corp, title="Curator")

    org.force_sync(org.corp)
    org.clock.advance(5)

    assert org.profile(ada)["title"] == "Buyer"


def test_a_login_that_the_directory_renamed_is_found_by_its_new_name() -> None:
    org = Org()
    ada = org.add("Ada")
    org.update(ada, org.corp, userName="ada.new@example.com")

    org.force_sync(org.corp)
    org.clock.advance(5)

    assert org.state.user_id("ada.new@example.com") == ada
    with pytest.raises(KeyError):
        org.state.user_id("ada@example.com")


def test_an_import_writes_its_events_and_names_the_changed_users_only() -> None:
    org = Org()
    ada, _ben = org.add("Ada"), org.add("Ben")
    org.state.set_user(ada, directories=[{"app_id": org.corp, "source": {"title": "Curator"}}])

    org.state.imports.run(org.corp)

    assert event_types(org) == [
        "system.import.schedule",
        "system.import.start",
        "system.import.user.update",
        "system.import.complete",
    ]
    assert [target["id"] for target in org.state.log.events[2]["target"]] == [ada, org.corp]


def test_a_second_force_sync_before_the_first_took_effect_is_a_violation() -> None:
    org = Org()
    org.add("Ada")
    org.force_sync(org.corp)
    org.force_sync(org.plant)
    assert org.rules_broken() == []

    org.clock.advance(4)
    org.force_sync(org.corp)
    assert org.rules_broken() == ["overlapping Force Sync"]

    org.clock.advance(10)
    org.force_sync(org.corp)
    assert org.rules_broken() == ["overlapping Force Sync"]


def test_a_force_sync_that_can_help_nobody_is_a_violation() -> None:
    org = Org()
    ada, _ben = org.add("Ada"), org.add("Ben")
    asked: list[tuple[str, set[str]]] = []

    def helpable(app_id: str, user_ids: set[str]) -> bool:
        asked.append((app_id, user_ids))
        return bool(user_ids)

    org.state.syncing.helpable = helpable
    org.force_sync(org.corp)
    assert org.rules_broken() == ["pointless Force Sync"]

    org.clock.advance(5)
    org.update(ada, org.corp, title="Curator")
    org.force_sync(org.corp)
    assert org.rules_broken() == ["pointless Force Sync"]
    assert asked == [(org.corp, set()), (org.corp, {ada})]


def test_setting_a_value_to_none_removes_it() -> None:
    org = Org()
    ada = org.add("Ada")

    org.state.set_user(ada, profile={"title": None, "city": "Riverton"})
    org.state.set_user(ada, directories=[{"app_id": org.corp, "app_user": {"title": None}}])

    user = org.state.users()[0]
    assert "title" not in user["profile"]
    assert user["profile"]["city"] == "Riverton"
    assert "title" not in user["directories"][0]["app_user"]
    assert "title" in user["directories"][0]["source"]


def test_the_sensitive_values_are_those_of_all_three_copies() -> None:
    org = Org()
    ada = org.add("Ada", profile={"manager": "Old Boss", "mobilePhone": "+1 212-555-0100", "employeeNumber": "EN-1"})
    org.state.set_user(ada, profile={"manager": "Profile Boss"})
    org.state.set_user(ada, directories=[{"app_id": org.corp, "app_user": {"manager": "Copied Boss"}}])

    named = {"Old Boss", "CN=Old Boss,OU=Users,DC=corp,DC=example,DC=com", "Profile Boss", "Copied Boss"}
    assert org.frame.sensitive() == named | {"+1 212-555-0100", "EN-1"}


def test_the_directories_are_told_by_kind_and_count_their_users() -> None:
    org = Org()
    org.add("Ada")
    org.add("Ben", org.corp, org.ldap)

    told = [(item["app_id"], item["label"], item["kind"], item["users"]) for item in org.state.directories()]

    assert told == [
        (org.corp, "corp.example.com", "ad", 2),
        (org.plant, "plant.example.com", "ad", 0),
        (org.ldap, "ldap.example.com", "ldap", 1),
    ]


def test_the_same_seed_gives_the_same_world_and_another_seed_another() -> None:
    worlds = []
    for seed in (7, 7, 8):
        org = Org(seed=seed)
        org.add("Ada")
        worlds.append(org.state.users())

    assert worlds[0] == worlds[1]
    assert worlds[0] != worlds[2]


def test_wrong_input_of_a_scenario_is_refused() -> None:
    org = Org()
    ada, _ben = org.add("Ada"), org.add("Ben")

    with pytest.raises(ValueError, match="exists already"):
        org.state.add_user(Person("ada@example.com", "Ada", "Other"), directories=[])
    with pytest.raises(ValueError, match="exists already"):
        org.state.add_directory("corp.example.com", "ldap")
    with pytest.raises(ValueError, match="no directory"):
        org.state.add_user(Person("new@example.com", "New", "User"), directories=["0oaNone"])
    with pytest.raises(ValueError, match="no account in the directory"):
        org.state.set_user(ada, directories=[{"app_id": org.ldap, "source": {}}])
    with pytest.raises(ValueError, match="another user's"):
        org.state.set_user(ada, profile={"login": "ben@example.com"})
    with pytest.raises(KeyError, match="no Okta user"):
        org.state.set_user("00uNone", profile={})
