"""Who does what next, as the second line of a hand-over and the steps below it say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from workflows.model import Basis, Case, Reason, SyncRun, Verdict, VerdictKind
from workflows.model import ReasonKind as R
from workflows.notes.audience import Reader, minutes
from workflows.notes.console import IMPORT_IT, console_path, user_page
from workflows.notes.findings import CLEARED_FIRST
from workflows.notes.handovers import Ending, addressed, ending, handover, team_of
from workflows.notes.reasons import first_step
from workflows.precheck.verdicts import VERDICTS, Act, Team, leading_verdict, refreshed_by_page, to_confirm

COMPARE_FIRST = (
    "No form field or labelled line of the ticket states the value: if its words name one that the directory's copy "
    "lacks, Force Sync would not help."
)
ASK_AFTERWARDS = "Once it has arrived, ask the requester whether it is correct."
NOT_YET_OF_USE = "Force Sync can't help until the new value is in the directory's copy in Okta."
PASSED_TO = {Team.DIRECTORY: "directory team", Team.OKTA: "Okta administrators"}  # by the desk, which has it
LOOK_AGAIN = "Look at the Okta profile again."
LOOK_AFTER_SYNC = (
    "Wait {wait} after the Force Sync, then look at the Okta profile. If it hasn't changed, open an Okta Support Case."
)
WITH_THE_ANSWER = (
    "With the answer, compare the values below: Force Sync helps if the directory's copy holds the right one and Okta "
    "doesn't; if the copy lacks it, the directory team brings it."
)
TELL_AND_RESOLVE = "Once the profile is correct, tell the requester and resolve this ticket."


def looked_at_again(until: datetime | None, reader: Reader) -> str:
    """Say until when, and how often, a handed-over ticket is looked at again."""
    if until is None:
        return ""
    every = minutes(reader.policy.look_again_every)
    often = {"60 minutes": "hourly", "1 minute": "every minute"}.get(every, f"every {every}")
    return f"forcesync checks {often} until {reader.at(until)} and reports here if the value arrives."


def next_step(case: Case, run: SyncRun | None, reader: Reader) -> str:
    """Say who does what next."""
    verdict, team, end = leading_verdict(case), addressed(case, run), ending(case, run)
    step = handover(case, run).next_step
    if end is Ending.RIGHT and case.because and case.because.kind is R.NEXT_ROUND:
        step = "ask the requester where the old value still shows."
    if end is Ending.NO_EFFECT and run and not run.by_hand:
        step = (
            f"press Force Sync once ({console_path(run.directory, run.target_type)}); so far only the API call has "
            f"been tried. If that has no effect either, {step}"
        )
    if end is Ending.JUDGED and verdict and verdict.reason.kind is R.KEYS_DIFFER:
        key = f"whether the copy's {verdict.attribute} is the key of what the ticket asks for"
        return f"{team}: find out, with an Okta administrator, {key}."
    failed = end is Ending.JUDGED and verdict and verdict.kind is VerdictKind.NOT_IMPORTED
    if failed and verdict and refreshed_by_page(case, reader.policy):
        page = user_page(verdict, reader)
        step += f" An Okta administrator can bring it at once by opening the user's page ({page})."
    if end is Ending.JUDGED and verdict and verdict.kind is VerdictKind.STALE_IN_OKTA and verdict.directory:
        if run and run.decision and not run.decision.approved:
            with_whom = reader.other(run.decision.by) or "whoever rejected it"
            return f"{team}: agree with {with_whom} what to do instead of the Force Sync."
        step = f"decide whether to run Force Sync: {console_path(verdict.directory, verdict.target_type)}."
        step += " ".join(("", *_by_words_alone(case)))
        if _page_is_left(case, reader):  # which reaches nobody else
            return (
                f"{Team.DESK} or {team}: first open the user's page once ({user_page(verdict, reader)}), which "
                f"refreshes only this user. If that doesn't help, {step}"
            )
    return f"{team}: {step}"


def together_with(first: Case, case: Case, run: SyncRun | None, reader: Reader, *, prepared: bool) -> str:
    """Say who does what next if another ticket with the same fault leads; `prepared`: it has the Support Case."""
    same = f"{first.ref.key} is about the same"
    if prepared:
        return f"{addressed(case, run)}: {same}, and its note has the prepared Support Case; work both together."
    return f"{next_step(case, run, reader)} {same}: work both together."


def held_up(verdict: Verdict) -> tuple[Reason, ...]:
    """Return what holds an import up, which has to be cleared first."""
    return tuple(item for item in verdict.suspicions if item.kind in CLEARED_FIRST)


def steps(case: Case, again: str, reader: Reader) -> tuple[str, ...]:
    """Return what the directory team does, step by step, about a change that has not arrived, and what forcesync does.

    A visit to the user's page is one of them, unless it was asked for already.
    """
    told = _by_directory_team(case, reader)
    if not told:
        return ()
    return _numbered([*told, again or LOOK_AGAIN])


def in_order(case: Case, reader: Reader) -> tuple[str, ...]:
    """Return what the desk does with a ticket that was only advised about, then all that is to do, up to its end."""
    verdict, step = leading_verdict(case), next_step(case, None, reader)
    if verdict is None or ending(case, None) is Ending.RIGHT:
        return (step,)
    act, team = VERDICTS[verdict.kind].act, team_of(case, None)
    told = _by_directory_team(case, reader)
    if team not in PASSED_TO:
        return (step, *_numbered([WITH_THE_ANSWER, TELL_AND_RESOLVE])) if act is Act.ASK else (step,)
    passed = f"{Team.DESK}: pass this ticket to the {PASSED_TO[team]}; the steps are below."
    if told:
        passed = f"{passed} {NOT_YET_OF_USE}"
    look = LOOK_AFTER_SYNC.format(wait=minutes(reader.policy.verify_for)) if act is Act.SYNC else LOOK_AGAIN
    return (passed, *_numbered([*(told or [step]), look, TELL_AND_RESOLVE]))


def _numbered(told: Iterable[str]) -> tuple[str, ...]:
    return tuple(f"{number}. {text}" for number, text in enumerate(told, 1))


def _by_directory_team(case: Case, reader: Reader) -> list[str]:
    """Return what the directory team does about a change that has not arrived; nothing about any other."""
    verdict = leading_verdict(case)
    if verdict is None or verdict.kind is not VerdictKind.STALE_IN_DIRECTORY_COPY or verdict.directory is None:
        return []
    names = " and ".join(item.attribute for item in verdict.expectations) or "value"
    label, first = verdict.directory.label, [first_step(item, reader.at) for item in held_up(verdict)]
    run_one = f"({IMPORT_IT.format(label=label)})"
    then = f"Wait for the next import, or have an Okta administrator run one {run_one}."
    if first:
        then = f"Have an Okta administrator run an import {run_one}."
    elif _page_is_left(case, reader):
        page = f"open the user's page once ({user_page(verdict, reader)})"
        then = f"Have an Okta administrator {page} or run an import {run_one}, or wait for the next one."
    table = "" if reader.withholds else " (see the table)"
    has_it = f"In {label}, check that this user has the expected {names}{table}"
    return [*first, f"{has_it}, and that Okta imports the user (OU, filter).", then]


def _by_words_alone(case: Case) -> Iterator[str]:
    """Say what a person looks at before and after a Force Sync for a value that the ticket's words don't settle."""
    open_ones = to_confirm(case)
    if any(item.basis is Basis.PREDICTED for subject in open_ones for item in subject.expectations):
        yield COMPARE_FIRST
    if open_ones:
        yield ASK_AFTERWARDS


def _page_is_left(case: Case, reader: Reader) -> bool:
    """Return whether a visit to the user's page may help and nobody was asked for it yet."""
    return not case.said.profile_page and refreshed_by_page(case, reader.policy)
