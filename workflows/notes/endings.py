"""The internal notes at the end of a case and after it, with the evidence card below the first lines."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime

from workflows.model import Bullets, Case, Note, Reason, Subject, SyncRun, Text, Verdict, VerdictKind
from workflows.model import ReasonKind as R
from workflows.notes.audience import Reader, Sight, minutes
from workflows.notes.card import card, values_of
from workflows.notes.console import GRANT_IT, OPEN_IT
from workflows.notes.handovers import DECIDE, HANDOVERS, Ending, ending
from workflows.notes.next_steps import held_up, in_order, looked_at_again, next_step, steps
from workflows.notes.progress import OtherWish, asked, asks_both, note_of, started
from workflows.notes.titles import title_of
from workflows.precheck.verdicts import Act, Team, act_for, leading_verdict
from workflows.values.wording import capital, counted, uncapital

HANDED_OVER = "Handed over to a person"
LONGEST_TITLE = 120  # characters: a longer reason stands below the values
ATTACHED = "Copy every field from form.txt in the attached ZIP file, and attach the ZIP file itself."
KEPT = (
    "The package isn't attached here, because not everybody who could open it may read it. forcesync's operator saves "
    "it with: forcesync case show {key} --save FOLDER. Copy every field from form.txt in its ZIP file, and attach the "
    "ZIP file itself."
)
REFUSED = (
    R.RESOLUTION_REFUSED,
    R.CHANGE_REFUSED,
    R.PRODUCT_FAULT,
    R.ANSWER_NOT_UNDERSTOOD,
)  # what keeps a right ticket from being resolved
ADVICE = "Advice only"
IF_THEY_MAY = "If the requester may ask"
FOR_A_PERSON = (R.PROTECTED, R.NEXT_ROUND)  # why a person decides, whatever was found: the finding is the title


def resolved(case: Case, run: SyncRun | None, reader: Reader, others: Collection[OtherWish] = ()) -> Note:
    """Show the evidence for a resolution; `others` are the open tickets that state another value.

    It may be written before the ticket's state, which the desk may refuse: so it doesn't say that it is resolved.
    """
    confirmed = "Nobody confirmed that this is what was meant." if case.unconfirmed else ""
    if case.because and case.because.kind is R.CONFIRMED:
        confirmed = reader.why(case.because)
    evidence = _joined([*_seen(case, reader), *_tried(run, reader), confirmed])
    if not others:
        was_right = all(item.verdict and item.verdict.kind is VerdictKind.ALREADY_RIGHT for item in case.subjects)
        unchanged = was_right and not (run and run.started_at)
        changed = "changed nothing and " if unchanged else ""
        nothing = f"Nothing to do: forcesync {changed}is resolving this ticket."
        return note_of("The right value is in Okta", f"{nothing} {evidence}", *card(case, run, reader))
    ask, *more = (asks_both(other, reader) for other in others)
    head = f"The right value is in Okta, but {_asks_otherwise(others, reader)}"
    return note_of(head, ask, *more, evidence, *card(case, run, reader))


def _asks_otherwise(others: Collection[OtherWish], reader: Reader) -> str:
    one = len(others) == 1
    if reader.sight is not Sight.INSIDE:
        return f"{'another ticket is' if one else 'other tickets are'} about the same"
    names = " and ".join(dict.fromkeys(name for other in others for name in other.attributes))
    return f"{'another ticket asks' if one else 'other tickets ask'} for a different {names}"


def promised(note: Note) -> Note:
    """Add that the requester, who was told so, waits for an answer."""
    return Note(blocks=(*note.blocks, Text(text="The requester has been told to expect an answer here.")))


def escalated(case: Case, run: SyncRun | None, reader: Reader, step: str | None, until: datetime | None) -> Note:
    """Hand the ticket over: what was found, who does what next, and until when it is looked at again.

    The case's `because` is what ended it.
    """
    verdict, first = leading_verdict(case), to_do(case, run, reader, step, until)
    head, found = _headed(case, run, reader)
    if ending(case, run) in {Ending.JUDGED, Ending.RIGHT}:
        found = ["" if _joined(found).rstrip(".") == head else _joined(found), *_tried(run, reader)]
    said = held_up(verdict) if verdict and first.blocks[2:] else ()
    below = note_of("", "", *card(case, run, reader, _joined(found), said))
    return Note(blocks=(*first.blocks, *below.blocks[1:]))


def to_do(case: Case, run: SyncRun | None, reader: Reader, step: str | None, until: datetime | None) -> Note:
    """Return how a hand-over begins: what was found, who does what next, and the steps."""
    again = looked_at_again(until, reader)
    below = steps(case, again, reader) if ending(case, run) is Ending.JUDGED and not step else ()
    next_one = _joined([step or next_step(case, run, reader), "" if below else again])
    return note_of(_headed(case, run, reader)[0] or HANDED_OVER, next_one, *below)


def _headed(case: Case, run: SyncRun | None, reader: Reader) -> tuple[str, list[str]]:
    """Return the title of a hand-over, and what was found."""
    verdict, end = leading_verdict(case), ending(case, run)
    if end is not Ending.JUDGED:
        return _title(case, end), _came_to(case, run, end, reader)
    if verdict and case.because and (case.because == verdict.reason or case.because.kind in FOR_A_PERSON):
        why = "" if case.because == verdict.reason else reader.why(case.because)
        return title_of(verdict), [why, _findings(case, reader)]
    head, found = _headline(case.because, reader)
    return head, [found, _in_short(case, reader)]


def _joined(sentences: Iterable[str]) -> str:
    return " ".join(filter(None, sentences))


def _headline(because: Reason | None, reader: Reader) -> tuple[str, str]:
    """Return the title that a case's end gives, and what has to be said below it: a product's words are no title."""
    why = capital(reader.why(because))
    if because and (head := reader.title(because)):
        return head, f"{why.rstrip('.')}."
    return (why.rstrip("."), "") if len(why) <= LONGEST_TITLE else (HANDED_OVER, why)


def _title(case: Case, end: Ending) -> str:
    """Return the title of a case that came further than its verdict."""
    if end is Ending.NO_EFFECT and (missing := _missing(case)):
        return f"Force Sync had no effect on {' and '.join(missing)}"
    if end is Ending.RIGHT and case.because and case.because.kind is R.NEXT_ROUND:
        return "The ticket came back, but Okta holds the expected value"
    if end is Ending.RIGHT and case.because and any(map(case.because.tells, REFUSED)):
        return "Okta holds the expected value, but forcesync couldn't resolve the ticket"
    return HANDOVERS[end].title


def _missing(case: Case) -> tuple[str, ...]:
    """Return the attributes that the last look at each user missed."""
    missing: list[str] = []
    for subject in case.subjects:
        if not subject.right:
            wanted = (item.attribute for item in subject.expectations)
            missing += subject.looks[-1].lacking if subject.looks else wanted
    return tuple(dict.fromkeys(missing))


def _came_to(case: Case, run: SyncRun | None, end: Ending, reader: Reader) -> list[str]:
    """Say what has been seen since the judgement, and what ended the case, unless that says the same."""
    told = list(_right_since(case, reader)) if end is Ending.RIGHT else []
    if run and end is not Ending.RIGHT:
        without = _without_effect(case, run, reader) if end is Ending.NO_EFFECT else ""
        told.append(f"{started(run, reader)}{without}.")
    if case.because and case.because.kind not in {R.NO_EFFECT, R.ALREADY_RIGHT}:
        told.append(f"{reader.why(case.because).rstrip('.')}.")
    return told


def _without_effect(case: Case, run: SyncRun, reader: Reader) -> str:
    """Say by when what was missing, and how often it was looked for."""
    looks = max((sum(look.count for look in subject.looks) for subject in case.subjects), default=0)
    looked = f" (checked {counted(looks, 'time')})" if looks else ""
    names = " and ".join(_missing(case))
    return f"; at {reader.at(run.deadline)}, Okta still didn't show the expected {names}{looked}"


def _in_short(case: Case, reader: Reader) -> str:
    """Say what was found, for a note that begins with something else."""
    verdict = leading_verdict(case)
    behind = verdict and verdict.kind is VerdictKind.STALE_IN_OKTA
    return f"{title_of(verdict)}." if verdict and behind else _findings(case, reader)


def for_okta_support(note: Note, run: SyncRun | None, reader: Reader, key: str, *, attached: bool) -> Note:
    """Add to a hand-over what is tried before a Support Case, where that is opened, and what goes where."""
    wait = minutes(reader.policy.verify_for)
    press = f"Wait {wait} after pressing it. If the value arrives, no Support Case is needed."
    how = Bullets(
        items=(
            *((press,) if run and not run.by_hand else ()),
            f"Open the Support Case yourself; Okta has no API for it: {OPEN_IT}.",
            ATTACHED if attached else KEPT.format(key=key),
            f"If Okta asks for access to your org, a super administrator can grant it ({GRANT_IT}); forcesync can't.",
            "Write the case number on this ticket, on a line of its own: “Okta case: 01234567”",
        )
    )
    return Note(blocks=(*note.blocks[:2], how, *note.blocks[2:]))


def hand_over_refused(why: Reason, reader: Reader) -> Note:
    """Say that a part of the hand-over was refused; the note with the findings is on the ticket already."""
    return note_of(
        "The hand-over is not complete",
        f"{Team.DESK}: part of the hand-over was refused, so please see that this ticket is with the right team. "
        f"{reader.why(why)}",
    )


def advised(case: Case, reader: Reader) -> Note:
    """Say the verdict and leave the action to people (observe mode)."""
    verdict, head, told = leading_verdict(case), "the ticket was not checked", ""
    if verdict:
        ordered = reader.why(case.because) if case.because != verdict.reason else ""
        head, told = uncapital(title_of(verdict)), _joined([ordered, _findings(case, reader)])
    said = held_up(verdict) if verdict and steps(case, "", reader) else ()
    return note_of(f"{ADVICE}: {head}", *in_order(case, reader), *card(case, None, reader, told, said))


def if_they_may(case: Case, reader: Reader) -> Note | None:
    """Say what would be advised if the requester may ask for whom the ticket names; None where that may not be told.

    It may be told of open attributes alone: whoever sees it could else find out by guessing what Okta holds.
    """
    verdict, policy = leading_verdict(case), reader.policy
    judged = [(item, item.verdict) for item in case.subjects if item.verdict]
    compared = {seen.attribute for _, found in judged for seen in found.observations}
    stated = {want.attribute for item, _ in judged for want in item.request.statements}
    if verdict is None or not (stated or compared) or not (stated | compared) <= policy.open_attributes:
        return None
    head = f"{IF_THEY_MAY}: {uncapital(title_of(verdict))}"
    return note_of(head, *in_order(case, reader), *values_of(case, reader), _findings(case, reader))


def not_judged(case: Case, reader: Reader, because: Reason) -> Note:
    """Say why the ticket could not be judged (observe mode)."""
    head = f"{ADVICE}: the ticket could not be checked"
    return note_of(head, f"{Team.DESK}: {DECIDE}", *card(case, None, reader, reader.why(because)))


def without_findings(reader: Reader, because: Reason) -> Note:
    """Hand the ticket over with the reason alone: no evidence could be put together."""
    return note_of(HANDED_OVER, f"{Team.DESK}: {DECIDE}", reader.why(because))


def tied(case: Case, run: SyncRun | None, reader: Reader, tie: Reason) -> Note:
    """Say what was found on a ticket that is tied to others, for the people who work them."""
    verdict, end = leading_verdict(case), ending(case, run)
    found = _joined(_right_since(case, reader)) if end is Ending.RIGHT else _in_short(case, reader)
    why = f"{reader.why(tie).rstrip('.')}, so forcesync gives advice and doesn't resolve it."
    head = (title_of(verdict) if verdict else HANDED_OVER) if end is Ending.JUDGED else _title(case, end)
    told = _joined(["" if found.rstrip(".") == head else found, *_tried(run, reader), why])
    below = steps(case, "", reader) if end is Ending.JUDGED else ()
    said = held_up(verdict) if verdict and below else ()
    return note_of(
        f"{ADVICE}: {uncapital(head)}", next_step(case, run, reader), *below, *card(case, run, reader, told, said)
    )


def _findings(case: Case, reader: Reader) -> str:
    """Say what was found for every subject that is not settled."""
    judged = [(item, item.verdict) for item in case.subjects if item.verdict]
    shown = [(item, verdict) for item, verdict in judged if act_for(item) is not Act.RESOLVE] or judged
    told = [reader.why(verdict.reason) for _, verdict in shown]
    if len(case.subjects) > 1:
        users = (reader.who(verdict.login) or item.request.user or "The requester" for item, verdict in shown)
        told = [f"{user}: {why}" for user, why in zip(users, told, strict=True)]
    settled = ", ".join(
        reader.who(verdict.login) or "the requester" for item, verdict in judged if (item, verdict) not in shown
    )
    return _joined([*told, f"Settled already: {settled}." if settled else ""])


def _seen(case: Case, reader: Reader) -> Iterator[str]:
    """Say which value was seen when for every subject."""
    for who, held, subject, verdict in _held(case, reader):
        yield f"{who}Okta showed {held} at {reader.at(subject.seen[0].at if subject.seen else verdict.judged_at)}."


def _right_since(case: Case, reader: Reader) -> Iterator[str]:
    """Say for every user since when Okta has been seen to hold what was asked."""
    for who, held, subject, verdict in _held(case, reader):
        since = subject.right_since
        when = (
            f"has shown {held} since {reader.at(since)}"
            if since
            else f"showed {held} at {reader.at(verdict.judged_at)}"
        )
        yield f"{who}Okta {when}."


def _held(case: Case, reader: Reader) -> Iterator[tuple[str, str, Subject, Verdict]]:
    """Yield each judged user with their name where there are several, and with what was expected."""
    for subject in case.subjects:
        if verdict := subject.verdict:
            who = f"{reader.who(verdict.login) or 'The user'}: " if len(case.subjects) > 1 else ""
            names = " and ".join(item.attribute for item in verdict.expectations or verdict.observations)
            yield who, f"the expected {names or 'values'}", subject, verdict


def _tried(run: SyncRun | None, reader: Reader) -> Iterator[str]:
    """Say that a Force Sync was started, if one was."""
    if run and run.started_at:
        yield f"{started(run, reader)}."


def value_lost(names: tuple[str, ...], at: datetime, reader: Reader) -> Note:
    """Report that a resolved value did not last."""
    return note_of(
        "Checked again: the value did not last",
        f"{Team.OKTA}: see in the System Log who or what has changed it. At {reader.at(at)}, Okta no longer showed the "
        f"expected {' and '.join(names)}.",
    )


def came_right(case: Case, at: datetime, reader: Reader) -> Note:
    """Report that the values of a handed-over ticket have arrived."""
    return note_of(
        "Checked again: the value has arrived",
        f"{Team.DESK}: tell the requester, and close the ticket if nothing else is open; forcesync leaves it as it is. "
        f"At {reader.at(at)}, Okta showed the expected {' and '.join(asked(case))}.",
    )


def request_changed() -> Note:
    """Report that a handed-over ticket now asks for something other than what was judged."""
    return note_of(
        "Checked again: the request has changed",
        f"{Team.DESK}: read what is wanted now. forcesync's earlier note answers the earlier request, and "
        "forcesync no longer checks whether that came right.",
    )


def support_case_found(number: str, status: Reason, reader: Reader) -> Note:
    """Report that an Okta Support Case's number was found on the ticket, and what Okta says about it."""
    unlisted = status.kind is R.SUPPORT_CASE_UNLISTED
    step = f"{Team.OKTA}: please check the case number." if unlisted else "Nothing to do now."
    return note_of(f"Okta Support Case {number} noted", f"{step} {reader.why(status)}")
