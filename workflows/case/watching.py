"""Watches for the effect of a Force Sync: when to look at the Okta profile, and what was seen.

A Force Sync takes "several minutes", and longer in a large directory
(https://support.okta.com/help/s/article/force-updates-from-active-directory-to-okta). The times depend on the run's
start alone, so all its riders look at the same times and share one read.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from workflows.model import Case, Look, Policy, Seen, Subject, SyncRun
from workflows.steps import Ports
from workflows.values.comparing import holds

MOST = 12  # changes kept per subject; a run is checked about ten times, and hardly any look sees a change
SHARE = 8  # the longest interval between two looks is `verify_for` divided by this


def with_look(looks: tuple[Look, ...], look: Look) -> tuple[Look, ...]:
    """Add a look: one that saw the same as the last is merged into it, and a shared read counts once.

    Of more changes than are kept, the first and the newest stay.
    """
    if not looks:
        return (look,)
    *before, last = looks
    if (last.last_at, last.last_request_id) == (look.last_at, look.last_request_id):
        return looks
    if (last.lacking, last.updated_at) == (look.lacking, look.updated_at):
        again = {"count": last.count + 1, "last_at": look.last_at, "last_request_id": look.last_request_id}
        return (*before, last.but(**again))
    return (looks[0], *looks[1:][-(MOST - 2) :], look)


class Turn(NamedTuple):
    """The latest look time that has passed, None if none has, and the next one (UTC)."""

    due: datetime | None
    next: datetime


def turn(run: SyncRun, deadline: datetime, policy: Policy, now: datetime) -> Turn:
    """Return which look is due and when the next one is; at the deadline, the last one is due."""
    if now >= deadline:
        return Turn(deadline, deadline)
    due = None
    for moment in _moments(run, policy):
        if moment > now:
            return Turn(due, min(moment, deadline))
        due = moment
    raise LookupError("there is always another moment")


def _moments(run: SyncRun, policy: Policy) -> Iterator[datetime]:
    """Yield the look times: the first after `verify_every`, then whenever the time since the start has doubled.

    A manual start is detected by its effect, so its riders are checked at once.
    """
    began = moment = run.started_at or run.opened_at
    step, longest = policy.verify_every, max(policy.verify_every, policy.verify_for / SHARE)
    if run.by_hand:
        yield moment
    while True:
        moment += timedelta(seconds=step)
        yield moment
        step = min((moment - began).total_seconds(), longest)


def looked(
    case: Case,
    about: Collection[Subject],
    ports: Ports,
    not_before: datetime,
    others: Callable[[], Iterable[str]] = tuple,
) -> Case:
    """Return the case with what is seen in these subjects' Okta profiles, as `look` does."""
    subjects = (look(item, ports, not_before, others) if item in about else item for item in case.subjects)
    return case.but(subjects=tuple(subjects))


def look(subject: Subject, ports: Ports, not_before: datetime, others: Callable[[], Iterable[str]] = tuple) -> Subject:
    """Record what a subject's Okta profile holds, read at `not_before` or later; `others` wait for the same sync."""
    verdict = subject.verdict
    if verdict is None or verdict.user_id is None:
        raise LookupError("a subject without a judged user cannot have ridden")
    user = ports.org.watched(verdict.user_id, not_before, others)
    lacking = tuple(item.attribute for item in verdict.expectations if not holds(user.profile, item))
    at, by = user.read_at or ports.clock.now(), user.request_id
    times = {"first_at": at, "first_request_id": by, "last_at": at, "last_request_id": by}
    this = Look(lacking=lacking, updated_at=user.last_updated, **times)
    seen = tuple(
        Seen(attribute=item.attribute, value=user.profile.get(item.attribute), at=at, request_id=by)
        for item in verdict.expectations
    )
    return subject.but(seen=seen, looks=with_look(subject.looks, this), right=not lacking)
