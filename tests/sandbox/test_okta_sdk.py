"""Okta's own Python SDK reads the simulated org: the calls that our connector makes too.

The SDK brings 15 packages and 66 MB, so it has a lock of its own, which `make proofs` installs. It has neither the
reapply nor an app's user types. Its models are stricter than real orgs: they refuse a user schema with `"unique":
"UNIQUE_VALIDATED"` (https://github.com/discord/access/pull/538), and an app with its user embedded.
"""

from __future__ import annotations

import asyncio
import importlib
import importlib.util
import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from connectors.sandbox.scenarios.catalogue import Scenario
from connectors.sandbox.server import Sandbox

pytestmark = [pytest.mark.long, pytest.mark.filterwarnings("ignore::DeprecationWarning:okta")]
Ask = Callable[..., Any]


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(Scenario("empty", users=3), act=False) as running:
        yield running
        assert running.frame.violations == []


@pytest.fixture
def client() -> Any:
    """Return the SDK's client class; where it is missing, the test skips on a laptop and fails in CI."""
    if importlib.util.find_spec("okta") is None:
        if os.environ.get("CI") == "true":
            pytest.fail("CI must have Okta's SDK: `make proofs` installs it")
        pytest.skip("Okta's SDK is not installed: `make proofs` installs it")
    return importlib.import_module("okta.client").Client


@pytest.fixture
def ask(client: Any, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Return a function that makes one call of the SDK and returns what it answers, or raises its error."""
    monkeypatch.setenv("OKTA_TESTING_TESTINGDISABLEHTTPSCHECK", "true")

    def call(name: str, *given: Any, **how: Any) -> Any:
        async def once() -> Any:
            token = sandbox.frame.credentials.okta_token
            async with client({"orgUrl": sandbox.okta_url, "token": token}) as asking:
                return await getattr(asking, name)(*given, **how)

        found, *_, error = asyncio.run(once())
        if error:
            raise LookupError(str(error))
        return found

    return call


def test_a_user_is_found_by_login_id_and_search(sandbox: Sandbox, ask: Ask) -> None:
    member = sandbox.world.members[0]
    assert ask("get_user", member.login).id == ask("get_user", member.user_id).id == member.user_id
    found = ask("list_users", search=f'profile.login eq "{member.login}"')
    assert [user.profile.department for user in found] == [sandbox.world.holds(member, "department")]


def test_the_directories_of_a_user_come_with_the_copy(sandbox: Sandbox, ask: Ask) -> None:
    member = sandbox.world.members[0]
    sandbox.world.update(member, "department", "Sustainability")
    apps = ask("list_applications", filter=f'user.id eq "{member.user_id}"', limit=200)
    assert member.app_id in {app.id for app in apps}
    copy = ask("get_application_user", member.app_id, member.user_id)
    assert (copy.profile["department"], copy.scope) == ("Sustainability", "USER")
    assert member.user_id in {user.id for user in ask("list_application_users", member.app_id)}


def test_mappings_are_listed_by_source_and_read_with_their_rows(sandbox: Sandbox, ask: Ask) -> None:
    app_id = sandbox.world.apps["corp.example.com"]
    (listed,) = ask("list_profile_mappings", source_id=app_id, target_id=sandbox.okta.user_type_id)
    rows = ask("get_profile_mapping", listed.id).properties
    assert (rows["department"].expression, rows["department"].push_status) == ("appuser.department", "PUSH")


def test_the_system_log_agents_groups_and_types_are_read(sandbox: Sandbox, ask: Ask) -> None:
    member, app_id = sandbox.world.members[0], sandbox.world.apps["corp.example.com"]
    sandbox.okta.actors.update(member.user_id, {"title": "Curator"})
    events = ask("list_log_events", filter=f'target.id eq "{member.user_id}"')
    assert [event.event_type for event in events] == ["user.account.update_profile"]
    assert ask("list_log_events", filter=f'target.id eq "{app_id}"'), "the log is never empty"
    assert app_id in {pool.id for pool in ask("list_agent_pools")}
    assert [group.profile.actual_instance.name for group in ask("list_user_groups", member.user_id)] == ["Everyone"]
    assert [kind.default for kind in ask("list_user_types")] == [True]


def test_who_does_not_exist_is_told_by_oktas_error_object(ask: Ask) -> None:
    with pytest.raises(LookupError, match="E0000007"):
        ask("get_user", "nobody@example.com")
