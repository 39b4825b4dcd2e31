"""The page of a hand-over, as the team that gets it reads it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import cast
from zoneinfo import ZoneInfo

import pytest

from tests.unit import builders as build
from tests.unit.workflows.notes.judged_cases import OPEN, because, handed_over, stale_copy
from tests.unit.workflows.support.test_package import no_effect
from workflows.model import Bullets, Evidence, Heading, Organization, Reason, ReasonKind, RideState, Table, Text
from workflows.notes.audience import Sight
from workflows.ports import CaseStore
from workflows.support.checks import ruled_out
from workflows.support.material import Diagnosis, Material, SubjectDiagnosis, attempts
from workflows.support.page import page

BERLIN = ZoneInfo("Europe/Berlin")
ORG = Organization(id="00o1", url="https://id.example.com")


def unpressed() -> Material:
    """Return what a directory team gets: a stale copy, for which no Force Sync was started."""
    (subject,) = stale_copy().subjects
    assert subject.verdict
    what = Reason.of(ReasonKind.PROFILE_READ, user="00u1")
    read = Evidence(what=what, system="main", at=build.NOW, request_id="req-1")
    case = stale_copy().but(subjects=(subject.but(seen=(), verdict=subject.verdict.but(evidence=(read,))),))
    known = SubjectDiagnosis(directory_events=(build.event("system.import.complete"),))
    found = Diagnosis(subjects=(known,), organization=ORG)
    return Material(case, (), found, build.reader(OPEN, zone=BERLIN), build.NOW)


def in_berlin(material: Material) -> Material:
    return replace(material, reader=replace(material.reader, zone=BERLIN))


def tables(material: Material) -> list[Table]:
    return [block for block in page(material).blocks if isinstance(block, Table)]


def headings(material: Material) -> list[str]:
    return [block.text for block in page(material).blocks if isinstance(block, Heading)]


def with_a_place(sight: Sight, **open_ones: frozenset[str]) -> Material:
    """Return what a directory team gets of somebody who stands in an OU, on a side that these people read."""
    material = unpressed()
    (subject,) = material.case.subjects
    assert subject.verdict
    case = material.case.but(subjects=(subject.but(verdict=subject.verdict.but(unit="OU=Sales,DC=example")),))
    copy = build.app_user({"samAccountName": "abyron", "dn": "CN=Byron,OU=Sales,DC=example"})
    found = material.found.but(subjects=(material.found.subjects[0].but(copy_in_directory=copy),))
    reader = build.reader(OPEN.model_copy(update={"support_dn": "full"} | open_ones))
    note = handed_over(stale_copy(), because(stale_copy()), until=build.NOW)
    return replace(material, case=case, found=found, reader=replace(reader, sight=sight), note=note)


@pytest.mark.parametrize(("sight", "told"), [(Sight.INSIDE, True), (Sight.EVERYBODY, False)])
def test_what_was_ruled_out_tells_a_status_inside_alone(sight: Sight, told: bool) -> None:
    material = no_effect()
    (known,) = material.found.subjects
    assert known.user
    found = material.found.but(subjects=(known.but(user=known.user.but(status="LOCKED_OUT")),))
    material = replace(material, found=found, reader=replace(material.reader, sight=sight))
    assert ("LOCKED_OUT" in page(material).model_dump_json()) is told
    assert any("LOCKED_OUT" in sentence for sentence in ruled_out(material)) is told


def test_nothing_is_ruled_out_where_the_value_came() -> None:
    material = no_effect()
    (subject,) = material.case.subjects
    written = subject.looks[0].but(updated_at=build.NOW + timedelta(hours=1))
    lacking, arrived = subject.but(looks=(written,)), subject.but(looks=(written.but(lacking=()),))
    came = replace(material, case=material.case.but(subjects=(arrived,)))
    material = replace(material, case=material.case.but(subjects=(lacking,)))
    assert "did not hold the expected value" in page(material).model_dump_json()
    assert not any("stale application user" in sentence for sentence in ruled_out(came))
    assert {"Ruled out (from what was read)", "Could not be checked", "Not done yet"} <= set(headings(material))
    assert not {"Ruled out (from what was read)", "Could not be checked", "Not done yet"} & set(headings(came))
    assert "did not hold the expected value" not in page(came).model_dump_json()


def test_a_tickets_own_effect_is_none_of_the_other_tickets() -> None:
    case, run = build.case(), build.started_run()
    rides = [SimpleNamespace(case_id=of, state=RideState.SEEN) for of in (case.id, "another")]
    store = cast(CaseStore, SimpleNamespace(rides=lambda _run: rides, helped=lambda _run, _most: ()))
    (attempt,) = attempts(case, run, store, inside=True)
    assert (attempt.tickets, attempt.helped, attempt.others) == (2, 2, 1)


def test_it_begins_with_what_to_do_and_whom_it_is_about_and_ends_with_ids_and_events() -> None:
    material = with_a_place(Sight.INSIDE, open_attributes=frozenset({"department", "dn", "samAccountName"}))
    blocks = page(material).blocks
    assert isinstance(blocks[0], Text)
    assert blocks[0].text.startswith("Directory team:")
    assert ["Whom it is about", "Found", "Details"] == headings(material)[:3]
    facts = ("Okta login: ada@example.com", "sAMAccountName: abyron", "Organizational unit: OU=Sales,DC=example")
    assert Bullets(items=facts) in blocks
    before, details, _ = str(page(material)).partition("'Details'")
    assert details
    assert not re.search("req-1|00o1|00u1|system.import", before)


@pytest.mark.parametrize("sight", Sight)
def test_where_somebody_stands_in_the_directory_is_told_inside_alone(sight: Sight) -> None:
    shown = str(page(with_a_place(sight, open_attributes=frozenset({"department", "dn"}))))
    assert (sight is Sight.INSIDE) == ("OU=Sales" in shown)
    assert (sight is not Sight.STRANGERS) == ("ada@example.com" in shown)
    assert "Byron" not in shown
    assert "abyron" not in shown


def test_without_a_force_sync_nothing_speaks_of_one() -> None:
    text = str(page(unpressed()))
    assert "the Force Sync" not in text
    assert "Request ids of what was read:" in text
    assert "last read" not in text
    assert "not read again" not in text


def test_nobody_is_asked_to_fill_in_a_page() -> None:
    shown = str(page(unpressed()))
    assert "Org: https://id.example.com, id 00o1." in shown
    assert "Org: it could not be read." in str(page(replace(unpressed(), found=Diagnosis())))
    assert "fill in" not in shown


@pytest.mark.parametrize("material", [unpressed(), in_berlin(no_effect())])
def test_its_tables_have_the_desks_time_first_to_the_second(material: Material) -> None:
    times = [row[0] for table in tables(material) if table.header[0] == "Time" for row in table.rows]
    assert "2026-03-02 10:00:00 CET (09:00:00 UTC)" in times
    assert [] == [time for time in times if "T" in time.replace("CET", "").replace("UTC", "")]


def test_after_a_force_sync_it_shows_what_was_read_then() -> None:
    (values, *_) = tables(in_berlin(no_effect()))
    assert "Okta last read" in values.header
    assert "Sales at 2026-03-02 10:15:00 CET (09:15:00 UTC)" in values.rows[0]


@pytest.mark.parametrize("name", ["Changed", "Page", "Okta"])
def test_a_name_is_hidden_in_what_is_quoted_and_never_in_our_own_words(name: str) -> None:
    (subject,) = unpressed().case.subjects
    assert subject.verdict
    why = Reason.of(ReasonKind.OVERWRITTEN, names="department", at=build.NOW, actor="pat@example.com")
    quoting = Reason.of(ReasonKind.IMPORT_SKIPPED, at=build.NOW, reason=f"{name} is unknown")
    verdict = subject.verdict.but(reason=why, suspicions=(quoting,))
    known = SubjectDiagnosis(user=build.okta_user({"lastName": name}))
    case = unpressed().case.but(subjects=(subject.but(verdict=verdict),))
    shown = str(page(replace(unpressed(), case=case, found=Diagnosis(subjects=(known,)))))
    assert "Somebody changed department in Okta at" in shown
    assert f"{name} is unknown" not in shown
