"""What Okta tells beyond a verdict, read once when a ticket goes to a person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

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
)
from workflows.ports import OktaOrg

MOST_EVENTS = 100  # of each log; the package has a limit, and what matters is recent
LOOK_BACK = timedelta(days=7)

Read = TypeVar("Read")


class SubjectDiagnosis(Value):
    """What is known of one subject besides its verdict; parts are None or empty where they could not be read."""

    user: OktaUser | None = None
    copy_in_directory: AppUser | None = None
    rules: tuple[MappingRule, ...] = ()
    schema_rules: tuple[AttributeRule, ...] = ()
    user_events: tuple[LogEvent, ...] | None = None
    directory_events: tuple[LogEvent, ...] | None = None
    pools: tuple[AgentPool, ...] = ()


class Diagnosis(Value):
    """What was read for a case, a subject each; `missing` names what could not be read, and why."""

    subjects: tuple[SubjectDiagnosis, ...] = ()
    organization: Organization | None = None
    missing: tuple[str, ...] = ()


class _Reader:
    """Reads one thing after the other; what cannot be read is named, and keeps nothing else back."""

    def __init__(self) -> None:
        self.missing: list[str] = []

    def __call__(self, read: Callable[[], Read]) -> Read | None:
        try:
            return read()
        except Misconfigured:
            raise
        except FarSideError as error:
            self.missing.append(str(error))
            return None


def collect(case: Case, org: OktaOrg) -> Diagnosis:
    """Read what helps whoever takes the case; what cannot be read is named, never a reason to stop."""
    tried = _Reader()
    subjects = tuple(_subject(subject, case, org, tried) for subject in case.subjects)
    judged = any(subject.verdict and subject.verdict.user_id for subject in case.subjects)
    organization = tried(org.organization) if judged else None
    return Diagnosis(subjects=subjects, organization=organization, missing=tuple(dict.fromkeys(tried.missing)))


def _subject(subject: Subject, case: Case, org: OktaOrg, tried: _Reader) -> SubjectDiagnosis:
    verdict = subject.verdict
    user_id = verdict.user_id if verdict else None
    if verdict is None or user_id is None:
        return SubjectDiagnosis()
    since = case.opened_at - LOOK_BACK
    user = tried(lambda: org.user(user_id))
    known = SubjectDiagnosis(
        user=user,
        user_events=tried(lambda: org.log(user_id, since, MOST_EVENTS)),
        schema_rules=(tried(lambda: org.attribute_rules(user)) or ()) if user else (),
    )
    directory = verdict.directory
    if directory is None:
        return known
    app_id = directory.ref.app_id
    mapping = tried(lambda: org.mapping(directory, verdict.target_type_id or ""))
    found = {
        "copy_in_directory": tried(lambda: org.app_user(directory, user_id)),
        "directory_events": tried(lambda: org.log(app_id, since, MOST_EVENTS)),
        "pools": tuple(pool for pool in tried(org.agent_pools) or () if pool.id == app_id),
        "rules": tuple(mapping.rules.values()) if mapping else (),
    }
    return known.model_copy(update=found)
