"""What a ticket asks of one user, in Okta's own names: what it states and mentions, held against both copies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from workflows.model import Expectation, LogEvent, Reason, Statement
from workflows.precheck.facts import Facts
from workflows.reading.candidates import NUMBER
from workflows.reading.mentions import Mention, may_hold_more, mentions
from workflows.reading.spans import Held, spans_of
from workflows.reading.vocabulary import WORD, Hit, Vocabulary, vocabulary_of
from workflows.values.comparing import means, without_remark
from workflows.values.keys import is_meant

# Who somebody is stands in every greeting, so that what Okta holds of it says nothing by itself.
PERSON = frozenset({"firstName", "lastName", "displayName", "nickName", "middleName", "login", "email", "secondEmail"})
NOTHING = Mention()
NAMING = 4  # letters from which a word of a name begins with a capital
SPEAKING = frozenset({"expected_labels", "current_labels", "oneself", "changing", "wrong"})


class Ask(NamedTuple):
    """One Okta attribute that is asked; `expected` is None where no value is stated.

    `explicit` says that a form, a labelled line or a table names it; `vague`, that what it states is no value.
    """

    attribute: str
    expected: str | None = None
    still: str | None = None
    explicit: bool = False
    vague: bool = False


class Question(NamedTuple):
    """The facts and what is asked of them.

    `asks` are the attributes that statements state and words name, or by whose values they speak of them. `unknown` are
    words that name no attribute of Okta's, `undecided` those that may name several, `loose` says that a value was
    stated that fits no single attribute. `open_words`: an attribute is named without a value, and words of prose may
    be one. `unwanted`: words want something gone. `passing`: what is still to come is only mentioned beside the change.
    """

    facts: Facts
    asks: tuple[Ask, ...] = ()
    mentions: Mapping[str, Mention] = {}
    unknown: tuple[str, ...] = ()
    undecided: tuple[str, ...] = ()
    loose: bool = False
    open_words: bool = False
    unwanted: bool = False
    passing: bool = False

    def would_empty_unasked(self, attribute: str) -> bool:
        """Say whether a sync would erase what Okta holds, where nobody quotes that value or wants something gone."""
        asked = self.unwanted or self.mentions.get(attribute, NOTHING).old
        return self.facts.would_empty(attribute) and not asked

    @property
    def attributes(self) -> tuple[str, ...]:
        """Return the attributes asked about."""
        return tuple(ask.attribute for ask in self.asks)

    def mention(self, attribute: str) -> Mention:
        """Return how the words speak of an attribute."""
        return self.mentions.get(attribute, NOTHING)


class Finding(NamedTuple):
    """What one row of the decision table finds: the reason, the attribute that decided, what is expected of Okta.

    `suspicions` are its likely reasons, `events` those of the System Log that it rests on.
    """

    reason: Reason
    attribute: str | None = None
    expectations: tuple[Expectation, ...] = ()
    suspicions: tuple[Reason, ...] = ()
    events: tuple[LogEvent, ...] = ()


def question_of(facts: Facts, synonyms: Mapping[str, str]) -> Question:
    """Translate what the ticket states and mentions."""
    vocabulary = vocabulary_of(synonyms)
    if len(facts.users) != 1:
        return Question(facts)
    if facts.leading is None:
        return Question(facts, tuple(Ask(name) for name in _of_rivals(facts, vocabulary)))
    asks: dict[str, Ask] = {}
    unknown: list[str] = []
    undecided: list[str] = []
    loose = False
    for statement in facts.request.statements:
        found = _named(facts, statement, vocabulary) if statement.attribute else ()
        found = found or _holders(facts, statement)
        vague = _is_vague(facts, found, statement.expected, vocabulary)
        if len(found) == 1:
            before = asks.get(found[0])
            if before is None or statement.expected is not None:
                expected = None if vague else statement.expected
                asks[found[0]] = Ask(found[0], expected, statement.still, explicit=True, vague=vague)
        elif vague and statement.attribute is None:
            continue
        elif statement.attribute is None:
            loose = loose or statement.expected is not None
        elif found:
            undecided.append(statement.attribute)
        else:
            unknown.append(statement.attribute)
    spoken = _beside_numbers(facts, mentions(facts.words, _held(facts), vocabulary))
    for name in facts.request.named:
        found = _named(facts, Statement(attribute=name), vocabulary)
        if len(found) == 1 and found[0] not in asks:
            asks[found[0]] = Ask(found[0], explicit=True)
    for name in _spoken_of(facts, spoken, stated=bool(asks)):
        asks.setdefault(name, Ask(name))
    unvalued = any(ask.explicit and ask.expected is None for ask in asks.values())
    return Question(
        facts,
        asks=tuple(asks.values()),
        mentions=spoken,
        unknown=tuple(unknown),
        undecided=tuple(undecided),
        loose=loose,
        open_words=unvalued and may_hold_more(facts.words, _held(facts), vocabulary),
        unwanted=any(_hits(facts, "unwanted", vocabulary)),
        passing=facts.reading.later is not None and _is_in_passing(facts, vocabulary),
    )


def _held(facts: Facts) -> dict[str, Held]:
    """Return what both copies hold of every attribute that this directory maps."""
    called = {name: frozenset({name}) for name in facts.rules}
    if "managerId" in called and "manager" not in called:
        called["managerId"] |= {"manager"}
    return {name: Held(facts.okta(name), facts.copy_of(name), names) for name, names in called.items()}


def _beside_numbers(facts: Facts, spoken: Mapping[str, Mention]) -> Mapping[str, Mention]:
    """Leave out an employee number that both copies hold, where other things are named: it tells who is meant."""
    number = spoken.get(NUMBER, NOTHING)
    others = any(item.by_name for name, item in spoken.items() if name != NUMBER)
    tells_who = number.new and others and not facts.differs(NUMBER)
    return {name: item for name, item in spoken.items() if name != NUMBER} if tells_who else spoken


def _is_vague(facts: Facts, attributes: tuple[str, ...], expected: str | None, vocabulary: Vocabulary) -> bool:
    """Say whether what is stated speaks of a value instead of being one, as neither copy holds it."""
    if expected is None or not _tells_of_a_value(expected, vocabulary):
        return False
    held = (value for name in attributes for value in (facts.copy_of(name), facts.okta(name)))
    return not any(is_meant(without_remark(expected), value) for value in held)


def _tells_of_a_value(text: str, vocabulary: Vocabulary) -> bool:
    """Say whether a text speaks of a value instead of being one: "whatever AD has", "the new one", "yes"."""
    if vocabulary.fields_of(text) & {"yes", "no", "something_else"}:
        return True
    naming = [word for word in text.split() if len(word) >= NAMING] or text.split()
    if all(word[0].isupper() for word in naming):
        return False  # a name: "New Business", "Right to Work"
    hits = [hit for hit in vocabulary.hits(text) if hit.end - hit.start > 1]  # "Engineer I" is no first person
    told = {hit.field for hit in hits}
    begins = any(hit.field == "expected_labels" and not hit.start and " " in text[: hit.end] for hit in hits)
    known = all(map(vocabulary.is_known, WORD.findall(text)))
    return begins or "profile_words" in told or (known and bool(told & SPEAKING))


def _is_in_passing(facts: Facts, vocabulary: Vocabulary) -> bool:
    """Say whether the words about what is to come leave out all that is wrong, and others say what holds today."""
    held, reading = _held(facts), facts.reading
    planned, today = mentions(reading.plans, held, vocabulary), mentions(reading.present, held, vocabulary)
    ahead = {span.attribute for spans in spans_of(reading.plans, held, vocabulary).values() for span in spans}
    if any(map(facts.differs, {*planned, *ahead})):
        return False
    spoken = (item for name, item in today.items() if name not in PERSON)
    return reading.of_today or any(item.new or (item.told and item.old) for item in spoken)


def _spoken_of(facts: Facts, spoken: Mapping[str, Mention], *, stated: bool) -> list[str]:
    """Return the attributes that the words ask for; where they ask for none, those of which they hold a value or name.

    Where they hold values, a name alone says nothing; where an attribute is `stated`, nor does a value in passing.
    """
    held = [name for name, mention in spoken.items() if name not in PERSON and (mention.old or mention.new)]
    evident = bool(held) or any(item.expected or item.still for item in facts.request.statements)
    named = [name for name, mention in spoken.items() if _is_asked(facts, name, mention, evident=evident)]
    if named or evident:
        return named or ([] if stated else held)
    return [name for name, mention in spoken.items() if mention.by_name or name not in PERSON]


def _is_asked(facts: Facts, attribute: str, mention: Mention, *, evident: bool) -> bool:
    """Say whether the words ask for an attribute: by its name, or by a value where the copies differ in it.

    A name in passing asks for nothing where the copies agree ("my manager told me"), or where values make `evident`
    what is meant ("the postcode is the same").
    """
    if facts.differs(attribute):
        named = mention.by_name and (mention.told or not evident)
        return named or mention.new or (mention.old and attribute not in PERSON)
    return mention.by_name and mention.in_doubt


def _named(facts: Facts, statement: Statement, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return the Okta attributes that a word may mean here; among several, the one that fits the stated values."""
    words = (statement.attribute or "").split("|")
    known = {name.casefold(): name for name in (*facts.user.profile, *facts.schema_names, *facts.rules)}
    found: list[str] = []
    for word in words:
        plain = " ".join(word.casefold().split())
        if plain in known:
            found.append(known[plain])
            continue
        meant = vocabulary.attributes_of(plain)
        mapped = [name for name in meant if name in facts.rules]
        found += mapped or [name for name in meant if name.casefold() in known] or _behind(facts, plain)
    found = list(dict.fromkeys(found))
    if len(found) > 1:
        fitting = [name for name in found if _fits(facts, name, statement)]
        fitting = fitting or [name for name in found if facts.differs(name)]
        found = fitting if len(fitting) == 1 else found
    return tuple(found)


def _of_rivals(facts: Facts, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return what the ticket may mean where several directories may lead, in any of their mappings."""
    known = {name.casefold(): name for rules in facts.rival_rules.values() for name in rules}
    words = [word for name in facts.request.attributes for word in name.split("|")]
    meant = [*words, *(name for word in words for name in vocabulary.attributes_of(word))]
    meant += [name for hit in _hits(facts, "attributes", vocabulary) for name in hit.attributes]
    return tuple(dict.fromkeys(known[name.casefold()] for name in meant if name.casefold() in known))


def _hits(facts: Facts, field: str, vocabulary: Vocabulary) -> Iterator[Hit]:
    """Yield a field's entries in the ticket's words."""
    spoken = vocabulary.spoken(facts.words)
    return (hit for line in facts.words for hit in vocabulary.hits(line, spoken) if hit.field == field)


def _behind(facts: Facts, word: str) -> list[str]:
    """Return the Okta attributes that an identity mapping fills from this name of the app user or of AD/LDAP."""
    translated = (variable for name, variable in facts.external_names.items() if name.casefold() == word)
    variables = {word, *(variable.casefold() for variable in translated)}
    return [name for name in facts.rules if (source := facts.source_of(name)) and source.casefold() in variables]


def _fits(facts: Facts, attribute: str, statement: Statement) -> bool:
    if statement.expected is not None and is_meant(statement.expected, facts.copy_of(attribute)):
        return True
    return statement.still is not None and is_meant(statement.still, facts.okta(attribute))


def _holders(facts: Facts, statement: Statement) -> tuple[str, ...]:
    """Return the attributes in which the copy is ahead with the stated value, or else those that show the old one."""
    names = [name for name in facts.rules if facts.differs(name)]
    if statement.expected and (found := [name for name in names if means(statement.expected, facts.copy_of(name))]):
        return tuple(found)
    return tuple(name for name in facts.rules if statement.still and means(statement.still, facts.okta(name)))
