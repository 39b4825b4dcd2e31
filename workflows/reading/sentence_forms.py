"""The forms of sentence that say which value is wanted, per language: what leads up to a value, and what value that is.

`expected` is wanted, `still` is complained about, and `cleared` wants no value at all. `now` is what a person calls the
present value: wanted only where Okta is said to show another; `new` is wanted unless the sentence wants another. A new
form is a new row; a new language is new words in the rows.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from workflows.reading.attribute_words import OWN_NAME, spoken
from workflows.reading.value_ends import ABBREVIATED, SYSTEM

SENTENCE_END = re.compile(rf"(?<=[\w”\"'’)]){ABBREVIATED}[.!?]+\s+(?=[A-ZÄÖÜ])")
WHOSE = r"(?:my|his|her|their|the|our|(?:\w+\s+)?\w+['’]s|meine?n?|mon|ma|mi|o|a|minha|meu|mijn)"
SHOULD = (
    r"(?:(?:should|must|needs?\s+to|has\s+to|ought\s+to|is\s+(?:supposed|meant)\s+to|(?<=, )supposed\s+to)"
    r"(?:\s+(?:now|actually|really|instead))?"
    r"\s+(?:be|have\s+been|read|say|show|display|contain|hold)"
    r"(?:\s+(?:set|updated|changed)(?:\s+from\s+.{1,80}?)?\s+to"
    r"|\s+(?:spel(?:led|t)|written|called|named)(?:\s+as)?|\s+(?:listed|displayed|shown)\s+as)?(?:\s+now)?"
    r")"
)
SHOULD_ABROAD = (
    r"(?:(?:sollte|soll|muss|müsste)(?:\s+(?:in\s+okta|jetzt|nun|aber|eigentlich|doch)){0,3}"
    r"|(?:devrait|doit)\s+(?:maintenant\s+)?être|(?:debería|debe|tiene\s+que)\s+(?:ser|decir)"
    r"|(?:deveria|deve|tem\s+de|tem\s+que)\s+ser|(?:moet|zou(?=\s.{1,80}?\bmoeten\s))(?:\s+(?:nu|eigenlijk|echter))*(?:\s+(?:moeten\s+)?zijn)?)"
)
_STILL = (
    r"(?:(?:is\s+)?still\s+(?:shows?|says?|reads?|displays?|showing|displayed\s+as|listed\s+as|set\s+to|is)"
    r"|(?:is\s+)?still|(?:currently\s+)?(?:shows|says|reads|displays)"
    r"|(?:ist|steht|lautet)(?:\s+(?:in\s+okta|dort))?(?:\s+(?:immer\s+noch|noch\s+immer|noch|weiterhin))(?:\s+auf)?"
    r"|est\s+(?:toujours|encore)|(?:todavía|aún)\s+es|sigue\s+(?:siendo|como|en)|ainda\s+(?:é|está\s+como)|continua\s+(?:como|a\s+ser)"
    r"|(?:is|staat)\s+nog(?:\s+steeds)?(?:\s+op)?)"
)


@lru_cache(maxsize=32)
def words_of(synonyms: tuple[tuple[str, str], ...]) -> re.Pattern[str]:
    """Return what finds an attribute's word in a sentence; AD's shortest names only where they are announced."""
    names = "|".join(re.escape(word) for word in spoken(dict(synonyms)))
    return re.compile(
        rf"(?<![\w@.-])(?:(?:{names}|(?<=\bmon\s)service|(?<=\bson\s)service)(?![\w@-])|sn(?![\w@.-])"
        r"|(?:l|c|st|co|ou|cn)(?=\s+(?:should|must|needs\s+to|was\s+changed)\s)"
        r"|(?:(?<=\battribute\s)|(?<=\bfield\s)|(?<=\battribut\s))(?:l|c|st|cn|co)(?![\w@.-]))",
        re.I,
    )


_Rows = tuple[tuple[str, str], ...]
_ARROW = r"(?:-{1,2}>|→|=>)"
_SINCE = r"(?:\s+(?:last|this)\s+\w+|\s+on\s+\w+|\s+yesterday|\s+today|\s+recently)?"
_ELSEWHERE = (
    r"\s+(?:in|by|via|through)\s+(?:(?:the|our)\s+)?(?:hr|workday|sap|successfactors|bamboohr|peoplesoft|oracle)"
    r"(?:\s+(?:system|team|portal|department))?"
)
_MOVED = r"(?:geändert|gewechselt|umgestellt|aktualisiert)"


class _Parts(NamedTuple):
    """What the forms are made of: the attribute, whose it is, what may stand behind it, and the value before."""

    attribute: str
    whose: str
    aside: str
    of_whom: str
    before: str


@lru_cache(maxsize=32)
def forms(words: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return the sentence forms: what leads up to a value, and what that value is."""
    of_whom = (
        r"(?:\s+(?:of|for|von|de|da|do|del?|van)\s+(?:(?:our|the|my|colega|user)\s+){0,2}"
        r"(?:\S{1,64}@\S{1,190}|(?-i:[A-ZÄÖÜ][\w'’-]{1,40}\s[A-ZÄÖÜ][\w'’-]{1,40}))"
        r"(?:\s+\([\w.@\\-]{2,100}\)|,\s+\S{1,64}@[\w.-]{1,190},)?)?"
    )
    p = _Parts(
        attribute=rf"(?P<a>{words}|\b{OWN_NAME}\b)",
        whose=WHOSE,
        aside=rf"(?:\s+(?:field|attribute|value))?(?:\s+(?:in|dans|en|no|na)\s+{SYSTEM})?",
        of_whom=of_whom,
        before=r"(?P<from>.{1,80}?)",
    )
    rows = (*_moves(p), *_roles(p), *_moves_abroad(p), *_states(p))
    return tuple((re.compile(pattern, re.I), role) for pattern, role in rows)


def _moves(p: _Parts) -> _Rows:
    """Return what a value was changed or is to be changed to, and what it should be."""
    return (
        (rf"{p.attribute}\s*[:=]\s*(?P<from>[^\n>→]{{1,80}}?)\s*{_ARROW}\s*", "expected"),
        (
            rf"{p.attribute}\W{{1,4}}(?:old|current|from)\s*:\s*{p.before}[,;/.]?\s*(?:new|to|correct)\s*:\s*",
            "expected",
        ),
        (rf"{p.attribute}\s+(?P<from>[A-Z0-9\"'“][^\n>→:;,]{{0,60}}?)\s*{_ARROW}\s*", "expected"),
        (rf"{p.attribute}{p.of_whom}{p.aside}\s+(?:{SHOULD}|{SHOULD_ABROAD})\s*:?\s+", "expected"),
        (
            rf"(?:should|must|needs?\s+to|supposed\s+to)\s+(?:now\s+)?have\s+(?:the\s+|a\s+)?(?:new\s+)?{p.attribute}\s+(?:of\s+|set\s+to\s+)?",
            "expected",
        ),
        (rf"(?:sollte|soll|muss)\s+(?:meine?|die|der|das)\s+{p.attribute}\s+", "expected"),
        (rf"{p.attribute}\s+change{p.of_whom}\s+from\s+{p.before}\s+to\s+", "expected"),
        (
            rf"(?:cambiar|modificar|alterar|mudar|changer|modifier)\s+(?:{p.whose}\s+)?{p.attribute}(?:\s+de\s+{p.before})?"
            r"\s+(?:a|por|para|en|à)\s+",
            "expected",
        ),
    )


def _roles(p: _Parts) -> _Rows:
    """Return labels that say the role of a value, and requests to change it."""
    return (
        (rf"(?:correct|right|expected|new|desired|richtige[rs]?|neue[rs]?)\s+{p.attribute}\s*[:=]\s*", "expected"),
        (rf"(?:current|old|wrong|actual|alte[rs]?|aktuelle[rs]?)\s+{p.attribute}\s*[:=]\s*", "still"),
        (
            rf"{p.attribute}\s+in\s+okta\s*:?\s*{p.before}\s*[,;]\s*(?:but\s+)?in\s+(?:ad|ldap|the\s+directory)\s*:?\s*",
            "expected",
        ),
        (
            rf"{p.attribute}\s+(?:bitte\s+)?(?:auf|zu)\s+(?=.{{1,80}}?\s(?:ändern|korrigieren|setzen|anpassen))",
            "expected",
        ),
        (rf"{p.attribute}\s+(?:kunnen\s+|te\s+)?(?:wijzigen|aanpassen|veranderen)\s+(?:naar|in)\s+", "expected"),
        (
            rf"{p.attribute}{p.of_whom}{p.aside}(?:,?\s+(?:which|that))?(?:\s+(?:has|have|was|were|got|is|be|to\s+be))?(?:\s+(?:been|just|recently))*\s+"
            rf"(?:changed|updated|corrected|renamed|set)(?:{p.aside}|{_ELSEWHERE}){_SINCE}(?:\s+from\s+{p.before})?\s+to\s+",
            "expected",
        ),
        (
            rf"(?:change|update|correct|set|fix|rename)\s+(?:{p.whose}\s+)?{p.attribute}{p.of_whom}{p.aside}"
            rf"(?:\s+from\s+{p.before})?\s+to\s+",
            "expected",
        ),
    )


def _moves_abroad(p: _Parts) -> _Rows:
    """Return what a value was changed to, in other languages."""
    return (
        (
            rf"{p.attribute}{p.of_whom}\s+(?:(?:wurde|soll|sollte|muss)\s+)?von\s+{p.before}\s+(?:auf|zu|in|nach)\s+(?=.{{1,80}}?\s{_MOVED})",
            "expected",
        ),
        (
            rf"{p.attribute}\s+(?:est\s+passée?|a\s+été\s+(?:changée?|modifiée?))\s+de\s+{p.before}\s+(?:à|en|pour)\s+",
            "expected",
        ),
        (rf"{p.attribute}\s+(?:ha\s+cambiado|se\s+cambió|cambió)\s+de\s+{p.before}\s+(?:a|por)\s+", "expected"),
        (rf"{p.attribute}\s+(?:foi\s+alterad[oa]|mudou|foi\s+mudad[oa])\s+de\s+{p.before}\s+para\s+", "expected"),
        (rf"{p.attribute}\s+(?:is|werd)\s+(?:gewijzigd|veranderd|aangepast)\s+van\s+{p.before}\s+naar\s+", "expected"),
    )


def _states(p: _Parts) -> _Rows:
    """Return what is wished, what is new, cleared, or still shown."""
    return (
        (
            rf"(?:want|need|like|wish)\s+(?:{p.whose}\s+)?{p.attribute}{p.aside}\s+to\s+(?:be|read|say|show)\s+",
            "expected",
        ),
        (
            rf"(?:correct|right|new|proper|richtige|neue[rs]?)\s+{p.attribute}{p.of_whom}{p.aside}\s+(?:is|ist|lautet)\s+",
            "new",
        ),
        (rf"(?:remove|clear|delete|empty)\s+{p.whose}\s+{p.attribute}\b", "cleared"),
        (
            rf"(?:borr(?:en|ar|e)|elimin(?:en|ar|e)|supprime[rz]|enlevez|remov(?:er|am|a))\s+{p.whose}\s+{p.attribute}\b",
            "cleared",
        ),
        (rf"{p.attribute}{p.of_whom}{p.aside}\s+{_STILL}\s*:?\s+", "still"),
        (rf"{p.attribute}{p.of_whom}{p.aside}\s+(?:is\s+now|now\s+is|(?:lautet|ist|heißt)\s+(?:jetzt|nun))\s+", "now"),
    )
