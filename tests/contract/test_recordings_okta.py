"""What real Okta orgs answered, read by our connector: every value against a hand-written table."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from pydantic import SecretStr

from connectors.okta import OktaConnector
from tests.contract.recordings import Recorded, made_up, recorded, replaying
from tests.unit.builders import NOW
from tests.unit.wire import Act, StoppedClock, Wire
from workflows.errors import Refused, Transient
from workflows.model import Directory, DirectoryKind, DirectoryRef

NOT_FOUND = made_up({"errorCode": "E0000007", "errorSummary": "Not found", "errorCauses": []}, 404)
AD_FEATURES = (
    "IMPORT_PROFILE_UPDATES",
    "PROFILE_MASTERING",
    "OUTBOUND_DEL_AUTH",
    "IMPORT_USER_SCHEMA",
    "IMPORT_NEW_USERS",
)


def org(wire: Wire, at: datetime = NOW) -> OktaConnector:
    return OktaConnector("okta.main", wire.url, SecretStr("t0ken"), clock=StoppedClock(at))


def directory(app_id: str) -> Directory:
    return Directory(ref=DirectoryRef(org="okta.main", app_id=app_id), kind=DirectoryKind.AD, label="corp")


def by_call(answers: list[Recorded]) -> dict[str, Recorded | Act]:
    return {answer.call: answer for answer in answers}


USER = {
    "id": "00usfhrjbkppPBkoY4x6",
    "login": "person1@example.com",
    "status": "STAGED",
    "type_id": "otyc04qb2rUDcq2YA4x6",
    "profile": {
        "firstName": "Example",
        "lastName": "Example",
        "mobilePhone": None,
        "secondEmail": None,
        "login": "person1@example.com",
        "email": "person1@example.com",
    },
    "last_updated": datetime(2020, 8, 27, 18, 19, 24, tzinfo=UTC),
    "request_id": "X0f5LAgEU6wrtlkfiAgn9AAABls",
}


def test_a_staged_user() -> None:
    with replaying(by_call(recorded("okta-user.json")), NOT_FOUND) as wire:
        user = org(wire).user("00usfhrjbkppPBkoY4x6")
    told = user.model_dump()
    assert {name: told[name] for name in USER} == USER


def test_the_copy_of_a_user_in_an_app() -> None:
    app = directory("0oasf86d7hw9MMcnd4x6")
    with replaying(by_call(recorded("okta-app-users.json")), NOT_FOUND) as wire:
        copy = org(wire).app_user(app, "00usfdsvr3SOpwbqD4x6")
        nobody = org(wire).app_user(app, "00u000000000000000x6")
    assert nobody is None
    assert copy
    assert (copy.user_id, copy.scope, copy.status, copy.sync_state, dict(copy.profile)) == (
        "00usfdsvr3SOpwbqD4x6",
        "USER",
        "ACTIVE",
        "DISABLED",
        {},
    )
    assert copy.last_updated == datetime(2020, 8, 27, 18, 14, 7, tzinfo=UTC)
    assert copy.last_sync is None
    assert copy.request_id == "X0f38ECQjts@CWVeq4@4IgAABZE"


def test_the_users_of_an_app() -> None:
    app = directory("0oasf86d7hw9MMcnd4x6")
    with replaying(by_call(recorded("okta-app-users.json")), NOT_FOUND) as wire:
        page = org(wire).directory_users(app)
    assert page.next is None
    told = [(found.copy_in_directory.user_id, found.copy_in_directory.last_updated) for found in page.members]
    assert told == [
        ("00usfdsvr3SOpwbqD4x6", datetime(2020, 8, 27, 18, 14, 7, tzinfo=UTC)),
        ("00usfcrxyLxrCzNan4x6", datetime(2020, 8, 27, 18, 14, 8, tzinfo=UTC)),
    ]


# id, label, features: of nine directory-like apps only the two AD instances are directories; a CSV directory has no
# Force Sync, and the LDAP interface serves LDAP instead of being fed by it.
DIRECTORIES = [("0oaspf3cfatE1nDO31d7", "aditya.com"), ("0oaspgg7vhl9Oerki1d7", "aditya2.com")]
OTHERS = [
    "0oarbho4tox6JJcgv1d7",
    "0oarbi1f4qxOxghiR1d7",
    "0oarblk2zvy5HcnNF1d7",
    "0oarckk5cx6DefMGU1d7",
    "0oarfsow5f23aZlMv1d7",
    "0oarn2tl6aofnzwo51d7",
    "0oarn32nt15yP7zMg1d7",
]
COPY = {"id": "00u1", "status": "PROVISIONED", "scope": "USER", "profile": {"department": "Research"}}


def test_the_directories_among_the_apps_of_a_user() -> None:
    (apps,) = recorded("okta-directory-apps.json")
    acts: dict[str, Recorded | Act] = {apps.call: apps}
    # Recorded without `expand=user/...`: the copies are asked for one by one, of directories only.
    acts |= {f"GET /api/v1/apps/{app}/users/00u1": made_up(COPY) for app in (*OTHERS, *dict(DIRECTORIES))}
    with replaying(acts, NOT_FOUND) as wire:
        copies = org(wire).links("00u1").copies
    told = [(copy.directory.ref.app_id, copy.directory.label) for copy in copies]
    assert told == DIRECTORIES
    assert {copy.directory.kind for copy in copies} == {DirectoryKind.AD}
    assert {copy.directory.active for copy in copies} == {True}
    assert {copy.directory.features for copy in copies} == {AD_FEATURES}


def test_an_app_that_is_no_directory_is_refused() -> None:
    (apps,) = recorded("okta-directory-apps.json")
    by_id = {f"GET /api/v1/apps/{app['id']}": made_up(app) for app in apps.body}
    with replaying(dict(by_id), NOT_FOUND) as wire:
        assert [org(wire).directory(app).label for app, _ in DIRECTORIES] == ["aditya.com", "aditya2.com"]
        for app in OTHERS:
            with pytest.raises(Refused):
                org(wire).directory(app)


EXPRESSIONS = {
    "login": "appuser.email",
    "email": "appuser.email",
    "firstName": "appuser.firstName",
    "middleName": "appuser.middleName",
    "lastName": "appuser.lastName",
    "honorificPrefix": "appuser.honorificPrefix",
    "honorificSuffix": "appuser.honorificSuffix",
    "displayName": "appuser.displayName",
    "profileUrl": "appuser.profileUrl",
}


def test_the_mapping_of_an_app_to_okta() -> None:
    with replaying(by_call(recorded("okta-mappings.json")), NOT_FOUND) as wire:
        mapping = org(wire).mapping(directory("0oakwuqd5tELITmq01d7"), "oty5ptm052JMcoADv1d7")
        of_another_type = org(wire).mapping(directory("0oakwuqd5tELITmq01d7"), "oty000000000000000d7")
    assert of_another_type is None
    assert mapping
    assert mapping.id == "prmkwuqd60E6Ymi8K1d7"
    assert {name: rule.expression for name, rule in mapping.rules.items()} == EXPRESSIONS
    assert not any(rule.on_update for rule in mapping.rules.values())  # every one is DONT_PUSH


def test_a_rate_limit_is_waited_out_until_its_reset() -> None:
    (limited,) = recorded("okta-rate-limited.json")
    with replaying({"GET /api/v1/agentPools": limited}, NOT_FOUND) as wire, pytest.raises(Transient) as caught:
        org(wire, limited.at).agent_pools()
    reset = datetime(2025, 9, 11, 16, 22, 38, tzinfo=UTC)  # 1757607758
    assert limited.at == datetime(2025, 9, 11, 16, 21, 50, tzinfo=UTC)
    assert caught.value.until
    assert 0 <= (caught.value.until - reset).total_seconds() <= 1
    assert caught.value.request_id == "5168be8d5f54ca5371398055415254ff"
    assert "E0000047 API call exceeded rate limit due to too many requests." in str(caught.value)
