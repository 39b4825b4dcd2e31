"""The internal notes while a ticket is being worked, as neutral blocks that connectors render.

The first two lines of every note are enough for an agent. Internal notes call the product forcesync; public texts say
"we".
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import NamedTuple

from workflows.model import (
    Block,
    Bullets,
    Case,
    CaseState,
    Expectation,
    Heading,
    Note,
    Observation,
    Reason,
    RunState,
    SyncRun,
    Text,
    Verdict,
    VerdictKind,
)
from workflows.model import ReasonKind as R
from workflows.notes.audience import Reader, Sight, minutes
from workflows.notes.console import admin_console, console_path, named, user_page
from workflows.notes.standing import described
from workflows.notes.titles import title_of
from workflows.precheck.verdicts import Team
from workflows.values.masking import plain

MOST_APPROVERS = 5  # named on a note
OF_OTHERS = (R.CHANGES_PROTECTED, R.MAY_CHANGE_PROTECTED, R.OVERTAKES)  # told inside the desk alone
HANDED_OVER_ELSE = "if nobody answers, the ticket is handed over"
TO_OKTA = "the ticket goes to the Okta administrators"
TO_YOU = "the ticket is assigned to you"
TAKE_OVER = "To take over, assign the ticket to yourself or remove the tag or label."


class OtherWish(NamedTuple):
    """Another ticket's case, and the attributes for which it states another value."""

    case: Case
    attributes: tuple[str, ...]


def note_of(head: str, text: str, *details: Block | str) -> Note:
    """Make a note of its two lines, what was found and who does what next, and of the details that are not ""."""
    blocks = (Text(text=item) if isinstance(item, str) else item for item in (text, *details) if item)
    return Note(blocks=(Heading(text=head), *blocks))


def joined(case: Case, first: Case | None, reader: Reader, *, by_itself: bool) -> Note:
    """Say that Force Sync would help, and how to take over; with `first`, that this other ticket leads.

    `by_itself`: it follows without a person.
    """
    names = asked(case)
    stale = f"Out of date in Okta: {' and '.join(names) or 'the profile'}"
    then, do = "Force Sync comes next", "Nothing to do now: forcesync runs it and reports here."
    if not by_itself:
        then, do = "Force Sync would help", "Nothing to do yet: forcesync writes here when it needs somebody."
    return note_of(f"{stale}; {then}", f"{do} {TAKE_OVER}", _leads(first, reader) if first else "")


def asked(case: Case) -> tuple[str, ...]:
    """Return the attributes that the Okta profiles should hold, each once."""
    return tuple(dict.fromkeys(item.attribute for subject in case.subjects for item in subject.expectations))


def waits_for_the_day(day: date) -> Note:
    """Say on which day the change takes effect, when the ticket is looked at."""
    return note_of(
        f"The change takes effect on {day:%Y-%m-%d}",
        f"Nothing to do now: forcesync checks it that morning and reports here. {TAKE_OVER}",
    )


def led_by(first: Case, reader: Reader) -> Note:
    """Name the leading ticket with the same fault, and say what becomes of this one."""
    head = f"Another ticket is about the same: {first.ref.key}"
    return note_of(head, f"Nothing to do now: {_leads(first, reader)}")


def _leads(first: Case, reader: Reader) -> str:
    where = f"{first.ref.key} ({first.ref.desk}) is about the same user and attribute and"
    if CaseState.ESCALATED in {first.state, first.closing}:
        when = f" at {reader.at(first.ended_at)}" if first.ended_at else ""
        return (
            f"{where} was handed over to people{when}. What they find may concern this ticket, which goes on "
            "meanwhile. If it is handed over, too, work both together."
        )
    return (
        f"{where} came first. One Force Sync serves both, and this ticket gets its own answer, even if a person takes "
        "over the other one."
    )


def naming_others(note: Note, others: Iterable[OtherWish], reader: Reader) -> Note:
    """Add to a note the tickets that state another value for the same: until that is settled, nothing else is done."""
    added = [Text(text=asks_both(other, reader)) for other in others]
    return Note(blocks=(*note.blocks[:1], *added, *note.blocks[1:]))


def at_odds_with(other: OtherWish, reader: Reader) -> Note:
    """Note on a handed-over ticket that a later one states another value."""
    what = "asks for another value" if reader.sight is Sight.INSIDE else "is about the same"
    return note_of(f"Another ticket {what}: {other.case.ref.key}", asks_both(other, reader))


def asks_both(wish: OtherWish, reader: Reader) -> str:
    """Ask for the one right value where two tickets differ; only inside is it told what the other says."""
    other, names = wish.case, " and ".join(wish.attributes)
    where = f"{other.ref.key} ({other.ref.desk})"
    if reader.sight is not Sight.INSIDE:
        return f"{Team.DESK}: read {where} before you change anything here."
    came_right = CaseState.RESOLVED in {other.state, other.closing}
    end = (
        "That ticket was resolved: Okta holds its value." if came_right else "forcesync handles each ticket separately."
    )
    return (
        f"{Team.DESK}: ask both requesters which value is right. {where} asks for a different {names} for the same "
        f"user, and only one can be right. {end}"
    )


def approved_start(run: SyncRun, reader: Reader) -> Note:
    """Report, on a ticket that asked for approval, who gave it and that the run started."""
    return note_of(
        "Approved: Force Sync started", f"Nothing to do now. {approved(run, reader)} {started(run, reader)}."
    )


def approved(run: SyncRun, reader: Reader) -> str:
    """Say who approved a run, when and why; "" if nobody had to."""
    decision = run.decision
    if decision is None or not decision.approved:
        return ""
    who, why = reader.other(decision.by) or "Somebody", plain(decision.why, 200).rstrip(".")
    told = f": {why}" if reader.sight is Sight.INSIDE else ""  # what they wrote is no requester's to read
    return f"{who} approved the Force Sync for {run.label} at {reader.at(decision.at)}{told}."


def started(run: SyncRun, reader: Reader) -> str:
    """Say how and when a run started, as far as that is known; when a person pressed the button is not."""
    what, at = f"Force Sync for {run.label}", reader.at(run.started_at)
    again = " a second time" if run.successor_of else ""
    if run.by_hand and run.press:
        return f"Somebody pressed {what} in the Admin Console and said so on a ticket at {reader.at(run.press.at)}"
    if run.by_hand:
        return f"Somebody ran {what} in the Admin Console; its effect was first seen at {at}"
    if run.uncertain:
        return f"forcesync called {what}{again} at {at} and got no answer, so it may or may not have run"
    return f"forcesync ran {what}{again} at {at}; Okta accepted it"


def still_waits(run: SyncRun, reader: Reader) -> Note:
    """Remind people of a run that waits for them, and of how they go on."""
    approval = run.state is RunState.PROPOSED
    what = "an approval" if approval else "somebody to press Force Sync"
    do = "approve or reject it" if approval else f"press Force Sync: {_button(run)}"
    write = (
        "" if approval else f" If the value hasn't arrived a few minutes after you pressed, {_write_pressed(reader)}."
    )
    return note_of(
        f"Still waiting for {what}",
        f"{Team.OKTA}: Force Sync of {run.label} has been waiting since {reader.at(run.asked_at)}. By "
        f"{reader.at(run.deadline)}, please {do}. If nobody does, {TO_YOU}.{write}",
        Bullets(items=_decided_by(run, reader)) if approval else "",
    )


def _decided_by(run: SyncRun, reader: Reader) -> tuple[str, ...]:
    """Say which command decides on a run, where it is run, and who may."""
    names = list(filter(None, map(reader.other, sorted(reader.policy.approvers))))
    more = f" and {len(names) - MOST_APPROVERS} more" if names[MOST_APPROVERS:] else ""
    shown = f": {', '.join(names[:MOST_APPROVERS])}{more} (policy.approvers)" if names else ": policy.approvers"
    return (
        f"Approve: forcesync sync approve {run.id} --by YOUR-LOGIN --why REASON",
        f"Reject: forcesync sync reject {run.id} --by YOUR-LOGIN --why REASON",
        "Run the command on forcesync's machine, or ask its operator to run it with your Okta login.",
        f"Who may approve{shown}, except for their own request or their own profile.",
    )


def waits_for_approval(run: SyncRun, reader: Reader) -> Note:
    """Ask for an approval: what would be changed, and how it is given or refused."""
    again = "Approval needed once more: the earlier one does not count"
    because = run.because.about if run.because and run.because.kind is R.NEEDS_APPROVAL else run.because
    untold = R.SETTINGS_ASK, *(() if reader.sight is Sight.INSIDE else OF_OTHERS)
    why = reader.why(because).rstrip(".") if because and because.kind not in untold else ""
    reach = run.radius
    if reach and reader.sight is not Sight.INSIDE:
        reach = reach.but(protected=0, protected_unpredictable=0)
    return note_of(
        again if run.asked > 1 else "Approval needed: Force Sync would help",
        f"{Team.OKTA}: approve or reject the Force Sync of {run.label} by {reader.at(run.deadline)}. If nobody does, "
        f"{TO_YOU}.",
        f"{described(reach)} It can't be undone. Once somebody approves, forcesync runs it and reports here.",
        Bullets(items=_decided_by(run, reader)),
        f"Why: {why}." if why else "",
    )


def waits_for_the_switch(run: SyncRun, paused: Reason, deadline: datetime | None, reader: Reader) -> Note:
    """Say that Force Sync would help and is paused: by whom, since when and why, and what lets it go on."""
    by_settings = paused.kind is R.BY_SETTINGS
    ends = "policy.force_sync is switched on again" if by_settings else "the pause ends (forcesync resume)"
    return note_of(
        "Force Sync is paused",
        f"Nothing to do on this ticket: it goes on when {ends}. If that isn't before {reader.at(deadline)}, {TO_OKTA}. "
        f"Force Sync of {run.label} would help, but it has been paused {reader.why(paused)}.",
    )


def cannot_press(run: SyncRun, cause: str, deadline: datetime | None, reader: Reader) -> Note:
    """Tell Okta's administrators that Force Sync would help and we cannot run it; `cause` is what that is about."""
    return note_of(
        "forcesync can't run Force Sync",
        f"{Team.OKTA}: press Force Sync yourself: {_button(run)}. Force Sync of {run.label} would help. forcesync's "
        f"operator has been told what is wrong with {cause}, and forcesync tries again every 15 minutes. If neither "
        f"happens by {reader.at(deadline)}, {TO_YOU}.",
    )


def asks_to_press(run: SyncRun, reader: Reader) -> Note:
    """Show a person where to press, and ask for a word where no value tells of the press."""
    return note_of(
        "Please press Force Sync: it would help",
        f"{Team.OKTA}: please press Force Sync by {reader.at(run.deadline)}: {_button(run)}.",
        f"{_reaches(run)}. forcesync sees the value arrive and goes on by itself. If it hasn't arrived a few minutes "
        f"after you pressed, {_write_pressed(reader)}. If the value hasn't arrived by then and nobody has written, "
        f"{TO_YOU}.",
        _whom_it_changes(reader),
    )


def asks_to_open_the_page(verdict: Verdict, by: datetime, reader: Reader) -> Note:
    """Ask for one visit to the user's page, with its address, and say what is known of what that does."""
    who, place = named(verdict, reader), user_page(verdict, reader)
    label = verdict.directory.label if verdict.directory else "the directory"
    then, caveat = "the directory team gets this ticket", ""
    if verdict.kind is VerdictKind.STALE_IN_OKTA:
        then = "forcesync goes on with Force Sync"
        caveat = " It may not be enough: that it also applies the mapping is not documented."
    return note_of(
        title_of(verdict),
        f"{Team.DESK} or {Team.OKTA}: by {reader.at(by)}, open the page of {who} in Okta once: {place}",
        f"Opening it makes Okta import just this user from {label} (documented by Okta, for AD with just-in-time "
        f"provisioning). forcesync goes on by itself when it sees the change.{caveat} If nothing changes, write "
        f"anything {_here(reader)}, and forcesync goes on at once. If nobody "
        f"opens the page by then, {then}.",
    )


def asks_to_press_after_the_call(run: SyncRun, before: SyncRun, reader: Reader) -> Note:
    """Ask for the console's own button after a call without effect, and for a word once it was pressed."""
    address = admin_console(reader.org_url)
    console = f", in {address}" if address else ""
    return note_of(
        "Force Sync through the API had no effect; please press the button in the Admin Console",
        f"{Team.OKTA}: please press Force Sync by {reader.at(run.deadline)}{console}: {_button(run)}. Then "
        f"{_write_pressed(reader)}.",
        f"forcesync used an undocumented call at {reader.at(before.started_at)}; the button is the documented way. "
        f"{_reaches(run)}, which may take several minutes. Once you have written, forcesync watches for "
        f"{minutes(reader.policy.verify_for)}; if the value arrives, it goes on by itself. If the button has no effect "
        f"either, an Okta Support Case is next. If nobody writes by then, {TO_YOU}.",
        _whom_it_changes(reader),
    )


def _button(run: SyncRun) -> str:
    return console_path(run.directory, run.target_type)


def _here(reader: Reader) -> str:
    """Say where people answer: in an internal note, where the ticket has any."""
    return "here in an internal note" if reader.sight is Sight.INSIDE else "here"


def _write_pressed(reader: Reader) -> str:
    return f"write “pressed” {_here(reader)}"


def _reaches(run: SyncRun) -> str:
    of_type = f" who is of the user type {run.target_type}" if run.target_type else ""
    return f"The button re-applies the mapping to every user of this directory{of_type}"


def _whom_it_changes(reader: Reader) -> str:
    """Say that a run of a person's was not looked at for protected users; "" where the settings protect nobody."""
    unknown = "Whether it would change somebody in a protected group (policy.protected_groups) is not known."
    return unknown if reader.policy.protected_groups and reader.sight is Sight.INSIDE else ""


def confirmation(case: Case, by: datetime, reader: Reader, *, silence_ends: bool) -> Note:
    """Ask an agent whether somebody else's profile is correct now; `silence_ends`: no answer counts as a yes."""
    silence = "no answer counts as yes" if silence_ends else HANDED_OVER_ELSE
    judged = [item.verdict for item in case.subjects if item.verdict and item.verdict.expectations]
    shown = " ".join(
        f"Okta now shows the directory's value for {named(verdict, reader)} ({_values(verdict.expectations, reader)})."
        f"{_masked([item.attribute for item in verdict.expectations], verdict, reader)}"
        for verdict in judged
    )
    return note_of(
        f"Please confirm: {_are_correct(asked(case))} now?",
        f"{Team.DESK}: by {reader.at(by)}, answer yes or no {_here(reader)}; {silence}. {shown} The ticket doesn't say "
        "which value is wanted.",
    )


def question(verdict: Verdict, by: datetime, reader: Reader) -> Note:
    """Ask an agent what only somebody who may see the user's profile should be asked."""
    who, at = named(verdict, reader), reader.at(by)
    items = verdict.expectations or verdict.observations
    names = tuple(item.attribute for item in items)
    held, some = f"for {who} ({_values(items, reader)})", "value" if len(names) == 1 else "values"
    head, do = f"Please answer: {_are_correct(names)}?", f"answer yes, or give the right value, {_here(reader)}"
    seen = f"Okta and the directory's copy both hold the same {some} {held}."
    if verdict.kind is VerdictKind.DOWNSTREAM:
        head, do = (
            f"Please find out where the old {' and '.join(names)} still shows",
            f"write {_here(reader)} where that is",
        )
        seen = f"Okta already held the requested {some} {held} before the ticket was opened."
    return note_of(
        head,
        f"{Team.DESK}: by {at}, {do}; {HANDED_OVER_ELSE}. {seen}{_masked(names, verdict, reader)} The "
        "ticket is about somebody else's profile, so the question goes to you, not to the requester.",
    )


def _are_correct(names: Collection[str]) -> str:
    return f"{'is' if len(names) == 1 else 'are'} the {' and '.join(names)} in this profile correct"


def _values(items: Iterable[Expectation | Observation], reader: Reader) -> str:
    """List attributes with what Okta holds in them."""
    held = ((item.attribute, item.okta if isinstance(item, Observation) else item.value) for item in items)
    return ", ".join(f"{name}: {reader.value(name, value)}" for name, value in held)


def _masked(names: Collection[str], verdict: Verdict, reader: Reader) -> str:
    """Say where the values are seen that a note masks; "" if it masks none."""
    if set(names) <= reader.policy.open_attributes:
        return ""
    return f" Masked values are shown in Okta: {user_page(verdict, reader)}."
