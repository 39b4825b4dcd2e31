"""Okta's answers are read into values; what is none is left out instead of ending a case."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from connectors.okta.reading.bodies import moment


@pytest.mark.parametrize(
    ("value", "at"),
    [
        ("2026-11-29T10:00:00.000Z", datetime(2026, 11, 29, 10, tzinfo=UTC)),
        ("2026-11-29T10:00:00+02:00", datetime(2026, 11, 29, 8, tzinfo=UTC)),
        ("2026-11-29T10:00:00", datetime(2026, 11, 29, 10, tzinfo=UTC)),
        ("0001-01-01T00:00:00+05:00", None),
        ("9999-12-31T23:59:59-05:00", None),
        ("soon", None),
        (1796112900, None),
        (None, None),
    ],
)
def test_a_time_is_read_in_utc_and_one_outside_all_years_is_none(value: object, at: datetime | None) -> None:
    assert at == moment(value)
