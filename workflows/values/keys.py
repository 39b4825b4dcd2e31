"""What kind of text a value is, and so whether a person's words can be held against it.

Copies hold keys where people write names: a manager's distinguished name, a login, a cost centre's number. There the
absence of a person's words proves nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pydantic import JsonValue

from workflows.values.comparing import items, means

DN = "distinguished name"
_RDN = r'(?:"(?:[^"\\]|\\.)*"|(?:\\.|[^,\\])+)'
_DN = re.compile(rf"(?i)\s*(?:cn|uid|ou|dc|o)\s*={_RDN}(?:,\s*[a-z][a-z0-9.-]*\s*={_RDN})+")
_FIRST = re.compile(r'(?i)\s*(cn|uid)\s*=\s*("(?:[^"\\]|\\.)*"|(?:\\.|[^,+\\])+)')
_ESCAPED = re.compile(r"((?:\\[0-9A-Fa-f]{2})+)|\\(.)")  # https://www.rfc-editor.org/rfc/rfc4514, section 2.4
_CANONICAL = re.compile(r"[\w-]+(?:\.[\w-]+)+/(?:[^/]+/)*([^/]+)")  # as AD writes it: DOMAIN/UNIT/NAME
_SLASHED = re.compile(r"(?i)(?:/[a-z]{1,9}=[^/]+)*?/(?:cn|uid)=([^/]+)(?:/.*)?")
_LAST_FIRST = re.compile(r"([^,]+),\s*([^,]+)")
_ADDRESS = re.compile(r"([^@\s]{4,64})@[\w.-]+")  # a shorter local part is an initial, or a word by chance


_NUMBERS = re.compile(r"[1-9]\d*")
_FORM = re.compile(
    r"""(?x)
    (?P<nothing> \s* )
  | (?P<truth> (?i:true|false) )
  | (?P<guid> (?i: \{?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\}? | [0-9a-f]{32} | [a-z0-9+/]{22}== ) )
  | (?P<sid> (?i:S-1(?:-\d+){2,15}) )
  | (?P<id> 0[0o][a-z][A-Za-z0-9]{17} )                 # of Okta's own: 00u..., 0oa...
  | (?P<account> [\w.-]+ \\ [\w.$-]+ )                # CORP\mboone
  | (?P<address> \S+@\S+ )
  | (?P<date> \d{4}-\d\d?-\d\d?(?:[T\ ]\S+)? )           # the year first
  | (?P<day> \d\d?[./-]\d\d?[./-](?:\d{4}|\d\d) )
  | (?P<number> \+? (?=\D*\d) [\d\s().,/-]+ )
  | (?P<code> (?=\S*\d) \S+ )
  | (?P<path> /?[^/]+(?:/+[^/]+)+ )                    # corp.example.com/Users/Mary Boone
  | (?P<short> [A-Z][A-Z&]{1,3} | [a-z]{2} | [a-z]{2,3}[_-][A-Za-z]{2,4} )  # FIN, de, en_US
    """
)


def form_of(value: JsonValue) -> str:
    """Return what kind of text a single value is, by name; only texts of one kind can be compared."""
    text = "" if value is None else str(value).strip()
    if _DN.fullmatch(text):
        return DN
    found = _FORM.fullmatch(text)
    return (found and found.lastgroup) or "words"


def spellings(value: JsonValue) -> Iterator[str]:
    """Yield how people write a value: of a DN or a path its name, of an address its local part; of a list all items."""
    for item in items(value):
        text = "" if item is None or isinstance(item, bool) else str(item).strip()
        if _DN.fullmatch(text):
            yield from _named_in(text)
        elif text:
            yield text
            if named := _ADDRESS.fullmatch(text) or _CANONICAL.fullmatch(text) or _SLASHED.fullmatch(text):
                yield named[1]


def unit_of(held: JsonValue) -> str:
    """Return where a DN stands in the directory: all of it but the name at its beginning; "" for anything else."""
    text = str(held or "").strip()
    first = _FIRST.match(text) if _DN.fullmatch(text) else None
    return text[first.end() :].lstrip(", ") if first else ""


def is_meant(written: str, held: JsonValue) -> bool:
    """Return whether a person who writes this means the value that a copy holds, or some of a list's items."""
    if means(written, held):
        return True
    if not isinstance(held, list):
        return any(means(written, text) for text in spellings(held))
    return any(whole and all(any(is_meant(part, item) for item in held) for part in whole) for whole in _parts(written))


def is_all_meant(written: str, held: JsonValue) -> bool:
    """Return whether a person who writes this means the whole value, and of a list no fewer items than it has."""
    whole = _parts(written)[-1]
    return not isinstance(held, list) or all(any(is_meant(part, item) for part in whole) for item in held)


def _parts(written: str) -> tuple[list[str], list[str]]:
    """Return what is written as one item, and as several; a comma inside of a DN separates none."""
    parts = (part.strip() for part in re.split(r"[;\n]|,(?![^,=]*=)", written))
    return [written.strip()], [part for part in parts if part]


def is_comparable(written: str, held: JsonValue) -> bool:
    """Return whether it proves anything that a copy does not hold what a person writes."""
    if isinstance(held, list):
        return all(is_comparable(written, item) for item in held)
    there, here = form_of(held), form_of(written)
    if there == here == "words":
        return not _is_logon_name(str(held)) or written.islower()
    if there == here == "day":  # the day first, or the month; the year with two figures or four
        return _figures(written) != _figures(str(held))
    return "nothing" in {there, here} or there == here


def _figures(day: str) -> list[int]:
    return sorted(int(number) % 100 for number in _NUMBERS.findall(day))


def _is_logon_name(text: str) -> bool:
    """Return whether a word may be an account's name, in the place of which people write a person's."""
    return re.fullmatch(r"[a-z][a-z._-]*[a-z]", text.strip()) is not None


def _named_in(text: str) -> Iterator[str]:
    """Yield the name at the beginning of a DN, as it is written there and with the first name first."""
    first = _FIRST.match(text)
    if first is None:
        return
    name = " ".join(_ESCAPED.sub(_plain, first[2].strip('"')).split())
    yield name
    if turned := _LAST_FIRST.fullmatch(name):
        yield f"{turned[2].strip()} {turned[1].strip()}"


def _plain(match: re.Match[str]) -> str:
    return bytes.fromhex(match[1].replace("\\", "")).decode("utf-8", "replace") if match[1] else match[2]
