"""Whether what came right is what was asked: one closed question where the ticket's own words do not say it."""

from __future__ import annotations

from collections.abc import Sequence, Set

from workflows.case.asking import Question, ask, may_write, resume
from workflows.case.closing import escalate, resolve
from workflows.case.watching import look
from workflows.model import (
    Basis,
    Case,
    Comment,
    Expectation,
    Person,
    QuestionKind,
    Reason,
    RideState,
    Statement,
    Subject,
    Ticket,
    VerdictKind,
    folded,
)
from workflows.model import ReasonKind as R
from workflows.notes import progress, public
from workflows.precheck.verdicts import Act, act_for, silence_ends, to_confirm
from workflows.precheck.wishes import Reply, reply_in
from workflows.reading.own_words import MOST_READ, own_words
from workflows.reading.statements import in_lines
from workflows.reading.vocabulary import Vocabulary, vocabulary_of
from workflows.steps import Advance, Ports, tied
from workflows.values.keys import is_meant
from workflows.values.masking import plain

QUOTED = 200


def confirm(case: Case, ticket: Ticket, ports: Ports, because: Reason, ride: RideState | None = None) -> Advance:
    """Resolve, or first ask whether it is right now; where no message is left, resolve without a confirmation.

    Nobody is asked on a ticket that is tied to others: it is left to people. So is one whose requester's reply could
    not be told from others'.
    """
    about = to_confirm(case)
    if tied(ticket) or not about:
        return resolve(case, ticket, ports, because, ride=ride)
    inside = not public.is_own(case, ticket)  # an agent confirms it; nothing public is asked of another's profile
    if not may_write(case) or (inside and not ports.desks[case.ref.desk].has_inside(case.ref)):
        return _unconfirmed(case, ticket, ports, because, ride)
    if not inside and not ticket.hears_requester:
        return _escalated(case, ticket, ports, VerdictKind.UNCONFIRMED, Reason.of(R.UNHEARD), ride)
    by, notes = ports.after(ports.policy.ask_for), progress if inside else public
    text = notes.confirmation(case, by, ports.reader(case), silence_ends=silence_ends(case))
    question = Question(text, by, QuestionKind.CONFIRM, inside, about)
    return ask(case, ports, Reason.of(R.TO_BE_CONFIRMED), question, ride)


def answered(case: Case, ticket: Ticket, ports: Ports, comments: Sequence[Comment]) -> Advance | None:
    """Follow the replies to a question; None where they are read like any other words.

    Of replies that say different things, none counts: a person reads them.
    """
    vocabulary = vocabulary_of(ports.policy.synonyms)
    replies = [own_words(comment.body, vocabulary, MOST_READ).lines for comment in comments]
    writers = (ticket.writer_of(comment) for comment in comments)
    said = {_meaning(case, lines, vocabulary, by) for lines, by in zip(replies, writers, strict=True)}
    words = plain(" ".join(line for lines in replies for line in lines), QUOTED)
    if _is_read_anew(case.question, said):
        return None
    if said == {Reply.YES}:
        return _agreed(case, ticket, ports)
    kind, why = _led_to(said, words)
    return _escalated(case, ticket, ports, kind, why)


def _is_read_anew(question: QuestionKind, said: Set[Reply]) -> bool:
    """Return whether replies tell more about what is wrong, so that the ticket is judged with them."""
    if question is QuestionKind.CLOSED:
        return bool(said & {Reply.VALUE, Reply.WORDS}) and not said & {Reply.YES, Reply.SOMETHING_ELSE}
    return question is QuestionKind.OPEN and said != {Reply.SOMETHING_ELSE}


def _led_to(said: Set[Reply], words: str) -> tuple[VerdictKind, Reason]:
    """Return what replies other than a plain yes lead to; the value that is right instead is a no."""
    if said == {Reply.SOMETHING_ELSE}:
        return VerdictKind.SOMETHING_ELSE, Reason.of(R.ABOUT_SOMETHING_ELSE)
    if said <= {Reply.NO, Reply.VALUE}:
        return VerdictKind.DENIED, Reason.of(R.DENIED)
    return VerdictKind.UNCONFIRMED, Reason.of(R.UNCLEAR_REPLY if len(said) == 1 else R.REPLIES_DIFFER, words=words)


def unanswered(case: Case, ticket: Ticket, ports: Ports) -> Advance | None:
    """Close a ticket whose confirmation nobody gave in time; None for any other question."""
    if case.question is not QuestionKind.CONFIRM:
        return None
    after = _looked_again(case, ports, ())
    if not all(item.right for item in after.subjects):
        return resume(after, ports, Reason.of(R.NO_LONGER_RIGHT))
    return _unconfirmed(after, ticket, ports, Reason.of(R.NOT_CONFIRMED))


def _meaning(case: Case, lines: Sequence[str], vocabulary: Vocabulary, writer: Sequence[Person]) -> Reply:
    """Return what one reply says; to repeat the value that was asked about is to say yes, any other is a `VALUE`."""
    said, stated = reply_in(lines, vocabulary, writer), in_lines(lines, vocabulary, answered=True)
    values = [item for item in stated.statements if item.expected]
    if said is Reply.SOMETHING_ELSE or not (values or said is Reply.VALUE):
        return said
    if values and case.question is QuestionKind.CLOSED:
        return Reply.VALUE
    if len(stated.users) == 1:
        values = [item.but(user=stated.users[0]) for item in values]
    values = values or [Statement(expected=line) for line in lines]
    return Reply.YES if all(_is_held(case, item, vocabulary) for item in values) else Reply.VALUE


def _is_held(case: Case, stated: Statement, vocabulary: Vocabulary) -> bool:
    """Return whether a reply's value is one that was asked about, of the user and the attribute that it names."""
    asked = [_as_asked(item) for item in _asked_about(case) if _is_of(item, stated.user)]
    words = (stated.attribute or "").split("|") if stated.attribute else []
    named = {name.casefold() for word in words for name in (word, *vocabulary.attributes_of(word))}

    def held_by(subject: Subject) -> bool:
        meant = [item for item in subject.expectations if not named or item.attribute.casefold() in named]
        return any(is_meant(stated.expected or "", item.value) for item in meant)

    return bool(asked) and all(held_by(item) for item in asked)


def _is_of(subject: Subject, user: str | None) -> bool:
    names = (subject.request.user, subject.verdict.login if subject.verdict else None)
    return user is None or folded(user) in map(folded, filter(None, names))


def _asked_about(case: Case) -> tuple[Subject, ...]:
    asked = tuple(item for item in case.subjects if item.verdict and item.verdict.user_id in case.asked_about)
    return asked or tuple(item for item in case.subjects if act_for(item) is not Act.RESOLVE) or case.subjects


def _as_asked(subject: Subject) -> Subject:
    """Return a subject that expects what was asked about: what came right, or that in which both copies agreed."""
    verdict = subject.verdict
    if verdict is None or verdict.expectations:
        return subject
    held = (Expectation(attribute=item.attribute, value=item.okta, basis=Basis.STATED) for item in verdict.observations)
    return subject.but(verdict=verdict.but(expectations=tuple(held)))


def _agreed(case: Case, ticket: Ticket, ports: Ports) -> Advance:
    """Settle what was asked about if Okta still holds it; then end, or judge what is left."""
    asked = _asked_about(case)
    after = _looked_again(case, ports, asked)
    if all(item.right for item in after.subjects):
        return resolve(after, ticket, ports, Reason.of(R.CONFIRMED))
    still = all(after.subjects[case.subjects.index(item)].right for item in asked)
    return resume(after, ports, Reason.of(R.CONFIRMED if still else R.NO_LONGER_RIGHT))


def _looked_again(case: Case, ports: Ports, asked: Sequence[Subject]) -> Case:
    """Look at the Okta profiles of those who count as settled, and of those who were `asked` about."""
    now = ports.clock.now()

    def again(subject: Subject) -> Subject:
        if subject not in asked and act_for(subject) is not Act.RESOLVE:
            return subject
        return look(_as_asked(subject), ports, now)

    return case.but(subjects=tuple(again(item) for item in case.subjects))


def _unconfirmed(case: Case, ticket: Ticket, ports: Ports, because: Reason, ride: RideState | None = None) -> Advance:
    """Resolve what the ticket named; what it did not name is a person's to ask about."""
    if silence_ends(case):
        return resolve(case.but(unconfirmed=True), ticket, ports, because, ride=ride)
    return _escalated(case, ticket, ports, VerdictKind.UNCONFIRMED, Reason.of(R.NOT_CONFIRMED), ride)


def _escalated(
    case: Case, ticket: Ticket, ports: Ports, kind: VerdictKind, why: Reason, ride: RideState | None = None
) -> Advance:
    """Hand over with the reply's consequence in the place of each verdict that it is about."""
    asked = _asked_about(case)
    subjects = tuple(
        item.but(verdict=item.verdict.but(kind=kind, reason=why), right=False)
        if item.verdict and item in asked
        else item
        for item in case.subjects
    )
    return escalate(case.but(subjects=subjects), ports, why, ride=ride, inside=tied(ticket) is not None)
