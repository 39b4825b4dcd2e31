"""The documented precheck as one decision table: collected facts in, one verdict out.

The article's note is the heart: where the app user does not hold the updated value, Force Sync will not help
(https://support.okta.com/help/s/article/force-updates-from-active-directory-to-okta). Around it stand, in a written
order, the reasons for which it would be pointless, wrong or unprovable. Agreement of both copies proves nothing:
without a stated value it is "cannot tell".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from workflows.expectations import (
    GONE,
    Question,
    copy_of,
    holds,
    identity,
    observations,
    predicted,
    question_of,
    same,
    stated,
    written_by_directory,
)
from workflows.facts import Facts
from workflows.model import Expectation, Verdict
from workflows.model import VerdictKind as V
from workflows.redaction import plain

PROFILE_SOURCE_FEATURES = ("PROFILE_MASTERING", "IMPORT_PROFILE_UPDATES")


class Finding(NamedTuple):
    """What a rule found: the plain explanation, the attribute that decided, and what is expected of Okta."""

    explanation: str
    attribute: str | None = None
    expectations: tuple[Expectation, ...] = ()


def judge(facts: Facts, synonyms: Mapping[str, str]) -> Verdict:
    """Decide one subject: the first row of the table that finds something is the verdict."""
    question = question_of(facts, synonyms)
    kind, finding = next((kind, found) for kind, rule in TABLE if (found := rule(question)))
    one_user = len(facts.users) == 1
    linked = one_user and len(facts.app_users) == 1
    return Verdict(
        kind=kind,
        explanation=finding.explanation,
        attribute=finding.attribute,
        user_id=facts.user.id if one_user else None,
        login=facts.user.login if one_user else None,
        directory=facts.app_user.directory if linked else None,
        target_type_id=facts.user.type_id if one_user else None,
        expectations=finding.expectations,
        observations=observations(question) if linked else (),
        evidence=facts.evidence,
        judged_at=facts.at,
    )


# -- who ---------------------------------------------------------------------------------------------------------------


def _needs_information(question: Question) -> Finding | None:
    facts = question.facts
    if facts.identifier is None:
        return Finding("The ticket names no user, and its requester has no e-mail address or login.")
    if not facts.users and not facts.named:
        return Finding("The ticket names no user, and its requester is not known in Okta.")
    return None


def _not_found(question: Question) -> Finding | None:
    if question.facts.users:
        return None
    who = plain(question.facts.identifier or "", 100)
    return Finding(f"No Okta user has the login, e-mail address or employee number “{who}” that the ticket names.")


def _ambiguous(question: Question) -> Finding | None:
    if len(question.facts.users) == 1:
        return None
    who = plain(question.facts.identifier or "", 100)
    return Finding(f"“{who}” fits {len(question.facts.users)} Okta users; which one is meant is not said.")


def _not_active(question: Question) -> Finding | None:
    status = question.facts.user.status
    if status not in GONE:
        return None
    return Finding(f"The Okta user is {status}. Profile updates are not expected to reach such a user.")


# -- which directory ---------------------------------------------------------------------------------------------------


def _not_linked(question: Question) -> Finding | None:
    if question.facts.app_users:
        return None
    return Finding("The Okta user is not linked to any Active Directory or LDAP instance, so there is nothing to sync.")


def _several(question: Question) -> Finding | None:
    labels = [app_user.directory.label for app_user in question.facts.app_users]
    if len(labels) == 1:
        return None
    return Finding(
        f"The user is linked to {len(labels)} directories ({', '.join(labels)}). No public interface of Okta "
        "tells which one is the profile source; a person has to check."
    )


def _okta_masters(question: Question) -> Finding | None:
    if question.facts.app_user.scope != "GROUP":
        return None
    return Finding(
        f"Okta provisions this user to {question.facts.app_user.directory.label} through a group: here Okta is the "
        "source and the directory the copy. Force Sync To Okta is the wrong tool (inferred from the assignment)."
    )


def _directory_inactive(question: Question) -> Finding | None:
    directory = question.facts.app_user.directory
    if not directory.active:
        return Finding(f"The directory integration {directory.label} is not active in Okta.")
    missing = [feature for feature in PROFILE_SOURCE_FEATURES if feature not in directory.features]
    if missing:
        return Finding(
            f"The directory integration {directory.label} lacks {' and '.join(missing)}: it does not update profiles."
        )
    return None


# -- what --------------------------------------------------------------------------------------------------------------


def _not_mapped(question: Question) -> Finding | None:
    label = question.facts.app_user.directory.label
    if not question.facts.rules:
        return Finding(f"No To-Okta attribute mapping of {label} could be found for this user's type.")
    if question.unknown:
        names = ", ".join(plain(name, 60) for name in question.unknown)
        return Finding(f"{label} maps nothing to “{names}”, so no sync can change it.", question.unknown[0])
    return None


def _which_attribute(question: Question) -> Finding | None:
    if question.facts.request.expected is None or question.stated is not None:
        return None
    return Finding("The ticket states a value, but not for which one attribute of the profile.")


def _already_right(question: Question) -> Finding | None:
    if question.stated is None:
        return None
    expectation = stated(question)
    if not holds(question.facts.user.profile, expectation):
        return None
    return Finding(
        f"The Okta profile already holds the value that the ticket asks for in {expectation.attribute}.",
        expectation.attribute,
        (expectation,),
    )


def _sourced_elsewhere(question: Question) -> Finding | None:
    for attribute in question.attributes:
        source = question.facts.schema_of(attribute)
        if source and not written_by_directory(question.facts, attribute):
            return Finding(
                f"The schema says that {attribute} is not written by this directory (source: {source.master}). Neither "
                "an import nor Force Sync changes it.",
                attribute,
            )
    return None


def _create_only(question: Question) -> Finding | None:
    for attribute in question.attributes:
        if not question.facts.rules[attribute].on_update:
            return Finding(f"The mapping of {attribute} applies when a user is created only.", attribute)
    return None


def _not_predictable(question: Question) -> Finding | None:
    for attribute in question.attributes:
        expression = question.facts.rules[attribute].expression
        if identity(expression) is None:
            return Finding(
                f"{attribute} is filled by the expression “{plain(expression, 120)}”. What it will give cannot be "
                "predicted, so the precheck cannot be made.",
                attribute,
            )
    return None


# -- the precheck itself -----------------------------------------------------------------------------------------------


def _stale_copy(question: Question) -> Finding | None:
    if question.stated is None:
        return None
    expectation = stated(question)
    if same(copy_of(question.facts, expectation.attribute), expectation.value):
        return None
    return Finding(
        f"The directory's copy of the user in Okta ({question.facts.app_user.directory.label}) does not hold the "
        f"value that the ticket asks for in {expectation.attribute}. The change has not been imported yet, or was not "
        "made in the directory. As Okta documents, Force Sync would not help, so it was not pressed.",
        expectation.attribute,
        (expectation,),
    )


def _stale_in_okta(question: Question) -> Finding | None:
    if question.stated is not None:
        expectations: tuple[Expectation, ...] = (stated(question),)
    else:
        expectations = predicted(question)
    if not expectations:
        return None
    names = ", ".join(expectation.attribute for expectation in expectations)
    return Finding(
        f"The directory's copy of the user in Okta ({question.facts.app_user.directory.label}) holds another value "
        f"than the Okta profile in {names}, and the Okta profile should follow it. This is what Force Sync is for.",
        expectations[0].attribute,
        expectations,
    )


def _cannot_tell(question: Question) -> Finding:
    what = ", ".join(question.attributes) if question.attributes else "every attribute that could be compared"
    return Finding(
        f"The directory's copy and the Okta profile agree in {what}, and the ticket does not say what the value should "
        "be. Both may be right, and both may be old."
    )


TABLE: tuple[tuple[V, Callable[[Question], Finding | None]], ...] = (
    (V.NEEDS_INFORMATION, _needs_information),
    (V.USER_NOT_FOUND, _not_found),
    (V.USER_AMBIGUOUS, _ambiguous),
    (V.USER_NOT_ACTIVE, _not_active),
    (V.NOT_LINKED, _not_linked),
    (V.LINKED_TO_SEVERAL, _several),
    (V.OKTA_MASTERS_DIRECTORY, _okta_masters),
    (V.DIRECTORY_INACTIVE, _directory_inactive),
    (V.NOT_MAPPED, _not_mapped),
    (V.NEEDS_INFORMATION, _which_attribute),
    (V.ALREADY_RIGHT, _already_right),
    (V.SOURCED_ELSEWHERE, _sourced_elsewhere),
    (V.CREATE_ONLY, _create_only),
    (V.NOT_PREDICTABLE, _not_predictable),
    (V.STALE_IN_DIRECTORY_COPY, _stale_copy),
    (V.STALE_IN_OKTA, _stale_in_okta),
    (V.CANNOT_TELL, _cannot_tell),
)
