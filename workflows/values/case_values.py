"""Hides the people's values that a case knows, so that no sentence reveals them by accident."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pydantic import JsonValue

from workflows.model import Case, Subject
from workflows.values.masking import Classes, Hidden

Values = Mapping[str, JsonValue]


def hidden(case: Case, classes: Classes, *, names: bool = False) -> Hidden:
    """Return what hides the case's values in others' words; with `names`, who it is about as well (logs, files).

    Where logins are withheld, nobody is told by them either.
    """
    found = [values for subject in case.subjects for values in values_of(subject)]
    if names or "login" in classes.never_attributes:
        found += [values for subject in case.subjects for values in names_of(subject)]
        found.append({"": case.requester})
    return Hidden(found, classes, addresses=names)


def values_of(subject: Subject) -> Iterator[Values]:
    """Yield what is expected, was compared and was seen, and what the ticket's words were taken for."""
    verdict = subject.verdict
    for item in verdict.observations if verdict else ():
        yield {item.attribute: item.okta}
        yield {item.attribute: item.app_user}
    yield from ({item.attribute: item.value} for item in subject.expectations)
    yield from ({item.attribute: item.value} for item in subject.seen)


def names_of(subject: Subject) -> Iterator[Values]:
    """Yield by what the user is known; what the ticket calls the user is never open, for it may be any attribute."""
    yield {"": subject.request.user}
    if subject.verdict:
        yield {"login": subject.verdict.login}
