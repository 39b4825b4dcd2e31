"""What the store holds about a person is found by any of their names, exported whole, and forgotten at a word."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import Make
from tests.e2e.stories import asked, copy_is_old, helped
from tests.e2e.test_afterwards import a_day_later
from tests.e2e.test_report import numbers, of
from tests.e2e.tickets import AGENT, INCIDENT, SERVICE_DESK
from tests.e2e.world import World
from tests.unit.worker.settings_file import SETTINGS
from worker.errors import OperatorError
from worker.persons.exporting import export
from worker.persons.forgetting import forget
from workflows.model import Act

ORDER: dict[str, Any] = {"by": "eve@example.com", "why": "request 18"}


@pytest.fixture
def world(a_world: Make) -> World:
    """Make a world in which every attribute is masked."""
    return a_world(policy={"open_attributes": []})


@pytest.fixture
def config(world: World, tmp_path: Path) -> Path:
    """Return settings of the world's own store."""
    file = tmp_path / "forcesync.toml"
    file.write_text(SETTINGS.format(store=world.store_file))
    return file


def exported(config: Path, capsys: pytest.CaptureFixture[str], *users: str) -> dict[str, Any]:
    capsys.readouterr()
    export(config, users, **ORDER)
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_everything_about_a_person_is_exported_with_their_values_and_without_those_of_others(
    world: World, config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    value, others = "Maritime Claims", "Aviation Claims"
    mine, other = world.stale_user(value=value), world.stale_user(value=others)
    own = world.ticket(INCIDENT, about=mine)
    both = world.ticket(SERVICE_DESK, about=f"{mine.login}, {other.login}", requester=AGENT)
    helped(world, INCIDENT)
    world.settle()
    found = exported(config, capsys, mine.user_id)
    assert 1 == found["version"]
    assert {mine.login, mine.user_id} <= set(found["names"])
    records = {item["record"]["case"]["ref"]["key"]: item for item in found["records"]}
    assert {world.case(ticket).ref.key for ticket in (own, both)} == records.keys()
    assert ["requester", "affected"] == records[world.case(own).ref.key]["as"]
    assert value in json.dumps(found)
    assert others not in json.dumps(found)
    (act,) = world.parts.store.acts()
    assert (Act.EXPORT, "2 cases", "request 18") == (act.act, act.target, act.why)


def test_an_export_of_nothing_says_so_beside_its_json(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert 1 == export(config, ["nobody.known@example.com"], **ORDER)
    out, err = capsys.readouterr()
    assert [] == json.loads(out)["records"]
    assert "forcesync: the store has no record of nobody.known@example.com\n" == err


def test_the_files_of_a_case_are_exported(world: World, config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ticket = copy_is_old(world, INCIDENT)
    case = world.case(ticket)
    assert case.requester is not None
    (record,) = exported(config, capsys, case.requester)["records"]
    (file,) = record["files"].values()
    assert case.ref.key in base64.b64decode(file).decode()


def test_what_is_forgotten_is_shown_first_and_then_gone_and_its_ticket_still_counts(
    world: World, config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ticket, member = world.stale_ticket()
    other = helped(world, INCIDENT)
    a_day_later(world)
    before, store = numbers(of(world)), world.parts.store
    capsys.readouterr()
    assert 1 == forget(config, [member.login], **ORDER, yes=False), "something was found, and is still there"
    shown = capsys.readouterr().out
    assert world.case(ticket).ref.key in shown
    assert world.case(other).ref.key not in shown
    assert () == store.acts(), "a preview changes nothing"
    assert 0 == forget(config, [member.login], **ORDER, yes=True)
    assert "forgotten: 1 case" in capsys.readouterr().out
    kept = b"".join(path.read_bytes() for path in world.store_file.parent.glob("store.sqlite3*"))
    assert member.login.encode() not in kept
    assert member.user_id.encode() not in kept
    assert before == numbers(of(world))
    (act,) = store.acts()
    assert (Act.FORGET, "1 case") == (act.act, act.target)
    assert 1 == forget(config, [member.login], **ORDER, yes=True)
    assert "the store has no record of" in capsys.readouterr().err
    world.run_for(minutes=2)
    assert [other.id] == [record["case"]["ref"]["id"].rpartition("/")[2] for record in store.records()], (
        "the forgotten ticket is not worked again"
    )


def test_while_a_case_is_open_nothing_is_forgotten_and_it_is_said_what_to_do(world: World, config: Path) -> None:
    ticket = asked(world, INCIDENT)
    case = world.case(ticket)
    assert case.requester is not None
    with pytest.raises(
        OperatorError, match=f"case {case.id} .* is asked: end it first, with `forcesync case hand-over"
    ):
        forget(config, [case.requester], **ORDER, yes=True)
    assert case == world.case(ticket)


def test_a_reason_that_names_the_person_is_refused(world: World, config: Path) -> None:
    with pytest.raises(OperatorError, match="--why names the person"):
        forget(config, ["ada@example.com"], by="eve", why="Ada@example.com asked", yes=True)
    with pytest.raises(OperatorError, match="USER: found 'a'"):
        forget(config, ["a"], **ORDER, yes=True)
