"""The internal notes while a ticket is being worked, as neutral blocks that connectors render.

The first two lines of every note are enough for an agent: what happened and what to do. `endings` has the notes at the
end, `public` what the requester reads.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from workflows.model import Block, Bullets, Case, CaseState, Heading, Note, Radius, Reason, RunState, SyncRun, Text
from workflows.notes.audience import Reader
from workflows.notes.console import console_path
from workflows.precheck.verdicts import Team
from workflows.values.masking import plain
from workflows.values.wording import counted


class OtherWish(NamedTuple):
    """Another ticket's case, and the attributes for which it states another value."""

    case: Case
    attributes: tuple[str, ...]


def note_of(head: str, text: str, *blocks: Block) -> Note:
    """Begin a note with its two lines: what happened, and what to do."""
    return Note(blocks=(Heading(text=head), Text(text=text), *blocks))


def claimed(case: Case) -> Note:
    """Say what happens next, and how to stop it."""
    return note_of(
        "forcesync is working on this ticket",
        "Nothing to do now: it compares the Okta profile with the directory's copy in Okta, and writes here what it "
        "found, or what it waits for and until when.",
        Text(
            text="To take over, assign the ticket to yourself or remove the tag: forcesync then stops. "
            f"Case {case.id}, round {case.round}."
        ),
    )


def led_by(first: Case, reader: Reader) -> Note:
    """Name the leading ticket with the same fault, and say what becomes of this one."""
    where = f"{first.ref.key} ({first.ref.desk})"
    text = (
        f"{where} asks for the same user and attribute and came first. Nothing to do now: one Force Sync serves both, "
        "and this ticket gets its own end. If the other one is taken over or withdrawn, this one goes on by itself."
    )
    if CaseState.ESCALATED in {first.state, first.closing}:
        when = f" at {reader.at(first.ended_at)}" if first.ended_at else ""
        text = (
            f"{where} asks for the same user and attribute and was handed over to people{when}. What they find there "
            "holds here too: if this ticket is handed over, work both together."
        )
    return note_of(f"Another ticket is about the same: {first.ref.key}", text)


def naming_others(note: Note, others: Iterable[OtherWish]) -> Note:
    """Add to a note, after its two lines, the tickets that state another value for the same user and attribute."""
    added = [Text(text=_at_odds(other)) for other in others]
    return Note(blocks=(*note.blocks[:2], *added, *note.blocks[2:]))


def at_odds_with(other: OtherWish) -> Note:
    """Note on a handed-over ticket that a later one states another value."""
    return note_of(f"Another ticket asks for another value: {other.case.ref.key}", _at_odds(other))


def _at_odds(wish: OtherWish) -> str:
    other = wish.case
    came_right = CaseState.RESOLVED in {other.state, other.closing}
    return (
        f"{other.ref.key} ({other.ref.desk}) is about the same user and states another value in "
        f"{', '.join(wish.attributes)}: at most one of the two can be right. "
        f"{'It was resolved, because Okta holds its value. ' if came_right else ''}"
        f"{Team.DESK}: settle with both requesters which one it is; each ticket is judged by itself."
    )


def approved_start(run: SyncRun, reader: Reader) -> Note:
    """Report, on a ticket that asked for approval, who gave it and that the run started."""
    return note_of(
        "Approved: Force Sync started",
        f"The Force Sync of {run.label} was {approved(run, reader)}. It was started at {reader.at(run.started_at)} "
        f"({how_started(run)}). Nothing to do now.",
    )


def approved(run: SyncRun, reader: Reader) -> str:
    """Say who approved a run, when and why; "" if nobody had to."""
    decision = run.decision
    if decision is None or not decision.approved:
        return ""
    return f"approved by {plain(decision.by, 80)} at {reader.at(decision.at)}: {plain(decision.why, 200)}"


def how_started(run: SyncRun) -> str:
    """Say how the start of a run went."""
    if run.by_hand:
        return "pressed by a person in the console"
    return "the answer to the call was lost, so whether it ran is not certain" if run.uncertain else "accepted by Okta"


def still_waits(run: SyncRun, reader: Reader) -> Note:
    """Remind people of a run that waits for them."""
    what = "an approval" if run.state is RunState.PROPOSED else "somebody to press Force Sync"
    return note_of(
        f"Still waiting for {what}",
        f"The Force Sync of {run.label} has been waiting since {reader.at(run.asked_at)}; an earlier "
        "note says how. "
        f"At {reader.at(run.deadline)} this ticket is handed over.",
    )


def waits_for_approval(run: SyncRun, reader: Reader) -> Note:
    """Ask for an approval: what would be changed, and how it is given or refused."""
    again = "Waiting for approval once more: the earlier one does not count"
    return note_of(
        again if run.asked > 1 else "Waiting for approval: Force Sync would help",
        f"Approve or reject the Force Sync of {run.label} by {reader.at(run.deadline)}, else the ticket is "
        f"handed over. It {reader.why(run.because)} {described(run.radius)}",
        Bullets(
            items=(
                f"Approve: forcesync sync approve {run.id} --by YOUR-LOGIN --why REASON",
                f"Reject: forcesync sync reject {run.id} --by YOUR-LOGIN --why REASON",
                "Neither the requester nor the affected user of a waiting ticket can approve it.",
            )
        ),
    )


def waits_for_the_switch(run: SyncRun, paused: Reason, deadline: datetime | None, reader: Reader) -> Note:
    """Say that Force Sync would help and a person has paused it: who, since when and why."""
    return note_of(
        "Force Sync is paused",
        f"Force Sync of {run.label} would help, and it is paused {reader.why(paused)}. "
        "Nothing to do on this ticket: it goes on when the pause is taken off (forcesync resume), or is handed over "
        f"at {reader.at(deadline)}.",
        Text(text=f"Run {run.id}."),
    )


def waits_for_the_right(run: SyncRun, deadline: datetime | None, reader: Reader) -> Note:
    """Tell Okta's administrators that Force Sync would help and our account may not run it."""
    return note_of(
        "Okta administrators: our account may not run Force Sync",
        f"Force Sync of {run.directory.label} would help, and Okta refuses it to the token of forcesync. Give the "
        "token's user an administrator role that may run it, or replace the token; it is tried again every quarter of "
        f"an hour. Or press it in the Okta Admin Console: {console_path(run.directory)}. Else the ticket is "
        f"handed over at {reader.at(deadline)}.",
        Text(text=f"Run {run.id}. What Okta answered is in the operator's log."),
    )


def asks_to_press(run: SyncRun, reader: Reader) -> Note:
    """Show a person where to press; the worker sees the effect by itself."""
    return note_of(
        "Please press Force Sync: it would help",
        f"In the Okta Admin Console, by {reader.at(run.deadline)}: {console_path(run.directory, run.target_type)}.",
        Text(
            text=f"It re-applies the mapping to every user of this directory{_of_type(run)}. Nothing needs to be "
            "reported here: forcesync sees the effect on the Okta profile and goes on alone. If nothing has changed by "
            "then, the ticket is handed over."
        ),
    )


def _of_type(run: SyncRun) -> str:
    return f" who is of the user type {run.target_type}" if run.target_type else ""


def confirmation(case: Case, by: datetime, reader: Reader) -> Note:
    """Ask an agent whether somebody else's profile is right now."""
    asked = dict.fromkeys(item.attribute for subject in case.subjects for item in subject.expectations)
    return note_of(
        "Please confirm: is it right now?",
        f"The Okta profile now holds the directory's value in {', '.join(asked)}; the ticket did not say which value "
        f"is wanted. {Team.DESK}: answer here with yes or no by {reader.at(by)}; without an answer it counts as right.",
        Text(text=f"Case {case.id}, round {case.round}."),
    )


def described(found: Radius | None) -> str:
    """Describe a radius in one sentence, for people."""
    if found is None:
        return "How many Okta profiles it would change was not looked up."
    parts = ", ".join(f"{name} {count}" for name, count in sorted(found.by_attribute.items()))
    sentence = f"It would change {found.changed} of the {found.users} Okta profiles that it reaches"
    sentence += f" ({parts})." if parts else "."
    if found.unpredictable:
        sentence += f" What becomes of {_unpredictable(found.unpredictable)} (expressions)."
    if found.unread:
        sentence += f" {counted(found.unread, 'user')} of the directory could not be read."
    if found.refused:
        sentence += f" The user schema would refuse {counted(found.refused, 'value')}."
    return sentence


def _unpredictable(users: Mapping[str, int]) -> str:
    """Name the attributes of which it cannot be predicted, for as many users each."""
    groups = {number: [name for name in sorted(users) if users[name] == number] for number in sorted(users.values())}
    return ", and of ".join(
        f"{', '.join(names)} cannot be predicted for {counted(number, 'user')}" for number, names in groups.items()
    )
