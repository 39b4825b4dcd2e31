"""What people read on a ticket: neutral blocks in plain words; connectors render them.

Internal notes show values of open attribute classes and mask all others. Public texts show no value at all, and are
neutral about what was found when the affected user is not the requester.
"""

from __future__ import annotations

from datetime import datetime

from workflows.acts import leading_verdict
from workflows.comparison import same
from workflows.model import (
    Basis,
    Block,
    Bullets,
    Case,
    Directory,
    Expectation,
    Heading,
    Note,
    Observation,
    Policy,
    RunState,
    Subject,
    SyncRun,
    Table,
    Text,
    Ticket,
    Verdict,
    VerdictKind,
)
from workflows.redaction import display
from workflows.support_form import OPEN_IT
from workflows.verdict_texts import NEXT_STEPS, TITLES, moment


def claimed(case: Case, by: datetime) -> Note:
    """Say what happens next, and by when."""
    return _note(
        Heading(text="forcesync is working on this ticket"),
        Text(
            text="It compares the user's Okta profile with the directory's copy in Okta, and acts only if that helps."
        ),
        Bullets(
            items=(
                "Behind the directory's copy: one Force Sync of the directory, then the profile is watched.",
                "Anything else: the finding is written here, or a question goes to the requester.",
                f"You will read the outcome here by {moment(by)}, unless somebody has to be asked first.",
                "To take over, assign the ticket to yourself or remove the tag: forcesync then stops.",
            )
        ),
        Text(text=f"Case {case.id}, round {case.round}."),
    )


def question(verdict: Verdict, ticket: Ticket) -> Note:
    """Ask the requester for what is missing, with lines to fill in."""
    about = {
        VerdictKind.NEEDS_INFORMATION: "we could not tell whose profile, or which attribute of it, is meant",
        VerdictKind.USER_NOT_FOUND: "we could not find the user that your request names",
        VerdictKind.USER_AMBIGUOUS: "the name in your request fits more than one user",
        VerdictKind.CANNOT_TELL: "we need to know which value you expect to see",
    }[verdict.kind]
    wanted = {
        VerdictKind.NEEDS_INFORMATION: (
            "User: (login or e-mail address)",
            "Attribute: (such as department)",
            "Expected: (the value)",
        ),
        VerdictKind.USER_NOT_FOUND: ("User: (the full login or e-mail address)",),
        VerdictKind.USER_AMBIGUOUS: ("User: (the full login or e-mail address)",),
        VerdictKind.CANNOT_TELL: (
            "Attribute: (such as department)",
            "Expected: (the value that the profile should show)",
        ),
    }[verdict.kind]
    return _note(
        Text(text=f"Thank you for your request. We cannot go on with it yet: {about}."),
        Text(text="Please reply to this ticket with these lines, filled in:"),
        Bullets(items=wanted),
        Text(text=f"Your request {ticket.ref.key} goes on as soon as you have replied."),
    )


def sync_started(run: SyncRun, served: int, next_look: datetime) -> Note:
    """Tell that the run started: for how many tickets, when it is looked at next, by when it is handed over."""
    others = "for this ticket" if served <= 1 else f"for {served} tickets, this one among them"
    how = "the answer to the call was lost, so whether it runs is not certain" if run.uncertain else "accepted by Okta"
    how = "pressed by a person in the console" if run.by_hand else how
    return _note(
        Heading(text="Force Sync started"),
        Text(
            text=f"One Force Sync of {run.directory.label} was started at {moment(run.started_at)} {others}: {how}. "
            f"The Okta profile is looked at next at {moment(next_look)}; if it does not hold the expected value by "
            f"{moment(run.deadline)}, this ticket is handed over to a person."
        ),
    )


def console_path(directory: Directory) -> str:
    """Return where in the Admin Console the Force Sync button of this very directory is."""
    return (
        f"Directory > Directory Integrations > {directory.label} > Provisioning > To Okta > Okta Attribute Mappings > "
        "Force Sync"
    )


def still_waits(run: SyncRun) -> Note:
    """Remind of a run that waits for a person."""
    what = "an approval" if run.state is RunState.PROPOSED else "somebody to press Force Sync"
    return _note(
        Heading(text="Still waiting for a person"),
        Text(
            text=f"The Force Sync of {run.directory.label} has been waiting for {what} since {moment(run.asked_at)}; "
            f"how is said above. At {moment(run.deadline)} this ticket is handed over."
        ),
    )


def waits_for_approval(run: SyncRun) -> Note:
    """Ask for an approval: what would be changed, and how it is given or refused."""
    return _note(
        Heading(text="Waiting for approval: Force Sync would help"),
        Text(text=f"The Force Sync of {run.directory.label} {run.because}"),
        Bullets(
            items=(
                f"Approve: forcesync sync approve {run.id} --by YOUR-LOGIN --why REASON",
                f"Reject: forcesync sync reject {run.id} --by YOUR-LOGIN --why REASON",
                "Neither the requester nor the affected user of a waiting ticket can approve it.",
                f"Without a decision by {moment(run.deadline)} the ticket is handed over.",
            )
        ),
    )


def waits_for_a_hand(run: SyncRun) -> Note:
    """Show a person where to press; the worker sees the effect by itself."""
    return _note(
        Heading(text="Please press Force Sync: it would help"),
        Text(text=f"In the Okta Admin Console: {console_path(run.directory)}."),
        Bullets(
            items=(
                "It re-applies the mapping to every user of this directory.",
                "Nothing needs to be reported here: forcesync sees the effect on the Okta profile and goes on alone.",
                f"If nothing has changed by {moment(run.deadline)}, the ticket is handed over.",
            )
        ),
    )


def resolved_public(case: Case, ticket: Ticket) -> Note:
    """Tell the requester the end in a few words, without values."""
    return _note(Text(text=closing_sentence(case, ticket)))


def closing_sentence(case: Case, ticket: Ticket) -> str:
    """Return the public sentence that closes a ticket."""
    verdict = leading_verdict(case)
    if not (verdict and concerns_requester(verdict, ticket)):
        return "Your request has been completed. If something is still not as expected, please reply to this ticket."
    if verdict.kind is VerdictKind.ALREADY_RIGHT:
        return (
            "Your Okta profile already shows the value that you asked for. If an application still shows another one, "
            "please reply with the application's name."
        )
    return (
        "Your Okta profile has been updated and checked. If you still see the old value, sign out and in again first."
    )


def concerns_requester(verdict: Verdict, ticket: Ticket) -> bool:
    """Say whether the affected user filed the ticket."""
    if not (verdict.login and ticket.requester):
        return False
    names = {name.lower() for name in (ticket.requester.login, ticket.requester.email) if name}
    return verdict.login.lower() in names


def resolved_internal(case: Case, run: SyncRun | None, policy: Policy) -> Note:
    """Show the evidence for a resolution."""
    return _note(Heading(text="Resolved: the right value was seen in Okta"), *_story(case, run, policy))


def escalated_internal(case: Case, run: SyncRun | None, policy: Policy, why: str, next_step: str) -> Note:
    """Hand the ticket over: why, what was seen, what was tried, what to do next."""
    return _note(
        Heading(text="Handed over to a person"),
        Text(text=why),
        Text(text=f"Next step: {next_step}"),
        *_story(case, run, policy),
    )


def for_okta_support(note: Note) -> Note:
    """Add to a hand-over where the prepared Support Case is to be opened, and what goes where."""
    return Note(
        blocks=(
            *note.blocks[:3],
            Heading(text="Prepared for Okta Support"),
            Bullets(
                items=(
                    f"Open the case here: {OPEN_IT}. No interface of Okta does it for us.",
                    "Copy every field from form.txt in the attached ZIP file, and attach the ZIP file itself.",
                    "If they ask for access to the org, a super administrator grants it; forcesync grants nothing.",
                    "Write the case's number on this ticket, on a line that begins with: Okta case:",
                )
            ),
            *note.blocks[3:],
        )
    )


def hand_over_refused(case: Case, why: str) -> Note:
    """Say that a part of the hand-over was refused; the note with the story stands on the ticket already."""
    return _note(
        Heading(text="The hand-over is not complete"),
        Text(text=why),
        Text(text=f"Please assign this ticket by hand. Case {case.id}, round {case.round}."),
    )


def advised_internal(case: Case, policy: Policy) -> Note:
    """Say the verdict and leave the acting to people (observe mode)."""
    verdict = leading_verdict(case)
    advice: list[Block] = []
    if verdict:
        step = (
            f"Force Sync would help: {console_path(verdict.directory)}."
            if verdict.kind is VerdictKind.STALE_IN_OKTA and verdict.directory
            else NEXT_STEPS[verdict.kind]
        )
        advice.append(Text(text=f"Next step: {step}"))
    return _note(
        Heading(text="Advice: forcesync only observes here and has changed nothing in Okta"),
        *advice,
        *_story(case, None, policy),
    )


def recheck_changed(case: Case, names: tuple[str, ...], at: datetime) -> Note:
    """Tell that a resolved value did not last."""
    return _note(
        Heading(text="A later look: the value did not last"),
        Text(
            text=f"At {moment(at)} the Okta profile no longer held the expected value in {', '.join(names)}. "
            "Something has overwritten it since; the System Log of Okta names the actor."
        ),
        Text(text=f"Case {case.id}, round {case.round}."),
    )


def _story(case: Case, run: SyncRun | None, policy: Policy) -> list[Block]:
    blocks: list[Block] = []
    for subject in case.subjects:
        blocks += _subject(subject, policy)
    if run and run.started_at:
        blocks.append(Heading(text="Force Sync"))
        outcome = (
            "the answer to the call was lost, so whether it ran is not certain" if run.uncertain else "accepted by Okta"
        )
        line = f"One Force Sync of {run.directory.label} was started at {moment(run.started_at)}: {outcome}."
        blocks.append(Text(text=line + (f" Request id {run.request_id}." if run.request_id else "")))
    if case.story:
        blocks.append(Heading(text="What happened"))
        blocks.append(Bullets(items=tuple(f"{moment(entry.at)}: {entry.text}" for entry in case.story)))
    evidence = case.evidence or tuple(e for s in case.subjects if s.verdict for e in s.verdict.evidence)
    if evidence:
        blocks.append(Heading(text="Evidence"))
        blocks.append(
            Table(
                header=("What", "When", "Okta request id"),
                rows=tuple((item.what, moment(item.at), item.request_id or "-") for item in evidence),
            )
        )
    blocks.append(
        Text(text=f"Case {case.id}, round {case.round}. Values are masked unless their attribute is classed open.")
    )
    return blocks


def _subject(subject: Subject, policy: Policy) -> list[Block]:
    verdict = subject.verdict
    if verdict is None:
        return []
    blocks: list[Block] = [Heading(text=f"Finding: {TITLES[verdict.kind]}"), Text(text=verdict.explanation)]
    if verdict.login:
        where = f", directory {verdict.directory.label}" if verdict.directory else ""
        blocks.append(
            Text(text=f"User {verdict.login} ({verdict.user_id}){where}. Judged at {moment(verdict.judged_at)}.")
        )
    if subject.request.source:
        blocks.append(Text(text=f"Understood from the ticket: {'; '.join(subject.request.source)}."))
    if verdict.observations:
        blocks.append(_values(subject, verdict, policy))
    if verdict.hypotheses:
        blocks.append(Text(text="What the facts let one suspect, and no more than that:"))
        blocks.append(Bullets(items=verdict.hypotheses))
    if verdict.also:
        blocks.append(Text(text="What would still stand in the way if that were mended:"))
        blocks.append(Bullets(items=tuple(cause.explanation for cause in verdict.also)))
    return blocks


def _values(subject: Subject, verdict: Verdict, policy: Policy) -> Table:
    expected = {expectation.attribute: expectation for expectation in verdict.expectations}
    seen = {item.attribute: item for item in subject.seen}
    rows = []
    for item in verdict.observations:
        after = seen.get(item.attribute)
        rows.append(
            (
                item.attribute,
                display(item.attribute, item.okta, policy),
                _copy(item, policy),
                _expected(item, expected.get(item.attribute), policy),
                f"{display(item.attribute, after.value, policy)} at {moment(after.at)}" if after else "-",
            )
        )
    return Table(
        header=("Attribute", "Okta profile before", "Directory's copy", "Expected", "Okta profile after"),
        rows=tuple(rows),
    )


def _copy(item: Observation, policy: Policy) -> str:
    if item.source is None:
        return "(computed by the mapping)"
    return display(item.attribute, item.app_user, policy)


def _expected(item: Observation, expectation: Expectation | None, policy: Policy) -> str:
    if expectation is None:
        return "-"
    basis = "stated in the ticket" if expectation.basis is Basis.STATED else "from the directory's copy"
    relation = ", as in Okta" if same(item.okta, expectation.value) else ""
    return f"{display(item.attribute, expectation.value, policy)} ({basis}{relation})"


def _note(*blocks: Block) -> Note:
    return Note(blocks=blocks)


def tied_internal(case: Case, run: SyncRun | None, policy: Policy, tie: str) -> Note:
    """Leave the finding on a ticket that is tied to others, for those who work them."""
    verdict = leading_verdict(case)
    step = NEXT_STEPS[verdict.kind] if verdict else "A person reads the findings below and decides."
    return _note(
        Heading(text="Advice: this ticket is left to people"),
        Text(text=f"{tie} forcesync judges it only, and does not resolve it."),
        Text(text=f"Next step: {step}"),
        *_story(case, run, policy),
    )


def question_again(ticket: Ticket, deadline: datetime) -> Note:
    """Remind the caller of the question that stands on the ticket."""
    return _note(
        Text(
            text=f"A reminder: your request {ticket.ref.key} waits for your reply to our question above. "
            f"Without one by {moment(deadline)}, a colleague goes on with what is known."
        )
    )
