"""The simulated Okta's answers against Okta's published description and against answers recorded from real orgs.

The description forbids nulls and texts that recordings have; those two liberties are granted below, no others.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped, unused-ignore]  # no stubs among the dependencies
from jsonschema import Draft4Validator  # type: ignore[import-untyped, unused-ignore]

from tests.sandbox.okta_org import Org

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
SPEC = SHARED / "specs" / "okta-management.yaml"
RECORDINGS = SHARED / "recordings"


def lenient(node: Any) -> Any:
    """Allow null everywhere, and a text for `unique`: both are in recorded answers."""
    if isinstance(node, list):
        return [lenient(part) for part in node]
    if not isinstance(node, dict):
        return node
    changed = {name: lenient(part) for name, part in node.items() if name != "discriminator"}
    if isinstance(node.get("type"), str):
        changed["type"] = [node["type"], "null"]
    if isinstance(node.get("enum"), list):
        changed["enum"] = [*node["enum"], None]
    if isinstance(node.get("unique"), dict):
        changed["unique"] = {"type": ["boolean", "string", "null"]}
    return changed


@pytest.fixture(scope="module")
def components() -> dict[str, Any]:
    """Return the description's components, made lenient."""
    if not SPEC.exists():
        pytest.skip(f"{SPEC.name} is not beside this checkout")
    return {"components": lenient(yaml.safe_load(SPEC.read_text(encoding="utf-8"))["components"])}


@pytest.fixture(scope="module")
def org() -> Org:
    """Return an org with users, a changed source priority and a few log events."""
    org = Org()
    ada = org.add("Ada")
    org.add("Ben", org.ldap)
    org.state.set_master("title", "OVERRIDE", (org.corp,))
    org.state.set_user(ada, directories=[{"app_id": org.corp, "source": {"title": "Curator"}}])
    org.state.import_now(org.corp)
    org.force_sync(org.corp)
    org.clock.advance(10)
    org.state.support_cases.append({"caseNumber": "00012345", "subject": "Profile not updating"})
    return org


CASES = [
    ("User", "/api/v1/users/ada%40example.com"),
    ("[User]", "/api/v1/users"),
    ("Application", "/api/v1/apps/{corp}"),
    ("[Application]", "/api/v1/apps"),
    ("AppUser", "/api/v1/apps/{corp}/users/{ada}"),
    ("[AppUser]", "/api/v1/apps/{ldap}/users?expand=user"),
    ("[ListProfileMappings]", "/api/v1/mappings"),
    ("UserSchema", "/api/v1/meta/schemas/user/default"),
    ("UserSchema", "/api/v1/meta/schemas/apps/{corp}/default"),
    ("[UserType]", "/api/v1/meta/types/user"),
    ("[LogEvent]", "/api/v1/logs"),
    ("[AgentPool]", "/api/v1/agentPools"),
    ("OktaSupportCases", "/api/v1/org/privacy/oktaSupport/cases"),
    ("WellKnownOrgMetadata", "/.well-known/okta-organization"),
    ("Error", "/api/v1/users/nobody"),
]


@pytest.mark.parametrize(("component", "path"), CASES)
def test_an_answer_fits_the_published_description(
    components: dict[str, Any], org: Org, component: str, path: str
) -> None:
    body = org.get(path.format(corp=org.corp, ldap=org.ldap, ada=org.state.user_id("ada@example.com"))).json()
    reference: dict[str, Any] = {"$ref": f"#/components/schemas/{component.strip('[]')}"}
    schema = {"type": "array", "minItems": 1, "items": reference} if component.startswith("[") else reference

    problems = list(Draft4Validator(components | {"allOf": [schema]}).iter_errors(body))

    assert [problem.message for problem in problems] == []


def test_a_mapping_with_properties_fits_the_published_description(components: dict[str, Any], org: Org) -> None:
    mapping_id = org.get(f"/api/v1/mappings?sourceId={org.corp}").json()[0]["id"]
    body = org.get(f"/api/v1/mappings/{mapping_id}").json()
    # The description gives `properties` the shape of one property; recordings have it per attribute.
    rows = body.pop("properties").values()
    schemas = {"allOf": [{"$ref": "#/components/schemas/ProfileMapping"}]}
    row = {"allOf": [{"$ref": "#/components/schemas/ProfileMappingProperty"}]}

    assert list(Draft4Validator(components | schemas).iter_errors(body)) == []
    assert [error for held in rows for error in Draft4Validator(components | row).iter_errors(held)] == []


def recorded(name: str, place: int) -> Any:
    path = RECORDINGS / f"{name}.json"
    if not path.exists():
        pytest.skip(f"{path.name} is not beside this checkout")
    return json.loads(path.read_text(encoding="utf-8"))["interactions"][place]["response"]["body"]


def keys(node: Any, inside: str = "") -> set[str]:
    """Return the dotted names of everything that the record holds; of a list, its first element's."""
    if isinstance(node, list):
        return keys(node[0], f"{inside}[]") if node else set()
    if not isinstance(node, dict):
        return set()
    found: set[str] = set()
    for name, part in node.items():
        found |= {f"{inside}.{name}"} | keys(part, f"{inside}.{name}")
    return found


def test_a_directory_app_has_the_recorded_fields(org: Org) -> None:
    instance = next(app for app in recorded("okta-directory-apps", 0) if app["name"] == "active_directory")
    ours = org.get(f"/api/v1/apps/{org.corp}").json()

    assert keys(instance) - keys(ours) == {".credentials.userNameTemplate.pushStatus"}
    assert ours["features"] == instance["features"]
    assert ours["signOnMode"] is instance["signOnMode"] is None


def test_an_app_user_has_the_recorded_fields(org: Org) -> None:
    ours = org.get(f"/api/v1/apps/{org.corp}/users").json()

    assert keys(recorded("okta-app-users", 1)) - keys(ours) == set()


def test_a_user_has_the_recorded_fields(org: Org) -> None:
    ours = org.get("/api/v1/users/ada%40example.com").json()

    # The recorded user is not activated yet and has a password in Okta; a directory's user is and has not.
    only_recorded = {"._links.activate", "._links.activate.href", "._links.activate.method", ".credentials.password"}
    assert keys(recorded("okta-user", 0)) - keys(ours) == only_recorded


def test_mappings_have_exactly_the_recorded_fields(org: Org) -> None:
    listed = org.get("/api/v1/mappings").json()
    whole = org.get(f"/api/v1/mappings/{listed[0]['id']}").json()

    assert keys(listed) == keys(recorded("okta-mappings", 0))
    theirs = recorded("okta-mappings", 1)
    assert set(whole) == set(theirs)
    assert keys(whole["properties"]["email"]) == keys(theirs["properties"]["email"])


def test_a_rate_limit_error_has_exactly_the_recorded_fields() -> None:
    org = Org()
    answer = next(answer for answer in (org.get("/api/v1/agentPools") for _ in range(11)) if answer.status == 429)
    theirs = recorded("okta-rate-limited", 0)

    assert answer.json() | {"errorId": theirs["errorId"]} == theirs
