"""Whether a ticket complains about a value that is known: "Okta still says Sales", where Okta does hold Sales.

Since the value is known, only the words before it have to be understood: one that says that it is the old one, or
Okta's name in a sentence that wishes nothing, with nothing in between that speaks of what is wanted.
"""

from __future__ import annotations

import re

from pydantic import JsonValue

from workflows.addresses import EMAIL
from workflows.comparison import typed
from workflows.everyday_words import INSTEAD_OF, OLD, SHOWS, STILL, either
from workflows.okta_is_right import speaks_for_okta
from workflows.sentence_kinds import UNDONE
from workflows.spoken_values import found_in

_OLD = either(*STILL, *OLD)
_HAS = (
    r"has|have|had|is|lists?|reads?|carries|thinks|knows|keeps|insists|persist\w*|go(?:es)? on|prints?|got"
    r"|passes|remain"
    r"|ist|erscheint|bleibt|bloque|indique|est|muestra|tienen|dice|insiste|sale|sigo|mantém|diz|está|blijft|is|är|visar"
)
_OKTA = r"(?<!\bher )(?<!\bhis )(?<!\btheir )\bokta\b"  # a colleague's is what it should be
# What may not stand between the two: words of what is wanted, of another system, or that deny.
_TURN = either(
    "i am|i['’]?m|should|must|needs?|supposed|correct|right|new|now|want\\w*|wish|changed|updated|moved|become|to",
    "but|however|while|whereas|although|and|not|no|never|without",
    "ad|ldap|active directory|directory|workday|hr|sap|human|payroll",
    "ich bin|sollte|soll|muss|richtig|neue?[rnms]?|jetzt|nicht|kein\\w*|aber|und|auf|zu",
    "je suis|devrait|serait|doit|nouveau|nouvelle|pas|mais|et",
    "soy|debería|debía|debe|nuevo|nueva|pero|y",
    "sou|deveria|devia|deve|novo|nova|não|mas",
    "ik ben|moet|hoort|zou|nieuwe?|niet|geen|maar|en",
    "dovrebbe|ma|non",
    "powinno|ale|nie|jest",
    "ska|men|jag är|inte|nu",
)
_BETWEEN = rf"(?:(?![.!?;,](?:\s|$)|->|→|=>|{_TURN}|n['’]t\b).){{0,60}}"
_SAID_OLD = re.compile(rf"(?i){_OLD}{_BETWEEN}$|\bfrom\s+$")
# "It should be Tax instead of Sales" complains about Sales; "shows Sales instead of Tax" does not about Tax.
_INSTEAD = re.compile(rf"(?i){either(*INSTEAD_OF)}{_BETWEEN}$")
_SHOULD = re.compile(
    "(?i)"
    + either(
        "should|must|supposed to|needs? to",
        "soll(?:te)?|muss",
        "devrait|doit",
        "debería|debe",
        "deveria|deve",
        "moet|hoort",
    )
)
_SHOWS_IT = rf"(?:(?!{_TURN})[^.!?;,]){{0,30}}?{either(*SHOWS, _HAS)}{_BETWEEN}"
# "In Okta 4711", "Okta: 4711", "Okta user type = Contractor"
_BESIDE = r"(?:(?:\s+[\w/]+){0,2}\s*\)?\s*[:=])?\s*[\"“„«(]*"
_SHOWN = re.compile(rf"(?i){_OKTA}(?:{_BESIDE}|{_SHOWS_IT})$")
# "Please update the last name in Okta: King" wants a value and complains about none.
_WISH = re.compile(
    "(?i)"
    + either(
        "please|pls|kindly|update|change|correct|set|make|adjust|want|wish|new",
        "bitte|ändern|anpassen|korrigieren|möchte|neue?[rnms]?",
        "merci de|corriger|modifier|mettre à jour|voudrais|aimerais|nouveau|nouvelle",
        "por favor|cambiar|corregir|actualizar|quiero|quisiera|nuev[oa]",
        "alterar|corrigir|atualizar|quero|gostaria|nov[oa]",
        "graag|aanpassen|wijzigen|wil|nieuwe?",
        "vorrei|nuov[oa]",
        "proszę|now[aey]",
        "vill|ny|nya|nytt",
    )
)
_SENTENCE_END = re.compile(r"[.!?;](?:\s|$)")
# Swapped values stand at another attribute, and of a change that was taken back either value may be the right one.
_AMISS = re.compile(
    f"{UNDONE.pattern}|" + either("swapped|crossed|other way round|mixed up", "vertauscht", "inversée?s?", "verwisseld")
)
_KEPT = re.compile(r"(?i)\b(?:stay|remain|keep|leave)s?\s+(?:(?:it|me|as|in|at)\s+){0,2}$")
_PRAISED = re.compile(
    r"(?i)\s*,?\s*(?:(?:(?:which|that|and\s+that)\s+)?is\s+(?:still\s+)?)?(?:right|correct(?:ly)?|fine|ok)\b"
)


def complains_of(words: str, value: JsonValue) -> bool:
    """Say whether one of the ticket's lines complains about a value, in a ticket that names one address at most."""
    if len(set(EMAIL.findall(words))) > 1 or _AMISS.search(words) or speaks_for_okta(words):
        return False
    written = str(value or "")
    found = [mention for line in words.split("\n") for mention in found_in(line, written)]
    exact = [mention for mention in found if mention.written == typed(written)]  # HARGREAVE is complained about
    return any(_is_complaint(before, behind) and not _PRAISED.match(behind) for before, _, behind in exact or found)


def _is_complaint(before: str, behind: str) -> bool:
    """Say whether what stands around a value complains about it."""
    sentence = f"{_SENTENCE_END.split(before)[-1]} · {_SENTENCE_END.split(behind)[0]}"
    if _INSTEAD.search(before):
        return _SHOULD.search(sentence) is not None
    return bool(_SAID_OLD.search(before) or (_SHOWN.search(before) and not _WISH.search(sentence)))


def is_praised(words: str, value: JsonValue) -> bool:
    """Say whether one of the ticket's lines calls a value right, or wants it kept."""
    found = (mention for line in words.split("\n") for mention in found_in(line, str(value or "")))
    return any(_KEPT.search(before) or _PRAISED.match(behind) for before, _, behind in found)
