"""One user before all: somebody opens the user's page in the Admin Console, and Okta imports this user alone.

Okta documents the import, for AD with just-in-time provisioning; whether it also re-applies the mapping of an unchanged
copy is unknown (https://support.okta.com/help/s/article/okta-active-directory-integration). No API does it, so a person
does, and the case goes on when it sees what came of it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from workflows.case.asking import answers_inside, written_after
from workflows.case.closing import escalate, marker, with_story
from workflows.case.sight import Sight
from workflows.case.watching import look
from workflows.errors import NotAllowed, Refused
from workflows.model import (
    Case,
    CaseState,
    Intent,
    LogEvent,
    Move,
    QuestionKind,
    Reason,
    Ticket,
    Verdict,
    VerdictKind,
)
from workflows.model import ReasonKind as R
from workflows.notes import progress
from workflows.precheck.import_causes import REFRESH_FAILED, REFRESHED
from workflows.precheck.verdicts import STALE_COPY, leading_verdict, refreshed_by_page
from workflows.reading.wishes import Change
from workflows.steps import Advance, Outcome, Ports, Wait, audience, change_in, too_late

OPENED = (REFRESHED, "system.agent.ad.realtimesync", REFRESH_FAILED)  # what Okta logs of a visit
SETTLED = timedelta(seconds=30)  # what the log tells is done by then, and every shared reading of the log has it
MOST_EVENTS = 20
PAGE = "page"  # the note that asks to open the user's page, once in a round


def page_first(case: Case, ports: Ports) -> Advance | None:
    """Ask somebody to open the user's page, once in a round; None where it cannot help or the settings do not want it.

    A rider for whose Force Sync others wait too is left out: what reaches everybody is run anyway.
    """
    verdict = leading_verdict(case)
    if verdict is None or case.said.profile_page or not refreshed_by_page(case, ports.policy):
        return None
    if verdict.kind is VerdictKind.STALE_IN_OKTA and _others_want(case, verdict, ports):
        return None
    now = ports.clock.now()
    by = now + timedelta(seconds=ports.policy.profile_page_for)
    note = progress.asks_to_open_the_page(verdict, ports.org.organization().url or "", by, ports.reader(case))
    after = with_story(case, now, Reason.of(R.PAGE_ASKED)).but(
        state=CaseState.ASKED,
        question=QuestionKind.PROFILE_PAGE,
        asked_inside=True,
        asked_at=now,
        deadline=by,
        said=case.said.but(profile_page=True, claimed=True),
    )
    intent = Intent(key=marker(case, PAGE), move=None if case.said.claimed else Move.CLAIMED, internal=note)
    return Advance(after, Reason.of(R.PAGE_FIRST), due_at=now, intents=(intent,))


def waits_for_page(case: Case) -> bool:
    """Return whether the case waits for somebody to open the user's page."""
    return case.question is QuestionKind.PROFILE_PAGE


def opening(case: Case, sight: Sight, ports: Ports) -> Outcome:
    """Look for what a visit brings, until it is there, an agent answers, the request changes, or the time is over."""
    replied = sight.news and _replied(case, sight.words(), ports)
    now, (subject,) = ports.clock.now(), case.subjects
    fresh = now - timedelta(seconds=ports.policy.ask_every)
    subject = look(subject, ports, fresh, tuple)
    case = case.but(subjects=(subject,))
    if subject.right:
        return _judge_again(case, now, Reason.of(R.PAGE_HELPED))
    if why := too_late(sight.sla(case)):
        return escalate(case, ports, why, readers=audience(sight.state()))
    if seen := _seen(case, subject.verdict, ports):
        return _judge_again(case, now, seen)
    deadline = case.deadline or now
    if replied or now >= deadline:
        return _judge_again(case, now, Reason.of(R.REPLIED if replied else R.PAGE_NOT_OPENED))
    until = min(deadline, now + timedelta(seconds=ports.policy.ask_every))
    return Wait(until, Reason.of(R.WAITS_FOR_PAGE), case)


def _replied(case: Case, ticket: Ticket, ports: Ports) -> bool:
    """Return whether an agent answered, who alone was asked, or the ticket asks for something else by now."""
    ours = marker(case, PAGE)
    later = written_after(ticket, ours, case.asked_at or case.opened_at)
    answered = any(answers_inside(case, ticket, item, ours) for item in later)
    return answered or change_in(case, ticket, ports) is not Change.NONE


def _others_want(case: Case, verdict: Verdict, ports: Ports) -> bool:
    """Return whether the run that the case would join has been opened, or is wanted for another user too."""
    if verdict.directory is None:
        return False
    kind = (verdict.directory.ref, verdict.target_type_id or "")
    open_runs = (run for run in ports.store.runs(open_only=True) if not run.assisted)
    if any((run.directory.ref, run.target_type_id) == kind for run in open_runs):
        return True
    others = (item for other in ports.store.wanting(*kind) if other.id != case.id for item in other.subjects)
    return any(item.verdict and item.verdict.user_id != verdict.user_id for item in others)


def _seen(case: Case, verdict: Verdict | None, ports: Ports) -> Reason | None:
    """Return what came of a visit: a changed copy, or what Okta logged; or that others want the Force Sync too."""
    if verdict is None or verdict.directory is None or verdict.user_id is None:
        raise LookupError("a case that waits for a user's page has a judged user with a directory")
    if verdict.kind not in STALE_COPY and _others_want(case, verdict, ports):
        return Reason.of(R.OTHERS_WANT_THE_SYNC)
    if verdict.kind in STALE_COPY:
        copy = ports.org.app_user(verdict.directory, verdict.user_id)
        shown = [item for item in verdict.observations if item.source]
        if copy is not None and any(copy.profile.get(item.source or "") != item.app_user for item in shown):
            return Reason.of(R.PAGE_REFRESHED_THE_COPY)
    event = _logged(case, verdict.user_id, ports)
    if event is None:
        return None
    return Reason.of(
        R.PAGE_FAILED if event.event_type == REFRESH_FAILED else R.PAGE_CHANGED_NOTHING, at=event.published
    )


def _logged(case: Case, user_id: str, ports: Ports) -> LogEvent | None:
    """Return the newest event of a visit since it was asked for, once what it did can be seen; None without a log."""
    asked_at, settled = case.asked_at or case.opened_at, _settled(ports)
    try:
        events = ports.org.log(user_id, asked_at, MOST_EVENTS, types=OPENED)
    except (Refused, NotAllowed):
        return None
    return next((item for item in reversed(events) if asked_at <= item.published <= settled), None)


def _settled(ports: Ports) -> datetime:
    return ports.clock.now() - max(SETTLED, timedelta(seconds=ports.policy.verify_every))


def _judge_again(case: Case, now: datetime, because: Reason) -> Advance:
    after = with_story(case, now, because).but(state=CaseState.CLAIMED, deadline=None, question=QuestionKind.OPEN)
    return Advance(after, because, due_at=now)
