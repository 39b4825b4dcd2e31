"""Which attributes a ticket speaks of, by the values that Okta and the directory's copy hold: no grammar, any language.

A ticket that says "Procurement" where Okta's department is Procurement is about the department, whatever else its
sentences say. That never tells which value is the right one; it only keeps a ticket from being served by an attribute
of which it does not speak, and decides between attributes that a word may mean.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from pydantic import JsonValue

from workflows.precheck.facts import Facts
from workflows.precheck.words.mentioned_values import SHORTEST, speaks_of
from workflows.reading.attribute_words import meanings
from workflows.reading.everyday_words import TO_BE_EMPTY
from workflows.reading.sentence_forms import words_of
from workflows.values.comparing import identity, same

# Who somebody is stands in every greeting and signature, so it only counts where the copies differ in it.
PERSON = frozenset({"firstName", "lastName", "displayName", "nickName", "middleName", "login", "email", "secondEmail"})
_CHANGES = (
    r"(?:\s*(?:-{1,2}>|→|=>)|\s+(?:from\s+[^\n]{1,60}?\s+to|should|needs\s+to|must|is\s+now)\s)"
    r"(?!\s*(?:unchanged|same|no\s+change|fine|ok|correct|n/?a|-|stay|remain|not\b))"
)
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
    others = (name for name in names if name not in PERSON and name not in differing)
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
        if _says(facts, name) and (name not in PERSON or speaks_of(facts, facts.user.profile.get(name)))
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


def fitting_words(facts: Facts, names: Iterable[str]) -> list[str]:
    """Return those of several attributes in which the copies differ and whose values the ticket's words contain."""
    found = set(spoken_attributes(facts))
    return [name for name in names if name in found and not same(_copy(facts, name), facts.user.profile.get(name))]


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
