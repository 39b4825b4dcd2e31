"""Who does what next, as the second line of a hand-over and the steps below it say."""

from __future__ import annotations

from datetime import datetime

from workflows.model import Case, Directory, Reason, SyncRun, Text, Verdict, VerdictKind
from workflows.notes.audience import Reader
from workflows.notes.console import IMPORT_IT, console_path
from workflows.notes.findings import CLEARED_FIRST
from workflows.notes.handovers import HANDOVERS, Ending, ending, team_of
from workflows.notes.progress import page_path
from workflows.notes.reasons import first_step
from workflows.notes.titles import TOLD
from workflows.precheck.verdicts import Team, leading_verdict, refreshed_by_page
from workflows.values.masking import plain

DECIDE = "please handle it by hand."


def looked_at_again(until: datetime | None, reader: Reader) -> str:
    """Say until when, and how often, a handed-over ticket is looked at again."""
    if until is None:
        return ""
    minutes = max(1, round(reader.policy.look_again_every / 60))
    often = {60: "hourly", 1: "every minute"}.get(minutes, f"every {minutes} minutes")
    return f"forcesync checks {often} until {reader.at(until)}, and reports here if the value comes right."


def next_step(case: Case, run: SyncRun | None, reader: Reader) -> str:
    """Say who does what next."""
    verdict, team, end = leading_verdict(case), team_of(case, run), ending(case, run)
    if verdict is None:
        return f"{team}: {DECIDE}"
    if end is not Ending.JUDGED:
        return f"{team}: {_button_first(run) if end is Ending.NO_EFFECT and run else ''}{HANDOVERS[end].next_step}"
    if verdict.kind is VerdictKind.STALE_IN_OKTA and verdict.directory:
        if run and run.decision and not run.decision.approved:
            return f"{team}: settle with {plain(run.decision.by, 80)} what to do instead of the Force Sync."
        return _force_sync(case, verdict, verdict.directory, reader)
    return f"{team}: {TOLD[verdict.kind].next_step}"


def _button_first(run: SyncRun) -> str:
    """Ask for the console's own button where only the call was tried."""
    if run.by_hand:
        return ""
    return (
        "first press Force Sync once in the Okta Admin Console, as only the call was tried so far: "
        f"{console_path(run.directory)}. If that has no effect either, "
    )


def _force_sync(case: Case, verdict: Verdict, directory: Directory, reader: Reader) -> str:
    """Say who decides on a Force Sync, after a visit to the user's page, which reaches nobody else, if that is left."""
    decide = f"decide whether to run Force Sync: {console_path(directory, verdict.target_type)}."
    if not _page_is_left(case, reader):
        return f"{Team.OKTA}: {decide}"
    return (
        f"{Team.DESK} or {Team.OKTA}: first open the user's page once ({page_path(verdict, reader)}), which refreshes "
        f"only this user. If that doesn't help, {decide}"
    )


def together_with(first: Case, case: Case, run: SyncRun | None, reader: Reader, *, prepared: bool) -> str:
    """Say who does what next if another ticket with the same fault leads; `prepared`: it has the Support Case."""
    if prepared:
        what = f"{first.ref.key} is about the same and holds the prepared Support Case; work both together."
        return f"{team_of(case, run)}: {what}"
    return f"{next_step(case, run, reader)} {first.ref.key} is about the same: work both together."


def held_up(verdict: Verdict) -> tuple[Reason, ...]:
    """Return what holds an import up, which has to be cleared first."""
    return tuple(item for item in verdict.suspicions if item.kind in CLEARED_FIRST)


def steps(case: Case, again: str, reader: Reader) -> tuple[Text, ...]:
    """Return what the directory team does, step by step, about a change that has not arrived, and what forcesync does.

    A visit to the user's page is one of them, unless it was asked for already.
    """
    verdict = leading_verdict(case)
    if verdict is None or verdict.kind is not VerdictKind.STALE_IN_DIRECTORY_COPY or verdict.directory is None:
        return ()
    names = " and ".join(item.attribute for item in verdict.expectations) or "the value"
    label, first = verdict.directory.label, [first_step(item, reader.at) for item in held_up(verdict)]
    run_one = f"({IMPORT_IT.format(label=label)})"
    then = f"Then wait for the next import, or run one {run_one}."
    if first:
        then = f"Then run an import {run_one}."
    elif _page_is_left(case, reader):
        page = page_path(verdict, reader)
        then = f"Then open the user's page once ({page}), or wait for the next import, or run one {run_one}."
    told = [
        f"In {label}, check that {names} is right, and that Okta imports this user (OU, filter).",
        *first,
        then,
        *([] if again else ["Then look at the Okta profile again."]),
    ]
    numbered = [f"{number}. {text}" for number, text in enumerate(told, 1)]
    return tuple(Text(text=text) for text in (*numbered, again) if text)


def _page_is_left(case: Case, reader: Reader) -> bool:
    """Return whether a visit to the user's page may help and nobody was asked for it yet."""
    return not case.said.profile_page and refreshed_by_page(case, reader.policy)
