"""Why a directory's copy may be old: nothing is told of what was not read."""

from __future__ import annotations

import pytest

from tests.unit import builders as build
from workflows.model import AgentPool
from workflows.model import ReasonKind as R
from workflows.notes.reasons import sentence
from workflows.precheck.facts import Imports
from workflows.precheck.import_causes import LOCKED, SKIPPED, suspicions

POOL = AgentPool(id="0oa1", name="corp", status="OPERATIONAL", agents=())


def found(imports: Imports) -> dict[R, str]:
    reasons, _events = suspicions(build.facts(imports=imports))
    return {item.kind: sentence(item) for item in reasons}


def test_a_log_that_was_not_read_shows_no_import_and_none_missing() -> None:
    told = found(Imports(pool=POOL, log_unread="HTTP 403"))
    assert {R.AGENTS_OPERATIONAL, R.IMPORTS_NOT_READ, R.DIRECTORY_UNSEEN} == told.keys()
    assert "Not read (System Log: HTTP 403)." == told[R.IMPORTS_NOT_READ]


def test_agents_that_were_not_read_are_not_taken_for_missing() -> None:
    assert {R.NO_IMPORT, R.IMPORTS_NOT_READ, R.DIRECTORY_UNSEEN} == found(Imports(agents_unread="HTTP 403")).keys()
    assert R.NO_AGENTS in found(Imports())


@pytest.mark.parametrize(
    ("status", "kind"), [("DISRUPTED", R.AGENTS_DOWN), ("INACTIVE", R.AGENTS_DOWN), ("DEGRADED", R.AGENTS_IMPAIRED)]
)
def test_agents_are_down_only_where_all_are(status: str, kind: R) -> None:
    assert kind in found(Imports(pool=POOL.but(status=status)))


def test_only_what_the_log_says_of_this_user_is_told_as_a_skip_of_theirs() -> None:
    locked, skipped = build.event(LOCKED), build.event(SKIPPED[0], reason="mail is not valid")
    others = found(Imports(pool=POOL, directory_events=(locked,)))
    assert R.IMPORT_SKIPPED not in others
    assert "doesn't say here whose" in others[R.IMPORT_MET_LOCKED]
    own = found(Imports(pool=POOL, directory_events=(locked,), user_events=(skipped,)))
    assert R.IMPORT_MET_LOCKED not in own
    assert "An import skipped this user" in own[R.IMPORT_SKIPPED]
