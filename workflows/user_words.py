"""Whom a text is about: labelled names, addresses, logins and employee numbers; nobody is picked among several."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from typing import NamedTuple

from workflows.redaction import plain

LONGEST = 200  # no identifier is longer
EMAIL = re.compile(r"(?<![\w.%+'-])[A-Za-z0-9._%+'-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_ABOUT = re.compile(
    r"(?i)(?:\b(?:for|of|user|users|employee|account|colleague|affected|login|person|named|für|benutzer)\W{1,3})$"
)
_NUMBERED = re.compile(
    r"(?i)\b(?:employee|personnel|staff)\s*(?:number|no\.?|id|#)\s*(?:is|:|=|#)?\s*(?P<id>[A-Za-z]{0,3}\d[\w-]{1,20})\b"
)
_LOGIN = re.compile(
    r"(?i)\b(?:user\s?name|user\s?id|login|account|upn|sam\s?account\s?name)(?:\s+name)?\s*(?:is|:|=)\s*(?P<id>[\w.\\@-]{2,100})"
)
_SOMEBODY = r"(?:colleague|employee|user|co-?worker|new hire|team member|direct report|report)s?"
_OTHERS = re.compile(
    rf"(?i)\b(?:(?:a|the|our|my|this|new|one of (?:my|our))\s+{_SOMEBODY}|his|her|their|he|she"
    r"|kollegin|kollege|mitarbeiter\w*)\b"
)
_OWN = re.compile(
    r"(?i)\b(?:my|mine|i|i['’]?m|me|mein|meine|meinem|mi|mon|ma)\b"
    rf"(?!\s+(?:team|direct|manager|boss|{_SOMEBODY}))"
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


def named_in(lines: Sequence[str], writer: str | None, values: Set[str | None] = frozenset()) -> Named:
    """Find whom running text is about; the writer's own address is nobody else's, and a stated value names nobody."""
    text = "\n".join(lines)
    numbers = [match["id"] for pattern in (_NUMBERED, _LOGIN) for match in pattern.finditer(text)]
    addresses = {
        match[0]: bool(_ABOUT.search(text[max(0, match.start() - 25) : match.start()]))
        for match in EMAIL.finditer(text)
        if match[0].casefold() != (writer or "").casefold() and match[0] not in values
    }
    about = [address for address, meant in addresses.items() if meant]
    candidates = tuple(dict.fromkeys(about or [*numbers, *addresses]))
    if len(candidates) <= 1 or about:
        return Named(candidates)
    return Named((), candidates)


def speaks_of_others(lines: Sequence[str]) -> bool:
    """Say whether the words are about somebody else than their writer: "her department", "a colleague"."""
    text = "\n".join(lines)
    return bool(_OTHERS.search(text)) and not _OWN.search(text)
