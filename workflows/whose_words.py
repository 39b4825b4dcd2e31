"""Whether a ticket's words are about whoever wrote them or somebody else: "my title", "her title", "our director".

The requester is taken for the affected user only where nothing says otherwise, for a wrong person is worse than a
question.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_MINE = r"(?:my|mein|meine|meinem|mi|mon|ma|meu|minha|mijn)"
# "Mine still says Clerk", "okta still has me in Sales": the writer's own, without an attribute of theirs.
_MINE_IS = (
    r"\bmine\s+(?!(?:is|was|looks|shows|works)\s+(?:all\s+)?(?:fine|ok|okay|correct|right|good|there)\b)"
    r"(?:is|isn|still|has|hasn|does|doesn|did|didn|should|shows|says|needs)\b"
    r"|\bokta\b[^.\n]{0,30}\b(?:has|shows?|lists?|says?|thinks|carries|knows|sees)\s+(?:me|i['’]?m)\b"
    r"|\b(?:and|und|et|y|e|en)\s+i\b|\bi['’]?m\s+(?:booked|listed|shown|assigned|under)\b"
    r"|\bfor\s+me\b[^.\n]{0,30}\bokta\b|\bokta\b[^.\n]{0,40}\bfor\s+me\b|\b(?:bij\s+mij|bei\s+mir|chez\s+moi)\b"
)
_ASIDE = r"(?:\s+(?:okta|ad|new|old|current|job|user|own))?\s+"
_PERSON = (
    r"(?:colleague|co-?worker|employee|user|(?:new\s+)?(?:hire|joiner|starter)|team\s?mate|team\s+member|direct\s+report|report"
    r"|guy|girl|lady|man|woman|person|client|customer|wife|husband|partner|director|assistant|intern|trainee|contractor|apprentice|secretary|boss|ceo|cfo|cto|vp|team|staff|everyone|everybody"
    r"|people|kolleg\w*|mitarbeiter\w*|chefin|chef|auszubildende\w*|collègue|colega|compañer[oa]|empleado|empleada|jef[ea]"
    r"|collega|medewerker)s?(?!\s+(?:number|no\b|id\b|type|profile|portal|directory))"
)
# Between "my" and an attribute: "my preferred first name", but not "my colleague's name".
_QUALIFIED = rf"(?:\s+(?!{_PERSON}\b)[\w-]+(?!['’]s)\b){{0,2}}\s+"
_DETERMINER = (
    r"(?:a|an|the|our|my|this|that|new|whole|one\s+of\s+(?:my|our)|unser\w*|eine?[rs]?|der|die|bei"
    r"|la|le|el|o|onze)"
)
_OUR = (
    r"(?:our|unser(?:e[mnrs]?)?|notre|nos|nuestr[oa]s?|noss[oa]s?|onze?)\s+(?!(?:ad|active|okta|ldap|directory|system|company|org"
    r"|organi[sz]ation|office|team|hr|it|records?|tenant|domain|local|firma|verzeichnis|clinic|hospital|school|campus|site|branch|building"
    r"|entity|plant|warehouse|store|shop|lab|\w+\s+(?:entity|office|site|team|branch))\b)\w+"
)
# What people say of a change of their own, without naming an attribute as theirs.
_I_CHANGED = re.compile(
    r"(?i)\b(?:i(?:['’]ve|\s+have)?\s+(?:just\s+|recently\s+)?(?:joined|moved|got|changed|transferred|relocated|converted|switched|started|married|was\s+given)"
    r"|i\s+was\s+(?!asked|told|able|looking|going|wondering|hoping)"
    r"|i(?:['’]m|\s+am|\s+was)\s+(?:now|a|an|the|promoted|moved|transferred|married|hired|rehired)|ich\s+(?:bin|wurde)"
    r"|je\s+suis|j['’]ai|yo\s+soy|eu\s+(?:sou|fui)|ik\s+ben)\b"
)
# "My own profile is fine", "nothing needs doing to my own account": not what the ticket is about.
_MY_OWN = re.compile(r"(?i)\bmy\s+own\b")
_NOTHING_WITH = re.compile(r"(?i)\b(?:fine|ok|okay|correct|nothing|not)\b")
_OWN = re.compile(r"(?i)\b(?:my\s+own|bei\s+mir\s+selbst)\b")
_FINE = re.compile(r"(?i)\b(?:fine|ok|okay|correct|right|passt|stimmt)\b")
_SENTENCE = re.compile(r"[^.!?\n]+")
_FIRST_PERSON = re.compile(
    r"(?i)\b(?:i|i['’]?m|im|ive|my|mine|me|myself|ich|mein\w*|mir|mich|je|moi|mon|ma|mes|yo|soy|mi|mis|eu|meus?|minhas?|sou|fui"
    r"|ik|mijn|mij|io|mio|mia)\b|(?<![\w])(?:j|m)['’]"
)
# First persons that say nothing of whose profile is meant: "let me know", "my colleague".
_ABOUT_THE_TICKET = re.compile(
    rf"(?i)\b(?:let|tell|call|contact|reach|ask|give|send|write|mail)\s+me\b|\b{_MINE}\s+(?:\w+\s+){{0,2}}{_PERSON}"
)
_OTHERS = re.compile(
    rf"(?i)\b(?:{_DETERMINER}\s+(?:\w+\s+){{0,2}}{_PERSON}|his|her|their|he|she|him|{_OUR}|kolleg(?:e|in|en)|mitarbeiter(?:in)?"
    r"|collègue|colega|medewerker)\b"
)
_POLITE = re.compile(r"\b(?:Mr|Ms|Mrs|Mx|Frau|Herrn?|Mme|Monsieur|Madame|Sra|Señora?|Dhr|Mevr)\b\.?\s+[A-ZÄÖÜÉ]")
# "User jdoe has", "please fix jdoe:", "jdoe@corp": somebody who is named, if not so that anybody could be looked up.
_CALLED = re.compile(
    r"(?i)\buser(?:name)?\s+(?!(?:profiles?|accounts?|attributes?|types?|interface|portal|ids?|names?|data|details|records?"
    r"|directory|groups?|settings)\b)[a-z]|\b(?:fix|correct|check)\s+(?!(?:this|it|these|the|below|following|asap)\b)[\w.-]{3,40}:"
    r"|\b[\w.]{2,64}@[\w-]{2,64}\b(?![.\w-])|\b(?:cn|uid)="
)
MOST_OF_GREETING = 5  # words; what is longer says more than a greeting
_GREETING = re.compile(
    r"(?i)^\W*(?:dear|hi|hello|hey|good\s+\w+|sehr\s+geehrte\w*|liebe[rs]?|hallo|guten\s+\w+|bonjour|chère?|hola|estimad\w+"
    r"|ol[áa]|bom\s+dia|beste|geachte|goede\w*|regards|thanks)\b"
)
_NAME = r"(?-i:[A-ZÄÖÜÉ][\w'’-]+)"
_NO_PROFILE = (
    r"(?!(?:okta|ad|own|user|profile|account|record|ticket|directory|moment|time|following|last|first|next)\b)"
)
_NO_CHANGE = r"(?!\s+(?:a|à|para|por|to|auf|naar)\s)"  # "cargo de Vendedor a Supervisor" tells of a change
_DOES = r"(?:has|had|moved|changed|got|joined|switched|left|needs|ist|hat|a\s+changé|ha\s+cambiado|mudou|is)"
_NAMED = re.compile(rf"\b({_NAME}\s+{_NAME})\s+{_DOES}\b")
# "Julia from Accounting has the wrong manager": a sentence about whoever begins it.
_BEGINS = re.compile(
    rf"(?:^|[.!?]\s+)({_NAME})(?:\s+(?:from|in|of|at|aus|von)\s+[\w&]+)?\s+(?:has|had|moved|got|joined|switched|left|needs|hat)\b",
    re.M,
)
# "Adela Byrne and I", "me and Adela Byrne": two people, of whom one cannot be looked up.
_AND_I = re.compile(
    rf"\b({_NAME}\s+{_NAME})(?:,\s*|\s+)(?i:and|und|et|y|e|en)\s+(?i:i|me|ich|moi|yo|eu|ik)\b"
    rf"|\b(?i:me|i|ich|moi|yo|eu|ik)\s+(?i:and|und|et|y|e|en)\s+({_NAME}\s+{_NAME})\b"
)
_MUST = re.compile(rf"\b({_NAME}\s+{_NAME})\s+(?:has\s+to|needs\s+to|should|must)\s+(?:also\s+)?be\b")
_INTRODUCES = re.compile(r"(?i)\bthis\s+is\s+([a-zäöü][\w'’-]+)\s+(?:from|at|in)\s")
_NOBODY = frozenset(
    {"okta", "ad", "active", "azure", "ldap", "workday", "sap", "hr", "windows", "microsoft", "force", "company",
     "service", "help", "human", "office", "team", "it", "that", "what", "here", "there", "let", "today", "yesterday",
     "this", "these", "all", "hello", "hi", "me", "mine", "my", "mich", "mir", "mim", "mij", "us",
     "die", "der", "das", "im", "am", "in", "ein", "eine",
     "unsere", "mein", "meine", "le", "la", "les", "el", "los", "il",
     "os", "as", "de", "het", "our", "at", "on", "since", "and", "but", "if", "when", "after", "before", "now",
     "please",
     "nobody", "everybody", "everyone", "somebody", "someone", "exchange", "outlook", "teams", "slack",
     "payroll", "finance",
     "everything", "nothing", "something", "profile", "she", "he", "we", "i", "you", "who", "which", "the"}
)  # fmt: skip


def speaks_of_writer(lines: Sequence[str], words: re.Pattern[str]) -> bool:
    """Say whether the words are about an attribute or the profile of whoever wrote them: "my title"."""
    told = _SENTENCE.sub(lambda part: " " if _own_is_fine(part[0]) else part[0], "\n".join(lines))
    own = rf"(?i:\b{_MINE}{_QUALIFIED}(?:(?:{words.pattern})|profile?|account|name|profil|konto)|{_MINE_IS})"
    return re.search(own, told) is not None


def speaks_in_first_person(lines: Iterable[str]) -> bool:
    """Say whether somebody speaks of themselves at all, whatever they say."""
    return _FIRST_PERSON.search(_ABOUT_THE_TICKET.sub(" ", "\n".join(lines))) is not None


def speaks_of_others(lines: Iterable[str], words: re.Pattern[str], writer: str | None = None) -> bool:
    """Say whether the words are about somebody else than their writer: "her title", "Eve Stone's city"."""
    told = [line for line in lines if not _GREETING.match(line) or len(line.split()) > MOST_OF_GREETING]
    text = "\n".join(told)
    themselves = set((writer or "").casefold().split())
    introduced = (match[1] for match in _INTRODUCES.finditer(text))
    joined = (match[1] or match[2] for match in _AND_I.finditer(text))
    must = (match[1] for match in _MUST.finditer(text))
    told_of = (*introduced, *(name for name in (*joined, *must) if not words.match(name)))
    if any(_is_person(name, themselves) for name in told_of) or any(_owner(text, words, themselves)):
        return True
    if speaks_of_writer(told, words) or _I_CHANGED.search(text):
        return False
    alone = re.fullmatch(rf"\s*({_NAME}\s+{_NAME})\W*", text)
    if alone and _is_person(alone[1], themselves):
        return True
    named = (match[1] for pattern in (_NAMED, _BEGINS) for match in pattern.finditer(text))
    names = [name for name in named if not words.match(name)]
    return any(pattern.search(text) for pattern in (_OTHERS, _POLITE, _CALLED)) or any(
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
    whom = rf"({_NAME}(?:\s+{_NAME})?|(?i:{_DETERMINER}\s+{_NO_PROFILE}\w+))"
    romance = rf"\s+(?i:de|da|do)\s+({_NAME}\s+{_NAME})"  # "puesto de Técnica" is a title
    for match in re.finditer(rf"{attribute}(?:{of}{whom}{_NO_CHANGE}|{romance})", text):
        if match[0].casefold().startswith(("department of", "division of", "office of")) and match[1][0].isupper():
            continue  # "Department of Rural Affairs" is its name
        title = match[2] and _FIRST_PERSON.search(text)  # "figuro con el puesto de Técnica Superior"
        yield not title and _is_person(match[1] or match[2], themselves)


def _own_is_fine(sentence: str) -> bool:
    """Say whether a sentence leaves the writer's own profile out; searched step by step, for time's sake."""
    nothing, own = _NOTHING_WITH.search(sentence), _OWN.search(sentence)
    left_out = nothing and _MY_OWN.search(sentence, nothing.end())
    return bool(left_out or (own and _FINE.search(sentence, own.end())))


def _is_person(name: str, themselves: set[str]) -> bool:
    parts = name.casefold().split()
    return parts[0] not in _NOBODY and not set(parts) <= themselves
