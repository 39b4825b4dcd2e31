"""How many Okta calls a ticket costs, from discovery to end: the table in connectors/okta/README.md."""

from __future__ import annotations

from pathlib import Path

import pytest

import connectors.okta
from tests.bench.okta_calls import ROWS, Row, calls_of, line
from tests.sampled import sampled

README = (Path(connectors.okta.__file__).parent / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("row", sampled(ROWS, every=3))
def test_a_ticket_costs_what_the_table_says(row: Row, tmp_path: Path) -> None:
    calls = calls_of(row, tmp_path)
    assert calls.total() <= row.most * row.tickets
    assert line(row, calls.total()) in README.splitlines()


def test_a_ticket_alone_asks_okta_for_nothing_that_is_known(tmp_path: Path) -> None:
    """Eight calls, four of which do the work: find the user, read the copies, run Force Sync, and verify.

    The first two also prove the account's rights, since nothing is written before them. The other four avoid a Force
    Sync that is pointless or based on stale facts. The log shows whether Okta rejected the update before, which a Force
    Sync would only repeat. The page of the directory's users rereads the rider, and shows what else would change.
    Mapping and schema are read just before the Force Sync, since they may have changed since an earlier ticket; no
    single call shows that neither has.
    """
    assert calls_of(Row("warm", 8, warm=True), tmp_path) == {
        "GET /api/v1/users": 1,
        "GET /api/v1/apps": 1,
        "GET /api/v1/logs": 1,
        "GET /api/v1/apps/{appId}/users": 1,
        "GET /api/v1/mappings/{mappingId}": 1,
        "GET /api/v1/meta/schemas/user/{schemaId}": 1,
        "PUT /api/internal/v1/mappings/reapply": 1,
        "GET /api/v1/users/{id}": 1,
    }
