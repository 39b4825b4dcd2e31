"""Tickets that read the System Log within a minute share a few calls, and each gets all of its events."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from connectors.okta import OktaConnector
from tests.unit.builders import NOW, directory
from tests.unit.okta_wire import STAMP, org, said
from tests.unit.wire import StoppedClock, Wire
from workflows.errors import Refused, Transient

WEEK_AGO = NOW - timedelta(days=7)
TYPES = ("user.account.update_profile", "application.appuser.mapping.invalid.expression")


def event_json(uuid: str, *targets: tuple[str, str]) -> dict[str, Any]:
    named = [{"id": id, "type": kind} for id, kind in targets]
    return {"uuid": uuid, "eventType": TYPES[0], "published": STAMP, "target": named}


def asked(wire: Wire) -> list[str]:
    return [parse_qs(urlsplit(item.line.split(" ")[1]).query)["filter"][0] for item in wire.requests]


def history(okta: OktaConnector, user_id: str) -> list[str]:
    found = okta.told_of(user_id, directory(), WEEK_AGO, 200, types=TYPES)
    return [event.uuid for event in found.events]


OF_ONE, OF_TWO = event_json("one", ("00u1", "User"), ("0oa1", "AppInstance")), event_json("two", ("00u2", "User"))
OF_NOBODY, ELSEWHERE = event_json("app", ("0oa1", "AppInstance")), event_json("other app", ("0oa9", "AppInstance"))
EVERYTHING = said([OF_ONE, OF_TWO, OF_NOBODY, ELSEWHERE])


def test_a_read_of_the_last_seconds_serves_who_looks_back_a_little_further(wire: Wire) -> None:
    clock = StoppedClock()
    okta = org(wire, said([OF_ONE]), said([]), said([OF_ONE]), clock=clock)

    def uuids(since: timedelta, limit: int = 100) -> list[str]:
        return [event.uuid for event in okta.log("00u1", WEEK_AGO - since, limit)]

    assert ["one"] == uuids(timedelta(0))
    assert [] == uuids(-timedelta(days=8)), "older than asked for"
    clock.at += timedelta(seconds=20)
    assert ["one"] == uuids(timedelta(minutes=50), 50)
    assert 1 == len(wire.requests)
    wire.script = [EVERYTHING] * 2
    uuids(timedelta(hours=2), 1)
    uuids(timedelta(hours=2), 2)
    assert 3 == len(wire.requests)


def test_a_single_ticket_reads_its_own_user_only(wire: Wire) -> None:
    assert history(org(wire, EVERYTHING), "00u1") == ["app", "one"]
    assert asked(wire)[0].startswith('(target.id eq "00u1" or target.id eq "0oa1") and (eventType eq ')


def test_tickets_within_a_minute_share_a_reading_and_know_its_time(wire: Wire) -> None:
    clock = StoppedClock()
    okta = org(wire, said([]), EVERYTHING, clock=clock)
    history(okta, "00u0")
    assert history(okta, "00u1") == ["app", "one"]
    clock.at += timedelta(seconds=20)
    shared = okta.told_of("00u2", directory(), WEEK_AGO, 200, types=TYPES)
    assert ([event.uuid for event in shared.events], shared.at) == (["app", "two"], NOW)
    assert len(wire.requests) == 2
    assert "target.id" not in asked(wire)[1]


def test_a_shared_reading_expires_soon(wire: Wire) -> None:
    clock = StoppedClock()
    okta = org(wire, said([]), said([]), said([OF_ONE]), clock=clock)
    assert [history(okta, "00u1"), history(okta, "00u1")] == [[], []]
    clock.at += timedelta(seconds=31)
    assert history(okta, "00u1") == ["one"]


def test_an_org_that_logs_too_much_is_read_user_by_user(wire: Wire) -> None:
    okta = org(wire, said([]), said([OF_TWO] * 1000), said([OF_ONE]))
    assert [history(okta, "00u0"), history(okta, "00u1"), history(okta, "00u1")] == [[], ["one"], ["one"]]
    assert ["target.id" in item for item in asked(wire)] == [True, False, True, True]


def test_a_directory_that_fills_the_page_hides_no_event_of_the_user(wire: Wire) -> None:
    okta = org(wire, said([OF_NOBODY]), said([OF_ONE]))
    found = okta.told_of("00u1", directory(), WEEK_AGO, 1, types=TYPES)
    assert [event.uuid for event in found.events] == ["one"]
    assert asked(wire)[1].startswith('target.id eq "00u1" and (')


def test_a_hostile_id_never_reaches_the_filter(wire: Wire) -> None:
    with pytest.raises(Refused, match="is not an Okta id"):
        history(org(wire), 'x" or target.id pr')
    assert wire.requests == []


def test_agents_are_read_once_a_minute(wire: Wire) -> None:
    clock = StoppedClock()
    pool = {"id": "0oa1", "type": "AD", "operationalStatus": "OPERATIONAL"}
    okta = org(wire, said([pool]), said([pool | {"operationalStatus": "DISRUPTED"}]), clock=clock)
    assert [okta.agent_pools()[0].status for _ in range(20)] == ["OPERATIONAL"] * 20
    clock.at += timedelta(seconds=61)
    assert okta.agent_pools()[0].status == "DISRUPTED"
    assert len(wire.requests) == 2


def test_no_user_is_looked_up_while_the_next_read_must_wait(wire: Wire) -> None:
    reset = str(int((NOW + timedelta(seconds=40)).timestamp()))
    spent = {"X-Rate-Limit-Limit": "100", "X-Rate-Limit-Remaining": "3", "X-Rate-Limit-Reset": reset}
    okta = org(wire, said([], **spent))
    okta.links("00u1")
    with pytest.raises(Transient, match="rate limit for apps"):
        okta.find_users("ada@example.com")
    assert len(wire.requests) == 1
