"""What a ticket speaks of besides a profile's known values: a sync of whatever has drifted would serve it wrongly."""

from __future__ import annotations

import re

from workflows.precheck.facts import Facts
from workflows.precheck.words.mentioned_values import speaks_of
from workflows.precheck.words.spoken_values import PERSON
from workflows.values.comparing import identity

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
    r"|\badd\s+me\s+to\b|\baccess\s+to\b|\b(?:need|give|request\w*)\s+(?:me\s+)?access\b"
    r"|\b(?:moved|transferred|promoted|switched|relocated)\s+to\b|\breport(?:ing)?\s+to\b|\bi\s+(?:now\s+)?live\s+in\b"
    r"|\b(?:i\s+am|i['’]?m)\s+(?:now\s+)?(?:in|at|an?)\s+(?-i:[A-ZÄÖÜ])"
)


def states_a_number(facts: Facts) -> bool:
    """Say whether the ticket's words hold a telephone number, which is neither copy's."""
    return _PHONE.search(facts.words) is not None


def speaks_of_something_else(facts: Facts) -> bool:
    """Say whether the ticket's words are about one thing of the writer's that is not their profile as a whole."""
    things = {match["thing"].casefold() for match in _MY_THING.finditer(facts.words)}
    return not things <= _WHOLE or _MOVED_TO.search(facts.words) is not None


def speaks_of_unmapped(facts: Facts) -> bool:
    """Say whether the ticket's words contain a value that no mapping brings, and that is nobody's name."""
    used = {identity(rule.expression) for rule in facts.rules.values()}
    of_copy = (value for name, value in facts.copy_user.profile.items() if name not in used | PERSON)
    of_okta = (value for name, value in facts.user.profile.items() if name not in facts.rules and name not in PERSON)
    return any(speaks_of(facts, value) for value in (*of_copy, *of_okta))
