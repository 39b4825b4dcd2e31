"""How many calls of Okta a ticket costs, from its discovery to its end."""

from __future__ import annotations

from pathlib import Path

from tests.bench.okta_calls import calls_of


def test_a_ticket_alone_asks_okta_for_nothing_that_is_known(tmp_path: Path) -> None:
    """Eight calls, of which four are the work: find the user, their copies, press, and look whether it helped.

    The other four are there so that nothing is pressed in vain or on old facts. The log tells whether Okta refused the
    update before, which a press would only repeat. The page of the directory reads the rider again, and what else the
    press would change. Mapping and schema are read right before the press, for they may have changed since they were
    read for an earlier ticket; no one call of Okta tells that neither has.
    """
    assert calls_of(1, tmp_path, warm=True) == {
        "GET /api/v1/users": 1,
        "GET /api/v1/apps": 1,
        "GET /api/v1/logs": 1,
        "GET /api/v1/apps/{appId}/users": 1,
        "GET /api/v1/mappings/{mappingId}": 1,
        "GET /api/v1/meta/schemas/user/{schemaId}": 1,
        "PUT /api/internal/v1/mappings/reapply": 1,
        "GET /api/v1/users/{id}": 1,
    }
