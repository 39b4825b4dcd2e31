"""Whom a text is about: labelled names, addresses, logins and employee numbers; nobody is picked among several."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence, Set
from typing import NamedTuple

from workflows.reading.addresses import EMAIL
from workflows.reading.everyday_words import INSTEAD_OF, either, spaced
from workflows.reading.people_lists import listed
from workflows.values.masking import plain

LONGEST = 200  # no identifier is longer
_LEADS_UP = either(
    "for|of|user|users|employee|account|colleague|affected|login|person|named",
    r"für|von|bei|benutzer|kolleg\w+",
    "de|pour|collègue",
    "para|colega|empleado|empleada",
    "da|do",
    "van|voor|medewerker",
)
_ABOUT = re.compile(
    rf"(?i:{_LEADS_UP})\W{{1,3}}(?:(?:our|the|my|a|an|new|hire|joiner|starter|colleague|employee|user|team|member"
    r"|[A-ZÄÖÜ][\w-]{1,30})\W{1,3}){0,4}$"
)
_COPIED = re.compile(r"(?i)^\W*(?:cc|bcc|kopie|copie|copia|cópia)\s*:")  # to whom a mail goes, too
_BEFORE = 80  # characters before an address that tell how it is meant
_NUMBER = r"(?:[A-Za-z]{1,3}-?)?\d[\w-]{1,20}"
_STAFF_ABROAD = either(
    "personalnummer|personalnr|mitarbeiternummer|mitarbeiterin|mitarbeiter",
    "matricule",
    "empleado|empleada|número de empleado",
    "colaborador|colaboradora|funcionário|funcionária",
    "medewerker|personeelsnummer",
)
_NUMBERED = re.compile(
    r"(?i)(?<!\bmy\s)(?:\b(?:employee|emp|personnel|staff)\s*(?:(?:numbers?|nos?\.?|ids?|#)\s*(?:is|:|=|#)?|(?=\d{3}))\s*"
    rf"|{_STAFF_ABROAD}\s*:?\s*(?=\d{{4}}))"
    rf"(?P<id>{_NUMBER}(?:\s*(?:,|and|und|&)\s*{_NUMBER})*)\b"
)
_LOGIN = re.compile(
    r"(?i)\b(?:user\s?name|user\s?id|login|account|upn|sam\s?account\s?name)(?:\s+name)?\s*(?:is|:|=)\s*"
    r"(?P<id>[\w.\\@-]{2,100})"
)
_NO_LOGIN = (
    "called|calls|has|is|profiles?|accounts?|names?|ids?|attributes?|details|data|info|information|records?|logins?"
    "|portal|pages?|screen|groups?|types?|directory|list|fields?|update|sync|number|settings|anymore|please|himself"
    "|herself|exists?|[a-z]+ed"
)
_THEN = (
    "(?:"
    + spaced(
        "should|must|has|is|was|still|shows|needs",
        "hat|ist|wurde",
        "pasó|tiene|ha",
        "est|a été",
        "foi|passou",
        "heeft",
    )
    + r")\b"
)
# "User jdoe," and "the account CORP\jdoe has": a login, not a word that goes on about the user.
_CALLED = re.compile(
    r"(?<!-)\b(?:[Uu]ser|[Aa]ccount|[Ll]ogin|Benutzer|Kennung|[Uu]suario|[Uu]suário|[Uu]tilisateur|[Gg]ebruiker|[Uu]tente)\s+"
    rf"(?P<id>[\w.-]{{2,40}}\\[\w.-]{{2,60}}|(?!(?:{_NO_LOGIN})\b)[a-z][a-z0-9._-]{{1,60}}[a-z0-9]"
    rf"(?=[,;:()]|\s\(|\.(?:\s|$)|\s{_THEN}|\s(?:in|en|dans|no|im)\s+(?i:okta)\b|(?<=[\d._])$))",
    re.M,
)
_BRACKETED = re.compile(  # "for Ines Cole (icole)"
    r"\b(?:for|of|user|employee|colleague|für|von|de|van)\s+[A-ZÄÖÜ][\w'’-]+\s+[A-ZÄÖÜ][\w'’-]+\s+"
    r"\((?P<id>(?!was\b|now\b|old\b|new\b|not\b|our\b|the\b|my\b|see\b)[a-z][\w.-]{2,30})\)"
)
_DOTTED = re.compile(
    r"\b(?:for|of|für|von)\s+(?P<id>[a-z]{1,30}[._][a-z]{2,30}\d{0,4})(?![\w@.-]*\w)"
    r"(?<!\.com)(?<!\.org)(?<!\.net)(?<!\.local)"
)
_BOTH = re.compile(r"(?i)\b(?:copy|swap|exchange|same\s+as|mixed\s+up)\b")  # one user's value is said to be another's
# "Me and eve@example.com", "me: ...": the writer is one of those who are meant.
_ME = r"(?:me|myself|ich|mich|moi|yo|mí|eu|mim|ik|mij)"
_ME_TOO = re.compile(
    rf"(?im)^[^\w\n]{{0,20}}{_ME}\s*:|\b(?:{_ME}|i)\s+(?:and|und|et|y|e|en)\s+(?:[\w'’-]+\s+){{0,3}}\(?{EMAIL.pattern}"
    rf"|{EMAIL.pattern}\)?\s+(?:and|und|et|y|e|en)\s+(?:{_ME}|i)\b(?!['’])"
)
_AND = r"(?:\s*[,;&]\s*|\s+(?:and|und|et|y|e|en)\s+|,\s+(?:and|und)\s+)"
_APART = re.compile(
    "(?i)"
    + either(
        *INSTEAD_OF,
        "(?:don['’]?t|do not) (?:touch|change|update)|unlike|compare|not|from|was|shows|says|still|currently",
        "ask|contact|call|cc(?:['’]?d)?|copy|write to",
        "(?:reach|contact|call|mail|e-?mail|write to) me(?: also)?(?: (?:at|on|under))?",
    )
    + r"\W{1,3}$"
)
_LEADING = re.compile(r"(?i)^\s*(?:login|user(?:name)?|account|kennung)\s+(?=\S+\s*$)")  # "User: login jdoe"
# What people write in a field for the user when they mean themselves: then the requester is meant, as by an empty one.
_WRITER = frozenset({"me", "myself", "self", "mine", "i", "ich", "selbst", "moi", "moi-même", "yo", "eu", "ik"})

# "My manager in Okta is c.ferris@...": an address that is a value.
_IS_MANAGER = re.compile(
    r"(?i)\b(?:manager|supervisor)(?:\s+in\s+okta)?(?:\s+(?:is|was|shows)(?:\s+still)?|\s*[:=])\s+$"
)
# "My manager, dana@..., asked me": who is told to have spoken, and not the one who is spoken of.
_MY_BOSS = re.compile(
    r"(?i)\b(?:my|our)\s+(?:line\s+|team\s+)?(?:manager|boss|supervisor|lead|leader|director|head)"
    r"(?:\s+[\w'’-]+){0,2}\W{1,3}$"
)
_ASKED_ME = re.compile(
    r"(?i)\W{1,3}(?:(?:has|have|had|already|also|just)\s+){0,2}"
    r"(?:asked|told|said|says|approved|confirmed|wants|suggested|is\s+(?:in\s+)?(?:cc|copied|copy))\b"
)
# An address that is a value.
_OWN_ADDRESS = re.compile(
    r"(?i)\b(?:second(?:ary)?|recovery|private|personal)\s+e-?mail\b|\bmy\s+(?:new\s+)?(?:e-?)?mail(?:\s+address)?\s+(?:is|has|should)\b"
    r"|\bmon\s+adresse\s+(?:e-?)?mail\b|\bmeine\s+(?:e-?)?mail-?adresse\b"
)


class Named(NamedTuple):
    """Who a text names. `unclear` holds several of whom it does not say which is meant."""

    users: tuple[str, ...] = ()
    unclear: tuple[str, ...] = ()


def split_users(text: str) -> tuple[str, ...]:
    """Read a labelled value or form field: addresses if there are any, or else the names between commas."""
    addresses = tuple(dict.fromkeys(EMAIL.findall(text)))
    if addresses:
        return addresses
    parts = (plain(_LEADING.sub("", part), LONGEST) for part in re.split(r"[,;\n]", text))
    return tuple(dict.fromkeys(part for part in parts if part and part.casefold() not in _WRITER))


def named_in(
    lines: Sequence[str],
    writer: str | None,
    values: Set[str | None] = frozenset(),
    *,
    own: bool = False,
    numbers: bool = True,
) -> Named:
    """Find whom running text is about; the writer's own address is nobody else's, and a stated value names nobody.

    `own` says that the words are about their writer; then another's address that nothing leads up to is unclear.
    Without `numbers`, an employee number is what the words ask for, and names nobody.
    """
    if people := listed(lines):
        return Named((), (*filter(None, [writer]), *people)) if own else Named(people)
    text = "\n".join(line for line in lines if not _COPIED.match(line))
    patterns = (*((_NUMBERED,) if numbers else ()), _LOGIN, _CALLED, _DOTTED, _BRACKETED)
    found = (match["id"] for pattern in patterns for match in pattern.finditer(text))
    logins = [
        name.rstrip(".")
        for names in found
        for name in re.split(r"\s*(?:,|&|\sand\s|\sund\s)\s*", names)
        if name.rstrip(".") not in values
    ]
    addresses = _addresses(text, {(writer or "").casefold(), *((value or "").casefold() for value in values)})
    about = [address for address, meant in addresses.items() if meant]
    about = _with_the_rest(text, addresses, about)
    candidates = tuple(dict.fromkeys(about or [*logins, *addresses]))
    if len(addresses) > 1 and _BOTH.search(text):
        return Named((), tuple(addresses))
    if _OWN_ADDRESS.search(text) and not about:
        candidates = tuple(dict.fromkeys(logins))
    if candidates and ((own and not logins) or _ME_TOO.search(text)):
        return Named((), (*filter(None, [writer]), *candidates))
    if len(candidates) <= 1 or about:
        return Named(candidates)
    return Named((), candidates)


def _addresses(text: str, known: Set[str]) -> dict[str, bool]:
    """Return the addresses that may name somebody, and whether something leads up to each: "for eve@example.com"."""
    found: dict[str, bool] = {}
    for match in EMAIL.finditer(text):
        before = text[max(0, match.start() - _BEFORE) : match.start()]
        told_of = _MY_BOSS.search(before) and _ASKED_ME.match(text, match.end())
        if match[0].casefold() in known or told_of or _APART.search(before) or _IS_MANAGER.search(before):
            continue
        found[match[0]] = _ABOUT.search(before) is not None
    return found


def _with_the_rest(text: str, addresses: Iterable[str], about: list[str]) -> list[str]:
    """Add the addresses of an enumeration whose first one is meant: "for a, b and c"."""
    found = list(about)
    for address in addresses:
        before = text[: text.find(address)]
        if address not in found and any(re.search(rf"{re.escape(one)}{_AND}$", before) for one in found):
            found.append(address)
    return found
