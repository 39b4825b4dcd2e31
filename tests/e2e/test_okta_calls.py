"""How many calls of Okta a ticket costs, from its discovery to its end."""

from __future__ import annotations

from pathlib import Path

from tests.bench.okta_calls import calls_of


def test_a_ticket_alone_asks_okta_for_nothing_that_is_known(tmp_path: Path) -> None:
    assert calls_of(1, tmp_path, warm=True) == {
        "GET /api/v1/users": 1,
        "GET /api/v1/apps": 1,
        "GET /api/v1/mappings/{mappingId}": 2,  # once to judge, and afresh before the press
        "GET /api/v1/meta/schemas/user/{schemaId}": 2,  # likewise
        "GET /api/v1/logs": 1,
        "GET /api/v1/apps/{appId}/users": 1,  # the rider once more, and what else the press would change
        "PUT /api/internal/v1/mappings/reapply": 1,
        "GET /api/v1/users/{id}": 1,  # the first look, after the usual time of an effect
    }
