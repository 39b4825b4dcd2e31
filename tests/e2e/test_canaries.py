"""Nothing that the policy hides gets out: distinctive values are planted everywhere, and every output is searched.

A person's values (profile, directory's copy, System Log, a product's refusal) are only in the store, and only if a
ticket is about them; logins only inside the desk, on the page that goes with a user's own hand-over, and at the
operator's terminal; unrelated text that people typed, secrets and agents' hosts nowhere.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial, reduce
from pathlib import Path
from typing import Any

import pytest

from connectors.sandbox.scenarios.catalogue import Scenario
from connectors.sandbox.scenarios.world import Member
from tests.e2e.conftest import Make
from tests.e2e.okta_users import CORP, LDAP, PLANT
from tests.e2e.outside import forcesync
from tests.e2e.settings import WAITS
from tests.e2e.ticket_texts import by_worker
from tests.e2e.tickets import INCIDENT, SERVICE_DESK, Filed, Place
from tests.e2e.world import World
from tests.unit.workflows.values.planted import PLANTED
from worker.cases.choosing import Wanted
from worker.cases.listing import case_export, case_lines, case_list
from worker.cases.page import case_show
from worker.reporting.command import Asked, report
from worker.sandbox.config import settings_table, write_settings
from worker.status import status
from worker.syncs.listing import sync_list
from worker.syncs.page import sync_show
from worker.syncs.preview import preview
from worker.trial.command import try_tickets
from workflows.model import CaseState

pytestmark = pytest.mark.long

POLICY: dict[str, Any] = {
    "open_attributes": ["department"],
    "never_attributes": ["employeeNumber", "objectSid"],
    "autonomy": {PLANT: "observe"},
    "poll_every": 600.0,
}
PHONE, NUMBER, CITY, SID = "canary-phone-4711", "canary-number-4712", "canary-city-4713", "canary-sid-4714"
OLD, NEW_PHONE, NEW_NUMBER = "canary-old-4720", "canary-phone-4721", "canary-number-4722"
HOST = "agent1."  # how the sandbox's agents' hosts begin
WORD, ADDRESS = "canary-word-4732", "canary.somebody@example.org"
TYPED = ("canary-Secret-4741", "00" + "cAn4ry_7" * 5, "canary-cookie-4742", "canary-basic-4743")
CHATTER = (
    f"{WORD}: call me at {PHONE} or write to {ADDRESS}.\nMy password is {TYPED[0]}\nSSWS {TYPED[1]}\n"
    f"Cookie: sid={TYPED[2]}\nhttps://ada:{TYPED[3]}@intranet.example.org/\n"
)
# Secrets that people paste, in the ticket and in a product's refusal. Two would hide what stands after them.
SPELT = [(text, secret) for text, secret in PLANTED if len(secret) >= 8 and not text.startswith("-----")]
# These name somebody else, or look as if, so that the ticket would be about them, too.
WHOSE = ("login: ", "Benutzername: ", "net use ", "p@ssword: ", "it shows ")
UNSENDABLE = ["canary-4751\ncanary-4752\n", "canary-4753\x1b", "canary-4754\u2192"]  # of a file with a secret
SECRET_FILES = ["okta.main.token_file", "okta.main.force_sync.token_file", "desks.jira.token_file"]
NOWHERE = (PHONE, NUMBER, CITY, SID, HOST, WORD, ADDRESS, *TYPED, *(secret for _, secret in SPELT))  # of no ticket
STORE_ONLY = (OLD, NEW_PHONE, NEW_NUMBER)  # a ticket is about these; they are needed after a restart


@dataclass(frozen=True)
class Walked:
    """One readable output: where it was found, and whether it is for the desk's people or the operator."""

    where: str
    text: str
    inside: bool = False
    own: frozenset[str] = frozenset()  # logins that may stand there


@pytest.mark.parametrize("start", range(0, len(SPELT), 12))
def test_a_secret_in_a_products_own_words_is_quoted_nowhere(a_world: Make, start: int) -> None:
    world = a_world(policy=POLICY, scenario=Scenario("empty", users=60))
    filed = []
    for text, _ in SPELT[start : start + 12]:
        member = world.member(CORP)
        reject(world, member, f"Refused. {text}")
        filed.append(world.ticket(INCIDENT, about=member, expected="Treasury Operations"))
    world.settle()
    assert {CaseState.ESCALATED} == {world.case(item).state for item in filed}
    found = [*on_tickets(world, dict.fromkeys(filed, CaseState.ESCALATED)), Walked("log", world.log.getvalue())]
    assert any("Refused." in item.text for item in found)
    out = {(item.where, secret) for item in found for _, secret in SPELT[start : start + 12] if secret in item.text}
    assert [] == sorted(out)


def test_no_canary_gets_out(a_world: Make, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    world = a_world(scenario=Scenario("empty", users=60), policy=POLICY)
    ends = {filed: end for place in (INCIDENT, SERVICE_DESK) for filed, end in a_morning(world, place)}
    world.settle()
    world.run_for(hours=2)  # unanswered questions expire, and handed-over tickets are rechecked
    assert ends == {filed: world.case(filed).state for filed in ends}
    assert any(name.endswith(".zip") for filed in ends for name in names(world, filed))
    logins = {login for filed in ends for login in logins_of(world, filed)}
    assert logins
    found = [*on_tickets(world, ends), *at_the_terminal(world, ends, tmp_path, capsys)]
    found.append(Walked("log", world.log.getvalue()))
    store = Walked("store", store_text(world))
    assert all(canary in store.text for canary in STORE_ONLY)
    everywhere = (*NOWHERE, *secrets_of(world))
    out = {(item.where, canary) for item in (*found, store) for canary in everywhere if canary in item.text}
    out |= {(item.where, canary) for item in found for canary in STORE_ONLY if canary in item.text}
    outside = [item for item in found if not item.inside]
    out |= {(item.where, login) for item in outside for login in logins - item.own if login in item.text}
    assert [] == sorted(out)


@pytest.mark.parametrize("command", [["once"], ["doctor"], ["check", "somebody"]], ids=lambda words: words[0])
def test_a_secret_file_that_cannot_be_sent_is_named_by_its_key_and_not_shown(
    a_world: Make, tmp_path: Path, command: list[str]
) -> None:
    world, file, config = a_world(scenario=Scenario("empty", users=20)), tmp_path / "token", tmp_path / "forcesync.toml"
    for key, secret in zip(SECRET_FILES, UNSENDABLE, strict=True):
        file.write_text(secret)
        table = settings_table(world.sandbox, world.store_file, WAITS | POLICY)
        *path, name = key.split(".")
        within = reduce(lambda inner, part: inner[part], path, table)
        within |= {name: str(file)}
        within.pop(name.removesuffix("_file"))
        write_settings(config, table)
        done = forcesync(*command, "--config", str(config))
        told = done.stdout + done.stderr
        assert re.search(rf"{key}: found a [a-z ]+; allowed: the secret alone", told)
        assert done.returncode == (1 if command == ["doctor"] else 2)
        assert "Traceback" not in told
        assert "canary-4" not in told


def a_morning(world: World, place: Place) -> Iterator[tuple[Filed, CaseState]]:
    """File a ticket for each end, each about a user full of canaries."""
    resolved = planted(world, CORP)
    world.change_directory(resolved, "department", "Treasury Operations")
    yield said(world, place, resolved, "department", "Treasury Operations"), CaseState.RESOLVED
    for attribute, value in (("mobilePhone", NEW_PHONE), ("employeeNumber", NEW_NUMBER)):
        masked = planted(world, CORP, **{attribute: OLD})
        world.change_directory(masked, attribute, value)
        yield said(world, place, masked, attribute, value), CaseState.RESOLVED
    stuck = planted(world, LDAP, mobilePhone=OLD)  # not what the chatter holds, for then the ticket would be about it
    world.change_directory(stuck, "department", "Treasury Operations")
    world.change_directory(stuck, "mobilePhone", NEW_PHONE)
    world.make_stuck(stuck)
    yield said(world, place, stuck, "department", "Treasury Operations"), CaseState.ESCALATED
    refused = planted(world, CORP)
    reject(world, refused, f"mobilePhone {PHONE} of {refused.login} is taken by {ADDRESS}")
    yield said(world, place, refused, "department", "Treasury Operations"), CaseState.ESCALATED
    yield said(world, place, planted(world, CORP), "department", None), CaseState.ESCALATED
    yield said(world, place, planted(world, PLANT, mobilePhone=OLD), "mobilePhone", NEW_PHONE), CaseState.ADVISED
    hidden = planted(world, CORP)
    summary = f"{PHONE} of {hidden.login}, {ADDRESS}, token {TYPED[1]}"
    world.fault(
        "okta",
        "status",
        path=f"/apps/[^/]+/users/{hidden.user_id}$",
        status=403,
        body={"errorCode": "E0000006", "errorSummary": summary},
        times=50,
    )
    yield said(world, place, hidden, "department", "Treasury Operations"), CaseState.ESCALATED


def reject(world: World, member: Member, words: str) -> None:
    """Let Okta reject the update of a user whose department has changed in the directory."""
    with world.sandbox.frame.lock:
        okta = world.sandbox.okta
        okta.reject(member.user_id, words)
        world.sandbox.world.update(member, "department", "Treasury Operations", imported=True)
        okta.syncing.master(okta.user(member.user_id), okta.directory(member.app_id), world.time.now())


def planted(world: World, label: str, **held: str) -> Member:
    """Return a user whose copies are full of canaries."""
    member = world.member(label)
    profile = {"mobilePhone": PHONE, "employeeNumber": NUMBER, "city": CITY, **held}
    with world.sandbox.frame.lock:
        link = world.sandbox.okta.link(member.user_id, member.app_id)
        for copy in (link.source, link.profile):
            copy.update({**profile, "objectSid": SID})
        world.sandbox.okta.set_user(member.user_id, profile=profile)
    return member


def said(world: World, place: Place, member: Member, attribute: str, value: str | None) -> Filed:
    """File a ticket that states the fault among unrelated text, with such a comment too."""
    lines = f"User: {member.login}\nAttribute: {attribute}\n" + (f"Expected: {value}\n" if value else "")
    filed = world.said(place, by=member, text=lines + "\n" + CHATTER)
    with world.sandbox.frame.lock:
        desk = world.sandbox.world.desks[filed.desk]
        desk.comment(filed.id, author=member.login, visibility="public", body=CHATTER)
        pasted = "\n".join(text for text, _ in SPELT if not text.startswith(WHOSE))
        desk.comment(filed.id, author=member.login, visibility="public", body=f"From my notes:\n{pasted}")
    return filed


# -- every output


def on_tickets(world: World, filed: Mapping[Filed, CaseState]) -> Iterator[Walked]:
    """Walk what we wrote on the tickets: comments, fields, files and the members of archives."""
    for ticket in filed:
        shown = world.shown(ticket)
        key = shown["key"]
        for text in by_worker(shown, "public"):
            yield Walked(f"{key} public", text)
        for text in by_worker(shown, "internal"):
            yield Walked(f"{key} internal", text, inside=True)
        ours = [item for item in shown["history"] if item["by"] != "person"]
        yield Walked(f"{key} fields", json.dumps([ours, shown["resolution"], shown["links"]]), inside=True)
        for name in names(world, ticket):
            content = world.file(ticket, name)
            own = frozenset(logins_of(world, ticket)) if name.endswith(".html") else frozenset()
            yield Walked(f"{key} {name}", content.decode("utf-8", errors="replace"), own=own)
            if name.endswith(".zip"):
                with zipfile.ZipFile(io.BytesIO(content)) as archive:
                    for member in archive.namelist():
                        yield Walked(f"{key} {name}/{member}", archive.read(member).decode())


def at_the_terminal(
    world: World, filed: Mapping[Filed, CaseState], folder: Path, capsys: pytest.CaptureFixture[str]
) -> Iterator[Walked]:
    """Walk what every reading command prints and writes."""
    config, export = folder / "forcesync.toml", folder / "drifted.csv"
    write_settings(config, settings_table(world.sandbox, world.store_file, WAITS | POLICY))
    asked: dict[str, Callable[[], object]] = {
        "case list": partial(case_list, config, Wanted()),
        "case list --json": partial(case_lines, config, Wanted()),
        "case list --stuck": partial(case_list, config, Wanted(stuck=True)),
        "status": partial(status, config, as_json=False),
        "status --json": partial(status, config, as_json=True),
        "case export": partial(case_export, config),
        "sync list": partial(sync_list, config, open_only=False),
        "report --json": partial(report, config, Asked("2026-01-01", until="2026-12-31", as_json=True)),
        "report --cases": partial(report, config, Asked("2026-01-01", until="2026-12-31", cases="tickets")),
    }
    keys, page = [world.shown(item)["key"] for item in filed], folder / "trial.html"
    trial: dict[str, Any] = {"ago": None, "most": None, "html": page, "replace": True}
    asked["try"] = partial(try_tickets, config, keys, as_json=False, **trial)
    asked["try --json"] = partial(try_tickets, config, keys, as_json=True, **trial)
    reported = folder / "report.html"
    report(config, Asked("2026-01-01", until="2026-12-31", html=reported))
    yield Walked("report --html", reported.read_text())
    asked |= {f"case show {item.id}": partial(case_show, config, item.id) for item in filed}
    asked |= {f"sync show {run.id}": partial(sync_show, config, run.id) for run in world.runs()}
    asked |= {f"sync preview {name}": partial(preview, config, name, export, replace=True) for name in (CORP, LDAP)}
    for name, command in asked.items():
        command()
        said = capsys.readouterr()
        assert said.out or said.err, name
        yield Walked(name, said.out + said.err, inside=True)
        if export.exists():
            yield Walked(f"{name} --export", export.read_text(), inside=True)
    yield Walked("try --html", page.read_text(), inside=True)


def names(world: World, ticket: Filed) -> list[str]:
    return [item["name"] for item in world.shown(ticket)["attachments"] if item["by_worker"]]


def logins_of(world: World, ticket: Filed) -> Iterator[str]:
    for subject in world.case(ticket).subjects:
        if subject.verdict and subject.verdict.login:
            yield subject.verdict.login


def store_text(world: World) -> str:
    """Return every byte of the store as text: tables, indexes, free pages and the write-ahead log."""
    files = sorted(world.store_file.parent.glob(f"{world.store_file.name}*"))
    return "".join(file.read_bytes().decode("utf-8", errors="replace") for file in files)


def secrets_of(world: World) -> Iterator[str]:
    """Yield every secret of the settings."""
    accounts = world.sandbox.frame.credentials
    yield from (accounts.okta_token, accounts.okta_sync_token, accounts.servicenow_password, accounts.jira_token)
