"""Where a value in a running sentence ends; where that cannot be told, nothing is taken.

A quoted value and a phone number end by themselves. Any other ends at the sentence's next turn (`_STOP`), and is given
up if what stands there may belong to it: "R&D, EMEA (North)" is one value, and "Finance by Friday" may be none.
"""

from __future__ import annotations

import re

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
_HINT = re.compile(r"^\s*\([a-z][^()\d]{2,80}\)\s*")  # what a template says to whoever fills it in
QUOTED = re.compile(
    r"""\s*(?:"([^"]{0,200})"|“([^”]{0,200})”|„([^“”]{0,200})[“”]|«\s*([^»]{0,200}?)\s*»|`([^`]{0,200})`"""
    r"""|'((?:[^']|'(?=\w)){0,200})'(?!\w)|‘((?:[^’]|’(?=\w)){0,200})’(?!\w))"""
)
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
_TURNS = (
    r"instead|rather\s+than|but|and\s+not|not|since|because|please|pls|plz|thanks|thank\s+you|thx|cheers|asap|although|yet"
    r"|according\s+to|effective|any\s?more|right\s+(?:now|away)|at\s+the\s+moment|now|yesterday|today|recently|already"
    r"|immediately|again|too|as\s+well|lol|which|who|where|while|whereas|despite|if\s+possible|when\s+possible"
    r"|as\s+(?:of|my|the|her|his|agreed|discussed|per|in|shown|stated|it|you|i|we|they|he|she|can|soon)"
    r"|on\s+my|in\s+my|for\s+(?:my|his|her|this|that|user|account|employee|login)|and\s+(?:okta|ad|active|ldap|hr|workday|please|it|i|we|the|this|that|my|not|has|is|was)"
    r"|ändern|korrigieren|aber|sondern|statt|und\s+nicht|nicht|bitte|danke|seit|geändert|sein|lauten|heißen|heissen|stehen|werden"
    r"|laut|gemäß|ab\s+sofort|selon|à\s+partir|según|a\s+partir|segundo|conforme|au\s+lieu\s+de|depuis|mais|merci|svp|s['’]il\s+vous|et\s+non|dans\s+(?:okta|l['’]ad)|pas"
    r"|en\s+lugar\s+de|desde|pero|por\s+favor|gracias|y\s+no|en\s+(?:okta|el\s+ad|ad)|todavía|aún"
    r"|em\s+vez\s+de|mas|obrigad[oa]|e\s+não|no\s+(?:okta|ad)|ainda|zijn|maar|en\s+niet|niet|graag|sinds|volgens|vanaf|gewijzigd|bedankt"
    r"|im\s+ad|(?:and|y|et|e|und|en)\s+(?:should|must|needs|debería|debe|devrait|doit|il|elle|deveria|deve|sollte|soll|muss|moet)"
)
_STOP = re.compile(
    rf"\s;|;(?=\s|$)|[!?\n)]|\(|,(?:\s|$)|{ABBREVIATED}\.(?:\s|$)|\s(?:[-–—]|->|→|=>)\s|\s+(?:{_TURNS}|in\s+{SYSTEM}"
    rf"|(?:for|of|für|von|pour|para|voor|de)(?=\s+\S+@)|for(?=\s*:?\s*$)|(?:last|this|on|since|by|in|from)\s+(?:{_DAYS}|{_MONTHS})"
    rf"|(?:on|as\s+of|from|since)\s+(?:the\s+)?\d{{1,2}}(?:st|nd|rd|th|\.|\s+(?:{_MONTHS}))|{_AGO})(?!\w)",
    re.I,
)
# What follows "should be" and is no value: "it should be working", "should be updated by now".
_NO_VALUE = re.compile(
    r"(?:[a-zäöü]+(?:ed|ing)|fine|correct|right|done|there|visible|different|ok|okay|the same|automatic|able|wrong|old"
    r"|like|what|set|shown|as|still|also|always|never|only|just|that|this|one|something|exactly|max|min|at|less|more|between|either|unique|same|falsch|richtig"
    r"|in|on|a|an|so|the|to|too|not|no|my|your|his|her|it)\b"
)
# Behind a comma a value may go on, unless one of these begins another clause there.
_CLAUSE = (
    r"(?:but|and|so|not|can|could|would|will|please|pls|plz|kindly|thanks?|thx|cheers|it|i|i['’]\w+|we|he|she|they|you|okta|ad"
    r"|hr|workday|in|as|since|because|which|who|while|where|whereas|however|though|although|instead|currently|now|still|the"
    r"|this|that|these|my|his|her|their|our|for|per|if|when|until|after|before|just|also|is|was|has|do|don['’]?t|did|ok|right"
    r"|yes|no|sorry|see|both|aber|und|da|weil|seit|bitte|danke|ich|wir|sie|es|er|die|der|das|nicht|statt|mais|et|car|merci"
    r"|je|il|elle|pas|dans|pero|porque|gracias|en|por|mas|obrigad[oa]|maar|want|graag|niet|ik|sinds)\b"
)
# Where a value goes on behind a comma, dash or bracket, or a clause hangs on it, its end cannot be told.
_GOES_ON = re.compile(
    r"\s[-–—]\s+(?!(?i:okta|ad|it|please|thanks|currently|now|i|we|my)\b)[A-ZÄÖÜ0-9]"
    rf"|(?!(?i:{_ASIDE}))\(|,\s+(?!(?i:{_CLAUSE}))\w"
)
_INITIALS = re.compile(r"\b\w\.\w\.$")  # "A.J.": the last point is the value's own
_QUOTES = re.compile(r"[\"“”„«»]|^['‘]")  # of which only one was written
_CHAIN = re.compile(
    r"(?i)[^.;\n]{0,40}?\b(?:and|then)\s+(?:(?:then|later|now)\s+)?(?:from|to)\s"
)  # one change after another
_MORE = re.compile(
    r"(?i)\s*(?:ext\b|x\s?\d|or\b|oder\b|ou\b|/|\(\d|\s(?-i:(?!Okta|AD|I|It|In|Please|Thanks|Not|But|And)[A-Z]))"
)  # behind a value that seemed to end by itself
_HANGS_ON = re.compile(
    r"\s(?:by|with|per|according|effective|after|before|starting|beginning|or|when|while|until|if|unless|from|to|than|like|as|so|just|only|also|even|still"
    r"|always|never|that|this|there|here|i|you|we|they|he|she|it|me|us|my|your|our|their|is|are|was|were|has|have|had"
    r"|do|does|did|can|could|will|would|should|shall|must|may|might|think|guess|maybe|perhaps|probably|everywhere"
    r"|in\s+(?:(?i:azure|workday|hr|sap|outlook|teams|slack)|the|our|this|all)|and\s+(?:my|the)|[a-z]+ly|/"
    r"|oder|wie|ist|war|hat|wurde|ab|und\s+meine?|ou|est|comme|et\s+m[oa]n?|o|como|heeft)(?:\s|$)"
    r"|\sI['’\s]\s*[a-z]|\sfor\s+\S+\s+and\s.+\sfor\s|\s(?:at|of|with|and|the|for|und|de)$|^(?:von|from|de)\s|&[a-z]+$"
)


def value_at(text: str, start: int, words: re.Pattern[str] | None = None) -> tuple[str, int]:
    """Read a value from `start`: what ends by itself, or else up to the next turn; return it and its end."""
    for pattern in (QUOTED, _PHONE, _ADDRESS):
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
    if len(value) > LONGEST or _QUOTES.search(value) or _NO_VALUE.match(value) or (words and words.fullmatch(value)):
        return "", end
    return value, end


def untold(value: str) -> bool:
    """Say whether a labelled value is only the mark of a field that nobody filled."""
    return value.strip(" .").casefold() in _UNTOLD or not re.search(r"\w", value) or "[removed]" in value


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
