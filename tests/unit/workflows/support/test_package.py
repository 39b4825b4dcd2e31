"""The package that Okta Support gets, opened and read as they would."""

from __future__ import annotations

import hashlib
import html
import io
import json
import re
import zipfile
from base64 import b64encode
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.unit import builders as build
from workflows.model import (
    AgentPool,
    File,
    Look,
    MappingRule,
    Organization,
    Policy,
    Radius,
    Reason,
    ReasonKind,
    Request,
    RunState,
    Seen,
    StoryEntry,
    Subject,
    SyncRun,
)
from workflows.precheck.table import judge
from workflows.support.material import Attempt, Diagnosis, Material, SubjectDiagnosis, Took
from workflows.support.package import CUT_ORDER, MEMBERS, MOST_BYTES, archived, support_package

POLICY = Policy(open_attributes=frozenset({"department"}), never_attributes=frozenset({"nationalId"}))
CANARIES = {"mobilePhone": "+49 170 5550199", "nationalId": "C4N4RY-77-88", "displayName": "Ada Canary"}
SECRET = "00" + "c4N4ry_7" * 5
AMBIGUOUS = Reason.of(ReasonKind.USER_AMBIGUOUS, who="C4N4RY-77-88 of ada@example.com", count=2)
RADIUS = Radius(
    at=build.NOW, users=40, changed=4, refused=0, by_attribute={"department": 4}, unpredictable={}, digest="d1"
)
TOOK = Took("00u2", ("department",), build.NOW + timedelta(minutes=4), "req-7")
SCHEMA = (build.source("department", "PROFILE_MASTER"),)


def a_run(**changes: Any) -> SyncRun:
    started_at = build.NOW + timedelta(minutes=1)
    ended = {"state": RunState.ENDED, "started_at": started_at, "deadline": started_at + timedelta(minutes=15)}
    return build.started_run(**ended | changes)


def no_effect() -> Material:
    copy = build.app_user({"department": "Finance"} | CANARIES, last_updated=build.NOW - timedelta(hours=3))
    user = build.okta_user({"department": "Sales"} | CANARIES, last_updated=build.NOW - timedelta(hours=5))
    facts = build.facts(request=build.asking("department", expected="Finance"), app_users=(copy,), users=(user,))
    seen = Seen(attribute="department", value="Sales", at=build.NOW + timedelta(minutes=15), request_id="req-9")
    look = Look(
        lacking=("department",),
        updated_at=build.NOW - timedelta(hours=5),
        count=6,
        first_at=build.NOW + timedelta(minutes=2),
        first_request_id="req-4",
        last_at=seen.at,
        last_request_id="req-9",
    )
    subject = Subject(request=Request(user="ada@example.com"), verdict=judge(facts, {}), seen=(seen,), looks=(look,))
    pool = AgentPool(
        id="0oa1",
        name="corp",
        status="OPERATIONAL",
        agents=({"id": "a531", "version": "3.22.0", "name": CANARIES["displayName"], "lastConnection": 1772442600000},),
    )
    known = SubjectDiagnosis(
        user=user,
        copy_in_directory=copy,
        rules=(MappingRule(attribute="department", expression="appuser.department"),),
        schema_rules=SCHEMA,
        user_events=(
            build.event("app.realtimesync.import_failed", reason=f"+49 170 5550199, by eve@example.com, {SECRET}"),
        ),
        directory_events=(build.event("system.import.complete"),),
        pools=(pool,),
    )
    story = (
        StoryEntry(at=build.NOW, what=Reason.of(ReasonKind.ASKED, AMBIGUOUS)),
        StoryEntry(at=build.NOW, what=Reason.of(ReasonKind.SYNC_STARTED, label="corp.example.com")),
    )
    org = Organization(id="00o1", url="https://example.okta.com", pipeline="idx")
    found = Diagnosis(subjects=(known,), organization=org, missing=(f"agents: 403 for Ada Canary, {SECRET}",))
    case = build.case(subjects=(subject,), story=story)
    run = a_run(answer=f"HTTP 200 for Ada Canary, {SECRET}", radius=RADIUS)
    attempt = Attempt(run, tickets=3, helped=2, others=2, took=(TOOK,))
    return Material(case, (attempt,), found, build.reader(POLICY), build.NOW)


def under(material: Material, policy: Policy) -> Material:
    return replace(material, reader=replace(material.reader, policy=policy))


def opened(file: File) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(file.content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name).decode() for name in archive.namelist()}


def random_text(start: int, pieces: int) -> str:
    numbers = range(start * pieces, (start + 1) * pieces)
    return "".join(b64encode(hashlib.sha512(str(n).encode()).digest()).decode() for n in numbers)


def package(material: Material | None = None) -> dict[str, str]:
    return opened(support_package(material or no_effect()))


def test_the_form_answers_what_okta_support_asks_first() -> None:
    form = package()["form.txt"]
    for field in ("Priority", "Subject", "Detailed Description", "Steps to Reproduce", "Okta Org impacted"):
        assert f"== {field} ==" in form
    for fact in (
        "P3 (minor: a single user)",
        "https://example.okta.com, id 00o1; engine: Identity Engine; a production org (by its domain, inferred); cell:",
        "req-1",
        "0oa1",
        "appuser.department",
        "Provisioning > To Okta > Okta Attribute Mappings > Force Sync",
        "application user: Finance; Okta profile before: Sales; Okta profile last read: Sales at 2026-03-02 09:15:00",
        "Okta profile: ACTIVE, last updated 2026-03-02 04:00:00 UTC.",
        "6 times, from 2026-03-02 09:02:00 UTC (request id req-4) to 2026-03-02 09:15:00 UTC (request id req-9): "
        "department not as expected, last updated 2026-03-02 04:00:00 UTC.",
        "Its last-updated time shows that Okta did not write this profile between the Force Sync and 2026-03-02 "
        "09:15:00 UTC.",
        "PUT /api/internal/v1/mappings/reapply at 2026-03-02 09:01:00 UTC (answer: HTTP 200 for",
        "Just before, at 2026-03-02 09:00:00 UTC, 4 of the 40 users it covers had an Okta profile that differed from",
        "It took effect for Okta user 00u2, seen in department at 2026-03-02 09:04:00 UTC (request id req-7).",
        "2. 2026-03-02 09:01:00 UTC: the call PUT /api/internal/v1/mappings/reapply was sent; no effect on this user "
        "had been seen by 2026-03-02 09:16:00 UTC.",
        "3. To be done before this case is opened: Okta Admin Console > Directory > Directory Integrations",
        "(from what was read; System Log searched from 2026-02-23 09:00:00 UTC to 2026-03-02 09:00:00 UTC):",
        "cell: (please fill in",
        "Time zone: (please fill in)",
    ):
        assert fact in form


def test_one_minute_is_no_minutes() -> None:
    policy = POLICY.model_copy(update={"verify_for": 60.0})
    assert "Effect after 1 minute:" in package(under(no_effect(), policy))["form.txt"]


def test_where_a_person_has_pressed_nothing_is_left_to_do_first() -> None:
    form = package(replace(no_effect(), attempts=(Attempt(a_run(by_hand=True)),)))["form.txt"]
    assert "2. before 2026-03-02 09:01:00 UTC: a person had pressed the button (Okta Admin Console > Directory" in form
    assert "Pressed by: (please fill in)" in form
    assert "To be done" not in form


def test_a_persons_own_button_is_told_after_the_call_without_our_ids() -> None:
    again = Attempt(a_run(id="883350624cbb", by_hand=True, assisted=True, successor_of="r1", request_id=None))
    files = package(replace(no_effect(), attempts=(Attempt(a_run()), again)))
    for name in ("README.txt", "form.txt", "summary.html"):
        assert "883350624cbb" not in files[name]
        assert "run r1" not in files[name]
    assert "after the call above; request id not known" in files["form.txt"]


def test_okta_support_reads_utc_whatever_the_desks_zone() -> None:
    here = package(replace(no_effect(), reader=build.reader(POLICY, zone=ZoneInfo("Europe/Berlin"))))
    form = here.pop("form.txt")
    assert "Time zone: Europe/Berlin" in form
    assert "CET" not in form
    assert package() == here | {
        "form.txt": form.replace("Europe/Berlin", "(please fill in)"),
        "manifest.json": package()["manifest.json"],
    }


def test_the_readme_lists_the_files_and_says_nothing_else() -> None:
    head, _, listed = package()["README.txt"].partition("\n\n")
    assert "written 2026-03-02 09:00 UTC by forcesync, our ticket automation." in head
    assert [*MEMBERS, "manifest.json"] == [line.split()[0] for line in listed.splitlines()]


def test_what_the_settings_know_of_the_contact_and_the_cell_is_filled_in() -> None:
    known = {"support_contact": "Identity desk", "support_phone": "+1 555 0100", "support_time_zone": "CET"}
    policy = POLICY.model_copy(update=known | {"support_cell": "EU1"})
    form = package(under(no_effect(), policy))["form.txt"]
    assert "Name: Identity desk\nPhone: +1 555 0100\nTime zone: CET\n" in form
    assert "cell: EU1." in form


@pytest.mark.parametrize(
    ("given", "shown"),
    [("none", None), ("ou", "OU=Sales\\, EMEA,DC=example"), ("full", "CN=Byron\\, Ada,OU=Sales\\, EMEA,DC=example")],
)
def test_okta_support_gets_as_much_of_the_distinguished_name_as_the_settings_say(given: str, shown: str | None) -> None:
    material = no_effect()
    (known,) = material.found.subjects
    assert known.copy_in_directory
    profile = {**known.copy_in_directory.profile, "dn": "CN=Byron\\, Ada,OU=Sales\\, EMEA,DC=example"}
    copy = known.copy_in_directory.model_copy(update={"profile": profile})
    found = material.found.but(subjects=(known.but(copy_in_directory=copy),))
    policy = POLICY.model_copy(update={"support_dn": given})
    form = package(under(replace(material, found=found), policy))["form.txt"]
    assert (f"Its place in the directory: {shown}." in form) is (shown is not None)
    assert ("Byron" in form) is (given == "full")


def test_a_write_after_the_press_that_left_the_value_as_it_was_is_told() -> None:
    material = no_effect()
    (subject,) = material.case.subjects
    look = subject.looks[0].model_copy(update={"updated_at": build.NOW + timedelta(minutes=3)})
    case = material.case.model_copy(update={"subjects": (subject.model_copy(update={"looks": (look,)}),)})
    form = package(replace(material, case=case))["form.txt"]
    assert "This profile was last updated after the Force Sync, at 2026-03-02 09:03:00 UTC, and did not hold" in form
    assert "did not write" not in form


def test_the_timeline_holds_every_reading_with_its_request() -> None:
    told = {item["id"]: item["what"] for item in json.loads(package()["timeline.json"])}
    assert told["req-4"].startswith("User 00u1: looked at; department still missing")
    assert told["req-7"] == "User 00u2: the same Force Sync took effect in department."
    assert "HTTP 200" in told["req-1"]


@pytest.mark.parametrize(
    ("tickets", "others", "scope"),
    [
        (3, 2, "For 2 other tickets the same Force Sync took effect"),
        (3, 0, "No effect was seen for any other waiting ticket either."),
        (1, 0, "No other ticket waited for this Force Sync"),
    ],
)
def test_the_scope_says_what_is_known_of_other_users(tickets: int, others: int, scope: str) -> None:
    attempt = Attempt(a_run(), tickets=tickets, helped=others + 1, others=others)
    assert scope in package(replace(no_effect(), attempts=(attempt,)))["form.txt"]


def test_every_matter_has_a_member_of_its_own() -> None:
    files = package()
    assert set(files) == {"README.txt", *MEMBERS, "manifest.json"}
    assert json.loads(files["instance.json"])["instance"]["features"] == ["PROFILE_MASTERING", "IMPORT_PROFILE_UPDATES"]
    assert json.loads(files["agents.json"])[0]["agents"][0]["version"] == "3.22.0"
    assert json.loads(files["import-history.json"])["events"][0]["type"] == "app.realtimesync.import_failed"
    assert json.loads(files["system-log.json"])["users"]["00u1"][0]["type"] == "app.realtimesync.import_failed"
    assert [item["at"] for item in json.loads(files["timeline.json"])] == sorted(
        item["at"] for item in json.loads(files["timeline.json"])
    )


def test_an_uncertain_start_and_its_repetition_are_both_told_with_their_request_ids() -> None:
    first = Attempt(a_run(uncertain=True, request_id="req-lost"))
    second = Attempt(a_run(id="r2", successor_of="r1", request_id="req-again"))
    files = package(replace(no_effect(), attempts=(first, second)))
    told = json.loads(files["attempts.json"])
    assert [(item["request_id"], item["answer"], item["repeats"]) for item in told] == [
        ("req-lost", "lost", None),
        ("req-again", "accepted", "r1"),
    ]
    for name in ("form.txt", "summary.html", "timeline.json"):
        assert files[name].index("req-lost") < files[name].index("req-again")
    for name in ("form.txt", "summary.html"):
        assert "a repetition of the call above; request id req-again" in files[name]


def test_no_sentence_stands_in_more_than_two_members() -> None:
    said = Counter[str]()
    for name, text in package().items():
        plain = html.unescape(re.sub(r"<[^>]+>", "\n", text)).replace('"', "\n")
        sentences = {part.strip() for part in re.split(r"[.;]\s|\n", plain)}
        said.update(part for part in sentences if len(part.split()) > 5 and name != "manifest.json")
    assert [] == [sentence for sentence, members in said.items() if members > 2]


@pytest.mark.parametrize("name", ["form.txt", "summary.html", "import-history.json"])
def test_the_period_of_the_log_is_said_once_in_a_member(name: str) -> None:
    assert package()[name].count("2026-02-23 09:00:00 UTC") == (0 if name.endswith("json") else 1)


def test_we_speak_in_what_okta_support_reads() -> None:
    files = package()
    assert "forcesync" not in files["form.txt"]
    assert "we had only made the undocumented call" in files["form.txt"]


@pytest.mark.parametrize("name", ["form.txt", "summary.html"])
def test_what_was_ruled_out_and_what_could_not_be_checked_is_said_twice_and_no_more(name: str) -> None:
    files = package()
    text = files[name]
    for fact in (
        "A stale application user: it held the expected value in department.",
        "Another source of department: the user schema said PROFILE",
        "That Force Sync had no effect on anybody: it did for 2 other tickets.",
        "The order of the profile sources",
        "agents: 403",
    ):
        assert fact in text
    assert 2 == sum("The order of the profile sources" in member for member in files.values())


KEPT_ITS_RULES = "A value that the user schema refuses: what the mapping copies unchanged complied with its rules."


def with_diagnosis(**changes: Any) -> str:
    material = no_effect()
    (known,) = material.found.subjects
    diagnosis = material.found.but(subjects=(known.but(**changes),))
    return package(replace(material, found=diagnosis))["form.txt"]


def test_no_bad_value_is_called_ruled_out_where_okta_told_of_one_or_another_user_may_hold_it() -> None:
    assert KEPT_ITS_RULES in with_diagnosis()
    refusal = build.event("app.user_management.update_from_master_failed", result="FAILURE", reason="login: taken")
    assert KEPT_ITS_RULES not in with_diagnosis(user_events=(refusal,))
    assert KEPT_ITS_RULES not in with_diagnosis(user_events=None)
    unique = (build.source("department", "PROFILE_MASTER").but(unique=True),)
    assert KEPT_ITS_RULES not in with_diagnosis(schema_rules=unique)


def test_nothing_is_called_ruled_out_that_was_not_read() -> None:
    material = no_effect()
    unread = Diagnosis(subjects=(SubjectDiagnosis(),), missing=("System Log: 403",))
    text = package(replace(material, found=unread, attempts=(Attempt(a_run()),)))["summary.html"]
    ruled_out = text.partition("What was ruled out")[2].partition("What could not be checked")[0]
    assert "System Log" not in ruled_out
    assert "schema" not in ruled_out
    assert "mapping" not in ruled_out
    assert "System Log: 403" in text


def test_the_manifest_proves_every_file() -> None:
    files = package()
    manifest = json.loads(files.pop("manifest.json"))
    assert set(manifest["files"]) == set(files)
    for name, text in files.items():
        assert manifest["files"][name] == {
            "bytes": len(text.encode()),
            "sha256": hashlib.sha256(text.encode()).hexdigest(),
        }
    assert manifest["left_out"] == {}


def test_no_persons_value_gets_out_unless_its_class_is_open() -> None:
    files = package()
    everything = "\n".join(files.values())
    hidden = (*CANARIES.values(), "ada@example.com", "eve@example.com", SECRET)
    assert not [value for value in hidden if value in everything]
    users = json.loads(files["users.json"])
    assert users[0]["okta_profile"]["department"] == "Sales"
    assert users[0]["okta_profile"]["nationalId"] == "(withheld)"
    assert json.loads(files["redaction.json"])["withheld"] == ["nationalId"]


@pytest.mark.parametrize("told", [10**20, -(10**16), float("nan"), "1772442600000", None])
def test_an_agent_whose_last_connection_is_no_time_has_none(told: object) -> None:
    material = no_effect()
    (known,) = material.found.subjects
    (pool,) = known.pools
    pool = pool.model_copy(update={"agents": ({"id": "a531", "lastConnection": told},)})
    found = material.found.model_copy(update={"subjects": (known.model_copy(update={"pools": (pool,)}),)})
    (shown,) = json.loads(package(replace(material, found=found))["agents.json"])
    assert shown["agents"][0]["last_connection"] is None


def test_the_same_case_gives_the_same_bytes() -> None:
    assert support_package(no_effect()) == support_package(no_effect())


@pytest.mark.long
def test_a_huge_log_is_left_out_before_okta_would_refuse_the_file_and_the_manifest_says_so() -> None:
    material = no_effect()
    noise = tuple(
        build.event("user.account.update_profile", minutes=-n, reason=random_text(n, 4)) for n in range(8_000)
    )
    known = material.found.subjects[0].model_copy(update={"user_events": noise})
    material = replace(material, found=material.found.model_copy(update={"subjects": (known,)}))
    file = support_package(material)
    files = opened(file)
    manifest = json.loads(files.pop("manifest.json"))
    assert len(file.content) <= MOST_BYTES
    assert list(manifest["left_out"]) == ["system-log.json"]
    assert set(manifest["files"]) == set(files)
    assert "req-1" in files["form.txt"]


def test_the_package_never_passes_the_limit_whatever_it_holds() -> None:
    huge = random_text(0, 5_000)
    members = dict.fromkeys(("README.txt", "form.txt", "summary.html", *CUT_ORDER), huge)
    content = archived(members, build.NOW)
    files = opened(File(name="x", content_type="x", content=content))
    manifest = json.loads(files["manifest.json"])
    assert len(content) <= MOST_BYTES
    assert {"form.txt", "summary.html"} <= set(files)
    left = [name for name in CUT_ORDER if name not in manifest["left_out"]]
    assert left == list(CUT_ORDER[len(manifest["left_out"]) :])
    assert "cut here" in files["form.txt"]
