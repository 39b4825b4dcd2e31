"""Records what became of a ticket that only got advice, so that it can be compared with what people did."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from pydantic import JsonValue

from workflows.errors import Refused
from workflows.model import Aftermath, AppUser, Case, OktaUser, Phase, Subject, Ticket, Verdict
from workflows.steps import Ports
from workflows.values.comparing import identity, means, same

A_PERSON = "a person"  # who has a ticket without a group; agents are not named in what is kept
Wanted = Mapping[str, Callable[[JsonValue], bool]]  # by Okta attribute: is this value the one that was wanted?


def aftermath(case: Case, ticket: Ticket, ports: Ports) -> Aftermath:
    """Read whether both copies now hold what was expected or stated; None for what Okta refuses to show."""
    judged = [(item, item.verdict, _user(item.verdict, ports)) for item in case.subjects]
    wanted = [(verdict, user, _wanted(item, user)) for item, verdict, user in judged]
    return Aftermath(
        closed=ticket.phase is Phase.DONE,
        seen_at=ports.clock.now(),
        held_by=ticket.group if ticket.group or ticket.assignee is None else A_PERSON,
        profile_right=_all([_holds(user.profile if user else None, what) for _, user, what in wanted]),
        copy_right=_all([_in_copy(verdict, what, ports) for verdict, _, what in wanted]),
        profile_updated_at=max(
            (user.last_updated for _, _, user in judged if user and user.last_updated), default=None
        ),
    )


def _user(verdict: Verdict | None, ports: Ports) -> OktaUser | None:
    try:
        return ports.org.user(verdict.user_id) if verdict and verdict.user_id else None
    except Refused:
        return None


def _wanted(subject: Subject, user: OktaUser | None) -> Wanted:
    """Return the expected values, or else those that the ticket stated for attributes with the same name in Okta."""
    if subject.expectations:
        return {item.attribute: partial(same, item.value) for item in subject.expectations}
    verdict, profile = subject.verdict, user.profile if user else {}
    compared = [item.attribute for item in verdict.observations] if verdict else []
    names = {name.casefold(): name for name in (*profile, *compared)}
    stated = [(names.get((want.attribute or "").casefold()), want.expected) for want in subject.request.statements]
    if not all(name and value for name, value in stated):
        return {}
    return {name: partial(means, value) for name, value in stated if name and value}


def _holds(profile: Mapping[str, JsonValue] | None, wanted: Wanted) -> bool | None:
    return None if profile is None or not wanted else all(fits(profile.get(name)) for name, fits in wanted.items())


def _in_copy(verdict: Verdict | None, wanted: Wanted, ports: Ports) -> bool | None:
    """Return whether the directory's copy holds what is wanted, for attributes that the mapping copies unchanged."""
    if verdict is None or verdict.directory is None or verdict.user_id is None or not wanted:
        return None
    sources = {item.attribute: identity(item.expression or "") for item in verdict.observations}
    named = [(sources.get(name), fits) for name, fits in wanted.items()]
    if not all(source for source, _ in named):
        return None
    try:
        copy: AppUser | None = ports.org.app_user(verdict.directory, verdict.user_id)
    except Refused:
        return None
    return None if copy is None else all(fits(copy.profile.get(source or "")) for source, fits in named)


def _all(found: list[bool | None]) -> bool | None:
    """Return whether all are right; None if one is unknown or there is none."""
    return None if not found or None in found else all(found)
