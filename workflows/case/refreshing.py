"""One user before all: they sign in once more, or somebody opens their page in the Admin Console.

Okta then imports this user alone. It documents that for the page, for AD with just-in-time provisioning; whether it
also re-applies the mapping of an unchanged copy is unknown
(https://support.okta.com/help/s/article/okta-active-directory-integration). No API does it, so a person does, and the
case goes on when it sees what came of it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import NamedTuple

from workflows.case.asking import Question, answers_inside, ask, may_write, replies, resume
from workflows.case.closing import escalate, judge_again, marker, with_story
from workflows.case.sight import Sight
from workflows.case.watching import looked
from workflows.errors import NotAllowed, Refused
from workflows.model import (
    Case,
    CaseState,
    Intent,
    Move,
    QuestionKind,
    Reason,
    Refresh,
    Subject,
    SyncRun,
    Ticket,
    Verdict,
    VerdictKind,
)
from workflows.model import ReasonKind as R
from workflows.notes import progress, public
from workflows.precheck.import_causes import REFRESH_FAILED, REFRESHED
from workflows.precheck.verdicts import STALE_COPY, leading_verdict, reached, refreshed_by_page
from workflows.precheck.wishes import NOTHING_NEW
from workflows.steps import Advance, Outcome, Ports, Wait, change_in, in_public, tied, too_late

ACTIVE = "ACTIVE"  # the one status in which a user signs in without an administrator's help
OPENED = (REFRESHED, "system.agent.ad.realtimesync", REFRESH_FAILED)  # what Okta logs of a visit
SETTLED = timedelta(seconds=30)  # what the log tells is done by then, and every shared reading of the log has it
MOST_EVENTS = 20
PAGE = "page"  # the note that asks to open the user's page, once in a round


class Asked(NamedTuple):
    """What became of what a person was asked to do: it helped, the time for it is over, or it is waited for."""

    helped: R
    over: R
    waits: R


SIGN_IN = Asked(R.SIGN_IN_HELPED, R.SIGN_IN_DID_NOT_HELP, R.WAITS_FOR_SIGN_IN)
VISIT = Asked(R.PAGE_HELPED, R.PAGE_NOT_OPENED, R.WAITS_FOR_PAGE)


def sign_in_first(case: Case, ports: Ports) -> Advance | None:
    """Ask the user to sign in before Force Sync is considered; None if the settings do not want it or it was asked.

    Tickets about several people are left out: the requester would have to chase every one of them.
    """
    verdict, policy = leading_verdict(case), ports.policy
    if verdict is None or verdict.directory is None or policy.refresh_of(verdict.directory) is not Refresh.SIGN_IN:
        return None
    if len(case.subjects) > 1 or not may_write(case) or case.said.sign_ins:
        return None
    if verdict.user_id is None or ports.org.user(verdict.user_id).status != ACTIVE:
        return None
    by = ports.after(policy.sign_in_for)
    case = case.but(said=case.said.but(sign_ins=(case.questions + 1,)))
    question = Question(public.sign_in(case, by, ports.reader(case)), by)
    return replace(ask(case, ports, Reason.of(R.SIGN_IN), question), because=Reason.of(R.SIGN_IN_FIRST))


def page_first(case: Case, ports: Ports) -> Advance | None:
    """Ask somebody to open the user's page, once in a round; None where it cannot help or the settings do not want it.

    A rider for whose Force Sync others wait too is left out: what reaches everybody is run anyway.
    """
    verdict = leading_verdict(case)
    if verdict is None or case.said.profile_page or not refreshed_by_page(case, ports.policy):
        return None
    if verdict.kind is VerdictKind.STALE_IN_OKTA and _others_want(case, verdict, ports):
        return None
    now, by = ports.clock.now(), ports.after(ports.policy.profile_page_for)
    note = progress.asks_to_open_the_page(verdict, by, ports.reader(case))
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


def asked_of(case: Case) -> Asked | None:
    """Return what a case that waits for a person has asked them to do; None if it asked a question."""
    if case.question is QuestionKind.PROFILE_PAGE:
        return VISIT
    return SIGN_IN if case.questions in case.said.sign_ins else None


def refreshing(case: Case, asked: Asked, sight: Sight, ports: Ports) -> Outcome:
    """Look for what was asked for, until it is there, a person answers, the request changes, or the time is over."""
    replied = _replied(case, asked, sight.words(), ports) if sight.news else None
    now = ports.clock.now()
    fresh, deadline = now - timedelta(seconds=ports.policy.ask_every), case.deadline or now
    case = looked(case, case.subjects, ports, fresh)
    if all(item.right for item in case.subjects):
        return _again(case, asked, ports, Reason.of(asked.helped))
    if why := too_late(sight.sla(case)):
        return escalate(case, ports, why, inside=tied(sight.state()) is not None)
    if asked is VISIT and (seen := _seen(case, case.subjects[0].verdict, ports)):
        return _again(case, asked, ports, seen)
    if replied or now >= deadline:
        return _again(case, asked, ports, replied or Reason.of(asked.over))
    return Wait(min(deadline, ports.after(ports.policy.ask_every)), Reason.of(asked.waits), case)


def _again(case: Case, asked: Asked, ports: Ports, because: Reason) -> Advance:
    if asked is SIGN_IN:
        return resume(case, ports, because)
    return judge_again(case.but(question=QuestionKind.OPEN), ports, because)


def _replied(case: Case, asked: Asked, ticket: Ticket, ports: Ports) -> Reason | None:
    """Return that somebody who was asked answered, or that a ticket that waits for a visit says something else."""
    if asked is SIGN_IN:
        return Reason.of(R.REPLIED) if replies(case, ticket, ports) else None
    if change_in(case, in_public(ticket), ports).unread:
        return Reason.of(R.REQUEST_CHANGED)
    if answers_inside(case, ticket, marker(case, PAGE), case.asked_at or case.opened_at):
        return Reason.of(R.REPLIED)
    return Reason.of(R.REQUEST_CHANGED) if change_in(case, ticket, ports) != NOTHING_NEW else None


def open_runs(subject: Subject, ports: Ports) -> list[SyncRun]:
    """Return the open runs that would reach a subject, besides those that a person starts after a call."""
    return [run for run in ports.store.runs(open_only=True) if not run.assisted and reached(subject, run)]


def _others_want(case: Case, verdict: Verdict, ports: Ports) -> bool:
    """Return whether the run that the case would join has been opened, or is wanted for another user too."""
    if verdict.directory is None:
        return False
    if open_runs(case.subjects[0], ports):
        return True
    wanting = ports.store.wanting(verdict.directory.ref, verdict.target_type_id or "")
    others = (item for other in wanting if other.id != case.id for item in other.subjects)
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
    return _logged(case, verdict.user_id, ports)


def _logged(case: Case, user_id: str, ports: Ports) -> Reason | None:
    """Return what Okta logged of the newest visit since it was asked for, once what it did can be seen."""
    asked_at = case.asked_at or case.opened_at
    settled = ports.clock.now() - max(SETTLED, timedelta(seconds=ports.policy.verify_every))
    try:
        events = ports.org.log(user_id, asked_at, MOST_EVENTS, types=OPENED)
    except (Refused, NotAllowed):
        return None
    visit = next((item for item in reversed(events) if asked_at <= item.published <= settled), None)
    if visit is None:
        return None
    return Reason.of(
        R.PAGE_FAILED if visit.event_type == REFRESH_FAILED else R.PAGE_CHANGED_NOTHING, at=visit.published
    )
