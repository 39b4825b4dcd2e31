"""Which attributes a ticket speaks of, by the values that Okta and the directory's copy hold: no grammar, any language.

A ticket that says "Procurement" where Okta's department is Procurement is about the department, whatever else its
sentences say. That never tells which value is the right one; it only keeps a ticket from being served by an attribute
of which it does not speak, and decides between attributes that a word may mean.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from pydantic import JsonValue

from workflows.attribute_words import meanings
from workflows.comparison import identity, same, typed
from workflows.everyday_words import TO_BE_EMPTY
from workflows.facts import Facts
from workflows.sentence_forms import words_of

SHORTEST = 3  # characters; "IT" and "US" are everyday words
# Who somebody is stands in every greeting and signature, so it only counts where the copies differ in it.
_PERSON = frozenset({"firstName", "lastName", "displayName", "nickName", "middleName", "login", "email", "secondEmail"})
_BEFORE = re.compile(r"[\w,)&:]\s([^\W\d_][\w&-]*)\s$")
_GOES_ON = re.compile(
    r"\s&\s|\s(?!(?:Okta|In|It|Please|Thanks|And|But|Department|Team|Abteilung|Bitte|Merci|Gracias)\b)[A-ZÄÖÜ][a-zäöü]+"
)
_PHONE = re.compile(r"(?<![\w-])(?:\+\d|\(?0\d)[\d\s()/.-]{6,20}\d\b|\b\d{3}[-.]\d{3,4}(?:[-.]\d{4})?\b")
# "My badge is wrong", "I am now called King": about one thing, which no word for an attribute and no value names.
_MY_THING = re.compile(
    r"(?i)\bmy(?:\s+[\w-]+){0,2}?\s+(?P<thing>[\w-]+)\s+(?:(?:in|on)\s+okta\s+)?"
    r"(?:is|isn|are|aren|was|wasn|has|hasn|have|haven|does|doesn|did|didn|should|shows?|still|changed)\b"
)
_WHOLE = frozenset(
    {"profile", "account", "okta", "user", "record", "page", "card", "entry", "info", "information", "details", "data",
     "attributes", "values", "fields", "changes", "updates", "directory", "ad", "boss", "lead", "colleague",
     "colleagues", "coworkers", "team", "hr", "company", "employer"}
)  # fmt: skip
# "I moved to Legal", "I report to Eve Stone now": a change of one thing, whose new value no copy holds.
_MOVED_TO = re.compile(
    r"(?i)\b(?:i|just|recently|got|been)\s+married\b|\b(?:am|is|be)\s+(?:now\s+)?(?:called|named)\b"
    r"|\badd\s+me\s+to\b|\baccess\s+to\b|\b(?:need|give|request\w*)\s+(?:me\s+)?access\b|\b(?:moved|transferred|promoted|switched|relocated)\s+to\b|\breport(?:ing)?\s+to\b|\bi\s+(?:now\s+)?live\s+in\b"
    r"|\b(?:i\s+am|i['’]?m)\s+(?:now\s+)?(?:in|at|an?)\s+(?-i:[A-ZÄÖÜ])"
)
# "The Finance group", "call me at 555-7777": a value's words, and nothing that a profile holds.
_OTHER_THING = re.compile(
    r"(?i)\s+(?:group|share|app|application|access|folder|licen[cs]e|drive|mailbox|channel|list|printer)s?\b"
)
_CALL_ME = re.compile(r"(?i)\b(?:call|reach|phone|text|ring|contact)\s+me\s+(?:at|on|under)\s+$")
_CHANGES = (
    r"(?:\s*(?:-{1,2}>|→|=>)|\s+(?:from\s+[^\n]{1,60}?\s+to|should|needs\s+to|must|is\s+now)\s)"
    r"(?!\s*(?:unchanged|same|no\s+change|fine|ok|correct|n/?a|-|stay|remain|not\b))"
)
_ANNOUNCES = frozenset({"okta", "ad", "ldap", "workday", "hr", "sap", "i", "oracle", "directory"})
_CONTACTS = {
    "username": "login",
    "upn": "login",
    "login": "login",
    "benutzername": "login",
    "email": "email",
    "e-mail": "email",
    "mail": "email",
    "email address": "email",
    "e-mail address": "email",
    "correo": "email",
    "courriel": "email",
    "name": "displayName",
    "address": "streetAddress",
    "position": "title",
}


class Mention(NamedTuple):
    """A value as a line writes it, and what stands before and behind."""

    before: str
    written: str
    behind: str


def spoken_attributes(facts: Facts) -> tuple[str, ...]:
    """Return the mapped attributes whose values the ticket's words contain.

    Where the copies differ in some of them, the ticket is about those; the copy's own value counts most.
    """
    names = [name for name, rule in facts.rules.items() if identity(rule.expression)]
    differing = [name for name in names if not same(_copy(facts, name), facts.user.profile.get(name))]
    if brought := [name for name in differing if _says(facts, name)]:
        return tuple(brought)
    if shown := [name for name in differing if speaks_of(facts, facts.user.profile.get(name))]:
        return tuple(shown)
    others = (name for name in names if name not in _PERSON and name not in differing)
    return tuple(name for name in others if speaks_of(facts, facts.user.profile.get(name)))


def brought_attributes(facts: Facts) -> tuple[str, ...]:
    """Return the attributes in which Okta lacks what the copy holds and the ticket's words contain.

    Who somebody is counts only where the words contain what Okta shows, too.
    """
    rules = facts.rules.items()
    names = (name for name, rule in rules if identity(rule.expression))
    lacking = (name for name in names if not same(_copy(facts, name), facts.user.profile.get(name)))
    return tuple(
        name
        for name in lacking
        if _says(facts, name) and (name not in _PERSON or speaks_of(facts, facts.user.profile.get(name)))
    )


def words_for_attributes(facts: Facts, synonyms: Mapping[str, str]) -> tuple[str, ...]:
    """Return the mapped attributes that the ticket's words name in passing.

    How to reach somebody stands in many a ticket; it counts beside Okta's name.
    """
    pattern = words_of(tuple(sorted(synonyms.items())))
    found: list[str] = []
    for line in facts.words.casefold().split("\n"):
        words = [match[0] for match in pattern.finditer(line)]
        found += (name for word in words if word not in _CONTACTS for name in meanings(word, synonyms))
        if "okta" in line:
            found += (name for word, name in _CONTACTS.items() if re.search(rf"\b{word}\b", line))
    found += (name for name in facts.rules if _names(facts.words, name))
    return tuple(dict.fromkeys(name for name in found if name in facts.rules))


def marked_attributes(facts: Facts, synonyms: Mapping[str, str]) -> tuple[str, ...]:
    """Return the mapped attributes that a mark of a change stands behind: "city -> Oslo", "title from Cook to Chef"."""
    words = words_of(tuple(sorted(synonyms.items()))).pattern
    found = (match["a"] for match in re.finditer(rf"(?P<a>{words}){_CHANGES}", facts.words, re.I))
    meant = (meanings(word, synonyms) for word in found if word.casefold() not in _CONTACTS)
    return tuple(dict.fromkeys(names[0] for names in meant if len(names) == 1 and names[0] in facts.rules))


def is_spoken_of(facts: Facts) -> bool:
    """Say whether the ticket's words contain any value of the user, a name included."""
    held = (*facts.user.profile.values(), *facts.copy_user.profile.values())
    return any(speaks_of(facts, value) for value in held)


def states_a_number(facts: Facts) -> bool:
    """Say whether the ticket's words hold a telephone number, which is neither copy's."""
    return _PHONE.search(facts.words) is not None


def speaks_of_something_else(facts: Facts) -> bool:
    """Say whether the ticket's words are about one thing of the writer's that is not their profile as a whole."""
    things = {match["thing"].casefold() for match in _MY_THING.finditer(facts.words)}
    return not things <= _WHOLE or _MOVED_TO.search(facts.words) is not None


def speaks_of(facts: Facts, value: JsonValue) -> bool:
    """Say whether the ticket's words contain a value as a whole."""
    words = facts.words.casefold()  # most values stand nowhere, which is told without looking at every line
    return any(_within(text, facts.words) for text in _texts(value) if _may_stand_in(words, text))


def fitting_words(facts: Facts, names: Iterable[str]) -> list[str]:
    """Return those of several attributes in which the copies differ and whose values the ticket's words contain."""
    found = set(spoken_attributes(facts))
    return [name for name in names if name in found and not same(_copy(facts, name), facts.user.profile.get(name))]


def speaks_of_unmapped(facts: Facts) -> bool:
    """Say whether the ticket's words contain a value that no mapping brings, and that is nobody's name."""
    used = {identity(rule.expression) for rule in facts.rules.values()}
    of_copy = (value for name, value in facts.copy_user.profile.items() if name not in used | _PERSON)
    of_okta = (value for name, value in facts.user.profile.items() if name not in facts.rules and name not in _PERSON)
    return any(speaks_of(facts, value) for value in (*of_copy, *of_okta))


def _says(facts: Facts, attribute: str) -> bool:
    """Say whether the ticket's words contain the copy's value, or where that is none, that Okta's is to go.

    A very short one counts in a line with its attribute, and as the state of an address: "Boise, ID 83702".
    """
    value = _copy(facts, attribute)
    if value in (None, "") and TO_BE_EMPTY.search(facts.words):
        return speaks_of(facts, facts.user.profile.get(attribute))
    if not isinstance(value, str) or len(value) >= SHORTEST:
        return speaks_of(facts, value)
    short = re.compile(rf"(?<![\w-]){re.escape(value)}(?![\w-])") if value else None
    lines = [line for line in facts.words.split("\n") if short and short.search(line)]
    words = words_of(())
    if any(re.search(rf",\s*{re.escape(value)}\s+\d{{5}}\b", line) for line in lines):
        return True
    named = (name for line in lines for match in words.finditer(line) for name in meanings(match[0], {}))
    return attribute in named or any(_names(line, attribute) for line in lines)


def _names(line: str, attribute: str) -> bool:
    """Say whether a line has an attribute's own name, as Okta writes it or in words: "badgeZone", "badge zone"."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", r"[\\s_-]?", attribute)
    return apart != attribute and re.search(rf"(?<!\w){apart}(?!\w)", line, re.I) is not None


def _copy(facts: Facts, attribute: str) -> JsonValue:
    name = identity(facts.rules[attribute].expression)
    return facts.copy_user.profile.get(name) if name else None


def _texts(value: JsonValue) -> Iterable[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else [str(value or "")]


def _may_stand_in(words: str, value: str) -> bool:
    """Say whether the words hold a value's longest part, which is written in one way only."""
    parts = re.findall(r"[a-z0-9]+", typed(value).casefold())
    return max(parts, key=len, default="") in words


def _within(value: str, words: str) -> bool:
    if len(value) < SHORTEST and value.isupper():  # "State: WA"
        return re.search(rf"[:=]\s*{re.escape(value)}(?!\w)", words) is not None
    return any(True for line in words.split("\n") for _ in found_in(line, value))


def found_in(line: str, value: str) -> Iterator[Mention]:
    """Yield each mention of a value as a whole, in whatever case; "EVP Sales" is no mention of Sales."""
    wanted, text = typed(value), typed(line)
    if len(wanted) < SHORTEST:
        return
    for match in re.finditer(rf"(?<!\w){re.escape(wanted)}(?!\w)", text, re.I):
        before, behind = text[: match.start()], text[match.end() :]
        if _OTHER_THING.match(behind) or _CALL_ME.search(before) or _is_part_of_quote(before, behind):
            continue
        if text.isupper() or not wanted[0].isalpha() or not (_goes_before(before) or _GOES_ON.match(behind)):
            yield Mention(before, match[0], behind)


def _is_part_of_quote(before: str, behind: str) -> bool:
    """Say whether a quoted text begins with a value and goes on with something in brackets."""
    return before.endswith(('"', "“", "„")) and behind.startswith(" (")


def _goes_before(text: str) -> bool:
    """Say whether a capitalised word in the middle of a sentence stands right before a value, and belongs to it."""
    word = _BEFORE.search(text)
    if word is None or not word[1][0].isupper():
        return False
    return word[1].casefold() not in _ANNOUNCES and not meanings(word[1], {})
