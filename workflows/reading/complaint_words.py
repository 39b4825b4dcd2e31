"""The words by which a value is complained about, wished for, kept or praised; `complaints` decides by them."""

from __future__ import annotations

import re

from workflows.reading.everyday_words import INSTEAD_OF, OLD, SHOWS, STILL, either
from workflows.reading.sentence_kinds import UNDONE

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
SAID_OLD = re.compile(rf"(?i){_OLD}{_BETWEEN}$|\bfrom\s+$")
# "It should be Tax instead of Sales" complains about Sales; "shows Sales instead of Tax" does not about Tax.
INSTEAD = re.compile(rf"(?i){either(*INSTEAD_OF)}{_BETWEEN}$")
SHOULD = re.compile(
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
SHOWN = re.compile(rf"(?i){_OKTA}(?:{_BESIDE}|{_SHOWS_IT})$")
# "Please update the last name in Okta: King" wants a value and complains about none.
WISH = re.compile(
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
SENTENCE_END = re.compile(r"[.!?;](?:\s|$)")
# Swapped values stand at another attribute, and of a change that was taken back either value may be the right one.
AMISS = re.compile(
    f"{UNDONE.pattern}|" + either("swapped|crossed|other way round|mixed up", "vertauscht", "inversée?s?", "verwisseld")
)
KEPT = re.compile(r"(?i)\b(?:stay|remain|keep|leave)s?\s+(?:(?:it|me|as|in|at)\s+){0,2}$")
PRAISED = re.compile(
    r"(?i)\s*,?\s*(?:(?:(?:which|that|and\s+that)\s+)?is\s+(?:still\s+)?)?(?:right|correct(?:ly)?|fine|ok)\b"
)
