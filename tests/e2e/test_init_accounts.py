"""`forcesync init` signs in to each product in every way that it takes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from connectors.sandbox.jira.access import CLOUD_ID
from connectors.sandbox.scenarios.catalogue import Scenario
from connectors.sandbox.server import Sandbox
from tests.e2e.office import Office, troubles
from worker.settings.tables import OktaSettings
from worker.setup.command import init


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with Sandbox(Scenario("tour", users=20), act=False) as sandbox:
        yield Office(sandbox, tmp_path)


@pytest.mark.parametrize("auth", ["oauth_password", "oauth_client_credentials", "api_key"])
def test_each_way_to_sign_in_to_servicenow(auth: str, office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    held = office.sandbox.frame.credentials
    office.file("client_secret", held.servicenow_client_secret)
    office.file("api_key", held.servicenow_api_key)
    oauth = auth.startswith("oauth")
    changed = {
        "servicenow_auth": auth,
        "servicenow_client_id": held.servicenow_client_id if oauth else None,
        "servicenow_client_secret_file": str(office.folder / "client_secret") if oauth else None,
        "servicenow_api_key_file": None if oauth else str(office.folder / "api_key"),
        "servicenow_password_file": str(office.folder / "servicenow") if auth == "oauth_password" else None,
    }
    assert 0 == init(office.config, office.flags("servicenow", **changed), asks=False)
    assert auth == office.table()["desks"]["servicenow"]["auth"]
    assert [] == troubles(office.config, capsys)


def test_a_service_app_reads_okta(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    key, kid = rsa.generate_private_key(public_exponent=65537, key_size=2048), {"kid": "k1", "alg": "RS256"}
    scopes = OktaSettings.model_fields["scopes"].default
    public = json.loads(RSAAlgorithm.to_jwk(key.public_key())) | kid
    office.sandbox.okta.oauth.register("0oaForcesync", [public], scopes=list(scopes))
    office.file("key", json.dumps(json.loads(RSAAlgorithm.to_jwk(key)) | kid))
    changed = {"okta_token_file": None, "okta_client_id": "0oaForcesync", "okta_key_file": str(office.folder / "key")}
    assert 0 == init(office.config, office.flags("jira", **changed), asks=False)
    assert {"auth": "oauth", "key_file": "key"}.items() <= office.table()["okta"]["main"].items()
    assert [] == troubles(office.config, capsys)


def test_a_data_center_site_by_its_personal_token(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Sandbox(Scenario("tour", users=20), act=False, jira="datacenter") as sandbox:
        office = Office(sandbox, tmp_path)
        changed = {"jira_deployment": "datacenter", "jira_email": None, "jira_assignee": None}
        assert 0 == init(office.config, office.flags("jira", **changed), asks=False)
        assert "datacenter" == office.table()["desks"]["jira"]["deployment"]
        assert ["desks.jira.assignees"] == troubles(office.config, capsys)


def test_a_scoped_token_at_the_gateway(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    office.file("jira", office.sandbox.frame.credentials.jira_scoped_token)
    gateway = f"{office.sandbox.jira_url}/ex/jira/{CLOUD_ID}"
    changed = {"jira_url": gateway, "jira_browse_url": office.sandbox.jira_url}
    assert 0 == init(office.config, office.flags("jira", **changed), asks=False)
    assert office.sandbox.jira_url == office.table()["desks"]["jira"]["browse_url"]
    assert [] == troubles(office.config, capsys)
