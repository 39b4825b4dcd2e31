"""Whom a text is about: labelled names, addresses, logins and employee numbers; nobody is picked among several."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from typing import NamedTuple

from workflows.redaction import plain

LONGEST = 200  # no identifier is longer
EMAIL = re.compile(r"(?<![\w.%+'-])[A-Za-z0-9._%+'-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_ABOUT = re.compile(
    r"(?i)(?:\b(?:for|of|user|users|employee|account|colleague|affected|login|person|named|für|von|benutzer|kolleg\w+"
    r"|de|da|do|pour|para|van|voor|colega|empleado|empleada|collègue|medewerker)\W{1,3})$"
)
_NUMBERED = re.compile(
    r"(?i)(?<!\bmy\s)\b(?:employee|personnel|staff)\s*(?:number|no\.?|id|#)\s*(?:is|:|=|#)?\s*"
    r"(?P<id>[A-Za-z]{0,3}\d[\w-]{1,20})\b"
)
_LOGIN = re.compile(
    r"(?i)\b(?:user\s?name|user\s?id|login|account|upn|sam\s?account\s?name)(?:\s+name)?\s*(?:is|:|=)\s*(?P<id>[\w.\\@-]{2,100})"
)
# "User jdoe," and "the account CORP\jdoe has": a login, not a word that goes on about the user.
_CALLED = re.compile(
    r"\b(?:[Uu]ser|[Aa]ccount|[Ll]ogin|Benutzer)\s+(?P<id>[\w.-]{2,40}\\[\w.-]{2,60}|[a-z][a-z0-9._-]{2,60}(?=\s*[,;:(]))"
)
_LIST_ITEM = re.compile(rf"^[\s*•\-–\d.)]{{0,8}}(?P<id>{EMAIL.pattern})\W*$")
_APART = re.compile(
    r"(?i)\b(?:(?:don['’]?t|do\s+not)\s+(?:touch|change|update)|unlike|compare|(?:ask|contact|call|cc|copy|reach|write\s+to))\W{1,3}$"
)
_SOMEBODY = r"(?:colleague|employee|user|co-?worker|new hire|team member|direct report|report)s?"
_SOMEBODY += r"(?!\s+(?:number|no\b|id\b|type|profile))"
_OTHERS = re.compile(
    rf"(?i)\b(?:(?:a|the|our|my|this|new|one of (?:my|our))\s+{_SOMEBODY}|his|her|their|he|she"
    r"|kollegin|kollegen?|mitarbeiter\w*|collègue|colega|compañer[oa]|medewerker)\b"
)
_OWN = re.compile(
    r"(?i)\b(?:my|mine|i|i['’]?m|me|mein|meine|meinem|mi|mon|ma|meu|minha|mijn)\b"
    rf"(?!\s+(?:team|direct|manager|boss|{_SOMEBODY}))"
)
_WHOSE = r"(?:\s+(?:okta|ad|new|old|current|job|user))?\s+"
_NAME = r"[A-ZÄÖÜÉ][\w'’-]+\s+[A-ZÄÖÜÉ][\w'’-]+"
_NO_NAME = frozenset(
    {"active directory", "service desk", "help desk", "human resources", "it support", "hello team", "hi team"}
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
    parts = (plain(part, LONGEST) for part in re.split(r"[,;\n]", text))
    return tuple(dict.fromkeys(part for part in parts if part))


def named_in(
    lines: Sequence[str], writer: str | None, values: Set[str | None] = frozenset(), *, own: bool = False
) -> Named:
    """Find whom running text is about; the writer's own address is nobody else's, and a stated value names nobody.

    `own` says that the words are about their writer; then another's address that nothing leads up to is unclear.
    """
    if listed := _listed(lines):
        return Named(listed)
    text = "\n".join(lines)
    patterns = (_NUMBERED, _LOGIN, _CALLED)
    numbers = [match["id"] for pattern in patterns for match in pattern.finditer(text) if match["id"] not in values]
    addresses = {
        match[0]: bool(_ABOUT.search(text[max(0, match.start() - 25) : match.start()]))
        for match in EMAIL.finditer(text)
        if match[0].casefold() != (writer or "").casefold()
        and match[0] not in values
        and not _APART.search(text[max(0, match.start() - 25) : match.start()])
    }
    about = [address for address, meant in addresses.items() if meant]
    candidates = tuple(dict.fromkeys(about or [*numbers, *addresses]))
    if own and candidates and not about and not numbers:
        return Named((), (*filter(None, [writer]), *candidates))
    if len(candidates) <= 1 or about:
        return Named(candidates)
    return Named((), candidates)


def speaks_of_writer(lines: Sequence[str], words: re.Pattern[str]) -> bool:
    """Say whether the words are about an attribute or profile of whoever wrote them: "my title"."""
    whose = rf"(?i:\b(?:my|mein|meine|meinem|mi|mon|ma|meu|minha|mijn){_WHOSE})"
    return (
        re.search(rf"{whose}(?:{words.pattern}|(?i:profile?|account|name|profil|konto))", "\n".join(lines)) is not None
    )


def speaks_of_others(lines: Sequence[str], words: re.Pattern[str], writer: str | None = None) -> bool:
    """Say whether the words are about somebody else than their writer: "her title", "Eve Stone's city"."""
    text = "\n".join(lines)
    if _theirs(text, words, (writer or "").casefold()):
        return True
    return bool(_OTHERS.search(text)) and not _OWN.search(text)


def _theirs(text: str, words: re.Pattern[str], writer: str) -> bool:
    """Say whether an attribute is said to be another person's."""
    attribute = rf"(?i:{words.pattern})"
    if re.search(rf"(?i:\b(?:his|her|their|your|seine?|ihre?|sein|son|sa|zijn|haar)){_WHOSE}{attribute}", text):
        return True
    names = re.findall(rf"({_NAME})['’]s?{_WHOSE}{attribute}", text)
    names += re.findall(
        rf"{attribute}\s+(?:of|for|von|für|de|da|do|pour|para|van|voor)\s+(?:Mr\.?|Ms\.?|Mrs\.?|Frau|Herrn?|Dr\.?)?\s*({_NAME})",
        text,
    )
    return any(name.casefold() not in _NO_NAME and name.casefold() != writer for name in names)


def _listed(lines: Sequence[str]) -> tuple[str, ...]:
    """Return the addresses of a list that holds nothing else, behind a line that leads up to it."""
    found: dict[str, None] = {}
    for before, line in zip(("", *lines), lines, strict=False):
        match = _LIST_ITEM.match(line)
        if match and (found or before.rstrip().endswith(":")):
            found[match["id"]] = None
        elif found and line.strip():
            break
    return tuple(found) if len(found) > 1 else ()
