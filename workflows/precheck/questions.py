"""What a ticket asks, in Okta's own names: its words compared with the mapping, the schema and both copies."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from pydantic import JsonValue

from workflows.model import Want
from workflows.precheck.facts import Facts
from workflows.precheck.words.other_things import speaks_of_something_else, speaks_of_unmapped, states_a_number
from workflows.precheck.words.spoken_values import (
    brought_attributes,
    fitting_words,
    marked_attributes,
    spoken_attributes,
    words_for_attributes,
)
from workflows.reading.attribute_words import meanings
from workflows.values.comparing import identity, means, same


class Ask(NamedTuple):
    """One Okta attribute in question; `expected` is None where the ticket states no value, "" for an empty one."""

    attribute: str
    expected: str | None = None
    still: str | None = None


class Question(NamedTuple):
    """The facts and what is asked of them.

    `unknown` are words that name no attribute, `undecided` those that may name several, `loose` says that a value or
    one thing was spoken of and no single attribute for it, `spoken` are those of the asks that follow from values in
    the ticket's words.
    Without asks, every mapped attribute is meant.
    """

    facts: Facts
    asks: tuple[Ask, ...] = ()
    unknown: tuple[str, ...] = ()
    undecided: tuple[str, ...] = ()
    loose: bool = False
    spoken: tuple[str, ...] = ()

    @property
    def attributes(self) -> tuple[str, ...]:
        """Return the attributes asked about."""
        return tuple(ask.attribute for ask in self.asks)


def question_of(facts: Facts, synonyms: Mapping[str, str]) -> Question:
    """Translate the ticket's words; a value without an attribute means the one whose copy is ahead of Okta with it."""
    if len(facts.users) != 1:
        return Question(facts)
    if facts.leading is None:
        return Question(facts, tuple(Ask(name) for name in _of_rivals(facts, synonyms)))
    asks: dict[str, Ask] = {}
    unknown: list[str] = []
    undecided: list[str] = []
    loose = False
    wanted = (want for want in facts.request.wants if not _stands_in_a_value(facts, want))
    for want in (_where_it_stands(facts, want, synonyms) for want in wanted):
        found = _holders(facts, want) if want.attribute is None else _named(facts, want, synonyms)
        if len(found) == 1:
            asks[found[0]] = Ask(found[0], want.expected, want.still)
        elif want.attribute is None:
            loose = loose or want.expected is not None
        elif found:
            undecided.append(want.attribute)
        else:
            unknown.append(want.attribute)
    marked = marked_attributes(facts, synonyms)
    if asks:
        spoken = (*brought_attributes(facts), *marked)
    elif unknown or undecided or loose:
        spoken = ()
    else:
        spoken = tuple(dict.fromkeys((*spoken_attributes(facts), *marked))) or words_for_attributes(facts, synonyms)
        else_said = (
            bool(facts.request.wants)
            or states_a_number(facts)
            or speaks_of_something_else(facts)
            or speaks_of_unmapped(facts)
        )
        loose = not spoken and else_said
    spoken = tuple(name for name in spoken if name not in asks)
    asks = {name: Ask(name) for name in spoken} | asks
    return Question(facts, tuple(asks.values()), tuple(unknown), tuple(undecided), loose, spoken)


def copy_of(facts: Facts, attribute: str) -> JsonValue:
    """Return the app user's value behind an identity mapping, None where the mapping is anything else."""
    rule = facts.rules.get(attribute)
    name = identity(rule.expression) if rule else None
    return facts.copy_user.profile.get(name) if name else None


def _named(facts: Facts, want: Want, synonyms: Mapping[str, str]) -> tuple[str, ...]:
    """Return the Okta attributes that a word may mean here; among several, the one that fits the stated values."""
    word = " ".join((want.attribute or "").casefold().split())
    known = {name.casefold(): name for name in (*facts.user.profile, *facts.schema_names, *facts.rules)}
    settled = {name.casefold(): target for name, target in synonyms.items()}
    if word in settled:
        return (settled[word],)
    if word in known:
        return (known[word],)
    mapped = [name for name in meanings(word, {}) if name in facts.rules]
    found = mapped or [name for name in meanings(word, {}) if name.casefold() in known]
    found = found or _behind(facts, word)
    fitting = [name for name in found if _fits(facts, name, want)] if len(found) > 1 else found
    fitting = fitting or fitting_words(facts, found)
    return tuple(fitting) if len(fitting) == 1 else tuple(found)


def _stands_in_a_value(facts: Facts, want: Want) -> bool:
    """Say whether the word for an attribute is only part of a longer value: "Account Manager" is a title."""
    word = (want.attribute or "").casefold()
    text = facts.words.casefold()
    if not word or want.expected is not None or want.still or word not in text:
        return False
    within = re.compile(rf"(?<!\w){re.escape(word)}(?!\w)")
    for value in (*facts.user.profile.values(), *facts.copy_user.profile.values()):
        longer = isinstance(value, str) and value.casefold().strip() != word
        if longer and within.search(str(value).casefold()):
            text = text.replace(str(value).casefold(), " ")
    return within.search(text) is None


def _where_it_stands(facts: Facts, want: Want, synonyms: Mapping[str, str]) -> Want:
    """Leave the attribute open where the old value that a want names is another attribute's in Okta."""
    if not (want.attribute and want.expected and want.still):
        return want
    named = _named(facts, want, synonyms)
    holders = [name for name in facts.rules if means(want.still, facts.user.profile.get(name))]
    return want.but(attribute=None) if holders and named and not set(named) & set(holders) else want


def _of_rivals(facts: Facts, synonyms: Mapping[str, str]) -> tuple[str, ...]:
    """Return what the ticket's words may mean where several directories may lead, in any of their mappings."""
    known = {name.casefold(): name for rules in facts.rival_rules.values() for name in rules}
    words = [" ".join(want.attribute.split()) for want in facts.request.wants if want.attribute]
    meant = [name for word in words for name in (*meanings(word, synonyms), word)]
    return tuple(dict.fromkeys(known[name.casefold()] for name in meant if name.casefold() in known))


def _behind(facts: Facts, word: str) -> list[str]:
    """Return the Okta attributes that an identity mapping fills from this name of the app user or of AD/LDAP."""
    variables = {word} | {
        variable.casefold() for name, variable in facts.external_names.items() if name.casefold() == word
    }
    return [
        target
        for target, rule in facts.rules.items()
        if (name := identity(rule.expression)) and name.casefold() in variables
    ]


def _fits(facts: Facts, attribute: str, want: Want) -> bool:
    if want.expected == "":  # what neither copy fills is not what somebody wants cleared
        return bool(facts.user.profile.get(attribute)) and same(copy_of(facts, attribute), None)
    if want.expected is not None and means(want.expected, copy_of(facts, attribute)):
        return True
    return want.still is not None and means(want.still, facts.user.profile.get(attribute))


def _holders(facts: Facts, want: Want) -> tuple[str, ...]:
    """Return the attributes in which Okta lacks the stated value and the copy holds it, or else those complained about.

    Where Okta holds the value already, it may be another attribute's by chance, so that says nothing.
    """
    names: Iterable[str] = facts.rules
    if want.still:
        names = [name for name in names if means(want.still, facts.user.profile.get(name))]
    if want.expected:
        ahead = (name for name in names if not same(copy_of(facts, name), facts.user.profile.get(name)))
        found = tuple(name for name in ahead if means(want.expected, copy_of(facts, name)))
        if found:
            return found
    return tuple(names) if want.still else ()
