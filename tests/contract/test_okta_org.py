"""What every `OktaOrg` must do: on the sandbox, and the same on a live tenant (`make test-live`)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from connectors.sandbox.wire.frame import Person
from tests.contract.okta_side import OktaSide, the_side
from tests.unit.builders import NOW
from worker.process.clock import SystemClock
from workflows.errors import FarSideError, Misconfigured, Refused
from workflows.model import AppUser, OktaUser

NOBODY = "nobody.of.that.name@forcesync.invalid"


@pytest.fixture(scope="module")
def side() -> Iterator[OktaSide]:
    with the_side() as side:
        yield side


@pytest.fixture
def user(side: OktaSide) -> OktaUser:
    (found,) = side.org.find_users(side.login)
    return found


@pytest.fixture
def copy(side: OktaSide, user: OktaUser) -> AppUser:
    copies = side.org.links(user.id).copies
    assert copies, f"{side.login} is in no directory"
    return copies[0]


def test_the_credential_is_proved(side: OktaSide) -> None:
    side.org.check()


def test_a_user_is_found_in_any_spelling_and_read_by_id(side: OktaSide, user: OktaUser) -> None:
    assert [user.id] == [item.id for item in side.org.find_users(f" {side.login.upper()} ")]
    assert side.org.user(user.id).profile == user.profile


@pytest.mark.parametrize(
    "name", [NOBODY, "", "x" * 500, 'x" or profile.login pr or "', "../users/me", "*", ".", "..", "me"]
)
def test_nobody_is_found_by_a_name_that_nobody_has(side: OktaSide, name: str) -> None:
    assert side.org.find_users(name) == ()
    assert side.org.find_named(name) == ()
    assert side.org.find_in_copies(name) == ()


def test_a_user_is_found_by_name_in_either_order(side: OktaSide, user: OktaUser) -> None:
    first, last = user.profile["firstName"], user.profile["lastName"]
    for name in (f"{first} {last}", f"{last}, {first}".upper()):
        assert user.id in [item.id for item in side.org.find_named(name)]


def test_who_holds_a_value_is_found_whatever_its_case(side: OktaSide, user: OktaUser) -> None:
    assert side.org.holders("login", user.login.upper()) == side.org.holders("login", user.login) == (user.id,)
    assert user.id in side.org.holders("firstName", str(user.profile["firstName"]))
    assert side.org.holders("login", f"nobody.{user.login}") == ()


def test_a_user_is_found_by_the_copy(side: OktaSide, user: OktaUser, copy: AppUser) -> None:
    held = str(copy.profile.get("userName") or copy.profile.get("email"))
    assert user.id in [item.id for item in side.org.find_in_copies(f" {held.upper()} ")]


def test_a_renamed_user_is_found_where_only_the_directory_knows_the_new_name(side: OktaSide) -> None:
    if side.sandbox is None:
        pytest.skip("nobody is renamed on a live tenant")
    world, renamed = side.sandbox.world, side.sandbox.world.of("corp.example.com")[1]
    values = {"email": "dagny.newname@example.com", "lastName": "Newname", "cn": "Dagny Newname"}
    with side.sandbox.frame.lock:
        for attribute, value in values.items():
            world.update(renamed, attribute, value)
    assert side.org.find_users(values["email"]) == side.org.find_named(values["cn"]) == ()
    for text in (values["email"], values["cn"], "Newname, Dagny"):
        assert [item.id for item in side.org.find_in_copies(text)] == [renamed.user_id]


def test_a_deactivated_namesake_is_found_too(side: OktaSide) -> None:
    if side.sandbox is None:
        pytest.skip("nobody is deactivated on a live tenant")
    active = side.sandbox.world.of("plant.example.com")[0]
    namesake = Person("namesake@example.com", active.person.first_name, active.person.last_name)
    with side.sandbox.frame.lock:
        added = side.sandbox.okta.add_user(namesake, directories=[], status="DEPROVISIONED")
    found = {item.id: item.status for item in side.org.find_named(namesake.name)}
    assert found == {active.user_id: "ACTIVE", added: "DEPROVISIONED"}


def test_an_id_that_does_not_exist_is_refused(side: OktaSide) -> None:
    with pytest.raises(Refused):
        side.org.user("00uDoesNotExist000000")


def test_the_users_copy_is_the_same_however_it_is_read(side: OktaSide, user: OktaUser, copy: AppUser) -> None:
    alone = side.org.app_user(copy.directory, user.id)
    assert alone is not None
    assert alone.profile == copy.profile
    member = side.org.members(copy.directory, [user.id])[user.id]
    assert (member.copy_in_directory.profile, member.user and member.user.profile) == (copy.profile, user.profile)
    assert side.org.directory(copy.directory.ref.app_id) == copy.directory


def test_a_stranger_to_the_directory_is_no_member(side: OktaSide, copy: AppUser) -> None:
    assert side.org.app_user(copy.directory, "00uDoesNotExist000000") is None
    assert side.org.members(copy.directory, ["00uDoesNotExist000000"]) == {}


def test_everybody_of_a_directory_comes_with_both_copies(side: OktaSide, copy: AppUser) -> None:
    page = side.org.directory_users(copy.directory)
    assert page.members
    assert all(item.user is None or item.user.id == item.copy_in_directory.user_id for item in page.members)


def test_a_watched_user_is_read_with_the_others(side: OktaSide, user: OktaUser) -> None:
    seen = side.org.watched(user.id, SystemClock().now() - timedelta(days=3650), lambda: [user.id])
    assert seen.profile == user.profile
    assert seen.read_at is not None


def test_the_mapping_says_where_each_attribute_comes_from(side: OktaSide, user: OktaUser, copy: AppUser) -> None:
    mapping = side.org.mapping(copy.directory, user.type_id)
    assert mapping is not None
    assert mapping.rules
    fresh = side.org.mapping(copy.directory, user.type_id, not_before=SystemClock().now())
    assert fresh is not None
    assert fresh.rules == mapping.rules


def test_the_schema_knows_the_attributes_that_every_user_has(side: OktaSide, user: OktaUser) -> None:
    rules = {rule.attribute: rule for rule in side.org.attribute_rules(user)}
    assert {"login", "email", "firstName", "lastName"} <= rules.keys()


def test_the_attributes_of_all_users_are_known(side: OktaSide, user: OktaUser) -> None:
    assert {rule.attribute for rule in side.org.attribute_rules(user)} <= side.org.user_attributes()


def test_the_directorys_schema_names_its_variables(side: OktaSide, copy: AppUser) -> None:
    assert side.org.app_schema(copy.directory)


def test_the_log_is_in_order_and_of_the_asked_types(side: OktaSide, user: OktaUser, copy: AppUser) -> None:
    since = (NOW if side.sandbox else SystemClock().now()) - timedelta(days=7)
    events = side.org.log(copy.directory.ref.app_id, since, 20)
    assert [item.published for item in events] == sorted(item.published for item in events)
    assert len(events) <= 20
    wanted = ("user.account.update_profile",)
    assert {item.event_type for item in side.org.log(user.id, since, 20, types=wanted)} <= set(wanted)


def test_the_agents_belong_to_directories(side: OktaSide) -> None:
    assert all(pool.id and pool.status for pool in side.org.agent_pools())


def test_the_org_tells_its_id(side: OktaSide) -> None:
    assert side.org.organization().id.startswith("00o")


def test_everybody_is_in_the_group_everyone(side: OktaSide, user: OktaUser) -> None:
    """Okta has this built-in group of all users (https://support.okta.com/help/s/article/The-Everyone-Group-in-Okta)."""
    if side.sandbox is None:
        pytest.skip("a read-only credential may lack the right")
    (everyone,) = side.org.groups_named("everyone")
    assert everyone.name == "Everyone"
    assert everyone in side.org.groups(user.id)


@pytest.mark.parametrize("reading", ["support_cases", "groups", "groups_named"])
def test_what_may_be_forbidden_is_read_or_refused(side: OktaSide, user: OktaUser, reading: str) -> None:
    """These need rights that a read-only credential may lack; a refusal then affects nothing else."""
    try:
        about = {"support_cases": (), "groups": (user.id,), "groups_named": ("everyone",)}[reading]
        found = getattr(side.org, reading)(*about)
    except FarSideError as error:
        assert isinstance(error, Refused), error
        assert not isinstance(error, Misconfigured)
    else:
        assert isinstance(found, tuple)
