"""Every verdict about Okta's settings leads to a place in its Admin Console."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from worker.check.clicks import CLICKS, click_of
from workflows.model import Directory, DirectoryKind, DirectoryRef, Reason, ReasonKind, Route, Verdict, VerdictKind
from workflows.precheck.verdicts import ROUTES, VERDICTS

AD = Directory(ref=DirectoryRef(org="main", app_id="0oa1"), kind=DirectoryKind.AD, label="corp.example.com")
LDAP = AD.but(kind=DirectoryKind.LDAP)


def verdict(kind: VerdictKind, directory: Directory) -> Verdict:
    reason = Reason.of(ReasonKind.NOTHING_SAID)
    return Verdict(kind=kind, reason=reason, directory=directory, judged_at=datetime(2026, 3, 2, tzinfo=UTC))


@pytest.mark.parametrize("kind", [kind for kind, row in VERDICTS.items() if ROUTES[row.team] is not Route.SERVICE_DESK])
def test_what_administrators_or_the_directory_team_mend_has_a_click(kind: VerdictKind) -> None:
    if kind is VerdictKind.DENIED:
        return  # a reply on a ticket
    assert click_of(verdict(kind, AD), "jane@example.com")


def test_one_stale_copy_is_imported_by_hand_in_ad_and_by_a_full_import_from_ldap() -> None:
    stale = VerdictKind.STALE_IN_DIRECTORY_COPY
    assert click_of(verdict(stale, AD), "jane@example.com").startswith("Directory > People > jane@example.com")
    assert "> Import > Import Now > Full import > Import" in click_of(verdict(stale, LDAP), "jane@example.com")


def test_no_path_keeps_a_placeholder() -> None:
    assert [] == [kind for kind in CLICKS if "{" in click_of(verdict(kind, AD), "jane@example.com")]
