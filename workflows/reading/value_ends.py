"""Where a value in a running sentence ends; where that cannot be told, nothing is taken.

A quoted value and a phone number end by themselves. Any other ends at the sentence's next turn (`_STOP`), and is given
up if what stands there may belong to it: "R&D, EMEA (North)" is one value, and "Finance by Friday" may be none.
"""

from __future__ import annotations

import re

from workflows.reading.turning_words import CLAUSE, HANGS_ON, NO_VALUE, TURNS

LONGEST = 80  # characters of a value in a running sentence; a longer one is quoted or stands in a labelled line
_UNTOLD = frozenset(
    {"?", "-", "n/a", "na", "unknown", "tbd", "see above", "see below", "see description", "leave as is"}
)
_EMPTY = frozenset(
    {
        "empty",
        "blank",
        "(empty)",
        "<empty>",
        "(blank)",
        "<blank>",
        "nothing",
        "(none)",
        "leer",
        "vide",
        "vacío",
        "vazio",
    }
)
_PLACEHOLDER = re.compile(r"<(?!empty>|blank>)[^<>@]{1,80}>")
_HINT = re.compile(r"^\s*\([a-z][^()\d]{2,80}\)\s*")  # what a template says to whoever fills it in
QUOTED = re.compile(
    r"""\s*(?:"([^"]{0,200})"|“([^”]{0,200})”|„([^“”]{0,200})[“”]|«\s*([^»]{0,200}?)\s*»|`([^`]{0,200})`"""
    r"""|'((?:[^']|'(?=\w)){0,200})'(?!\w)|‘((?:[^’]|’(?=\w)){0,200})’(?!\w))"""
)
_EXTENSION = re.compile(r"(?i)\s*(?:ext(?:ension)?\.?|durchwahl)\s*(\d{2,6})(?![\w-])")
_PHONE = re.compile(r"\s*(\+?\(?\d[\d\s()/.-]{4,30}\d)(?![\w-])")
_ADDRESS = re.compile(r"\s*([\w.%+'-]{1,64}@[\w-]+(?:\.[\w-]+)+)")
_DAYS = "monday|tuesday|wednesday|thursday|friday|saturday|sunday|morning|week|month|year|spring|summer|autumn|winter"
_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
_SOME = r"(?:a|an|one|two|three|four|five|six|\d{1,2}|several|a\s+few|a\s+couple\s+of)"
_AGO = rf"{_SOME}\s+(?:days?|weeks?|months?|years?)\s+ago"
SYSTEM = r"(?:okta|ad|active\s+directory|ldap|l['’]ad|(?:the|our)\s+directory)"
# A point behind one of these ends nothing; nor does one behind a single letter, as in "Ph.D."
_SHORTENED = ("[JSDM]r", "Mrs", "Ms", "Prof", "Mag", "Ing", "Dipl", "Rev", "Capt", "Sgt", "St", "Inc", "Apt")
ABBREVIATED = "".join(rf"(?<!\b{word})" for word in _SHORTENED) + r"(?<!\.\w)"
# What a bracket says about a value, rather than being part of it: "(was Sales)", "(AD is fine)".
_ASIDE = (
    rf"\(\s*(?:{SYSTEM}|hr|workday|sap|was|is|not|now|currently|formerly|previously|instead|see|per|according|old|new|since|as|which"
    r"|that|it|i|bisher|vorher|früher|statt|nicht|antes|avant|voorheen)\b"
)
_STOP = re.compile(
    rf"\s;|;(?=\s|$)|[!?\n)]|\(|,(?:\s|$)|{ABBREVIATED}\.(?:\s|$)|\s(?:[-–—]|->|→|=>)\s|\s+(?:{TURNS}|in\s+{SYSTEM}"
    rf"|(?:for|of|für|von|pour|para|voor|de)(?=\s+\S+@)|for(?=\s*:?\s*$)|(?:last|this|on|since|by|in|from)\s+(?:{_DAYS}|{_MONTHS})"
    rf"|(?:on|as\s+of|from|since)\s+(?:the\s+)?\d{{1,2}}(?:st|nd|rd|th|\.|\s+(?:{_MONTHS}))|{_AGO})(?!\w)",
    re.I,
)
# Where a value goes on behind a comma, dash or bracket, or a clause hangs on it, its end cannot be told.
_GOES_ON = re.compile(
    r"\s[-–—]\s+(?!(?i:okta|ad|it|please|thanks|currently|now|i|we|my)\b)[A-ZÄÖÜ0-9]"
    rf"|(?!(?i:{_ASIDE}))\(|,\s+(?!(?i:{CLAUSE}))\w"
)
_INITIALS = re.compile(r"\b\w\.\w\.$")  # "A.J.": the last point is the value's own
_QUOTES = re.compile(r"[\"“”„«»]|^['‘]")  # of which only one was written
_CHAIN = re.compile(
    r"(?i)[^.;\n]{0,40}?\b(?:and|then)\s+(?:(?:then|later|now|(?:in|on|since)\s+\w+)\s+)?(?:from|to)\s"
)  # one change after another
_MORE = re.compile(
    r"(?i)\s*(?:ext\b|x\s?\d|or\b|oder\b|ou\b|/|\(\d|\s(?-i:(?!Okta|AD|I|It|In|Please|Thanks|Not|But|And)[A-Z]))"
)  # behind a value that seemed to end by itself
_HANGS_ON = re.compile(
    rf"\s(?:{HANGS_ON})(?:\s|$)"
    r"|\sI['’\s]\s*[a-z]|\sfor\s+\S+\s+and\s.+\sfor\s|\s(?:at|of|with|and|the|for|und|de)$"
    r"|^(?:von|from|de)\s|&[a-z]+$"
)


def value_at(text: str, start: int, words: re.Pattern[str] | None = None) -> tuple[str, int]:
    """Read a value from `start`: what ends by itself, or else up to the next turn; return it and its end."""
    for pattern in (QUOTED, _EXTENSION, _PHONE, _ADDRESS):
        if found := pattern.match(text, start):
            value = next(part for part in found.groups() if part is not None).strip()
            return "" if _MORE.match(text, found.end()) else value, found.end()
    stop = _STOP.search(text, max(start - 1, 0))
    end = max(stop.start(), start) if stop else len(text)
    turn = next_attribute(words.pattern).search(text, start) if words else None
    goes_on = _GOES_ON.match(text, end)
    if turn and turn.start() <= end:
        goes_on, end = None, turn.start()
    value = text[start:end].strip().rstrip(",:")
    value = value if _INITIALS.search(value) else value.rstrip(".,:")
    if goes_on or _CHAIN.match(text, end) or _HANGS_ON.search(value.lower() if value.isupper() else value):
        return "", end
    if len(value) > LONGEST or _QUOTES.search(value) or re.match(NO_VALUE, value) or (words and words.fullmatch(value)):
        return "", end
    return value, end


def untold(value: str) -> bool:
    """Say whether a labelled value is only the mark of a field that nobody filled."""
    told = re.search(r"\w", value) and not is_placeholder(value) and "[removed]" not in value
    return not told or value.strip(" .").casefold() in _UNTOLD


def is_placeholder(value: str) -> bool:
    """Say whether a form's value is nothing, or what its template holds for whoever fills it in: "<enter e-mail>"."""
    return not value.strip() or _PLACEHOLDER.fullmatch(value.strip()) is not None


def emptied(value: str) -> str:
    """Turn the words for no value into none."""
    return "" if value.casefold() in _EMPTY else value


def filled_in(value: str) -> str:
    """Return a labelled value without the hint that its template gave, and nothing where only the hint is left."""
    value = value.strip()
    return value if value.casefold() in _EMPTY else _HINT.sub("", value)


def next_attribute(words: str) -> re.Pattern[str]:
    """Return what leads from a value to the next attribute: "and my ..."."""
    return re.compile(
        rf"\s*(?:,\s*|\s(?:and|und|et|y|e|en)\s+|\s&\s+)(?:(?:my|the|his|her|their|meine?|mon|ma|mi|o|a|mijn)\s+)?(?={words})",
        re.I,
    )
