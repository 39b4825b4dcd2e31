"""The simulated Okta's answers against Okta's published description and against answers recorded from real orgs.

The description forbids nulls that recordings have, so null is allowed everywhere; other exceptions are
named where they are made.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.descriptions import Description, recorded
from tests.sandbox.okta_org import Org

NAME = "okta-management.yaml"


@pytest.fixture(scope="module")
def org() -> Org:
    """Return an org with users, an HR source, a changed source priority and a few log events."""
    org = Org()
    ada = org.add("Ada")
    org.add("Ben", org.ldap)
    org.state.assign(ada, org.state.add_source("HR"))
    org.state.set_master("title", "OVERRIDE", (org.corp,))
    org.state.set_user(ada, directories=[{"app_id": org.corp, "source": {"title": "Curator"}}])
    org.state.imports.run(org.corp)
    org.force_sync(org.corp)
    org.clock.advance(10)
    org.state.support_cases.append({"caseNumber": "00012345", "subject": "Profile not updating"})
    return org


ANSWERS = [
    "/api/v1/users/{ada}",
    "/api/v1/users/nobody",
    "/api/v1/users",
    "/api/v1/apps",
    "/api/v1/apps/{corp}",
    "/api/v1/apps/{corp}/users/{ada}",
    "/api/v1/apps/{ldap}/users?expand=user",
    "/api/v1/mappings",
    "/api/v1/meta/types/user",
    "/api/v1/logs",
    "/api/v1/agentPools",
    "/api/v1/org/privacy/oktaSupport/cases",
    "/.well-known/okta-organization",
]


@pytest.mark.parametrize("path", ANSWERS)
def test_an_answer_fits_the_published_description(org: Org, path: str) -> None:
    path = path.format(corp=org.corp, ldap=org.ldap, ada=org.state.user_id("ada@example.com"))
    answer = org.get(path)

    assert answer.json()
    assert Description(NAME, nulls=True).problems("GET", path.split("?")[0], answer.status, answer.json()) == []


@pytest.mark.parametrize("path", ["/api/v1/meta/schemas/user/default", "/api/v1/meta/schemas/apps/{corp}/default"])
def test_a_schema_fits_the_published_description_but_for_the_recorded_unique(org: Org, path: str) -> None:
    path = path.format(corp=org.corp)
    answer = org.get(path)
    # Described as a boolean, recorded as a string.
    unique = "'UNIQUE_VALIDATED' is not of type 'boolean', 'null'"

    problems = Description(NAME, nulls=True).problems("GET", path, answer.status, answer.json())

    assert {problem.partition(": ")[2] for problem in problems} <= {unique}
    assert len(problems) == answer.text.count("UNIQUE_VALIDATED")


def test_a_mapping_with_properties_fits_the_published_description(org: Org) -> None:
    mapping_id = org.get(f"/api/v1/mappings?sourceId={org.corp}").json()[0]["id"]
    path = f"/api/v1/mappings/{mapping_id}"
    body = org.get(path).json()
    # The description gives `properties` the shape of one property; recordings have it per attribute.
    rows = body.pop("properties").values()
    description = Description(NAME, nulls=True)
    row = {"$ref": "#/components/schemas/ProfileMappingProperty"}

    assert rows
    assert description.problems("GET", path, 200, body) == []
    assert [problem for held in rows for problem in description.departures(row, held)] == []


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
    instance = next(app for app in recorded("okta-directory-apps.json", 0) if app["name"] == "active_directory")
    ours = org.get(f"/api/v1/apps/{org.corp}").json()

    assert keys(instance) - keys(ours) == {".credentials.userNameTemplate.pushStatus"}
    assert ours["features"] == instance["features"]
    assert ours["signOnMode"] is instance["signOnMode"] is None


def test_an_app_user_has_the_recorded_fields(org: Org) -> None:
    ours = org.get(f"/api/v1/apps/{org.corp}/users").json()

    assert keys(recorded("okta-app-users.json", 1)) - keys(ours) == set()


def test_a_user_has_the_recorded_fields(org: Org) -> None:
    ours = org.get("/api/v1/users/ada%40example.com").json()

    # The recorded user is not activated yet and has a password in Okta; a directory's user is and has not.
    only_recorded = {"._links.activate", "._links.activate.href", "._links.activate.method", ".credentials.password"}
    assert keys(recorded("okta-user.json", 0)) - keys(ours) == only_recorded


def test_mappings_have_exactly_the_recorded_fields(org: Org) -> None:
    listed = org.get("/api/v1/mappings").json()
    whole = org.get(f"/api/v1/mappings/{listed[0]['id']}").json()

    assert keys(listed) == keys(recorded("okta-mappings.json", 0))
    theirs = recorded("okta-mappings.json", 1)
    assert set(whole) == set(theirs)
    assert keys(whole["properties"]["email"]) == keys(theirs["properties"]["email"])


def test_a_rate_limit_error_has_exactly_the_recorded_fields() -> None:
    org = Org()
    answer = next(answer for answer in (org.get("/api/v1/agentPools") for _ in range(11)) if answer.status == 429)
    theirs = recorded("okta-rate-limited.json", 0)

    assert answer.json() | {"errorId": theirs["errorId"]} == theirs
