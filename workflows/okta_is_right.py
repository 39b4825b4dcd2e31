"""Whether a ticket says that Okta holds the right value and the directory a wrong one, or asks not to sync.

A Force Sync would then bring just what its writer does not want, so that such a ticket is asked.
"""

from __future__ import annotations

import re

from workflows.everyday_words import either

_AD = r"(?:ad|ldap|active\s+directory|the\s+directory)"
_WRONG = r"(?:wrong|incorrect|old|outdated)"
# Words behind "AD" with which it is not AD any more of which the sentence tells that something is wrong.
_ELSE = either(
    r"okta|right|correct\w*|updat\w+|sync\w*|ok|fine|up to date",
    "richtig|stimmt|aktuell",
    "juste|à jour",
    "bien",
    "goed",
)
_WRONG_ABROAD = either(
    "falsch", "faux|fausse", "está mal|es incorrect[oa]", "errad[oa]", "fout", "sbagliat[oa]", "błędn[ey]", "fel"
)
_MEND_ABROAD = either(
    "ändern|korrigieren|anpassen",
    "corriger|modifier",
    "corregir|corregid|corrija",
    "corrigir|corrijam",
    "aanpassen|verbeteren|corrigeren",
)
_SAYS = re.compile(
    "|".join(
        (
            # The directory is wrong.
            rf"\b{_AD}\s+(?:itself\s+)?(?:is|has|holds|shows|says)\s+(?:(?:it|also|the|a)\s+){{0,2}}{_WRONG}\b",
            rf"\b{_AD}\s+(?:contains|has|holds|shows|says)\s[^.;\n]{{1,40}}?,?\s(?:which|that)\s+(?:is|was)\s+"
            rf"(?:a\s+typo|{_WRONG})",
            rf"\b(?:is|are)\s+{_WRONG}\s+in\s+{_AD}\b",
            rf"\b{_AD}\s+(?:has\s+)?(?:wrongly|mistakenly|accidentally|erroneously)\b",
            rf"\b(?:im|in|dans\s+l['’]|en\s+el|el\s+de|el|no|o|nell['’]|l['’])\s?ad\b(?:(?!{_ELSE})[^.;\n]){{0,60}}?{_WRONG_ABROAD}",
            # Okta is right.
            r"(?<!sure )(?<!that )(?<!until )(?<!once )(?<!if )\bokta\s+(?:is|has|shows)\s+(?:it\s+)?"
            r"(?:right|correct|fine)\b(?!\s+now)",
            r"\bit\s+is\s+okta\s+that\s+is\s+(?:right|correct)\b|\bin\s+okta\b[^.;\n]{0,30}?,\s+is\s+(?:right|correct)\b",
            r"\bokta\s+(?:qui\s+)?(?:a\s+raison|juste)\b|\bin\s+okta\s+(?:stimmt|staat\s+\w+\s+goed|goed)\b",
            r"\bcorrect[oa]\s+es\s+(?:el|la)\s+de\s+okta\b|\bokta\s+(?:tiene\s+razón|está\s+bien|está\s+certo|heeft\s+gelijk)\b",
            r"\b(?:richtig|right|correct\w*|juste|certo|cert[oa]|goed|giust[oa])\s+(?:ist|is|est|es|é|è)\s+(?:the|die|der|das|el|la|o|de|het)"
            r"\s+(?:(?:one|value)\s+)?(?:aus|in|from|of|de|do|van)\s+okta\b",
            # Mend the directory.
            rf"\b(?:please|pls|kindly|can\s+you|could\s+you|must)\s+(?:correct|fix|change)\s+(?:it\s+in\s+|in\s+)?{_AD}\b",
            rf"{_MEND_ABROAD}\s+(?:l['’]|el\s+|o\s+|het\s+|das\s+)?ad\b|\b(?:im|in|the|l['’]|het|das)?\s?ad\s+{_MEND_ABROAD}",
            rf"\b{_AD}\s+(?:needs|has)\s+to\s+be\s+(?:put\s+right|corrected|fixed|changed)\b",
            # Do not sync.
            r"(?:^|[.!?,;]\s{0,3}|\b(?:please|but|and)\s)(?:do\s+not|don['’]?t)\s+(?:force[\s-]?)?(?:sync|push|import|overwrite)",
            r"\bnicht\s+überschreiben\b|\bn[ãa]o\s+(?:deixem\s+)?(?:sincronizar|sobrescrever)\b|\bniet\s+(?:overschrijven|synchroniseren)\b",
            r"(?:^|[.!?,;]\s{0,3}|\b(?:please|but|and)\s)(?:revert|undo)\b|\basked\s+(?:them|hr|you|him|her|it)\s+not\b",
            r"\b(?:should|must|may)\s?(?:not|n['’]t)\s+(?:get|take|overwrite|lose)\b",
        )
    ),
    re.I | re.M,
)


def speaks_for_okta(words: str) -> bool:
    """Say whether the words call the directory's value wrong or Okta's right, or ask not to sync."""
    return _SAYS.search(words) is not None
