"""`forcesync init` writes settings that the doctor passes, from answers, flags or environment; secrets stay unseen."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from connectors.sandbox.scenarios.catalogue import Scenario
from connectors.sandbox.server import Sandbox
from tests.e2e.office import ASSIGNEE, GROUP, Office, Person, troubles
from tests.e2e.outside import forcesync
from tests.e2e.planted import fault
from worker import wiring
from worker.doctor.command import doctor
from worker.errors import OperatorError
from worker.sandbox.config import settings_table
from worker.setup.command import init

OFFICE = pytest.mark.parametrize("desks", [("servicenow",), ("jira",), ("servicenow", "jira")], ids=" and ".join)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with Sandbox(Scenario("tour", users=20), act=False) as sandbox:
        yield Office(sandbox, tmp_path)


@OFFICE
def test_flags_alone_give_settings_that_the_doctor_passes(
    desks: tuple[str, ...], office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    before = office.writes()
    assert 0 == init(office.config, office.flags(*desks), asks=False)
    told = capsys.readouterr().out
    assert [] == troubles(office.config, capsys)
    assert before == office.writes()
    assert [] == office.sandbox.frame.violations
    assert 0o600 == stat.S_IMODE(office.config.stat().st_mode)
    table = office.table()
    assert ("observe", desks) == (table["policy"]["default_autonomy"], tuple(table["desks"]))
    assert {"forcesync.toml", "okta", "servicenow", "jira"} == {path.name for path in office.folder.iterdir()}
    text = office.config.read_text(encoding="utf-8")
    assert [] == [secret for secret in office.secrets().values() if secret in text or secret in told]
    assert "corp.example.com" in text


def test_who_may_file_for_others_is_asked_and_written(office: Office) -> None:
    held = office.flags("jira")
    person = Person({"Okta groups whose members may file for others": ["Everybody", "Everyone"]})
    assert 0 == init(office.config, held, asks=True, terminal=person)
    [unknown] = person.troubles
    assert "found 'Everybody'" in unknown
    assert ["Everyone"] == office.table()["policy"]["on_behalf"]


def test_the_fields_of_the_form_are_those_that_the_tickets_fill(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    assert 0 == init(office.config, office.flags("jira"), asks=False)
    usual = settings_table(office.sandbox, office.config)["desks"]["jira"]["fields"]
    assert usual == office.table()["desks"]["jira"]["fields"]
    assert "user is 'Affected user'" in office.config.read_text(encoding="utf-8")


def requested(office: Office, **variables: str) -> str:
    """File a tagged requested item whose form has these variables; return its number."""
    with office.sandbox.frame.lock:
        people, form = office.sandbox.servicenow, {f"variables.{name}": text for name, text in variables.items()}
        by = people.tickets()[0]["requester"]
        words = {"summary": "My profile is not updating", "description": "See the form."}
        id = people.create(tagged=True, requester=by, table="sc_req_item", fields=form, **words)
        return str(people.ticket(id)["key"])


FORM = {"affected_user": "jane@example.com", "profile_attribute": "title", "new_value": "Head"}


def test_the_variables_of_the_catalogue_are_those_that_tagged_items_hold(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    requested(office, **FORM)
    assert 0 == init(office.config, office.flags("servicenow"), asks=False)
    tables = office.table()["desks"]["servicenow"]["tables"]
    assert {"user": "affected_user", "attribute": "profile_attribute", "expected": "new_value"} == tables[
        "sc_req_item"
    ]["variables"]
    assert {"incident", "sc_req_item", "sc_task"} == tables.keys()
    assert [] == troubles(office.config, capsys)


def test_the_doctor_names_variables_that_tickets_hold_and_no_setting_reads(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    assert 0 == init(office.config, office.flags("servicenow"), asks=False)
    key = requested(office, affected_user="jane@example.com", favourite_colour="green")
    capsys.readouterr()
    doctor(office.config, only="desks.servicenow.form", listed=False, as_json=True)
    (found,) = json.loads(capsys.readouterr().out)["checks"]
    assert ("warn", f"Affected user of {key}") == (found["status"], found["seen"])
    assert 'set desks.servicenow.tables.sc_req_item.variables.user = "affected_user"' == found["action"]


def test_what_it_prints_fits_a_terminal(
    office: Office, capsys: pytest.CaptureFixture[str], terminal: Callable[[int], None]
) -> None:
    terminal(80)
    assert 0 == init(office.config, office.flags("jira"), asks=False)
    lines = capsys.readouterr().out.splitlines()
    assert [] == [line for line in lines if len(line) > 80 and len(line.split()) > 1], "a path stays whole"
    assert any(line.startswith("store:") for line in lines)


def test_forms_that_the_account_may_not_read_keep_nothing_from_being_written(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    planned = fault("jira", "/requesttype/", status=403, body={"errorMessage": "You may not."})
    planned({}, office.sandbox)
    init(office.config, office.flags("jira"), asks=False)
    assert "fields" not in office.table()["desks"]["jira"]
    assert "# Its forms were not read: " in office.config.read_text(encoding="utf-8")
    assert ["desks.jira.form"] == troubles(office.config, capsys)


def test_a_person_is_asked_again_until_an_answer_is_right(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    sandbox, held = office.sandbox, office.sandbox.frame.credentials
    person = Person(
        {
            "URL of the Okta org": ["https://example-admin.okta.com", sandbox.okta_url, ""],
            "(unseen) API token of a read-only": ["not-the-token", held.okta_token],
            "Client id": ["svc.forcesync", "-"],
            "Private key of the service app, PEM or JWK: its file": [str(office.folder / "okta")],
            "URL of the instance": ["", sandbox.servicenow_url, ""],
            "User name": ["nobody", held.servicenow_user],
            "Password of the account: its file": ["no/such/file", str(office.folder / "servicenow"), ""],
            "Group that gets": ["Identity Operation", GROUP],
            "URL of the site": ["", sandbox.jira_url],
            "E-mail address": [held.jira_email],
            "API token of the account, or": [str(office.folder / "jira")],
            "Projects": ["SUPP", "SUP"],
            "Who gets": ["nobody@example.com", ASSIGNEE],
        }
    )
    assert 0 == init(office.config, {}, asks=True, terminal=person)
    console, key, okta, desk, file, user, group, project, assignee = person.troubles
    assert "that is the Admin Console; allowed: the org's address" in console
    assert "could not sign in by OAuth: the key" in key
    assert "okta.main.token" in okta
    assert "one of them is needed, for the desk that has the tickets" in desk
    assert "names no file to read" in file
    assert "desks.servicenow.password" in user
    assert f"'Identity Operation'; near ones: '{GROUP}'" in group
    assert "'SUPP'; near ones: 'SUP'" in project
    assert "nobody@example.com" in assignee
    assert [] == [line for line in person.seen for secret in office.secrets().values() if secret in line]
    kept = office.folder / "okta_token"
    assert (0o600, held.okta_token) == (stat.S_IMODE(kept.stat().st_mode), kept.read_text().strip())
    assert "okta_token" == office.table()["okta"]["main"]["token_file"]
    assert [] == troubles(office.config, capsys)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"okta_url": None}, "--okta-url: needed; URL of the Okta org"),
        ({"okta_url": "example"}, "--okta-url: okta.main.url: found 'example'; allowed: https://HOST"),
        ({"okta_token_file": None}, "--okta-token-file: needed"),
        ({"okta_token_file": "/no/such/file"}, "--okta-token-file: the answer names no file to read (No such file"),
        ({"on_behalf": "Everybody"}, "--on-behalf: found 'Everybody'; "),
        ({"servicenow_user": None}, "--servicenow-user: needed"),
        ({"servicenow_auth": "magic"}, "--servicenow-auth: desks.servicenow.auth: found 'magic'; allowed: 'basic'"),
        ({"servicenow_group": "Nobody"}, "--servicenow-group: found 'Nobody'; it has: "),
        ({"servicenow_table": "incidents"}, "--servicenow-table: found 'incidents'; near ones: 'incident'"),
        ({"servicenow_close_code": "Magic"}, "--servicenow-close-code: found 'Magic'"),
        ({"jira_deployment": "datacenter"}, "--jira-url, --jira-deployment, --jira-email, --jira-token-file: "),
        ({"jira_project": None}, "--jira-project: needed"),
        ({"jira_project": "SUP,XYZ"}, "--jira-project: found 'XYZ'"),
        ({"jira_resolution": "Magic"}, "--jira-resolution: found 'Magic'"),
        ({"servicenow_url": None}, "--servicenow-group, --servicenow-password-file, --servicenow-user: answers no"),
        ({"servicenow_url": None, "jira_url": None}, "--servicenow-url, --jira-url: one of them is needed"),
    ],
    ids=lambda item: " ".join(item) if isinstance(item, dict) else "",
)
def test_without_a_person_a_wrong_answer_ends_it_with_its_flag_and_nothing_written(
    changed: dict[str, str | None], told: str, office: Office
) -> None:
    before = sorted(office.folder.iterdir())
    with pytest.raises(OperatorError) as caught:
        init(office.config, office.flags("servicenow", "jira", **changed), asks=False)
    assert told in str(caught.value)
    assert "nothing was written" in str(caught.value)
    assert before == sorted(office.folder.iterdir())


def test_without_a_person_all_that_is_lacking_is_told_at_once(office: Office) -> None:
    lacking = ("okta_url", "okta_token_file", "servicenow_user", "servicenow_group", "jira_email")
    with pytest.raises(OperatorError) as caught:
        init(office.config, office.flags("servicenow", "jira", **dict.fromkeys(lacking)), asks=False)
    assert [f"--{name.replace('_', '-')}" for name in lacking] == re.findall(
        r"^  (--[a-z-]+): needed", str(caught.value), re.M
    )


def test_a_wrong_secret_is_told_with_its_flag_and_never_shown(office: Office) -> None:
    flags = office.flags("jira", okta_token_file=str(office.file("wrong", "00-not-the-token")))
    with pytest.raises(OperatorError) as caught:
        init(office.config, flags, asks=False)
    assert "--okta-url, --okta-token-file: " in str(caught.value)
    assert "00-not-the-token" not in str(caught.value)


def test_what_the_environment_holds_is_left_to_it(
    office: Office, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FORCESYNC_OKTA__MAIN__TOKEN_FILE", str(office.folder / "okta"))
    monkeypatch.setenv("FORCESYNC_DESKS__JIRA__TOKEN", office.secrets()["jira"])
    flags = office.flags("jira", okta_token_file=None, jira_token_file=None)
    assert 0 == init(office.config, flags, asks=False)
    text = office.config.read_text(encoding="utf-8")
    assert "# token: from the environment, FORCESYNC_OKTA__MAIN__TOKEN" in text
    assert "# token: from the environment, FORCESYNC_DESKS__JIRA__TOKEN" in text
    assert "token" not in {*office.table()["okta"]["main"], *office.table()["desks"]["jira"]}
    assert [] == troubles(office.config, capsys)


def test_other_tables_and_close_codes_are_written_whole(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    changed = {"servicenow_table": "incident,sc_req_item", "servicenow_close_code": "Resolved by caller"}
    assert 0 == init(office.config, office.flags("servicenow", **changed), asks=False)
    tables = office.table()["desks"]["servicenow"]["tables"]
    assert {"incident": {"close_code": "Resolved by caller"}} == {"incident": tables["incident"]}
    usual = wiring.survey_of("servicenow").table_settings(("incident", "sc_req_item"), "Resolved by caller")
    assert usual == tables
    assert [] == troubles(office.config, capsys)


@pytest.mark.parametrize("there", ["forcesync.toml", "okta_token"])
def test_it_never_writes_over_a_file(there: str, office: Office) -> None:
    file = office.file(there, "somebody's own")
    person = Person({"(unseen) API token of a read-only": [office.secrets()["okta"]]})
    flags = office.flags("jira", okta_token_file=None)
    with pytest.raises(OperatorError, match=f"{there} is there already"):
        init(office.config, flags, asks=True, terminal=person)
    assert "somebody's own" == file.read_text()
    assert {"okta", "servicenow", "jira", there} == {path.name for path in office.folder.iterdir()}


def test_the_process_takes_no_secret_on_its_command_line() -> None:
    options = set(re.findall(r"--[a-z-]+", forcesync("init", "--help").stdout))
    secret = {name for name in options if re.search("token|password|secret|key", name)}
    assert {"--okta-token-file", "--servicenow-password-file"} <= secret
    assert all(name.endswith("-file") for name in secret)


@pytest.mark.long
def test_a_secret_typed_at_a_terminal_is_not_shown(office: Office) -> None:
    words = [part for flag in office.flags("jira", okta_token_file=None).items() for part in flag]
    program = [sys.executable, "-m", "worker", "init", "--config", str(office.config), *words]
    ours, theirs = pty.openpty()
    process = subprocess.Popen(program, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True)
    os.close(theirs)
    shown = _answered(ours, {"its file": "\n", "administrator: ": office.secrets()["okta"] + "\n"})
    assert 0 == process.wait(30), shown
    assert office.secrets()["okta"] not in shown
    assert office.secrets()["okta"] == (office.folder / "okta_token").read_text().strip()


def _answered(terminal: int, answers: dict[str, str], within: float = 60.0) -> str:
    """Give each answer when its prompt is shown, Enter to every other; return all that was shown."""
    shown, new, end = "", "", time.monotonic() + within
    while time.monotonic() < end:
        if select.select([terminal], [], [], 0.2)[0]:
            try:
                new += os.read(terminal, 4096).decode()
            except OSError:  # the process has closed its end
                break
        elif new.endswith(": "):
            given = next((text for prompt, text in answers.items() if prompt in new.splitlines()[-1]), "\n")
            shown, new = shown + new, ""
            os.write(terminal, given.encode())
    os.close(terminal)
    return shown + new
