"""Whether a ticket's words are about whoever wrote them or somebody else: "my title", "her title", "our director".

The requester is taken for the affected user only where nothing says otherwise, for a wrong person is worse than a
question.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from workflows.reading.people_words import DETERMINER, FIRST_PERSON, GREETING, I_CHANGED, MINE, NOBODY, OTHERS, PERSON

# "Mine still says Clerk", "okta still has me in Sales": the writer's own, without an attribute of theirs.
_MINE_IS = (
    r"\bmine\s+(?!(?:is|was|looks|shows|works)\s+(?:all\s+)?(?:fine|ok|okay|correct|right|good|there)\b)"
    r"(?:is|isn|still|has|hasn|does|doesn|did|didn|should|shows|says|needs)\b"
    r"|\bokta\b[^.\n]{0,30}\b(?:has|shows?|lists?|says?|thinks|carries|knows|sees)\s+(?:me|i['’]?m)\b"
    r"|\b(?:and|und|et|y|e|en)\s+i\b|\bi['’]?m\s+(?:booked|listed|shown|assigned|under)\b"
    r"|\bfor\s+me\b[^.\n]{0,30}\bokta\b|\bokta\b[^.\n]{0,40}\bfor\s+me\b|\b(?:bij\s+mij|bei\s+mir|chez\s+moi)\b"
)
_ASIDE = r"(?:\s+(?:okta|ad|new|old|current|job|user|own))?\s+"
# Between "my" and an attribute: "my preferred first name", but not "my colleague's name".
_QUALIFIED = rf"(?:\s+(?!{PERSON}\b)[\w-]+(?!['’]s)\b){{0,2}}\s+"
# "My own profile is fine", "nothing needs doing to my own account": not what the ticket is about.
_MY_OWN = re.compile(r"(?i)\bmy\s+own\b")
_NOTHING_WITH = re.compile(r"(?i)\b(?:fine|ok|okay|correct|nothing|not)\b")
_OWN = re.compile(r"(?i)\b(?:my\s+own|bei\s+mir\s+selbst)\b")
_FINE = re.compile(r"(?i)\b(?:fine|ok|okay|correct|right|passt|stimmt)\b")
_SENTENCE = re.compile(r"[^.!?\n]+")
# First persons that say nothing of whose profile is meant: "let me know", "my colleague".
_ABOUT_THE_TICKET = re.compile(
    rf"(?i)\b(?:let|tell|call|contact|reach|ask|give|send|write|mail)\s+me\b|\b{MINE}\s+(?:\w+\s+){{0,2}}{PERSON}"
)
_POLITE = re.compile(r"\b(?:Mr|Ms|Mrs|Mx|Frau|Herrn?|Mme|Monsieur|Madame|Sra|Señora?|Dhr|Mevr)\b\.?\s+[A-ZÄÖÜÉ]")
# "User jdoe has", "please fix jdoe:", "jdoe@corp": somebody who is named, if not so that anybody could be looked up.
_OF_USERS = (
    r"(?:profiles?|accounts?|attributes?|types?|interface|portal|ids?|names?|data|details|records?|directory|groups?"
    r"|settings)\b"
)
_CALLED = re.compile(
    rf"(?i)\buser(?:name)?\s+(?!{_OF_USERS})[a-z]"
    r"|\b(?:fix|correct|check)\s+(?!(?:this|it|these|the|below|following|asap)\b)[\w.-]{3,40}:"
    r"|\b[\w.]{2,64}@[\w-]{2,64}\b(?![.\w-])|\b(?:cn|uid)="
)
MOST_OF_GREETING = 5  # words; what is longer says more than a greeting
_NAME = r"(?-i:[A-ZÄÖÜÉ][\w'’-]+)"
_NO_PROFILE = (
    r"(?!(?:okta|ad|own|user|profile|account|record|ticket|directory|moment|time|following|last|first|next)\b)"
)
_NO_CHANGE = r"(?!\s+(?:a|à|para|por|to|auf|naar)\s)"  # "cargo de Vendedor a Supervisor" tells of a change
_DOES = r"(?:has|had|moved|changed|got|joined|switched|left|needs|ist|hat|a\s+changé|ha\s+cambiado|mudou|is)"
_NAMED = re.compile(rf"\b({_NAME}\s+{_NAME})\s+{_DOES}\b")
# "Julia from Accounting has the wrong manager": a sentence about whoever begins it.
_BEGINS = re.compile(
    rf"(?:^|[.!?]\s+)({_NAME})(?:\s+(?:from|in|of|at|aus|von)\s+[\w&]+)?"
    r"\s+(?:has|had|moved|got|joined|switched|left|needs|hat)\b",
    re.M,
)
# "Adela Byrne and I", "me and Adela Byrne": two people, of whom one cannot be looked up.
_AND_I = re.compile(
    rf"\b({_NAME}\s+{_NAME})(?:,\s*|\s+)(?i:and|und|et|y|e|en)\s+(?i:i|me|ich|moi|yo|eu|ik)\b(?!['’]m|\s+(?:am|bin|suis|soy|sou|ben|report|work)\b)"
    rf"|\b(?i:me|i|ich|moi|yo|eu|ik)\s+(?i:and|und|et|y|e|en)\s+({_NAME}\s+{_NAME})\b"
)
_MUST = re.compile(rf"\b({_NAME}\s+{_NAME})\s+(?:has\s+to|needs\s+to|should|must)\s+(?:also\s+)?be\b")
_INTRODUCES = re.compile(r"(?i)\bthis\s+is\s+([a-zäöü][\w'’-]+)\s+(?:from|at|in)\s")


def speaks_of_writer(lines: Sequence[str], words: re.Pattern[str]) -> bool:
    """Say whether the words are about an attribute or the profile of whoever wrote them: "my title"."""
    told = _SENTENCE.sub(lambda part: " " if _own_is_fine(part[0]) else part[0], "\n".join(lines))
    own = rf"(?i:\b{MINE}{_QUALIFIED}(?:(?:{words.pattern})|profile?|account|name|profil|konto)|{_MINE_IS})"
    return re.search(own, told) is not None


def speaks_in_first_person(lines: Iterable[str]) -> bool:
    """Say whether somebody speaks of themselves at all, whatever they say."""
    return re.search(FIRST_PERSON, _ABOUT_THE_TICKET.sub(" ", "\n".join(lines))) is not None


def speaks_of_others(lines: Iterable[str], words: re.Pattern[str], writer: str | None = None) -> bool:
    """Say whether the words are about somebody else than their writer: "her title", "Eve Stone's city"."""
    told = [line for line in lines if not re.match(GREETING, line) or len(line.split()) > MOST_OF_GREETING]
    text = "\n".join(told)
    themselves = set((writer or "").casefold().split())
    introduced = (match[1] for match in _INTRODUCES.finditer(text))
    joined = (match[1] or match[2] for match in _AND_I.finditer(text))
    must = (match[1] for match in _MUST.finditer(text))
    told_of = (*introduced, *(name for name in (*joined, *must) if not words.match(name)))
    if any(_is_person(name, themselves) for name in told_of) or any(_owner(text, words, themselves)):
        return True
    if speaks_of_writer(told, words) or re.search(I_CHANGED, text):
        return False
    alone = re.fullmatch(rf"\s*({_NAME}\s+{_NAME})\W*", text)
    if alone and _is_person(alone[1], themselves):
        return True
    named = (match[1] for pattern in (_NAMED, _BEGINS) for match in pattern.finditer(text))
    names = [name for name in named if not words.match(name)]
    return any(re.search(pattern, text) for pattern in (OTHERS, _POLITE, _CALLED)) or any(
        _is_person(name, themselves) for name in names
    )


def _owner(text: str, words: re.Pattern[str], themselves: set[str]) -> Iterable[bool]:
    """Say of each mention of an attribute that tells whose it is, whether that is another person."""
    attribute = rf"(?i:{words.pattern})"
    theirs = r"(?i:\b(?:his|her|their|your(?!\s+[\w -]{1,20}:)|seine?|ihre?|sein|son|sa|zijn|haar))"
    yield re.search(rf"{theirs}{_ASIDE}{attribute}", text) is not None
    for match in re.finditer(rf"\b([\w-]{{1,40}})(?:['’]s|s['’])(?:\s+\w+){{0,2}}?\s+{attribute}", text):
        yield _is_person(match[1], themselves)
    of = r"(?i:\s+in\s+okta)?\s+(?i:of|for|von|für|pour|para|van|voor)\s+"
    whom = rf"({_NAME}(?:\s+{_NAME})?|(?i:{DETERMINER}\s+{_NO_PROFILE}\w+))"
    romance = rf"\s+(?i:de|da|do)\s+({_NAME}\s+{_NAME})"  # "puesto de Técnica" is a title
    for match in re.finditer(rf"{attribute}(?:{of}{whom}{_NO_CHANGE}|{romance})", text):
        if match[0].casefold().startswith(("department of", "division of", "office of")) and match[1][0].isupper():
            continue  # "Department of Rural Affairs" is its name
        title = match[2] and re.search(FIRST_PERSON, text)  # "figuro con el puesto de Técnica Superior"
        yield not title and _is_person(match[1] or match[2], themselves)


def _own_is_fine(sentence: str) -> bool:
    """Say whether a sentence leaves the writer's own profile out; searched step by step, for time's sake."""
    nothing, own = _NOTHING_WITH.search(sentence), _OWN.search(sentence)
    left_out = nothing and _MY_OWN.search(sentence, nothing.end())
    return bool(left_out or (own and _FINE.search(sentence, own.end())))


def _is_person(name: str, themselves: set[str]) -> bool:
    parts = name.casefold().split()
    return parts[0] not in NOBODY and not set(parts) <= themselves
