"""Forms that say the role of a value and name no attribute: "it should be ...", "still shows ...", "instead of ..."."""

from __future__ import annotations

import re

from workflows.reading.everyday_words import DIRECTORY, INSTEAD_OF, either
from workflows.reading.sentence_forms import SHOULD, SHOULD_ABROAD

_SHOWN = "(?:shows?|says?|has|have|lists?|displays?|sees?|listed as|showing)"
# What says in Okta's name that a value is the old one.
LOOSE_STILL = re.compile(
    either(
        f"still {_SHOWN}(?: (?:me|us|up))?(?: (?:as|in|my|the))?",
        "(?:in okta steht|okta zeigt)(?: (?:immer|noch|aber|weiterhin))*",
        "okta affiche(?: (?:toujours|encore))?",
        "en okta (?:aparece|figura|sale)(?: (?:todavía|aún))?|okta (?:todavía |aún |sigue )?(?:muestra|mostrando)",
        "no okta (?:ainda )?(?:aparece|consta|está)|okta ainda mostra",
        "(?:in okta staat|okta toont)(?: (?:nog|steeds))*",
    )
    + r"\s+",
    re.I,
)
_IT_ABROAD = r"(?:^|[,;]|\b(?:sie|er|es|il|elle|ze|hij|dit|dat|ele|ela|isso|und|et|y|e|en|mais|pero|mas|maar)\s)\s*"
LOOSE_SHOULD = re.compile(
    rf"(?:(?:^|\b(?:it\s+|which\s+|that\s+|they\s+)?)(?:{SHOULD}|supposed\s+to\s+be"
    r"|(?:richtig|korrekt)\s+(?:wäre|ist)|correct\s+(?:(?:value|one)\s+)?(?:is|would\s+be))"
    rf"|{_IT_ABROAD}{SHOULD_ABROAD})\s*:?\s+",
    re.I,
)
LOOSE_CHANGE = re.compile(
    r"\b(?:change|update|correct|set|rename)\s+(?:my|his|her|their|the|our)\s+[\w -]{1,30}?"
    r"(?:\s+from\s+.{1,80}?)?\s+to\s+"
    r"|\bbitte\s+(?:in|auf|zu)\s+(?=.{1,80}?\s(?:ändern|korrigieren|setzen))",
    re.I,
)
INSTEAD = re.compile(rf"{either(*INSTEAD_OF, 'and not')}\s+", re.I)
# A value that "is", of which the same sentence says that it is the directory's: wanted where Okta shows another.
IN_DIRECTORY = re.compile(r"\b(?:it\s+is|it['’]?s|is)(?:\s+(?:now|already|correctly)){0,2}\s+", re.I)
OF_DIRECTORY = re.compile(rf"\s*,?\s*(?:in|per|according\s+to)\s+{DIRECTORY}\b", re.I)
IN_THE_DIRECTORY = re.compile(rf"\bin\s+{DIRECTORY}\b", re.I)
OF_OKTA = re.compile(r"\s*,?\s*in\s+okta\b", re.I)
