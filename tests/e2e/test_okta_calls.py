"""How many calls of Okta a ticket costs, from its discovery to its end, for a worker that has just started."""

from __future__ import annotations

from pathlib import Path

from tests.bench.okta_calls import calls_of


def test_a_ticket_alone_asks_okta_for_nothing_twice(tmp_path: Path) -> None:
    calls = calls_of(1, tmp_path)
    looks = calls.pop("GET /api/v1/users/{id}")
    assert looks == 2  # the effect takes 45 seconds here, and is looked for after 30 and then after 37.5 more
    assert calls == {
        "GET /api/v1/users": 1,
        "GET /api/v1/apps": 1,
        "GET /api/v1/mappings": 1,
        "GET /api/v1/mappings/{mappingId}": 2,  # once to judge, and afresh before the press
        "GET /api/v1/meta/schemas/user/{schemaId}": 2,  # likewise
        "GET /api/v1/logs": 1,
        "GET /api/v1/apps/{appId}/users": 1,  # the rider once more, and what else the press would change
        "GET /api/v1/apps/{appId}/user/types": 1,
        "PUT /api/internal/v1/mappings/reapply": 1,
    }
