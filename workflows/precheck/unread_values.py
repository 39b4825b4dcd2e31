"""Whether a ticket seems to state a value that no rule has read: a sync might bring another one.

A ticket that only complains ("my phone number is old") is served by what the directory's copy holds. One that says "I
work as Program Manager" is not, where the copy holds a third title: it is asked.
"""

from __future__ import annotations

import re

from pydantic import JsonValue

from workflows.model import Basis, Reason, ReasonKind
from workflows.precheck.expectations import to_be_seen
from workflows.precheck.facts import Facts
from workflows.precheck.finding import Finding
from workflows.precheck.questions import Question
from workflows.precheck.words.mentioned_values import speaks_of
from workflows.reading.addresses import EMAIL
from workflows.reading.attribute_words import meanings
from workflows.reading.everyday_words import TO_BE_EMPTY, either
from workflows.reading.labelled_lines import DIRECTORY, part_of
from workflows.reading.people_lists import said_of

# Names and words that stand in tickets with a capital letter or in quotes and are nobody's profile value.
_NO_VALUE = frozenset(
    {"okta", "ad", "adds", "ldap", "active", "directory", "workday", "hr", "hris", "sap", "successfactors", "bamboohr",
     "servicenow", "jira", "slack", "teams", "outlook", "exchange", "azure", "entra", "sso", "it", "iam", "vpn", "mfa",
     "id", "i", "ok", "pls", "plz", "thx", "fyi", "asap", "ui", "api", "pc", "support", "service", "desk", "help",
     "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
     "december", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec", "monday",
     "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "mon", "tue", "wed", "thu", "fri", "q1", "q2",
     "q3", "q4", "thanks", "thank", "regards", "best", "kind", "cheers", "hi", "hello", "dear", "team", "all", "please",
     "google", "microsoft", "windows", "office", "force", "sync", "profile", "user", "admin", "portal", "self-service"}
)  # fmt: skip
# What stands before a year: "in 2024", "March 2024"; the cost centre 2040 is no year.
_DATED = either(
    "in|since|from|of|until|by|before|after|january|february|march|april|may|june|july|august|september|october",
    "november|december|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|q[1-4]|im|seit|depuis|desde|em|de|vanaf",
)
_TICKET = r"(?:INC|RITM|REQ|CHG|KB|TASK|SCTASK|PRB|CS|SUP|ENG)-?\d+"
# What holds figures or capitals and states nothing: addresses, tickets, dates, times, greetings.
_ASIDE = re.compile(
    rf"https?://\S+|\S+@\S+|\b{_TICKET}\b|\b\d{{1,4}}[./-]\d{{1,2}}[./-]\d{{1,4}}\b|\b\d{{1,2}}:\d{{2}}\b"
    rf"|(?:{_DATED}|\d(?:st|nd|rd|th|\.)?)\s+(?:19|20)\d{{2}}\b"
    r"|(?m:^[^\w\n]{0,20}(?:hi|hello|hey|dear|hallo|bonjour|hola)\b[^,\n]{0,40},)",
    re.I,
)
_CODE = re.compile(
    r"\b[A-Z]\d+[.-]\d+\b|(?<!\w)[\w+(-]*\d{3,}[\w()-]*|\b\d{2}(?:[ .]\d{2}){3,}\b|\b[a-z]{2}_[A-Z]{2}\b"
)
_NAMES = ("firstName", "lastName", "displayName", "nickName")
_ADDRESSES = frozenset({"email", "login", "secondEmail"})
_HELD = "·"  # stands for a value that a copy holds
_QUOTED = re.compile(r"[\"“„«]([^\"”“»\n]{1,60})[\"”“»]")
_AS_IN_AD = re.compile(
    rf"(?i)\b(?:ad|ldap|directory)\W{{1,3}}(?:(?:now\s+)?(?:says|has(?:\s+had)?|shows|is)\s+)?[\"“„«](?!{_HELD})"
)
_CAPITAL = re.compile(r"(?:(?<=[\w,:=&)>→–-] )|(?<=\b[ld]['’]))([A-ZÀ-Þ][\w&'’-]*)")
_OTHER_SCRIPT = re.compile(r"[\u0370-\u1dff\u2e80-\ud7ff\uf900-\ufaff]{2}")
_OF_THEMSELVES = re.compile(
    "(?i)"
    + either(
        "i (?:now )?work",
        "ich (?:arbeite|bin jetzt)",
        "je (?:travaille|suis)",
        "trabajo|soy",
        "trabalho|eu sou",
        "ik (?:ben|werk)",
        "sono",
    )
)
_SHORT = 2  # characters, as of a country or a language
# What leads up to a value in sentences of which the rules have read none.
_STATES = re.compile(
    "(?i)"
    + either(
        r"should(?:n['’]?t| not)?|supposed to|promoted|(?:moved|changed|switched|transferred) to|belong to|reports? to",
        r"works? as|sit in|i\s?['’]?a?m (?:an?|the|in|now)|(?:is|am|are) now|not yet|instead",
        r"blank|empty|please (?:remove|clear|delete|blank|empty)|(?:remove|clear|delete) (?:my|it|that|the)",
        "get rid of|i have no|no longer (?:have|exists?)",
        "(?:it['’]?s|it is|is) (?:deleted|removed|cleared)|swapped|crossed|other way round",
        "leer",
        "vide",
        "vacío",
        "vazio",
        "leeg",
        "ta bort",
    )
)


def unread_value(question: Question) -> Finding | None:
    """Find that a sync would bring values of which the ticket does not speak, while it seems to state others."""
    facts = question.facts
    foreseen = [item for item in to_be_seen(question) if item.basis is Basis.PREDICTED]
    unsaid = [item.attribute for item in foreseen if not _speaks_of(facts, item.value)]
    addresses = bool(_ADDRESSES & set(unsaid)) and _other_addresses(facts)
    a_name = bool({*_NAMES} & set(unsaid))
    if not unsaid or not (addresses or seems_to_state(facts, named=bool(question.asks), a_name=a_name)):
        return None
    label = facts.copy_user.directory.label
    return Finding(Reason.of(ReasonKind.UNREAD_VALUE, label=label, names=", ".join(unsaid)), unsaid[0])


def seems_to_state(facts: Facts, *, named: bool, a_name: bool = False) -> bool:
    """Say whether anything in the ticket's words may be a value that neither copy holds.

    Where no attribute is `named`, only what can hardly be anything else counts. Where `a_name` would be brought, their
    own names in quotes may be another spelling of it.
    """
    text = _ASIDE.sub(" ", _without_held(facts, facts.words))
    if _is_told(facts) or _OTHER_SCRIPT.search(text) or _CODE.search(text) or _AS_IN_AD.search(text):
        return True
    in_quotes = [match[1] for match in _QUOTED.finditer(text)]
    if a_name and any(told.strip() != _HELD for told in in_quotes):
        return True
    named_as = [str(facts.user.profile.get(name) or "") for name in _NAMES]
    known = frozenset(word for value in named_as for word in re.findall(r"[\w&'’-]+", value.casefold()))
    quoted = (word for told in in_quotes for word in re.findall(r"[\w&'’-]+", told))
    if any(not _is_known(word, known) for word in quoted):
        return True
    if not named:
        return _OF_THEMSELVES.search(text) is not None
    capital = (match[1] for match in _CAPITAL.finditer(text))
    return bool(_STATES.search(text)) or any(not _is_known(word, known) for word in capital)


def _is_told(facts: Facts) -> bool:
    """Say whether a labelled line, or what a list says of this user, tells a value that neither copy holds."""
    lines = facts.words.split("\n")
    labelled = (part[1] for line in lines if (part := part_of(line)) and part[0] in {"expected", DIRECTORY})
    told = (*labelled, *said_of(lines, facts.request.user or ""))
    return any(re.search(r"\w", _without_held(facts, text)) for text in told)


def _without_held(facts: Facts, text: str) -> str:
    """Put a mark in the place of every value that a copy holds."""
    held = [str(value) for value in (*facts.user.profile.values(), *facts.copy_user.profile.values()) if value]
    for value in sorted(held, key=len, reverse=True):
        exact = rf"(?<![\w-]){re.escape(value)}(?![\w-])"  # "Hargreave" is not what Okta holds beside HARGREAVE
        text = re.sub(exact if re.search(exact, text) else f"(?i){exact}", _HELD, text)
    return text


def _other_addresses(facts: Facts) -> bool:
    """Say whether the words hold an address that neither copy does."""
    held = {str(value).casefold() for value in (*facts.user.profile.values(), *facts.copy_user.profile.values())}
    return not {address.casefold() for address in EMAIL.findall(facts.words)} <= held


def _speaks_of(facts: Facts, value: JsonValue) -> bool:
    """Say whether the words contain a value, short ones too: here they need only confirm what the copy would bring."""
    if value in (None, ""):
        return TO_BE_EMPTY.search(facts.words) is not None
    short = isinstance(value, str) and len(value) == _SHORT
    exact = short and re.search(rf"(?<!\w){re.escape(str(value))}(?!\w)", facts.words)
    return bool(exact) or speaks_of(facts, value)


def _is_known(word: str, known: frozenset[str]) -> bool:
    name = re.sub(r"['’](?:s|m|ve|re|d|ll)$", "", word.casefold())
    return name in _NO_VALUE or name in known or bool(meanings(name, {}))
