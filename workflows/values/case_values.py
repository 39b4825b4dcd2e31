"""Hides the people's values that a case knows, so that no sentence reveals them by accident."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pydantic import JsonValue

from workflows.model import Case, Policy, Subject
from workflows.values.masking import Hidden

Values = Mapping[str, JsonValue]


def hidden(case: Case, policy: Policy, *, names: bool = False) -> Hidden:
    """Return a filter that hides the case's values in quoted text; with `names`, its people too (logs, files).

    If the settings withhold logins, people are always hidden.
    """
    found = [values for subject in case.subjects for values in values_of(subject)]
    if names or "login" in policy.never_attributes:
        found += [values for subject in case.subjects for values in names_of(subject)]
        found += [{"": name} for name in names_of_askers(case)]
    return Hidden(found, policy, addresses=names)


def names_of_askers(case: Case) -> tuple[str, ...]:
    """Return every name by which the desk knows who filed a case's ticket, and who opened it."""
    return (*case.filed_as, *(case.opened_by.identifiers if case.opened_by else ()))


def values_of(subject: Subject) -> Iterator[Values]:
    """Yield the values that were compared, expected and seen."""
    verdict = subject.verdict
    for item in verdict.observations if verdict else ():
        yield {item.attribute: item.okta}
        yield {item.attribute: item.app_user}
    yield from ({item.attribute: item.value} for item in subject.expectations)
    yield from ({item.attribute: item.value} for item in subject.seen)


def names_of(subject: Subject) -> Iterator[Values]:
    """Yield the user's names; the ticket's name for the user is never open, because it may be any attribute."""
    yield {"": subject.request.user}
    if subject.verdict:
        yield {"login": subject.verdict.login}
