"""The filter expressions of the simulated Okta's list endpoints.

A filter that lets too much through would hide a connector's mistake.
"""

from __future__ import annotations

import pytest

from connectors.sandbox.okta.filters import FilterError, parse_filter, values_at

EVENT = {
    "eventType": "system.import.complete",
    "severity": "INFO",
    "target": [{"id": "0oaA", "type": "AppInstance"}, {"id": "00uB", "type": "User"}],
    "profile": {"login": "Ada@example.com"},
}
ALLOWED = ("eventType", "severity", "target.", "profile.")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('eventType eq "system.import.complete"', True),
        ('eventType eq "System.import.complete"', False),
        ('eventType ne "system.import.start"', True),
        ('eventType sw "system.import"', True),
        ('eventType co "import"', True),
        ('eventType co "export"', False),
        ('eventType ew "complete"', True),
        ("target.id pr", True),
        ('profile.missing pr or severity eq "x"', False),
        ('target.id eq "00uB"', True),
        ('target.id eq "00ub"', False),
        ('profile.login eq "ADA@EXAMPLE.COM"', True),
        ('profile.missing eq "x"', False),
        ('severity eq "WARN" or target.id eq "0oaA"', True),
        ('severity eq "WARN" or target.id eq "0oaA" and eventType eq "x"', False),
        ('(severity eq "INFO" or target.id eq "x") and eventType eq "x"', False),
        ('severity eq "INFO" AND (eventType eq "x" OR target.id eq "00uB")', True),
    ],
)
def test_a_filter_tells_whether_the_record_passes(text: str, expected: bool) -> None:
    test = parse_filter(text, prefixes=ALLOWED)

    assert test(lambda path: values_at(EVENT, path)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "severity",
        "severity eq",
        'severity is "INFO"',
        'actor.id eq "x"',
        '(severity eq "INFO"',
        'severity eq "INFO" severity eq "INFO"',
        'severity eq "INFO',
    ],
)
def test_a_malformed_or_unsupported_filter_is_refused(text: str) -> None:
    with pytest.raises(FilterError, match="filter"):
        parse_filter(text, prefixes=ALLOWED)
