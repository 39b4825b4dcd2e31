"""Whether a ticket that people have was changed by its requester, and asks for something else than what was judged.

Agents write on a ticket what they find and do: their words are no new request, so of what was written since the
judgement only the requester's counts, and changes of the form and the description.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from workflows.model import Case, Comment, Person, Request, Ticket
from workflows.reading.intake import understand
from workflows.values.comparing import typed


def asks_otherwise(case: Case, ticket: Ticket, synonyms: Mapping[str, str]) -> bool:
    """Say whether the ticket's words now name other users, attributes or values than those that were judged."""
    judged_at = max((item.verdict.judged_at for item in case.subjects if item.verdict), default=case.opened_at)
    counted = tuple(
        item for item in ticket.comments if item.by_worker or item.created <= judged_at or _by(item, ticket.requester)
    )
    now = understand(ticket.model_copy(update={"comments": counted}), synonyms)
    return _wishes(now) != _wishes(item.request for item in case.subjects)


def _by(comment: Comment, person: Person | None) -> bool:
    return person is not None and bool(_names(comment.author) & _names(person))


def _names(person: Person) -> set[str]:
    return {name.casefold() for name in (person.id, person.login, person.email) if name}


def _wishes(requests: Iterable[Request]) -> set[tuple[str, str, str | None]]:
    """Return who is to hold which value in what, as nobody writes it in two ways by chance."""
    return {
        (
            (request.user or "").casefold(),
            typed(want.attribute or "").casefold(),
            None if want.expected is None else typed(want.expected),
        )
        for request in requests
        for want in request.wants
    }
