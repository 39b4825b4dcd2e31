"""Cheaper than a Force Sync: the affected person signs in once more, and Okta brings that one user up to date.

With delegated authentication a sign-in imports the person from the directory at once
(https://support.okta.com/help/s/article/methods-for-initiating-active-directory-imports-in-okta). That it also brings
what only the mapping lacks to the Okta profile is inferred: so the profile is looked at, and if the sign-in did not
help, or nobody signed in, the ticket rides a Force Sync as any other.
"""

from __future__ import annotations

from datetime import timedelta

from workflows.case.asking import ask, go_on, may_write, reply
from workflows.case.closing import escalate
from workflows.model import Case, Subject, Ticket
from workflows.notes import public
from workflows.precheck.examination import look
from workflows.relations import tied
from workflows.service_level import too_late
from workflows.steps import Advance, Outcome, Ports, Wait

SIGN_IN = "sign-in"  # in `said`, with the question's number: that one asked for a sign-in
ACTIVE = "ACTIVE"  # the one status in which a user signs in without an administrator's help


def sign_in_first(case: Case, rider: Subject, ports: Ports) -> Advance | None:
    """Ask for a sign-in before a Force Sync is thought of; None where it is not wanted, or was asked for already.

    A ticket about several people is not asked: its requester would have to chase all of them.
    """
    verdict, policy = rider.verdict, ports.policy
    if verdict is None or verdict.directory is None or not policy.refreshed_by_sign_in(verdict.directory):
        return None
    if len(case.subjects) > 1 or not may_write(case) or any(item.startswith(SIGN_IN) for item in case.said):
        return None
    if verdict.user_id is None or ports.org.user(verdict.user_id).status != ACTIVE:
        return None
    by = ports.clock.now() + timedelta(seconds=policy.sign_in_for)
    text = public.sign_in(case, by, ports.reader(case))
    asked = ask(case, ports, "to sign in once more, which may refresh this one user.", text)
    said = (*asked.case.said, f"{SIGN_IN}{asked.case.questions}")
    after = asked.case.model_copy(update={"said": said, "deadline": by})
    return Advance(after, "a sign-in is asked for before a Force Sync", due_at=asked.due_at, intents=asked.intents)


def waits_for_sign_in(case: Case) -> bool:
    """Say whether the question that a case waits with asks for a sign-in."""
    return f"{SIGN_IN}{case.questions}" in case.said


def signing_in(case: Case, ticket: Ticket, ports: Ports) -> Outcome:
    """Look at the Okta profile until it is right, the person replies, or the time for a sign-in is over."""
    now = ports.clock.now()
    if why := too_late(ticket):
        return escalate(case, ports, why, quiet=tied(ticket) is not None)
    fresh = now - timedelta(seconds=ports.policy.ask_every)
    case = case.model_copy(update={"subjects": tuple(look(item, ports, fresh, tuple) for item in case.subjects)})
    if all(item.right for item in case.subjects):
        return go_on(case, now, "The Okta profile took the expected value after a sign-in was asked for.")
    if reply(case, ticket):
        return go_on(case, now, "A reply came.")
    deadline = case.deadline or now
    if now >= deadline:
        return go_on(case, now, "No sign-in brought the value in time.")
    return Wait(min(deadline, now + timedelta(seconds=ports.policy.ask_every)), "waiting for a sign-in", case)
