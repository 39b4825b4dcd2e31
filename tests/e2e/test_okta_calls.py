"""How many Okta calls a ticket costs, from discovery to end."""

from __future__ import annotations

from pathlib import Path

from tests.bench.okta_calls import calls_of


def test_a_ticket_alone_asks_okta_for_nothing_that_is_known(tmp_path: Path) -> None:
    """Twelve calls, four of which do the work: find the user, read the copies, run Force Sync, and verify.

    Four prove the account's rights before a ticket is touched; all tickets of half a minute share them. The other
    four avoid a Force Sync that is pointless or based on stale facts. The log shows whether Okta rejected the update
    before, which a Force Sync would only repeat. The page of the directory's users rereads the rider, and shows what
    else would change. Mapping and schema are read just before the Force Sync, since they may have changed since an
    earlier ticket; no single call shows that neither has.
    """
    assert calls_of(1, tmp_path, warm=True) == {
        "GET /api/v1/users": 2,
        "GET /api/v1/apps": 2,
        "GET /api/v1/mappings": 1,
        "GET /api/v1/logs": 1,
        "GET /api/v1/apps/{appId}/users": 1,
        "GET /api/v1/mappings/{mappingId}": 1,
        "GET /api/v1/meta/schemas/user/{schemaId}": 2,
        "PUT /api/internal/v1/mappings/reapply": 1,
        "GET /api/v1/users/{id}": 1,
    }
