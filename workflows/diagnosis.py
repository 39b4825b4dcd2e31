"""What Okta tells beyond a verdict, read once when a ticket goes to a person."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from workflows.errors import FarSideError, Misconfigured
from workflows.model import (
    AgentPool,
    AppUser,
    AttributeRule,
    Case,
    LogEvent,
    MappingRule,
    OktaUser,
    Organization,
    Subject,
    Value,
    Verdict,
)
from workflows.ports import OktaOrg

MOST_EVENTS = 100  # of each log; the package has a limit, and what matters is recent
LOOK_BACK = timedelta(days=7)


class SubjectDiagnosis(Value):
    """What is known of one subject besides its verdict; parts are empty where they could not be read."""

    user: OktaUser | None = None
    copy_in_directory: AppUser | None = None
    rules: tuple[MappingRule, ...] = ()
    schema_rules: tuple[AttributeRule, ...] = ()
    user_events: tuple[LogEvent, ...] = ()
    directory_events: tuple[LogEvent, ...] = ()
    pools: tuple[AgentPool, ...] = ()


class Diagnosis(Value):
    """What was read for a case, a subject each; `missing` names what could not be read, and why."""

    subjects: tuple[SubjectDiagnosis, ...] = ()
    organization: Organization | None = None
    missing: tuple[str, ...] = ()


def collect(case: Case, org: OktaOrg) -> Diagnosis:
    """Read what helps whoever takes the case; what cannot be read is named, never a reason to stop."""
    missing: list[str] = []
    subjects = []
    for subject in case.subjects:
        found: dict[str, Any] = {}
        if subject.verdict and subject.verdict.user_id:
            _attempt(missing, _read_user, found, case, subject.verdict, org)
            if subject.verdict.directory:
                _attempt(missing, _read_directory, found, case, subject.verdict, org)
        subjects.append(SubjectDiagnosis(**found))
    organization: dict[str, Any] = {}
    if any(_is_judged(subject) for subject in case.subjects):
        _attempt(
            missing, lambda found, *_: found.update(organization=org.organization()), organization, case, None, org
        )
    return Diagnosis(subjects=tuple(subjects), missing=tuple(missing), **organization)


def _attempt(
    missing: list[str], read: Any, found: dict[str, Any], case: Case, verdict: Verdict | None, org: OktaOrg
) -> None:
    try:
        read(found, case, verdict, org)
    except Misconfigured:
        raise
    except FarSideError as error:
        missing.append(str(error))


def _read_user(found: dict[str, Any], case: Case, verdict: Verdict, org: OktaOrg) -> None:
    user_id = verdict.user_id or ""
    found["user_events"] = org.log(user_id, case.opened_at - LOOK_BACK, MOST_EVENTS)
    found["user"] = user = org.user(user_id)
    found["schema_rules"] = org.attribute_rules(user)


def _read_directory(found: dict[str, Any], case: Case, verdict: Verdict, org: OktaOrg) -> None:
    directory = verdict.directory
    if directory is None:
        return
    found["directory_events"] = org.log(directory.ref.app_id, case.opened_at - LOOK_BACK, MOST_EVENTS)
    found["pools"] = tuple(pool for pool in org.agent_pools() if pool.id == directory.ref.app_id)
    found["copy_in_directory"] = org.app_user(directory, verdict.user_id or "")
    mapping = org.mapping(directory, verdict.target_type_id or "")
    found["rules"] = tuple(mapping.rules.values()) if mapping else ()


def _is_judged(subject: Subject) -> bool:
    return subject.verdict is not None and subject.verdict.user_id is not None
