"""The words for people and what is theirs, one language a row; `whose_words` tells by them whose profile is meant."""

from __future__ import annotations

from workflows.reading.everyday_words import either, spaced

MINE = "(?:my|mein|meine|meinem|mi|mon|ma|meu|minha|mijn)"
PERSON = (
    "(?:"
    + spaced(
        r"colleague|co-?worker|employee|user|(?:new )?(?:hire|joiner|starter)|team\s?mate|team member|direct report",
        "guy|girl|lady|man|woman|person|client|customer|wife|husband|partner|director|assistant|intern|trainee|boss|vp",
        "contractor|apprentice|secretary|ceo|cfo|cto|team|staff|everyone|everybody|people",
        r"kolleg\w*|mitarbeiter\w*|chefin|chef|auszubildende\w*",
        "collègue",
        "colega|compañer[oa]|empleado|empleada|jef[ea]",
        "collega|medewerker",
    )
    + r")s?\b(?!\s+(?:number|no\b|id\b|type|profile|portal|directory))"
)
DETERMINER = (
    r"(?:a|an|the|our|my|this|that|new|whole|one\s+of\s+(?:my|our)|unser\w*|eine?[rs]?|der|die|bei|la|le|el|o|onze)"
)
# What "our" may stand before without another person being meant: "our AD", "our office".
_OF_ALL = spaced(
    "ad|active|okta|ldap|directory|system|company|org|organi[sz]ation|office|team|hr|it|records?|tenant|domain|local|site",
    "clinic|hospital|school|campus|branch|building|entity|plant|warehouse|store|shop|lab|firma|verzeichnis",
    r"\w+ (?:entity|office|site|team|branch)",
)
_OUR = rf"(?:our|unser(?:e[mnrs]?)?|notre|nos|nuestr[oa]s?|noss[oa]s?|onze?)\s+(?!(?:{_OF_ALL})\b)\w+"
OTHERS = (
    rf"(?i)\b(?:{DETERMINER}\s+(?:\w+\s+){{0,2}}{PERSON}|his|her|their|he|she|him|{_OUR}"
    r"|kolleg(?:e|in|en)|mitarbeiter(?:in)?|collègue|colega|medewerker)\b"
)
FIRST_PERSON = (
    "(?i)"
    + either(
        "i|i['’]?m|im|ive|my|mine|me|myself",
        r"ich|mein\w*|mir|mich",
        "je|moi|mon|ma|mes",
        "yo|soy|mi|mis",
        "eu|meus?|minhas?|sou|fui",
        "ik|mijn|mij",
        "io|mio|mia",
    )
    + r"|(?<![\w])(?:j|m)['’]"
)
# What people say of a change of their own, without naming an attribute as theirs.
I_CHANGED = (
    r"(?i)\b(?:i(?:['’]ve|\s+have)?\s+(?:just\s+|recently\s+)?"
    r"(?:joined|moved|got|changed|transferred|relocated|converted|switched|started|married|was\s+given)"
    r"|i\s+was\s+(?!asked|told|able|looking|going|wondering|hoping)"
    r"|i(?:['’]m|\s+am|\s+was)\s+(?:now|a|an|the|promoted|moved|transferred|married|hired|rehired)"
    r"|ich\s+(?:bin|wurde)|(?:bin|stehe|wurde)\s+ich|je\s+(?:suis|figure)|j['’]ai|yo\s+soy|figuro|aparezco|estoy|eu\s+(?:sou|fui)"
    r"|apareço|ik\s+(?:ben|sta)|(?:ben|sta)\s+ik)\b"
)
GREETING = r"(?i)^\W*" + either(
    r"dear|hi|hello|hey|good \w+|regards|thanks",
    r"sehr geehrte\w*|liebe[rs]?|hallo|guten \w+",
    "bonjour|chère?",
    r"hola|estimad\w+",
    "ol[áa]|bom dia",
    r"beste|geachte|goede\w*",
)
# What may stand before an attribute with an "'s", or begin a sentence, and is nobody's name.
NOBODY = frozenset(
    {"okta", "ad", "active", "azure", "ldap", "workday", "sap", "hr", "windows", "microsoft", "exchange", "outlook",
     "teams", "slack", "force", "company", "service", "help", "human", "office", "team", "it", "payroll", "finance",
     "that", "what", "here", "there", "let", "today", "yesterday", "this", "these", "all", "hello", "hi", "me", "mine",
     "my", "us", "our", "at", "on", "since", "and", "but", "if", "when", "after", "before", "now", "please", "nobody",
     "everybody", "everyone", "somebody", "someone", "everything", "nothing", "something", "profile", "she", "he", "we",
     "i", "you", "who", "which", "the",
     "mich", "mir", "die", "der", "das", "im", "am", "in", "ein", "eine", "unsere", "mein", "meine",
     "le", "la", "les", "el", "los", "il", "mim", "os", "as", "de", "mij", "het"}
)  # fmt: skip
