"""The table's second part: what is asked, what both copies hold, and what keeps the value from arriving."""

from __future__ import annotations

from workflows.model import Expectation
from workflows.precheck.expectations import left, right_already, stated, to_be_seen, written_by_directory
from workflows.precheck.facts import INVALID_EXPRESSION, Facts
from workflows.precheck.finding import Finding
from workflows.precheck.import_causes import hypotheses, told_by
from workflows.precheck.questions import Ask, Question, copy_of
from workflows.precheck.schema_refusal import PEOPLE, UPDATED, breaking_values, last_refusal, newest
from workflows.precheck.words.complaints import complains_of
from workflows.values.comparing import identity, same
from workflows.values.masking import plain
from workflows.values.wording import utc


def no_mapping(question: Question) -> Finding | None:
    """Find that this user's type has no mapping at all."""
    if question.facts.rules:
        return None
    label = question.facts.copy_user.directory.label
    return Finding(f"No To-Okta attribute mapping of {label} could be found for this user's type.")


def which_attribute(question: Question) -> Finding | None:
    """Find that a value or what the words are about fits no single attribute."""
    if question.undecided:
        words = ", ".join(plain(word, 60) for word in question.undecided)
        return Finding(f"“{words}” may mean several attributes of the profile; which one is meant was not said.")
    if question.loose:
        return Finding("The ticket spoke of a value or a thing that fits no single attribute of the profile.")
    return None


def already_right(question: Question) -> Finding | None:
    """Find that Okta holds every value that the ticket states, and that it asks for nothing else."""
    right = right_already(question)
    if not right or len(right) < len(question.asks) or question.unknown:
        return None
    names = ", ".join(item.attribute for item in right)
    return Finding(f"The Okta profile already held what the ticket asks for in {names}.", right[0].attribute, right)


def sourced_elsewhere(question: Question) -> Finding | None:
    """Find an attribute that this directory may not write."""
    for ask in left(question):
        rule = question.facts.schema_of(ask.attribute)
        if rule and not written_by_directory(question.facts, ask.attribute):
            source = {"OKTA": "Inherit from Okta", "OVERRIDE": "Override profile source"}.get(rule.master or "", "")
            return Finding(
                f"The user schema said that {ask.attribute} is not written by this directory ({source}). Neither an "
                "import nor Force Sync would have changed it.",
                ask.attribute,
            )
    return None


def not_mapped(question: Question) -> Finding | None:
    """Find an attribute that nothing fills from this directory."""
    label = question.facts.copy_user.directory.label
    unmapped = [ask.attribute for ask in left(question) if ask.attribute not in question.facts.rules]
    words = [*unmapped, *(plain(word, 60) for word in question.unknown)]
    if not words:
        return None
    return Finding(f"{label} mapped nothing to “{', '.join(words)}”, so no sync could have changed it.", words[0])


def create_only(question: Question) -> Finding | None:
    """Find a mapping that applies to new users only."""
    for ask in left(question):
        rule = question.facts.rules.get(ask.attribute)
        if rule and not rule.on_update:
            return Finding(f"The mapping of {ask.attribute} applied only when a user is created.", ask.attribute)
    return None


def mapping_invalid(question: Question) -> Finding | None:
    """Find an expression that Okta itself could not evaluate."""
    facts = question.facts
    of_user = newest(facts.history or (), INVALID_EXPRESSION)
    event = of_user or newest(facts.directory_history or (), INVALID_EXPRESSION)
    if event is None:
        return None
    whom = "for this user" if of_user else f"of {facts.copy_user.directory.label}, for whom was not told,"
    for ask in left(question):
        expression = facts.rules[ask.attribute].expression
        if identity(expression) is None:
            return Finding(
                f"Okta could not evaluate a mapping expression {whom} at {utc(event.published)} "
                f"({plain(event.reason or 'no reason told', 120)}); {ask.attribute} was filled by "
                f"“{plain(expression, 120)}”.",
                ask.attribute,
                events=(event,),
            )
    return None


def not_predictable(question: Question) -> Finding | None:
    """Find an attribute that an expression computes."""
    for ask in left(question):
        expression = question.facts.rules[ask.attribute].expression
        if identity(expression) is None:
            return Finding(
                f"{ask.attribute} was filled by the expression “{plain(expression, 120)}”. What it gives cannot be "
                "predicted, so nothing could be checked.",
                ask.attribute,
            )
    return None


def rejected(question: Question) -> Finding | None:
    """Find that one value of this user breaks all the others on their way to Okta."""
    wanted, facts = to_be_seen(question), question.facts
    if not wanted:
        return None
    names = ", ".join(item.attribute for item in wanted)
    refusal = last_refusal(facts)
    told = (
        f"The System Log told of it at {utc(refusal.published)}"
        f" ({plain(refusal.reason or refusal.message or 'no reason told', 120)})."
        if refusal
        else "The System Log did not tell of it, which proves nothing; it is our own check against the user schema."
    )
    broken = breaking_values(facts)
    if broken:
        first = broken[0]
        return Finding(
            f"Okta {'refused' if refusal else 'would refuse'} this user's whole update over the value of "
            f"{first.attribute}: {first.why}. One invalid value keeps all others back, {names} among them. {told}",
            first.attribute,
            events=(refusal,) if refusal else (),
        )
    if refusal is None:
        return None
    return Finding(
        f"Okta refused this user's last update from the directory. {told} Which value it was could not be told from "
        f"the user schema; until it is mended, {names} cannot arrive.",
        wanted[0].attribute,
        events=(refusal,),
    )


def overwritten(question: Question) -> Finding | None:
    """Find that somebody changed the attribute in Okta after the directory's copy was last updated."""
    facts = question.facts
    names = {item.attribute for item in to_be_seen(question)}
    since = facts.copy_user.last_updated
    for event in reversed(facts.history or ()):
        changed = names & set(event.changed)
        by_person = event.event_type == UPDATED and event.actor_kind in PEOPLE
        if by_person and changed and since and event.published > since:
            return Finding(
                f"{', '.join(sorted(changed))} was changed in Okta at {utc(event.published)} by "
                f"{plain(event.actor_name or event.actor or 'somebody', 80)}, after the directory's copy had been "
                "updated. A Force Sync would undo that; whether it is wanted is for a person to say.",
                min(changed),
                events=(event,),
            )
    return None


def partly_told(question: Question) -> Finding | None:
    """Find an attribute that the ticket names, that agrees in both copies and has no stated value, beside others.

    A sync would mend the others and leave it open whether this one is right, so it is asked first.
    """
    wanted = {item.attribute for item in to_be_seen(question)}
    untold = [ask.attribute for ask in question.asks if ask.expected is None and ask.attribute not in wanted]
    if not untold or not wanted:
        return None
    return Finding(
        f"The directory's copy and the Okta profile agreed in {', '.join(untold)}, and the ticket did not say what the "
        "value should be. Both may be right, and both may be old.",
        untold[0],
    )


def stale_in_okta(question: Question) -> Finding | None:
    """Find the case that Force Sync is for: the copy holds it, Okta does not, and nothing known stands between."""
    wanted = to_be_seen(question)
    if not wanted:
        return None
    names = ", ".join(item.attribute for item in wanted)
    label = question.facts.copy_user.directory.label
    return Finding(
        f"The directory's copy of the user in Okta ({label}) held another value than the Okta profile in {names}, and "
        "the Okta profile should have followed it. This is what Force Sync is for.",
        wanted[0].attribute,
        wanted,
    )


def cannot_tell(question: Question) -> Finding:
    """Find that both copies agree and that the ticket says nothing against them."""
    what = ", ".join(question.attributes) if question.asks else "every attribute that could be compared"
    gone = [ask for ask in question.asks if ask.still is not None and not _still_shown(question, ask)]
    note = f" Okta no longer showed the value that the ticket complains about in {gone[0].attribute}." if gone else ""
    return Finding(
        f"The directory's copy and the Okta profile agreed in {what}, and the ticket did not say what the value should "
        f"be. Both may be right, and both may be old.{note}"
    )


def _still_shown(question: Question, ask: Ask) -> bool:
    return same(question.facts.user.profile.get(ask.attribute), ask.still)


def stale_copy(question: Question) -> Finding | None:
    """Find that the copy lacks what the ticket states, or holds what the ticket complains about."""
    facts = question.facts
    for ask in left(question):
        rule = facts.rules.get(ask.attribute)
        if rule is None or identity(rule.expression) is None:
            continue
        if ask.expected is not None:
            expectation = stated(facts, ask)
            if not same(copy_of(facts, ask.attribute), expectation.value):
                why = f"did not hold the value that the ticket asks for in {ask.attribute}"
                return _found(facts, ask.attribute, why, (expectation,))
        elif _both_hold_what_is_complained_about(facts, ask):
            why = f"held the same value in {ask.attribute} that Okta showed and the ticket complains about"
            return _found(facts, ask.attribute, why)
    return None


def _found(facts: Facts, attribute: str, why: str, expectations: tuple[Expectation, ...] = ()) -> Finding:
    copy, updated = facts.copy_user, facts.copy_user.last_updated
    since = f"last updated at {utc(updated)}" if updated else "when it was last updated is not told"
    return Finding(
        f"The directory's copy of the user in Okta ({copy.directory.label}, {since}) {why}. The change had not been "
        "imported yet, or was not made in the directory. As Okta documents, Force Sync would not help, so it was not "
        "pressed.",
        attribute,
        expectations,
        hypotheses(facts),
        told_by(facts),
    )


def _both_hold_what_is_complained_about(facts: Facts, ask: Ask) -> bool:
    shown = facts.user.profile.get(ask.attribute)
    return same(copy_of(facts, ask.attribute), shown) and complains_of(facts.words, shown)
