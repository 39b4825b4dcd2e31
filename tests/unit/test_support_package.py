"""The package that Okta Support gets, opened and read as they would."""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from datetime import timedelta

import pytest

from tests.unit import builders as build
from workflows import end_notes
from workflows.diagnosis import Diagnosis, SubjectDiagnosis
from workflows.model import (
    Case,
    File,
    Heading,
    MappingRule,
    Note,
    Organization,
    Policy,
    Request,
    RunState,
    Seen,
    Subject,
    SyncRun,
    Table,
    Text,
)
from workflows.precheck import judge
from workflows.support_package import MOST_BYTES, markdown, printable, support_package

POLICY = Policy(open_attributes=frozenset({"department"}), never_attributes=frozenset({"nationalId"}))
CANARIES = {"mobilePhone": "+49 170 5550199", "nationalId": "C4N4RY-77-88"}


def no_effect() -> tuple[Case, SyncRun, Diagnosis]:
    copy = build.app_user({"department": "Finance"} | CANARIES, last_updated=build.NOW - timedelta(hours=3))
    user = build.okta_user({"department": "Sales"} | CANARIES)
    facts = build.facts(request=build.asking("department", expected="Finance"), app_users=(copy,), users=(user,))
    seen = Seen(attribute="department", value="Sales", at=build.NOW + timedelta(minutes=15), request_id="req-9")
    subject = Subject(request=Request(user="ada@example.com"), verdict=judge(facts, {}), seen=(seen,))
    run = SyncRun(
        id="r1",
        directory=build.directory(),
        target_type_id="oty1",
        state=RunState.ENDED,
        opened_at=build.NOW,
        gather_until=build.NOW,
        started_at=build.NOW + timedelta(minutes=1),
        deadline=build.NOW + timedelta(minutes=16),
        request_id="req-1",
    )
    known = SubjectDiagnosis(
        user=user,
        copy_in_directory=copy,
        rules=(MappingRule(attribute="department", expression="appuser.department"),),
        user_events=(build.event("user.session.start"),),
    )
    org = Organization(id="00o1", url="https://example.okta.com")
    return (
        build.case(subjects=(subject,)),
        run,
        Diagnosis(subjects=(known,), organization=org, missing=("agents: 403",)),
    )


def package(policy: Policy = POLICY) -> tuple[File, dict[str, str]]:
    case, run, found = no_effect()
    summary = end_notes.escalated(case, run, build.reader(policy), "no effect", None, None)
    file = support_package(case, run, found, summary, policy, build.NOW)
    with zipfile.ZipFile(io.BytesIO(file.content)) as archive:
        assert archive.testzip() is None
        return file, {name: archive.read(name).decode() for name in archive.namelist()}


def test_the_form_answers_what_okta_support_asks_first() -> None:
    form = package()[1]["form.txt"]
    for field in ("Priority", "Subject", "Detailed Description", "Steps to Reproduce", "Okta Org impacted"):
        assert f"== {field} ==" in form
    for fact in (
        "P3",
        "https://example.okta.com",
        "req-1",
        "0oa1",
        "appuser.department",
        "corp.example.com",
        "Force Sync",
    ):
        assert fact in form
    assert (
        "application user Finance, Okta profile before Sales, Okta profile last Sales at 2026-03-02 09:15:00 UTC"
        in form
    )


def test_what_was_ruled_out_and_what_could_not_be_checked_is_said() -> None:
    form = package()[1]["form.txt"]
    assert "Ruled out by reading" in form
    assert "agents: 403" in form
    assert "AD or LDAP itself" in form


def test_the_manifest_proves_every_file() -> None:
    files = package()[1]
    sums = json.loads(files["manifest.json"])["sha256"]
    assert set(sums) == set(files) - {"manifest.json"}
    assert all(sums[name] == hashlib.sha256(files[name].encode()).hexdigest() for name in sums)


def test_no_persons_value_gets_out_unless_its_class_is_open() -> None:
    everything = "\n".join(package()[1].values())
    assert not [value for value in CANARIES.values() if value in everything]
    assert "ada@example.com" not in package()[1]["evidence.json"]
    users = json.loads(package()[1]["users.json"])
    assert users[0]["okta_profile"]["department"] == "Sales"
    assert users[0]["okta_profile"]["nationalId"] == "(withheld)"


def test_the_same_case_gives_the_same_bytes() -> None:
    assert package()[0] == package()[0]


def test_a_huge_log_is_left_out_before_okta_would_refuse_the_file() -> None:
    case, run, found = no_effect()
    noise = tuple(build.event(hashlib.sha512(str(n).encode()).hexdigest(), minutes=-n) for n in range(20_000))
    found = found.model_copy(update={"subjects": (found.subjects[0].model_copy(update={"user_events": noise}),)})
    summary = end_notes.escalated(case, run, build.reader(POLICY), "no effect", None, None)
    file = support_package(case, run, found, summary, POLICY, build.NOW)
    assert len(file.content) <= MOST_BYTES
    with zipfile.ZipFile(io.BytesIO(file.content)) as archive:
        assert "left out" in archive.read("system-log.json").decode()
        assert "req-1" in archive.read("form.txt").decode()


@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>", "[x](http://evil.test)", "| a | b |\n# big"])
def test_hostile_text_stays_text(hostile: str) -> None:
    note = Note(blocks=(Heading(text=hostile), Text(text=hostile), Table(header=("a",), rows=((hostile,),))))
    assert "<script" not in printable(note, hostile)
    unescaped = re.sub(r"\\.", "", markdown(note))
    assert not set("<>[]") & set(unescaped)
    assert unescaped.count("#") == len("##")
    assert unescaped.count("|") == 3 * len("||")
