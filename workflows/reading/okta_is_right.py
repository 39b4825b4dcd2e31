"""Whether a ticket says that Okta holds the right value and the directory a wrong one, or asks not to sync.

A Force Sync would then bring just what its writer does not want, so that such a ticket is asked.
"""

from __future__ import annotations

import re

from workflows.reading.everyday_words import DIRECTORY, WRONG, either, spaced

_AD = rf"\b{DIRECTORY}"
_THE_AD = (
    r"\b(?:das\s+|im\s+|in\s+|dans\s+l['’]|l['’]|en\s+el\s+|el\s+de\s+|el\s+|no\s+|o\s+|nell['’]|het\s+)?(?:ad|ldap)\b"
)
_WRONG = "(?:wrong|incorrect|old|outdated)"
_WRONG_ABROAD = either(*WRONG[1:])  # all rows but the English one
_IS_ABROAD = r"\s+(?:is|ist|est|es|está|é|è|é\s+que\s+está|har|är)\s+"
_RIGHT_ABROAD = either(
    "richtig|korrekt|recht",
    "juste|bon|correcte?",
    "bien|correct[oa]",
    "certo",
    "juist|goed",
    "giusto|corretto",
    "rätt",
)
# With these words between, it is not AD any more of which something wrong is told.
_ELSE = either(
    r"okta|right|correct\w*|updat\w+|sync\w*|ok|fine|up to date",
    "richtig|stimmt|aktuell",
    "juste|à jour",
    "bien",
    "goed",
)
_MEND_ABROAD = spaced(
    "ändern|korrigieren|anpassen",
    "corriger|modifier",
    "corregir|corregid|corrija",
    "corrigir|corrijam",
    "aanpassen|verbeteren|corrigeren",
)
_NO_SYNC = r"(?!\s*(?:to\s+okta|[-–]?\s*(?:sync\w*|import\w*|agents?|integration|connection)))"
_BEGINS = r"(?:^|[.!?,;]\s{0,3}|\b(?:please|but|and)\s)"

_IS_SO = r"(?<!sure )(?<!that )(?<!until )(?<!once )(?<!if )"  # no wish and no condition

_DIRECTORY_IS_WRONG = (
    rf"{_AD}\s+(?:itself\s+)?(?:is|has|holds|shows|says)\s+(?:(?:it|also|the|a)\s+){{0,2}}{_WRONG}\b",
    rf"{_AD}\s+(?:contains|has|holds|shows|says)\s[^.;\n]{{1,40}}?,?\s(?:which|that)\s+(?:is|was)\s+(?:a\s+typo|{_WRONG})",
    rf"{_AD}\s*[:=][^\n()]{{0,80}}\([^()\n]{{0,80}}\b(?:wrong|incorrect|typo|not\s+(?:right|correct))\b",
    rf"\b(?:is|are)\s+{_WRONG}\s+in\s+{_AD}\b",
    rf"{_AD}\s+(?:has\s+)?(?:wrongly|mistakenly|accidentally|erroneously)\b",
    rf"{_THE_AD}{_IS_ABROAD}{_WRONG_ABROAD}",
    rf"{_THE_AD}(?:(?!{_ELSE})[^.;\n]){{0,60}}?(?:(?!\bmal\b){_WRONG_ABROAD}|está\s+mal\b)",
)
_OKTA_IS_RIGHT = (
    rf"{_IS_SO}\bokta\s+(?:is|has|shows)\s+(?:it\s+)?(?:right|correct|fine)\b(?!\s+now)",
    rf"{_IS_SO}\bokta\s+(?:has|shows)\s+the\s+(?:right|correct)\b",
    r"\bokta\s+is\s+the\s+one\s+(?:(?:that|which)(?:['’]s|\s+is)\s+)?(?:right|correct)\b",
    r"\bit\s+is\s+okta\s+that\s+is\s+(?:right|correct)\b|\bin\s+okta\b[^.;\n]{0,30}?,\s+is\s+(?:right|correct)\b",
    rf"\bokta{_IS_ABROAD}{_RIGHT_ABROAD}|\bokta\s+hat\s+recht\b|\bokta\s+(?:qui\s+)?(?:a\s+raison|juste)\b",
    r"\bin\s+okta\s+(?:stimmt|staat\s+\w+\s+goed|goed)\b|\bokta\s+(?:tiene\s+razón|heeft\s+gelijk)\b",
    r"\bcorrect[oa]\s+es\s+(?:el|la)\s+de\s+okta\b",
    r"\b(?:richtig|right|correct\w*|juste|cert[oa]|goed|giust[oa])\s+(?:ist|is|es|est|é|è)\s+"
    r"(?:the|die|der|das|el|la|o|a|de|het)\s+"
    r"(?:(?:one|value)\s+)?(?:aus|in|from|of|de|do|van)\s+okta\b",
)
_MEND_THE_DIRECTORY = (
    rf"\b(?:please|pls|kindly|can\s+you|could\s+you|must)\s+(?:correct|fix|change)\s+(?:it\s+in\s+|in\s+)?{_AD}\b{_NO_SYNC}",
    rf"\b(?:{_MEND_ABROAD})\s+{_THE_AD}|{_THE_AD}\s+(?:{_MEND_ABROAD})\b",
    rf"{_AD}\s+(?:needs|has)\s+to\s+be\s+(?:put\s+right|corrected|fixed|changed)\b",
)
_DO_NOT_SYNC = (
    rf"{_BEGINS}(?:do\s+not|don['’]?t)\s+(?:force[\s-]?)?(?:sync|push|import|overwrite)",
    rf"{_BEGINS}(?:revert|undo)\b|\basked\s+(?:them|hr|you|him|her|it)\s+not\b",
    r"\bokta\s+(?:should|must|may)\s?(?:not|n['’]t)\s+(?:get|take|lose)\b|\b(?:should|must|may)\s?(?:not|n['’]t)\s+overwrite\b",
    r"\bnicht\s+überschreiben\b|\bn[ãa]o\s+(?:deixem\s+)?(?:sincronizar|sobrescrever)\b|\bniet\s+(?:overschrijven|synchroniseren)\b",
)
_SAYS = tuple(
    re.compile(pattern, re.I | re.M)
    for pattern in (*_DIRECTORY_IS_WRONG, *_OKTA_IS_RIGHT, *_MEND_THE_DIRECTORY, *_DO_NOT_SYNC)
)


def speaks_for_okta(words: str) -> bool:
    """Say whether the words call the directory's value wrong or Okta's right, or ask not to sync."""
    return any(pattern.search(words) for pattern in _SAYS)
