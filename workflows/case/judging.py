"""The step of a claimed case: judge every subject, then ask, join a run, resolve or hand over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from workflows.case.asking import Question, ask, may_write
from workflows.case.closing import advise, escalate, leave, marker, of_round, with_story
from workflows.case.confirming import confirm
from workflows.case.preflight import check_named
from workflows.case.refreshing import open_runs, page_first, sign_in_first
from workflows.case.siblings import had_no_effect, leader, user_ids
from workflows.case.sight import Sight
from workflows.errors import Refused
from workflows.model import (
    EVERYONE,
    Autonomy,
    Case,
    CaseState,
    Intent,
    Move,
    Note,
    Reason,
    RunState,
    Subject,
    Ticket,
    Unspecific,
    Verdict,
    VerdictKind,
    WriteState,
)
from workflows.model import ReasonKind as R
from workflows.notes import endings, progress, public
from workflows.notes.reasons import sentence
from workflows.precheck.examination import Settings, examine, served_unnamed, settings_since
from workflows.precheck.facts import Facts
from workflows.precheck.identities import Identities, strangers_as_one
from workflows.precheck.people import People
from workflows.precheck.verdicts import Act, act_for, asking, leading_verdict, observed, rides, tells
from workflows.precheck.wishes import heard_in
from workflows.reading.request import read
from workflows.reading.vocabulary import vocabulary_of
from workflows.steps import Advance, Outcome, Ports, Wait, believed, change_in, tied, times, too_late
from workflows.sync.policy import DAY, is_held_back, join_request
from workflows.values.comparing import holds
from workflows.values.masking import plain

QUOTED = 200
AFTER_A_QUESTION = frozenset(
    {R.REPLIED, R.CONFIRMED, R.NO_LONGER_RIGHT, R.SIGN_IN_HELPED, R.SIGN_IN_DID_NOT_HELP}
)  # what is new on the ticket may answer it
CLAIM = "claimed"  # the step whose write takes the ticket
NEVER_HELD = frozenset({VerdictKind.ON_BEHALF, VerdictKind.OBJECTED})  # a person decides, whatever holds from when


def claimed(case: Case, sight: Sight, ports: Ports) -> Outcome:
    """Judge every subject of the ticket and act on the verdicts, unless the change holds from a later day.

    Nothing is written before all is read, so a right that the account lacks leaves the ticket as it is.
    """
    if _is_held(case, ports) and not sight.news:
        return _held(case, sight, ports)
    before, ticket = case, sight.words()
    unread = _unread(case, ticket, ports)
    first = case.round == 1 and not case.subjects  # after a run or a reply, cached settings are too old
    case = judged(case, ticket, ports, Settings.AS_KNOWN if first and not tied(ticket) else Settings.RECENT)
    if unread:
        case = _objected(case, unread, ports)
    if tie := tied(ticket):
        return leave(case, sight.state(), ports, tie)
    because = _for_a_person(case, ticket, ports)
    if because and not observed(case, ports.policy):
        return escalate(case, ports, because, inside=protected(case, ports) is not None)
    return _follow(case, sight, ports, before)


def _unread(case: Case, ticket: Ticket, ports: Ports) -> tuple[str, ...]:
    """Return what is new on a ticket and is a person's to read: what answers a question is not."""
    change = change_in(case, ticket, ports)
    last = case.story[-1].what.kind if case.story else None
    if last not in AFTER_A_QUESTION or _is_held(case, ports):
        return change.unread
    asked = last is R.REPLIED and any(act_for(item) is Act.ASK for item in case.subjects)
    return change.beside if asked else ()


def _objected(case: Case, unread: Sequence[str], ports: Ports) -> Case:
    """Return the case for a person, where it would ride or wait on over words that may object to that."""
    why, held = Reason.of(R.WROTE_MEANWHILE, words=plain(" ".join(unread), QUOTED)), _is_held(case, ports)

    def objected(subject: Subject) -> Subject:
        verdict = subject.verdict
        if verdict is None or not (rides(subject) or (held and act_for(subject) is not Act.RESOLVE)):
            return subject
        return subject.but(verdict=verdict.but(kind=VerdictKind.OBJECTED, reason=why))

    return case.but(subjects=tuple(map(objected, case.subjects)))


def _for_a_person(case: Case, ticket: Ticket, ports: Ports) -> Reason | None:
    """Return why a person decides, whatever was found.

    It is a later round, a doubtful comment, too many of a requester's, or an approval that would be nobody's to give.

    Who may file for everybody has no limit: agents, and the members of `policy.on_behalf`.
    """
    if case.round > 1:
        delivered = [item for item in ports.store.writes(case.id) if item.state is WriteState.DELIVERED]
        if case.written or len(of_round(case, delivered)) < len(delivered):
            return Reason.of(R.NEXT_ROUND, round=case.round)
    if any(item.doubtful for item in ticket.comments):
        return Reason.of(R.UNHEARD)
    if case.is_nameless and any(_needs_approval(item.verdict, ports) for item in case.subjects if rides(item)):
        return Reason.of(R.NOT_APPROVABLE)
    if not case.requester or EVERYONE in ports.policy.on_behalf:
        return None
    number, limit = 1 + ports.store.filed_before(case, case.opened_at - DAY), ports.policy.per_requester
    if number <= limit or _files_for_all(ticket, ports) or _by_agent(ticket, ports):
        return None
    return Reason.of(R.OVER_BUDGET, number=number, limit=limit)


def _needs_approval(verdict: Verdict | None, ports: Ports) -> bool:
    """Return whether the settings let no Force Sync for this verdict start without somebody's approval."""
    if verdict is None or verdict.directory is None or ports.drivers[verdict.directory.ref.org].by_hand:
        return False
    return ports.policy.autonomy_of(verdict.directory) is Autonomy.APPROVE


def _by_agent(ticket: Ticket, ports: Ports) -> bool:
    """Return whether somebody else than the requester opened the ticket who is proven to be an agent."""
    opener = ticket.opened_by
    return opener is not None and ports.desks[ticket.ref.desk].is_agent(ticket, opener)


def _files_for_all(ticket: Ticket, ports: Ports) -> bool:
    allowed = ports.policy.on_behalf
    users = Identities(ports.org).of_person(ticket.requester) if allowed else ()
    return len(users) == 1 and any(g.is_named(text) for g in ports.org.groups(users[0].id) for text in allowed)


def judged(case: Case, ticket: Ticket, ports: Ports, settings: Settings = Settings.RECENT) -> Case:
    """Return the case with every subject of its ticket judged as it is now; `examine` explains `settings`.

    Raises `Misconfigured` if the policy names something that the org does not have: a note could then show a value that
    is to be withheld. Raises `Refused` for what Okta refuses for the first time, which may be a stray answer.
    """
    check_named(ports)
    today = ports.reader(case).day(ports.clock.now())
    reading = read(ticket, vocabulary_of(ports.policy.synonyms), today)
    people = People(ticket, reading, ports.org, ports.clock, ports.policy, lambda: _by_agent(ticket, ports))
    change = change_in(case, ticket, ports)
    added = change.told and not change.otherwise

    def found(facts: Facts) -> Subject:
        only = facts.user.id if len(facts.users) == 1 else None
        before = next((item for item in case.subjects if only and item.verdict and item.verdict.user_id == only), None)
        if before and (added or not before.request.wants_the_same(facts.request)):
            before = None
        if before and before.right and all(holds(facts.user.profile, item) for item in before.expectations):
            return before
        examined = examine(facts, before, ports.org, ports.policy, settings)
        return _of_type(_riding_along(examined, facts, ports), ports)

    subjects = tuple(map(found, strangers_as_one(people.subjects(settings_since(settings, ports.clock)))))
    fresh = tuple(item for subject in subjects if subject.verdict for item in subject.verdict.evidence)
    evidence = tuple(dict.fromkeys((*case.evidence, *fresh)))
    for item in subjects:
        if item.verdict and item.verdict.kind is VerdictKind.NOT_READABLE:
            refused = Refused(ports.org.name, "read what the check needs", sentence(item.verdict.reason))
            if not times(case, refused):
                raise refused
    day, heard = reading.effective, heard_in(reading, ticket.requester)
    held_until = ports.reader(case).morning(day) if day and day > today else None
    return case.but(org=ports.org.name, heard=heard, subjects=subjects, evidence=evidence, held_until=held_until)


def _riding_along(subject: Subject, facts: Facts, ports: Ports) -> Subject:
    """Let a subject of whom nothing is named ride a run that gathers for others, where the policy says so."""
    verdict = subject.verdict
    if verdict is None or verdict.directory is None or ports.policy.unspecific is not Unspecific.RIDE:
        return subject
    if not any(run.state is RunState.GATHERING for run in open_runs(subject, ports)):
        return subject
    return subject.but(verdict=served_unnamed(verdict, facts, ports.org, ports.policy))


def _of_type(subject: Subject, ports: Ports) -> Subject:
    """Name the user type where a Force Sync would help, because it re-applies the mapping onto that type alone."""
    verdict = subject.verdict
    if verdict is None or verdict.target_type_id is None or not rides(subject):
        return subject
    return subject.but(verdict=verdict.but(target_type=ports.org.user_type(verdict.target_type_id)))


def with_verdicts(case: Case, **changes: object) -> Case:
    """Return the case with its verdicts changed."""
    subjects = (item.but(verdict=item.verdict.but(**changes)) if item.verdict else item for item in case.subjects)
    return case.but(subjects=tuple(subjects))


def protected(case: Case, ports: Ports) -> Reason | None:
    """Return why a person must decide: an affected user is in a protected group. None if nobody is.

    A user whose groups cannot be read counts as protected, once that is believed of this user.
    """
    names = ports.policy.protected_groups
    if not names:
        return None
    for user_id in dict.fromkeys(user_ids(case.subjects)):
        try:
            groups = ports.org.groups(user_id)
        except Refused as error:
            if not believed(case, error, ports):
                raise
            return Reason.of(R.PROTECTION_UNKNOWN, detail=error.detail)
        if found := next((group for group in groups if any(group.is_named(text) for text in names)), None):
            return Reason.of(R.PROTECTED, group=found.name)
    return None


def _follow(case: Case, sight: Sight, ports: Ports, before: Case) -> Outcome:
    verdict = leading_verdict(case)
    if verdict is None:
        raise LookupError(f"case {case.id} has no judged subject")
    held = _is_held(case, ports)
    if observed(case, ports.policy):
        return _held(case, sight, ports) if held else advise(case, ports, verdict.reason, _aside(case, sight, ports))
    if guarded := protected(case, ports):
        return escalate(case, ports, guarded, inside=True)
    if held and verdict.kind not in NEVER_HELD:
        return _held(case, sight, ports)
    unsettled = any(act_for(item) is not Act.RESOLVE for item in case.subjects)
    if unsettled and (late := too_late(sight.sla(case))):
        return escalate(case, ports, late)
    return _act(case, sight, ports, before.subjects, verdict.reason)


def _aside(case: Case, sight: Sight, ports: Ports) -> Note | None:
    """Return what is found if the requester may ask for whom the ticket names, which the desk's people find out."""
    if not any(item.verdict and item.verdict.kind is VerdictKind.ON_BEHALF for item in case.subjects):
        return None
    allowed = replace(ports, policy=ports.policy.but(on_behalf=frozenset({EVERYONE})))
    return endings.if_they_may(judged(case, sight.words(), allowed), ports.reader(case))


def _act(case: Case, sight: Sight, ports: Ports, before: tuple[Subject, ...], because: Reason) -> Outcome:
    known = {item.verdict.kind for item in before if item.verdict}  # what an answer did not change is for a person
    judged = [(item, item.verdict) for item in case.subjects if item.verdict and item.verdict.kind not in known]
    asked = next((found for found in judged if act_for(found[0]) is Act.ASK), None)
    if asked and may_write(case):
        return _ask(case, *asked, sight.words(), ports)
    rider = next((item for item in case.subjects if rides(item)), None)
    if rider and rider.verdict:
        first = leader(case, ports)
        if first and had_no_effect(first, case, ports):
            return escalate(case, ports, Reason.of(R.HAD_NO_EFFECT_ALREADY, key=first.ref.key))
        refreshed_first = sign_in_first(case, ports) or page_first(case, ports)
        return refreshed_first or _join(case, ports, rider.verdict, first)
    if all(act_for(item) is Act.RESOLVE for item in case.subjects):
        late = any(item.right for item in case.subjects)
        because = Reason.of(R.CAME_RIGHT_MEANWHILE) if late else because
        return confirm(case, sight.state(), ports, because)
    return page_first(case, ports) or escalate(case, ports, because)


def _ask(case: Case, subject: Subject, verdict: Verdict, ticket: Ticket, ports: Ports) -> Outcome:
    """Ask the requester; what tells of somebody else's profile, an agent on the internal side.

    Whoever's reply could not be told from others' is not asked.
    """
    by, reader, inside = ports.after(ports.policy.ask_for), ports.reader(case), False
    if tells(verdict) and not public.is_own(case, ticket):
        if not ports.desks[case.ref.desk].has_inside(case.ref):
            return escalate(case, ports, verdict.reason)
        text, inside = progress.question(verdict, by, reader), True
    elif not ticket.hears_requester:
        return escalate(case, ports, Reason.of(R.UNHEARD))
    else:
        text = public.question(verdict, ticket, subject, by, reader)
    return ask(case, ports, verdict.reason, Question(text, by, asking(verdict)[1], inside, (subject,)))


def _join(case: Case, ports: Ports, verdict: Verdict, first: Case | None) -> Outcome:
    """Join the run of the user's directory, and claim the ticket unless that was done; `first` leads this case."""
    now, deadline = ports.clock.now(), ports.after(ports.policy.ride_for)
    join = join_request(verdict, ports.policy, now)
    held_back = is_held_back(join.directory, ports.store, ports.policy, now)
    after, intents = with_story(case, now, verdict.reason), tuple[Intent, ...]()
    if not case.said.claimed:
        driver, autonomy = ports.drivers.get(join.directory.ref.org), ports.policy.autonomy_of(join.directory)
        asks_a_person = driver is None or driver.by_hand or autonomy is Autonomy.APPROVE
        told_soon = held_back or asks_a_person  # by a note of its own
        note = None
        if first or not told_soon:
            note = progress.joined(case, first, ports.reader(case), by_itself=not told_soon)
        after, intents = _claim(after, ports, note, first)
    return Advance(
        after.but(state=CaseState.JOINED, deadline=deadline),
        Reason.of(R.SYNC_HELPS),
        due_at=now if held_back else deadline,  # to note once what holds it back
        waits=Reason.of(R.WAITS_FOR_SYNC, label=join.label),
        intents=intents,
        join=join,
    )


def _is_held(case: Case, ports: Ports) -> bool:
    return case.held_until is not None and ports.clock.now() < case.held_until


def _held(case: Case, sight: Sight, ports: Ports) -> Outcome:
    """Wait for the day from which the change holds, on a ticket that is claimed and says so, unless its SLA is sooner.

    Nothing was found yet: what the copies hold before that day tells nothing.
    """
    until, watched = case.held_until or ports.clock.now(), observed(case, ports.policy)
    day = ports.reader(case).day(until)
    because = Reason.of(R.HELD_UNTIL, day=f"{day:%Y-%m-%d}")
    if not watched and (late := too_late(sight.sla(case))):
        why = Reason.of(R.NOT_YET, words=f"{day:%Y-%m-%d}")
        return escalate(with_verdicts(case, kind=VerdictKind.NOT_YET, reason=why), ports, late)
    if watched or case.said.claimed:
        return Wait(until, because, case)
    after, intents = _claim(case, ports, progress.waits_for_the_day(day), None)
    return Advance(after, because, due_at=until, waits=because, intents=intents)


def _claim(case: Case, ports: Ports, note: Note | None, first: Case | None) -> tuple[Case, tuple[Intent, ...]]:
    """Return the case as claimed, and what claims its ticket; `first` is the leading case that it names."""
    now = ports.clock.now()
    said = case.said.but(claimed=True, older_ticket=case.said.older_ticket or first is not None)
    after = with_story(case, now, Reason.of(R.CLAIMED)).but(said=said)
    if first:
        after = with_story(after, now, Reason.of(R.SAME_FAULT_NOTED, key=first.ref.key))
    related = first.ref if first else None
    key = marker(case, CLAIM)
    return after, (Intent(key=key, move=Move.CLAIMED, internal=note, related=related, only_inside=True),)
