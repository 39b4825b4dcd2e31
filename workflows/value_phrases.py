"""Sentences that state a value: "my title should be Editor", "still shows Sales instead of Finance", small tables.

Only a sentence whose form says which value is wanted counts; "Department: Sales" alone does not tell whether Sales is
what is or what should be, so it names the attribute and states nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from workflows.attribute_words import meanings, spoken
from workflows.model import Want

LONGEST = 80  # characters of a value in a running sentence; a longer one is quoted or stands in a labelled line
_UNTOLD = frozenset({"?", "-", "n/a", "na", "unknown", "tbd", "see above", "see below", "see description"})
_EMPTY = frozenset({"empty", "blank", "(empty)", "<empty>", "(blank)", "nothing", "(none)"})
_SENTENCE_END = re.compile(r"(?<=[\w”\"'’)])(?<!\b[JSDM]r)(?<!\bSt)(?<!\bInc)[.!?]+\s+(?=[A-ZÄÖÜ])")
_QUOTED = re.compile(
    r"""\s*(?:"([^"]{0,200})"|“([^”]{0,200})”|„([^“”]{0,200})[“”]|`([^`]{0,200})`"""
    r"""|'((?:[^']|'(?=\w)){0,200})'(?!\w)|‘((?:[^’]|’(?=\w)){0,200})’(?!\w))"""
)
_OWN_NAME = r"(?-i:[a-z]{2,}[A-Z]\w*)"  # an org's own attribute, written as Okta writes it: officeLocation
_DAYS = "monday|tuesday|wednesday|thursday|friday|saturday|sunday|morning|week|month|year|spring|summer|autumn|winter"
_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
_ABBREVIATED = r"(?<!\b[JSDM]r)(?<!\bSt)(?<!\bInc)"  # a point behind one of these ends nothing
_STOP = re.compile(
    rf"[;!?()\n]|,(?:\s|$)|{_ABBREVIATED}\.(?:\s|$)|\s[-–—]\s|\s+(?:instead of|rather than|but|and not|not|since"
    r"|because|as of|as my|as the|as her|as his|in okta|in ad|in active directory|in ldap|in the directory|on my|in my"
    r"|for my"
    r"|please|thanks|thank you|asap|according to|effective|although|yet|any ?more|now|yesterday|today|recently"
    r"|au lieu de|depuis|mais|en lugar de|desde|pero"
    rf"|(?:last|this|on|since|by)\s+(?:{_DAYS}|{_MONTHS}))\b",
    re.I,
)
_PHONE = re.compile(r"\s*(\+?\(?\d[\d\s()/.-]{4,30}\d)(?![\w-])")
# What follows "should be" and is no value: "it should be working", "should be updated by now".
_NO_VALUE = re.compile(
    r"(?:[a-zäöü]+(?:ed|ing)|fine|correct|right|done|there|visible|different|ok|okay|the same|automatic|able"
    r"|in|on|a|an|so|the)\b"
)
# Where a value goes on behind a comma or bracket, or a clause hangs on it, its end cannot be told: nothing is taken.
_GOES_ON = re.compile(r"\(|,\s+[A-ZÄÖÜ0-9]")
_HANGS_ON = re.compile(r"\s(?:by|per|according|effective|or|when|while|until|if|unless|from|to)(?:\s|$)")
# Sentences about a change that was not wanted, or is not asked for.
_DENIED = re.compile(
    r"(?i)\b(?:(?:do|does|did)(?:\s+not|n['’]?t)\s+(?:\w+\s+)?(?:change|update|set|correct|fix|rename|remove|clear|delete)"
    r"|why|wrongly|mistakenly|accidentally|erroneously|by mistake|by accident|in error)\b"
)
_NO_SUBJECT = re.compile(r"(?i)\b(?:ticket|request|issue|incident|priority|case|access|password|you|we|i)\s+$")
_OWN_NAMED = re.compile(rf"(?i:\b(?:my|his|her|their|the|our|attribute|field)\s+)({_OWN_NAME})\b")
_WRONG = re.compile(
    r"(?i)\b(?:wrong|old|outdated|stale|incorrect|missing|not\s+(?:been\s+)?(?:updat\w+|chang\w+|sync\w+|correct|right)"
    r"|hasn['’]?t|isn['’]?t|doesn['’]?t|never|still|no longer|falsch|veraltet|incorrecte?|updat\w+|sync\w*)\b"
)
_COLUMNS = {
    "attribute": {"attribute", "field", "attributes", "profile field", "attribut", "feld"},
    "expected": {
        "expected",
        "new",
        "new value",
        "expected value",
        "should be",
        "correct",
        "correct value",
        "target",
        "neu",
    },
    "still": {"current", "old", "old value", "current value", "is", "now", "in okta", "okta", "shows", "actual", "alt"},
    "user": {"user", "login", "email", "e-mail", "username", "affected user", "employee", "benutzer"},
}


class Stated(NamedTuple):
    """A want, and the user it is about where a table's row says so."""

    want: Want
    user: str | None = None


def stated_values(lines: Sequence[str], synonyms: Mapping[str, str]) -> tuple[Stated, ...]:
    """Return every want that the lines state, in order."""
    found = list(_table(lines))
    words = _words(tuple(sorted(synonyms.items())))
    for line in lines:
        if "|" in line or "\t" in line:
            continue
        for sentence in _SENTENCE_END.split(line):
            found += [Stated(want) for want in _sentence(sentence, words, synonyms)]
    return tuple(found)


def named_attributes(lines: Iterable[str], synonyms: Mapping[str, str]) -> tuple[str, ...]:
    """Return the attribute words of the sentences that complain about something."""
    words = _words(tuple(sorted(synonyms.items())))
    found: dict[str, None] = {}
    for line in lines:
        for sentence in _SENTENCE_END.split(line):
            if _WRONG.search(sentence):
                found |= dict.fromkeys(match[0].lower() for match in words.finditer(sentence))
                found |= dict.fromkeys(match[1].lower() for match in _OWN_NAMED.finditer(sentence))
    return tuple(found)


def value_at(text: str, start: int, words: re.Pattern[str] | None = None) -> tuple[str, int]:
    """Read a value from `start`: what is quoted, or else up to the sentence's next turn; returns it and its end."""
    quoted = _QUOTED.match(text, start)
    if quoted:
        return next(text for text in quoted.groups() if text is not None).strip(), quoted.end()
    number = _PHONE.match(text, start)
    if number:
        return number[1], number.end()
    stop = _STOP.search(text, start)
    end = stop.start() if stop else len(text)
    if words:
        following = re.compile(rf"\s+(?:and|und|et|y)\s+(?:my |the |his |her |their )?(?={words.pattern})", re.I)
        turn = following.search(text, start)
        end = min(end, turn.start()) if turn else end
    value = text[start:end].strip().rstrip(".,:")
    if _GOES_ON.match(text, end) or _HANGS_ON.search(value):
        return "", end
    if len(value) > LONGEST or _NO_VALUE.match(value) or (words and words.fullmatch(value)):
        return "", end
    return value, end


def untold(value: str) -> bool:
    """Say whether a labelled value is only the mark of a field that nobody filled."""
    return value.strip(" .").casefold() in _UNTOLD or not re.search(r"\w", value)


def emptied(value: str) -> str:
    """Turn the words for no value into none."""
    return "" if value.casefold() in _EMPTY else value


@lru_cache(maxsize=32)
def _words(synonyms: tuple[tuple[str, str], ...]) -> re.Pattern[str]:
    names = "|".join(re.escape(word) for word in spoken(dict(synonyms)))
    return re.compile(rf"(?<![\w@.-])(?:{names})(?![\w@-])", re.I)


@lru_cache(maxsize=32)
def _forms(words: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return the sentence forms: what leads up to a value, and what that value is."""
    attribute = rf"(?P<a>{words}|\b{_OWN_NAME}\b)"
    be = r"(?:be|have\s+been|read|say|show|display|contain|hold)"
    be += r"(?:\s+(?:set|updated|changed)(?:\s+from\s+.{1,80}?)?\s+to)?"
    whose = r"(?:my|his|her|their|the|our|\w+['’]s)"
    aside = r"(?:\s+(?:field|attribute|value))?(?:\s+in\s+(?:okta|ad|active directory|ldap|the directory))?"
    since = r"(?:\s+(?:last|this)\s+\w+|\s+on\s+\w+|\s+yesterday|\s+today|\s+recently)?"
    forms = (
        (rf"{attribute}\s*[:=]\s*(?P<from>[^\n>→]{{1,80}}?)\s*(?:->|→|=>|-->)\s*", "expected"),
        (
            rf"{attribute}{aside}\s+(?:(?:should|must|needs?\s+to|has\s+to|is\s+supposed\s+to)(?:\s+now)?\s+{be}"
            r"|devrait\s+être|doit\s+être|debería\s+ser|debe\s+ser)\s*:?\s+",
            "expected",
        ),
        (
            rf"{attribute}{aside}(?:\s+(?:has|have|was|were|got|is))?(?:\s+(?:been|just|recently))*\s+"
            rf"(?:changed|updated|corrected|renamed|set){aside}{since}(?:\s+from\s+(?P<from>.{{1,80}}?))?\s+to\s+",
            "expected",
        ),
        (
            rf"(?:change|update|correct|set|fix|rename)\s+(?:{whose}\s+)?{attribute}{aside}"
            r"(?:\s+from\s+(?P<from>.{1,80}?))?\s+to\s+",
            "expected",
        ),
        (rf"(?:remove|clear|delete|empty)\s+{whose}\s+{attribute}\b", "cleared"),
        (
            rf"{attribute}{aside}\s+(?:(?:is\s+)?still\s+(?:shows?|says?|reads?|displays?|showing|displayed\s+as|listed\s+as|set\s+to|is)"
            r"|(?:is\s+)?still|(?:currently\s+)?(?:shows|says|reads|displays))\s*:?\s+",
            "still",
        ),
    )
    return tuple((re.compile(pattern, re.I), role) for pattern, role in forms)


_SHOULD = re.compile(r"\b(?:it\s+|which\s+)?(?:should|must|needs\s+to)(?:\s+now)?\s+(?:be|read|say|show)\s*:?\s+", re.I)
_STILL = re.compile(
    r"\bstill\s+(?:shows?|says?|has|have|lists?|displays?|sees?|listed\s+as|showing)(?:\s+(?:me|us|up))?(?:\s+(?:as|in|my|the))?\s+",
    re.I,
)
_CHANGE = re.compile(
    r"\b(?:change|update|correct|set|rename)\s+(?:my|his|her|their|the|our)\s+[\w -]{1,30}?"
    r"(?:\s+from\s+.{1,80}?)?\s+to\s+",
    re.I,
)
_INSTEAD = re.compile(r"\b(?:instead\s+of|rather\s+than|and\s+not)\s+", re.I)


def _sentence(sentence: str, words: re.Pattern[str], synonyms: Mapping[str, str]) -> list[Want]:
    if _DENIED.search(sentence):
        return []
    found: list[Want] = []
    rest = sentence
    while matches := [(match, role) for form, role in _forms(words.pattern) if (match := form.search(rest))]:
        match, role = min(matches, key=lambda item: item[0].start())
        want, end = _want(match, role, rest, words)
        if want:
            found.append(want)
        rest = rest[: match.start()] + ";" + rest[end:]
    expected, still = _loose(rest, words, found[-1].still if found else None)
    if found:
        last = found[-1]
        filled = {"expected": last.expected if last.expected is not None else expected, "still": last.still or still}
        return [*found[:-1], last.model_copy(update=filled)]
    if expected is None and still is None:
        return []
    names = list({meanings(match[0], synonyms): match[0].lower() for match in words.finditer(sentence)}.values())
    return [Want(attribute=names[0] if len(names) == 1 else None, expected=expected, still=still)]


def _want(match: re.Match[str], role: str, text: str, words: re.Pattern[str]) -> tuple[Want | None, int]:
    name = match["a"].lower()
    if role == "cleared":
        return Want(attribute=name, expected=""), match.end()
    value, end = value_at(text, match.end(), words)
    if not value:
        return None, max(end, match.end())
    if role == "still":
        return Want(attribute=name, still=value), end
    before = match.groupdict().get("from")
    return Want(attribute=name, expected=emptied(value), still=before.strip(" \"'“”") if before else None), end


def _loose(text: str, words: re.Pattern[str], still: str | None) -> tuple[str | None, str | None]:
    """Read values of a sentence that names their role but not their attribute."""
    if not still and (match := _STILL.search(text)):
        still = value_at(text, match.end(), words)[0] or None
    leads = _SHOULD.search(text)
    if leads and _NO_SUBJECT.search(text[: leads.start()]):
        leads = None
    leads = leads or _CHANGE.search(text) or (_INSTEAD.search(text) if still else None)
    value = value_at(text, leads.end(), words)[0] if leads else ""
    return (emptied(value) if value else None), still


def _table(lines: Sequence[str]) -> Iterable[Stated]:
    """Read tables with a header that names at least an attribute's and an expected value's column."""
    columns: dict[str, int] = {}
    for line in lines:
        cells = [cell.strip(" *_") for cell in re.split(r"\|\||\||\t", line.strip().strip("|"))]
        if len(cells) < 2:  # noqa: PLR2004  # one cell is no row
            columns = {} if line.strip() else columns
        elif not columns:
            heads = {
                role: n for n, cell in enumerate(cells) for role, names in _COLUMNS.items() if cell.casefold() in names
            }
            columns = heads if {"attribute", "expected"} <= heads.keys() else {}
        elif not re.fullmatch(r"[\s:|-]*", line):
            row = {role: cells[place] for role, place in columns.items() if place < len(cells)}
            if row.get("attribute") and row.get("expected"):
                want = Want(
                    attribute=row["attribute"], expected=emptied(row["expected"]), still=row.get("still") or None
                )
                yield Stated(want, row.get("user") or None)
