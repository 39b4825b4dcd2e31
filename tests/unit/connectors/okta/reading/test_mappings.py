"""A mapping's id is kept, and its rules are read again when they may have changed."""

from __future__ import annotations

from datetime import timedelta

from tests.unit.builders import directory, okta_user
from tests.unit.okta_wire import app_json, mapping_json, org, refused, said
from tests.unit.wire import StoppedClock, Wire


def paths(wire: Wire) -> list[str]:
    return [item.line.split(" ")[1].partition("?")[0] for item in wire.requests]


def test_the_mapping_and_the_schema_are_read_once_for_a_while(wire: Wire) -> None:
    clock = StoppedClock()
    schema = {"definitions": {"base": {"properties": {"department": {"master": {"type": "NEW_KIND"}}}}}}
    okta = org(wire, said([mapping_json()]), said(mapping_json()), said(schema), said(mapping_json()), clock=clock)
    user = okta_user(schema_id="osc1")
    for _ in range(3):
        assert okta.mapping(directory(), "oty1") is not None
        assert okta.attribute_rules(user)[0].master == "NEW_KIND"
    assert len(wire.requests) == 3
    begun, clock.at = clock.at, clock.at + timedelta(hours=3)
    known = okta.mapping(directory(), "oty1", not_before=begun)
    assert known is not None
    assert (known.read_at, len(wire.requests)) == (begun, 3)
    afresh = okta.mapping(directory(), "oty1", not_before=clock.at - timedelta(seconds=10))
    assert afresh is not None
    assert (afresh.read_at, paths(wire)[-1]) == (clock.at, "/api/v1/mappings/prm1")
    assert len(wire.requests) == 4


def test_the_directories_mappings_are_read_at_the_start(wire: Wire) -> None:
    listed = said([mapping_json(), mapping_json(id="prmX", source={"id": "0oaApp", "type": "appuser"})])
    okta = org(wire, said([]), listed, said([app_json()]), said([]), said(mapping_json()))
    okta.check()
    assert okta.mapping(directory(), "oty1") is not None
    assert ["/api/v1/apps", "/api/v1/apps", "/api/v1/mappings/prm1"] == paths(wire)[2:]


def test_a_known_mapping_that_is_gone_is_looked_up_again(wire: Wire) -> None:
    clock = StoppedClock()
    okta = org(wire, said([]), said([mapping_json()]), said([app_json()]), said([]), said(mapping_json()), clock=clock)
    wire.script += [refused(404, "E0000007"), said([mapping_json(id="prm2")]), said(mapping_json(id="prm2"))]
    okta.check()
    clock.at += timedelta(minutes=10)
    found = okta.mapping(directory(), "oty1")
    assert found is not None
    assert found.id == "prm2"
    listed = "/api/v1/mappings"
    assert paths(wire)[4:] == [f"{listed}/prm1", f"{listed}/prm1", listed, f"{listed}/prm2"]


def test_a_refused_list_of_mappings_does_not_prevent_the_start(wire: Wire) -> None:
    org(wire, said([]), refused(403, "E0000006")).check()
    assert len(wire.requests) == 2
