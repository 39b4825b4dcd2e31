"""What was asked, what was seen and what it means: expectations, evidence and verdicts."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from pydantic import JsonValue

from workflows.model.identity import Directory
from workflows.model.reasons import Reason
from workflows.model.values import Value


class Basis(StrEnum):
    """How an expected value is known."""

    STATED = "stated"  # the ticket says so
    PREDICTED = "predicted"  # an identity mapping from an app-user value that differs from Okta's


class Expectation(Value):
    """The value that the Okta profile should hold for one attribute, and how that is known."""

    attribute: str
    value: JsonValue
    basis: Basis


class Observation(Value):
    """One attribute in both copies; `source` names the app user's attribute where the mapping is an identity."""

    attribute: str
    okta: JsonValue
    source: str | None = None
    app_user: JsonValue = None
    expression: str | None = None


class EvidenceKind(StrEnum):
    """What a piece of evidence is."""

    READING = "reading"  # something was read
    EVENT = "event"  # an event of the System Log
    START = "start"  # a Force Sync was started


class Evidence(Value):
    """One fact with its source, time (UTC) and the vendor's request id; `log_id` is a System Log event's own id."""

    kind: EvidenceKind = EvidenceKind.READING
    what: Reason
    system: str
    at: datetime
    request_id: str | None = None
    log_id: str | None = None


class VerdictKind(StrEnum):
    """What the precheck can find for a subject. The set is closed."""

    NEEDS_INFORMATION = "needs_information"
    USER_NOT_FOUND = "user_not_found"
    USER_AMBIGUOUS = "user_ambiguous"
    ON_BEHALF = "on_behalf"
    USER_NOT_ACTIVE = "user_not_active"
    NOT_READABLE = "not_readable"
    NOT_LINKED = "not_linked"
    LINKED_TO_SEVERAL = "linked_to_several"
    SOURCE_NOT_ESTABLISHED = "source_not_established"
    OKTA_MASTERS_DIRECTORY = "okta_masters_directory"
    DIRECTORY_INACTIVE = "directory_inactive"
    ALREADY_RIGHT = "already_right"
    NOT_MAPPED = "not_mapped"
    CREATE_ONLY = "create_only"
    SOURCED_ELSEWHERE = "sourced_elsewhere"
    MAPPING_INVALID = "mapping_invalid"
    NOT_PREDICTABLE = "not_predictable"
    NOT_IMPORTED = "not_imported"
    STALE_IN_DIRECTORY_COPY = "stale_in_directory_copy"
    REJECTED_BY_OKTA = "rejected_by_okta"
    OVERWRITTEN = "overwritten"
    STALE_IN_OKTA = "stale_in_okta"
    CANNOT_TELL = "cannot_tell"
    UNSPECIFIC = "unspecific"
    OBJECTED = "objected"
    NOT_YET = "not_yet"
    DOWNSTREAM = "downstream"
    DENIED = "denied"
    SOMETHING_ELSE = "something_else"
    UNCONFIRMED = "unconfirmed"


class Cause(Value):
    """One reason why the profile is not as it should be."""

    kind: VerdictKind
    reason: Reason
    attribute: str | None = None


class Verdict(Value):
    """The precheck's finding for one subject, with its basis.

    `attribute` is the one that decided, if any. `copied_at` (UTC) is when the directory's copy was last updated, if
    known. `also` holds further causes that would remain if this one were fixed, `suspicions` the likely reasons.
    `spoken` are the attributes that the ticket was taken to be about because its words contain a value of theirs, or
    their name. `expectations` are what was asked, `carried` what a sync brings along. `firm` says that the ticket's own
    words name what is to come right, so that its end needs no confirmation. `target_type` is the name of the user's
    type where a Force Sync would help, "" for the default type. `unit` is where the copy's DN stands in the directory.
    """

    kind: VerdictKind
    reason: Reason
    attribute: str | None = None
    spoken: tuple[str, ...] = ()
    user_id: str | None = None
    login: str | None = None
    directory: Directory | None = None
    target_type_id: str | None = None
    target_type: str = ""
    unit: str = ""
    copied_at: datetime | None = None
    expectations: tuple[Expectation, ...] = ()
    carried: tuple[Expectation, ...] = ()
    firm: bool = False
    observations: tuple[Observation, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    also: tuple[Cause, ...] = ()
    suspicions: tuple[Reason, ...] = ()
    judged_at: datetime
