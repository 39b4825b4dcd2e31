"""What several cases share is told by their stored judgements, and only what can be shared makes them alike."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit import builders as build
from tests.unit.workflows.notes.judged_cases import because, judged, stale_copy
from workflows.case.pattern import cause_of, common_to, of_pattern
from workflows.model import Case, CaseState, Policy, Reason, VerdictKind
from workflows.model import ReasonKind as R
from workflows.steps import Ports

DOWN = Reason.of(R.AGENTS_DOWN, status="DISRUPTED")
UNSEEN = Reason.of(R.DIRECTORY_UNSEEN)


def found(case: Case, why: Reason | None = None, **changes: Any) -> Case:
    """Return the case with its verdict changed, ended by `why` or else by what was found."""
    subject = case.subjects[0]
    assert subject.verdict is not None
    after = case.but(subjects=(subject.but(verdict=subject.verdict.but(**changes)),))
    return after.but(because=why or because(after))


@pytest.mark.parametrize(
    ("changes", "why", "cause"),
    [
        ({"suspicions": (UNSEEN,)}, None, "stale_in_directory_copy main 0oa1"),
        ({"kind": VerdictKind.NOT_MAPPED}, None, "not_mapped department main 0oa1"),
        ({"kind": VerdictKind.DIRECTORY_INACTIVE, "attribute": None}, None, "directory_inactive main 0oa1"),
        ({"kind": VerdictKind.OBJECTED}, None, ""),
        ({"directory": None}, None, ""),
        ({}, Reason.of(R.PROTECTED, group="Executives"), ""),
        ({}, Reason.of(R.NEXT_ROUND, round=2), ""),
        ({}, Reason.of(R.NOT_STARTED_IN_TIME, Reason.of(R.HELD_BACK)), "not_started_in_time main 0oa1"),
    ],
)
def test_a_cause_is_the_same_for_every_ticket_that_ends_for_it(
    changes: dict[str, Any], why: Reason | None, cause: str
) -> None:
    assert cause == cause_of(found(stale_copy(), why, **changes), None)


def test_a_force_sync_without_effect_is_a_cause_of_its_own() -> None:
    case = judged(build.asking("department", expected="Finance"))
    ended = found(case, Reason.of(R.NO_EFFECT)).but(run_id="run1")
    assert "no_effect main 0oa1" == cause_of(ended, build.started_run())


def test_what_cases_have_in_common_is_what_all_of_them_were_found_with() -> None:
    one = found(stale_copy(), suspicions=(DOWN, UNSEEN), unit="OU=Sales")
    other = found(stale_copy(), suspicions=(DOWN, UNSEEN), unit="OU=Sales", user_id="00u2")
    common = common_to(one, [other])
    assert ("corp.example.com", ("department",), (("department", "appuser.department"),), (DOWN,), "OU=Sales") == (
        common.label,
        common.attributes,
        common.mappings,
        common.suspicions,
        common.unit,
    )
    assert not common.one_run


def test_what_one_of_them_lacks_is_not_in_common() -> None:
    one = found(stale_copy(), suspicions=(DOWN,), unit="OU=Sales")
    other = found(stale_copy(), suspicions=(UNSEEN,), unit="OU=Legal", attribute="title", expectations=())
    common = common_to(one, [other])
    assert ((), (), (), "") == (common.attributes, common.mappings, common.suspicions, common.unit)


def test_whoever_changed_every_value_is_in_common() -> None:
    actors = ("hr-sync", "hr-sync", "robin")
    one, same, other = (found(stale_copy(), None, reason=Reason.of(R.OVERWRITTEN, actor=name)) for name in actors)
    assert (("actor", "hr-sync"),) == common_to(one, [same]).words
    assert () == common_to(one, [same, other]).words


def test_where_the_settings_want_no_common_cause_an_observed_ticket_alerts_nobody() -> None:
    told: list[str] = []
    policy = Policy(default_org="main", alarm_from=0)
    ports = Ports(
        clock=None,  # type: ignore[arg-type]  # never used here, like all that is None or empty
        store=None,  # type: ignore[arg-type]
        desks={},
        orgs={},
        drivers={},
        policy=policy,
        readers={"desk": build.reader(policy)},
        tell=lambda event, _facts: told.append(event),
    )
    case = found(stale_copy(), suspicions=(UNSEEN,))
    assert () == of_pattern(case.but(cause=cause_of(case, None), state=CaseState.ADVISED), ports)
    assert [] == told
