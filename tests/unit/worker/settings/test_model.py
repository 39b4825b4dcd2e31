"""A settings file that cannot be used says why, key by key, and never shows a secret."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, SecretStr, ValidationError

from connectors.jira import JiraSettings
from connectors.servicenow import ServiceNowSettings
from worker import wiring
from worker.sandbox.config import toml
from worker.settings.faults import SettingsError, explain
from worker.settings.model import Settings, load
from worker.settings.tables import (
    AudienceSettings,
    BrokerSettings,
    OktaSettings,
    StoreSettings,
    WorkerSettings,
)
from workflows.model import Autonomy, Policy


def table() -> dict[str, Any]:
    return {
        "okta": {"main": {"url": "http://127.0.0.1:1", "token": "okta-s3cret"}},
        "desks": {"snow": {"kind": "servicenow", "url": "http://127.0.0.1:2", "user": "u", "password": "snow-s3cret"}},
    }


def write(tmp_path: Path, content: dict[str, Any] | str) -> Path:
    path = tmp_path / "forcesync.toml"
    path.write_text(content if isinstance(content, str) else toml(content), encoding="utf-8")
    return path


def secret(found: SecretStr | None) -> str:
    assert found is not None
    return found.get_secret_value()


def problem(tmp_path: Path, content: dict[str, Any] | str) -> str:
    with pytest.raises(SettingsError) as caught:
        wiring.build(load(write(tmp_path, content)), lambda *_: None)
    assert "s3cret" not in str(caught.value)
    return str(caught.value)


def test_a_small_file_is_enough_and_observes_only(tmp_path: Path) -> None:
    settings = load(write(tmp_path, table()))
    assert settings.policy.default_autonomy is Autonomy.OBSERVE
    assert settings.org == "main"


def test_the_environment_overrides_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCESYNC_WORKER__THREADS", "3")
    monkeypatch.setenv("FORCESYNC_OKTA__MAIN__URL", "http://127.0.0.1:9")
    settings = load(write(tmp_path, table()))
    assert settings.worker.threads == 3
    assert settings.okta["main"].url == "http://127.0.0.1:9"
    assert secret(settings.okta["main"].token) == "okta-s3cret"


def test_a_fault_of_what_the_environment_sets_names_the_variable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCESYNC_POLICY__POLL_EVERI", "4")
    monkeypatch.setenv("FORCESYNC_OKTA__MAIN__URL", "ftp://example.okta.com")
    lines = problem(tmp_path, table()).splitlines()[1:]
    for key, variable in (("policy.poll_everi", "POLICY__POLL_EVERI"), ("okta.main.url", "OKTA__MAIN__URL")):
        [line] = [line for line in lines if line.strip().startswith(f"{key}: ")]
        assert line.endswith(f"(the environment sets it: FORCESYNC_{variable})")


def test_a_secret_can_come_from_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "token").write_text("from-file\n")
    monkeypatch.setenv("FORCESYNC_OKTA__MAIN__TOKEN_FILE", str(tmp_path / "token"))
    assert secret(load(write(tmp_path, table())).okta["main"].token) == "from-file"


def test_a_secret_can_come_from_a_file_that_the_settings_name(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("from-file\n")
    content = table()
    del content["desks"]["snow"]["password"]
    content["desks"]["snow"]["password_file"] = str(tmp_path / "password")
    password = load(write(tmp_path, content)).desks["snow"]["password"]
    assert password.get_secret_value() == "from-file"
    (tmp_path / "password").write_text("rotated-since")
    assert password.get_secret_value() == "rotated-since"


def test_a_value_that_is_no_secret_can_come_from_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "url").write_text("http://127.0.0.1:7\n")
    monkeypatch.setenv("FORCESYNC_OKTA__MAIN__URL_FILE", str(tmp_path / "url"))
    assert load(write(tmp_path, table())).okta["main"].url == "http://127.0.0.1:7"


def test_no_secret_is_shown_by_the_settings_as_a_whole(tmp_path: Path) -> None:
    content = table() | {"store": {"url": "postgresql://u:store-s3cret@db/forcesync"}}
    content["okta"]["main"]["force_sync"] = {"driver": "reapply", "token": "sync-s3cret"}
    content["desks"]["snow"] |= {"auth": "oauth_password", "client_id": "c", "client_secret": "client-s3cret"}
    content["desks"]["cloud"] = {"kind": "jira", "url": "http://127.0.0.1:3", "email": "a@example.com"}
    content["desks"]["cloud"] |= {"token": "jira-s3cret", "projects": {"SUP": {"kind": "software"}}}
    content["broker"] = {"kind": "redis", "url": "redis://:broker-s3cret@127.0.0.1"}
    settings = load(write(tmp_path, content))
    assert "s3cret" not in repr(settings)
    assert "s3cret" not in str(settings)
    assert ["client-s3cret", "snow-s3cret"] == [
        settings.desks["snow"][key].get_secret_value() for key in ("client_secret", "password")
    ]


def test_an_empty_secret_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "token").write_text(" \n")
    monkeypatch.setenv("FORCESYNC_OKTA__MAIN__TOKEN_FILE", str(tmp_path / "token"))
    assert "is empty" in problem(tmp_path, table())


def test_a_secret_file_that_is_missing_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCESYNC_OKTA__MAIN__TOKEN_FILE", str(tmp_path / "nowhere"))
    assert "FORCESYNC_OKTA__MAIN__TOKEN_FILE" in problem(tmp_path, table())


def test_an_unknown_key_is_named_and_its_value_is_not_shown(tmp_path: Path) -> None:
    content = table() | {"policy": {"gather_fro": "a-s3cret"}}
    assert "policy.gather_fro: this key is not known" in problem(tmp_path, content)


def test_a_wrong_value_is_shown_with_what_is_allowed(tmp_path: Path) -> None:
    text = problem(tmp_path, table() | {"policy": {"default_autonomy": "full"}})
    assert "policy.default_autonomy: found 'full'" in text
    assert "'observe', 'approve' or 'auto'" in text


def test_a_limit_for_a_desk_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    text = problem(tmp_path, table() | {"worker": {"at_once": {"snwo": 2}}})
    assert "worker.at_once: found 'snwo'; near ones: 'snow'; the desks are: snow" in text


def test_a_wrong_secret_is_not_shown(tmp_path: Path) -> None:
    content = table()
    content["okta"]["main"]["token"] = ["a-s3cret"]
    assert "okta.main.token" in problem(tmp_path, content)


def test_an_unknown_desk_kind_is_named(tmp_path: Path) -> None:
    content = table()
    content["desks"]["snow"]["kind"] = "zendesk"
    text = problem(tmp_path, content)
    assert "desks.snow.kind: found 'zendesk'; allowed: 'servicenow', 'jira'" in text


def test_a_wrong_key_of_a_desk_is_named_with_its_path(tmp_path: Path) -> None:
    content = table()
    content["desks"]["snow"]["pasword"] = "a-s3cret"
    assert "desks.snow.pasword: this key is not known" in problem(tmp_path, content)


def test_auto_without_a_force_sync_driver_is_refused(tmp_path: Path) -> None:
    text = problem(tmp_path, table() | {"policy": {"default_autonomy": "auto"}})
    assert "okta.main.force_sync.driver" in text


@pytest.mark.parametrize("policy", [{"default_autonomy": "auto"}, {"autonomy": {"corp.example.com": "auto"}}])
def test_auto_without_the_scan_is_refused_where_nobody_presses(tmp_path: Path, policy: dict[str, Any]) -> None:
    content = table() | {"policy": policy | {"scan": False}}
    content["okta"]["main"]["force_sync"] = {"driver": "reapply", "token": "a-s3cret"}
    text = problem(tmp_path, content)
    assert "policy.scan: found false, with autonomy 'auto' and driver 'reapply'; allowed: true" in text
    assert "set policy.scan = true, or the autonomy to 'approve'" in text
    content["okta"]["main"]["force_sync"] = {"driver": "assisted"}
    assert not load(write(tmp_path, content)).policy.scan, "a person who presses has looked"


def test_a_secret_that_is_set_twice_is_refused(tmp_path: Path) -> None:
    content = table()
    content["okta"]["main"]["token_file"] = str(tmp_path / "token")
    assert "okta.main.token and okta.main.token_file are both set; keep one" in problem(tmp_path, content)


def test_a_value_that_should_be_a_list_is_refused_with_an_example(tmp_path: Path) -> None:
    content = table()
    content["policy"] = {"open_attributes": "department"}
    told = problem(tmp_path, content)
    assert """policy.open_attributes: found 'department'; allowed: a list, such as ["one", "another"]""" in told


def test_what_is_not_toml_says_where(tmp_path: Path) -> None:
    assert "line 1" in problem(tmp_path, "this is = = not toml")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="--config"):
        load(tmp_path / "none.toml")


@pytest.mark.parametrize(
    ("place", "key", "told"),
    [
        (("okta", "main"), "tokn", "okta.main.tokn: this key is not known; did you mean 'token'"),
        (("okta", "main"), "force_snyc", "okta.main.force_snyc: this key is not known; did you mean 'force_sync'?"),
        (("worker",), "thread", "worker.thread: this key is not known; did you mean 'threads'"),
        (("policy",), "xyzzy", "policy.xyzzy: this key is not known; check its spelling"),
        (("desks", "snow"), "passwrd", "desks.snow.passwrd: this key is not known; did you mean 'password'"),
        (("desks", "snow"), "zones", "desks.snow.zones: this key is not known; did you mean 'zone'"),
        (
            ("desks", "snow", "tables", "incident"),
            "waitng",
            "incident.waitng: this key is not known; did you mean 'w",
        ),
        (("desks", "snow", "routes", "okta_support"), "gruop", "gruop: this key is not known; did you mean 'group'"),
    ],
)
def test_an_unknown_key_is_refused_with_similar_ones(
    tmp_path: Path, place: tuple[str, ...], key: str, told: str
) -> None:
    content = table()
    inside = content
    for part in place:
        inside = inside.setdefault(part, {})
    inside[key] = "a-s3cret"
    assert told in problem(tmp_path, content)


def test_every_fault_of_the_file_is_shown_at_once(tmp_path: Path) -> None:
    content = table() | {"policy": {"default_autonomy": "full", "gather_fro": 3}, "worker": {"threads": 0}}
    content["okta"]["main"] = {"url": "http://127.0.0.1:1", "token_file": "nowhere-okta"}
    content["desks"]["snow"] |= {"tag": "a,b", "escalation_gruop": "x"}
    del content["desks"]["snow"]["password"]
    content["desks"]["snow"]["password_file"] = "nowhere-snow"
    content["desks"]["cloud"] = {"kind": "jira", "url": "https://example.atlassian.net"}
    content["desks"]["third"] = {"kind": "zendesk"}
    with pytest.raises(SettingsError) as caught:
        wiring.read_settings(write(tmp_path, content))
    text = str(caught.value)
    assert 1 == text.count("cannot be used:\n")
    for fault in (
        f"okta.main.token_file: found a text that names no file (relative paths start at {tmp_path})",
        f"desks.snow.password_file: found a text that names no file (relative paths start at {tmp_path})",
        "policy.default_autonomy: found 'full'",
        "policy.gather_fro: this key is not known; did you mean 'gather_for'",
        "worker.threads: found '0'",
        "desks.snow.escalation_group: this key is missing",
        "desks.snow.escalation_gruop: this key is not known; did you mean 'escalation_group'",
        "desks.snow.tag: found 'a,b'",
        "desks.cloud.token: this key is missing",
        "desks.cloud.projects: this key is missing",
        "desks.third.kind: found 'zendesk'; allowed: 'servicenow', 'jira'",
    ):
        assert fault in text, fault


def test_faults_of_addresses_zones_and_timeouts_are_shown_with_all_others(tmp_path: Path) -> None:
    content = table() | {"worker": {"log_level": "loud"}}
    content["okta"]["main"]["url"] = "http://okta.example.com"
    content["desks"]["snow"] |= {"escalation_group": "G", "zone": "Europe/Berlim", "language": "germann"}
    with pytest.raises(SettingsError) as caught:
        wiring.read_settings(write(tmp_path, content))
    text = str(caught.value)
    for fault in (
        "okta.main.url: found 'http://okta.example.com'; allowed: https://HOST",
        "worker.log_level: found 'loud'; allowed: 'debug', 'info', 'warning' or 'error'",
        "desks.snow.language: found 'germann'; allowed: a language's code, such as 'en' or 'de'",
        "desks.snow.zone: found 'Europe/Berlim'; allowed: a zone of the IANA database that this machine knows",
        "near ones: 'Europe/Berlin'",
    ):
        assert fault in text, fault


def test_faults_that_show_when_the_ports_are_built_are_shown_at_once(tmp_path: Path) -> None:
    content = table() | {"texts": {"language": "xx"}, "worker": {"lease_for": 20.0}}
    content["desks"]["snow"] |= {"escalation_group": "G"}
    text = problem(tmp_path, content)
    assert "worker.lease_for: found 20" in text
    assert "'xx'" in text


JIRA = {"kind": "jira", "url": "https://a.atlassian.net", "token": "jira-s3cret", "projects": {}}
LATE: list[tuple[dict[str, Any], str]] = [
    ({"store": {"url": "mysql://x/y"}}, "store.url: found 'mysql://x/y'; allowed: an SQLite file"),
    ({"desks": {"jira": JIRA | {"email": "", "projects": {"ENG": {"kind": "sofware"}}}}}, "desks.jira.email: found ''"),
    ({"worker": {"lease_for": 1}}, "worker.lease_for: found 1; it must be more than twice"),
    ({"policy": {"default_autonomy": "auto"}}, "okta.main.force_sync.driver: found 'none'"),
    ({"policy": {"default_org": "mian"}}, "policy.default_org: found 'mian'"),
    ({"policy": {"default_autonomy": "approve"}}, "policy.approvers: autonomy 'approve' needs somebody"),
]


@pytest.mark.parametrize(("changes", "told"), LATE, ids=[told.partition(":")[0] for _, told in LATE])
def test_a_fault_of_what_fits_together_is_shown_beside_one_of_a_value(
    tmp_path: Path, changes: dict[str, Any], told: str
) -> None:
    content = table()
    content["desks"]["snow"]["escalation_group"] = "G"
    for part in ({"store": {"archive_after": -1}}, changes):
        for name, own in part.items():
            content[name] = content.get(name, {}) | own
    with pytest.raises(SettingsError) as caught:
        wiring.read_settings(write(tmp_path, content))
    assert "store.archive_after: found '-1'" in str(caught.value)
    assert told in str(caught.value)


def keys_at_fault(tmp_path: Path, changes: dict[str, Any]) -> list[str]:
    """Return the keys of the faults of a file of which tables, named by their dotted keys, are changed."""
    content = table()
    content["desks"]["snow"]["escalation_group"] = "G"
    for path, own in changes.items():
        inside = content
        for part in path.split("."):
            inside = inside.setdefault(part, {})
        inside |= own
    with pytest.raises(SettingsError) as caught:
        wiring.read_settings(write(tmp_path, content))
    assert "s3cret" not in str(caught.value)
    return sorted(line.strip().partition(":")[0] for line in str(caught.value).splitlines()[1:])


AUTO: dict[str, Any] = {"policy": {"default_autonomy": "auto"}}
SITE = JIRA | {"email": "", "projects": {"ENG": {"kind": "software"}}}
ENG: dict[str, Any] = {"kind": "sofware"}


@pytest.mark.parametrize(
    ("changes", "keys"),
    [
        ({"desks.jira": SITE | {"url": "acme"}}, "desks.jira.email desks.jira.url"),
        ({"desks.jira": SITE | {"label": "a b", "token": ""}}, "desks.jira.email desks.jira.label desks.jira.token"),
        (
            {"desks.jira": SITE | {"projects": {"ENG": ENG, "sup": ENG, "SUP": {"kind": "service_desk"}}}},
            "desks.jira.email desks.jira.projects.ENG.kind desks.jira.projects.SUP.service_desk_id "
            "desks.jira.projects.sup desks.jira.projects.sup.kind",
        ),
        ({"desks.snow": {"url": "acme", "auth": "api_key"}}, "desks.snow.api_key desks.snow.url"),
        (
            {"desks.snow": {"tag": ""}, "desks.snow.tables.incident": {"new": "a,b", "done": ["7"]}},
            "desks.snow.tables.incident.done desks.snow.tables.incident.new desks.snow.tag",
        ),
        (
            {"okta.main": {"url": "acme", "token": ""}} | AUTO,
            "okta.main.force_sync.driver okta.main.token okta.main.url",
        ),
        (
            {"okta.main": {"url": "acme"}, "okta.main.force_sync": {"driver": "reapply"}},
            "okta.main.force_sync.token okta.main.url",
        ),
        (
            {"okta.main.force_sync": {"driver": "reapply"}, "policy": {"default_autonomy": "auto", "scan": False}},
            "okta.main.force_sync.token policy.scan",
        ),
        ({"foo": {"a": 1}} | AUTO, "foo okta.main.force_sync.driver"),
        (
            {"foo": {"a": 1}, "policy": {"default_autonomy": "approve"}},
            "foo okta.main.force_sync.driver policy.approvers",
        ),
        ({"broker": {"kind": "redis"}, "texts": {"folder": "nowhere"}}, "broker.url texts.folder"),
        ({"broker": {"kind": "redis"}, "texts": {"folder": 5}}, "broker.url texts.folder"),
    ],
)
def test_a_fault_hides_none_of_what_fits_together_in_the_values_that_are_right(
    tmp_path: Path, changes: dict[str, Any], keys: str
) -> None:
    assert keys.split() == keys_at_fault(tmp_path, changes)


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"desks.snow": {"auth": "api_key", "api_kye": "k"}}, "desks.snow.api_kye"),
        ({"desks.snow": {"auth": "oath"}}, "desks.snow.auth"),
        ({"okta.main": {"auht": "oauth", "client_id": "c", "token": ""}}, "okta.main.auht okta.main.token"),
        ({"okta.main.force_sync": {"drivr": "reapply", "token": "t"}} | AUTO, "okta.main.force_sync.drivr"),
        ({"okta.main": {"force_snyc": {"driver": "assisted"}}} | AUTO, "okta.main.force_snyc"),
        (
            {"okta.main.force_sync": {"driver": "assisted"}, "policy": {"default_autonomy": "approve", "aprovers": []}},
            "policy.aprovers",
        ),
    ],
)
def test_a_misspelt_key_or_a_wrong_choice_makes_no_second_fault(
    tmp_path: Path, changes: dict[str, Any], key: str
) -> None:
    assert key.split() == keys_at_fault(tmp_path, changes)


def test_a_value_at_fault_makes_no_second_fault_by_its_default(tmp_path: Path) -> None:
    content = table()
    content["desks"] = {"jira": JIRA | {"email": "a@b", "projects": {"ENG": {"kind": "sofware"}}}}
    content["okta"]["main"] |= {"auth": "oath", "token": ""}
    with pytest.raises(SettingsError) as caught:
        wiring.read_settings(write(tmp_path, content))
    assert ["okta.main.auth", "desks.jira.projects.ENG.kind"] == [
        line.strip().partition(":")[0] for line in str(caught.value).splitlines()[1:]
    ]


LIBRARYS = ("hould ", "alidation", "something else", "pydantic")
WRONG: tuple[object, ...] = (-1.5, "wrong^,", [[]], {"wrong key": {}}, float("nan"), float("inf"), 1e300)
MODELS: tuple[type[BaseModel], ...] = (JiraSettings, ServiceNowSettings, OktaSettings, AudienceSettings, Settings)
NESTED: dict[str, type[BaseModel]] = {
    "policy": Policy,
    "worker": WorkerSettings,
    "store": StoreSettings,
    "broker": BrokerSettings,
}
FIELDS: list[tuple[type[BaseModel], tuple[str, ...], str]] = [
    (model, (), name) for model in MODELS for name in model.model_fields
] + [(Settings, (table_name,), name) for table_name, model in NESTED.items() for name in model.model_fields]


@pytest.mark.parametrize(("model", "inside", "name"), FIELDS, ids=lambda value: getattr(value, "__name__", str(value)))
def test_no_fault_is_told_in_the_words_of_a_library(model: type[BaseModel], inside: tuple[str, ...], name: str) -> None:
    for value in WRONG:
        given = {inside[0]: {name: value}} if inside else {name: value}
        with pytest.raises(ValidationError) as caught:
            model(**given, surely_unknown=1)
        told = explain(caught.value, "a.toml", model)
        assert [] == [
            words for words in ("nput should", "hould ", "alidation", "something else", "pydantic") if words in told
        ]


@pytest.mark.parametrize("given", ["secrets/okta", "/run/secrets/okta"])
def test_the_path_of_a_secrets_file_is_no_secret(tmp_path: Path, given: str) -> None:
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "okta").write_text("s3cret")
    content = table()
    content["okta"]["main"]["token"] = given
    told = "okta.main.token: found the path of a file; allowed: the secret itself, or okta.main.token_file for the path"
    assert told in problem(tmp_path, content)


def test_tables_without_the_name_of_a_desk_are_told_as_such(tmp_path: Path) -> None:
    text = problem(tmp_path, table() | {"desks": {"kind": "jira", "projects": {"SUP": {}}}})
    assert (
        "desks.kind: found 'jira'; allowed: a table with a name of yours, such as [desks.NAME], which holds 'kind'"
        in text
    )
    assert "desks.projects" not in text


def test_approvals_without_an_approver_are_refused(tmp_path: Path) -> None:
    content = table() | {"policy": {"default_autonomy": "approve"}}
    content["okta"]["main"]["force_sync"] = {"driver": "assisted"}
    assert "policy.approvers: autonomy 'approve' needs somebody who may approve; found none" in problem(
        tmp_path, content
    )
    content["policy"]["approvers"] = ["robin@example.com"]
    content["desks"]["snow"]["escalation_group"] = "G"
    assert {"robin@example.com"} == load(write(tmp_path, content)).policy.approvers


@pytest.mark.parametrize("broken", [False, True])
def test_what_the_environment_adds_to_a_desk_is_no_fault_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: bool
) -> None:
    (tmp_path / "password").write_text("from-file")
    monkeypatch.setenv("FORCESYNC_DESKS__SNOW__PASSWORD_FILE", str(tmp_path / "password"))
    monkeypatch.setenv("FORCESYNC_DESKS__SNOW__ESCALATION_GROUP", "Identity Operations")
    content = table()
    del content["desks"]["snow"]["password"]
    config = write(tmp_path, content | ({"worker": {"threads": 0}} if broken else {}))
    if not broken:
        assert "from-file" == wiring.read_settings(config).desks["snow"]["password"].get_secret_value()
        return
    with pytest.raises(SettingsError) as caught:
        wiring.read_settings(config)
    assert "worker.threads" in str(caught.value)
    assert "desks.snow" not in str(caught.value)


SNOW = {"kind": "servicenow", "user": "u", "password": "snow-s3cret", "escalation_group": "G"}
CLOUD = {"kind": "jira", "email": "a@b.example", "token": "jira-s3cret", "projects": {"SUP": {"kind": "software"}}}


def desks_problem(tmp_path: Path, one: dict[str, Any], other: dict[str, Any]) -> str:
    try:
        wiring.read_settings(write(tmp_path, table() | {"desks": {"first": one, "second": other}}))
    except SettingsError as error:
        return str(error)
    return ""


def test_two_desks_that_would_claim_the_same_tickets_are_refused_with_both_keys(tmp_path: Path) -> None:
    snow, jira = SNOW | {"url": "https://dev.service-now.com"}, CLOUD | {"url": "https://dev.atlassian.net"}
    again = snow | {
        "url": "https://DEV.service-now.com:443/",
        "user": "other",
        "tables": {"incident": {"escalation_group": "G"}},
    }
    assert (
        "desks.first and desks.second: found table incident with the tag 'profile not updating' at "
        "https://dev.service-now.com:443 in both" in desks_problem(tmp_path, snow, again)
    )
    assert "desks.first and desks.second" in problem(tmp_path, table() | {"desks": {"first": snow, "second": again}})
    through = jira | {"url": "https://api.atlassian.com/ex/jira/1", "browse_url": "https://dev.atlassian.net/"}
    assert "desks.first and desks.second: found project SUP" in desks_problem(tmp_path, jira, through)


@pytest.mark.parametrize(
    "changes",
    [
        {"url": "https://test.service-now.com"},
        {"tag": "another"},
        {"tables": {"sc_task": {"escalation_group": "G"}}},
    ],
)
def test_desks_that_share_an_instance_and_no_ticket_are_two(tmp_path: Path, changes: dict[str, Any]) -> None:
    snow = SNOW | {"url": "https://dev.service-now.com", "tables": {"incident": {"escalation_group": "G"}}}
    assert desks_problem(tmp_path, snow, snow | changes) == ""


@pytest.mark.parametrize("odd", ["\n", "\r", "\t", " ", "\u2028", "\u200b", "\x00"])
def test_a_url_in_two_pieces_is_refused_wherever_one_stands(odd: str) -> None:
    split = f"https://dev.okta.com{odd}.evil.example"
    tables: list[tuple[type[BaseModel], dict[str, Any], str]] = [
        (OktaSettings, {"token": "t", "url": split}, "url"),
        (OktaSettings, {"token": "t", "url": "https://a.okta.com", "proxy": f"http://proxy{odd}.evil:80"}, "proxy"),
        (ServiceNowSettings, SNOW | {"url": split}, "url"),
        (JiraSettings, CLOUD | {"url": split}, "url"),
        (JiraSettings, CLOUD | {"url": "https://a.example", "browse_url": split}, "browse_url"),
        (BrokerSettings, {"kind": "redis", "url": f"redis://cache{odd}.evil"}, "url"),
        *([] if odd == " " else [(StoreSettings, {"url": f"postgresql://db{odd}.evil/x"}, "url")]),
    ]
    for model, values, key in tables:
        with pytest.raises(ValidationError) as caught:
            model(**{name: value for name, value in values.items() if name != "kind" or model is BrokerSettings})
        assert [item["loc"] for item in caught.value.errors()] == [(key,)], model
