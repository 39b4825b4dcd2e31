"""Values that are told as a change that has happened: "HR changed my last name to Lane", "I moved from Sales to Tax".

Such words do not say what Okta should show; they are taken for that only where nothing else states a value, where the
ticket says that Okta lags behind or asks for an update, and where the change fits the one attribute that is spoken of:
a move from Berlin to Munich is no new title.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from workflows.model import Want
from workflows.reading.attribute_words import meanings
from workflows.reading.everyday_words import NOT_ABROAD, OLD, STILL, either
from workflows.reading.loose_forms import LOOSE_SHOULD
from workflows.reading.sentence_forms import SENTENCE_END, WHOSE, words_of
from workflows.reading.sentence_kinds import CONDITIONAL, DENIED, QUESTIONED
from workflows.reading.value_ends import value_at

_PLACES = frozenset({"department", "division", "organization", "city", "costCenter", "streetAddress", "officeLocation"})
_TITLES = frozenset({"title"})
_ANY = frozenset[str]()
_FROM = r"(?:\s+from\s+(?P<from>.{1,80}?))?"
_LATELY = r"(?:\s+(?:has|have|had|just|already|recently|now|also|finally|officially|been|was|got)){0,3}"
# Who changes a value for the better; Okta, a sync and somebody unknown may have spoilt it.
_MENDER = r"\b(?!(?:okta|it|sync|import|system|update|someone|somebody|which|that|this|migration|force|they)\b)[\w.&-]+"
# What says that Okta has not followed yet, or asks that it should.
_FOLLOWS = r"(?:updat|chang|sync|reflect|show|display|arriv|pull|pick|there|caught|follow)"
_LAGS = re.compile(
    rf"(?i){either(*STILL, *OLD, *NOT_ABROAD)}"
    rf"|\bnot\s+(?:been\s+|yet\s+|being\s+)?{_FOLLOWS}|n['’]t\s+(?:\w+\s+)?(?:been\s+|yet\s+)?{_FOLLOWS}"
    r"|\b(?:please|pls|kindly|could|can|would)\b.{0,60}\b(?:updat|sync|reflect|refresh)"
)
_SPOILT = re.compile(
    "(?i)"
    + either(
        r"but i|asked \w+ not|undo|leave it|stayed|wrong|incorrect|mistake|error|bug",
        r"revert\w*|overwr\w+|not (?:right|correct|true)",
    )
)


class _Form(NamedTuple):
    """What leads up to a value, and the attributes that such a change may be about; all, where it names one itself."""

    lead: re.Pattern[str]
    kinds: frozenset[str]


@lru_cache(maxsize=32)
def _forms(words: str) -> tuple[_Form, ...]:
    named = rf"(?P<a>{words})"
    rows = (
        (
            rf"{_MENDER}{_LATELY}\s+(?:changed|updated|corrected|set|renamed)\s+(?:{WHOSE}\s+)?{named}{_FROM}\s+to\s+",
            _ANY,
        ),
        (rf"{named}\s+(?:of\s+.{{1,80}}?\s+)?(?:is|was)\s+now\s+", _ANY),
        (rf"{named}{_LATELY}\s+(?:went|moved|changed|switched){_FROM}\s+to\s+", _ANY),
        (r"\b(?:moved|transferred|switched|relocated|reassigned|changed)\s+from\s+(?P<from>.{1,80}?)\s+to\s+", _PLACES),
        (r"\bpromoted" + _FROM + r"\s+to\s+", _TITLES),
        (
            rf"\b(?:i\s?['’]?a?m|(?:he|she)(?:\s+is|['’]s)|bin\s+ich|ich\s+bin)(?:\s+(?:now|jetzt|nun))?\s+in\s+(?:der\s+)?{named}\s+",
            _ANY,
        ),
    )
    return tuple(_Form(re.compile(lead, re.I), kinds) for lead, kinds in rows)


def told_changes(lines: Sequence[str], named: str | None, synonyms: Mapping[str, str]) -> Iterator[Want]:
    """Yield what the lines tell as changed; `named` is the one attribute that they speak of, None for none."""
    text = "\n".join(lines)
    if not _LAGS.search(text) or _SPOILT.search(text) or LOOSE_SHOULD.search(text):
        return
    words = words_of(tuple(sorted(synonyms.items())))
    spoken = frozenset(meanings(named, synonyms)) if named else None
    for sentence in (part for line in lines for part in SENTENCE_END.split(line)):
        if DENIED.search(sentence) or QUESTIONED.search(sentence) or CONDITIONAL.search(sentence):
            continue
        for form in _forms(words.pattern):
            match = form.lead.search(sentence)
            if match is None:
                continue
            own = match.groupdict().get("a")
            if own is None and spoken is not None and not spoken & form.kinds:
                continue
            attribute = own or named
            value = value_at(sentence, match.end(), words)[0]
            if value:
                before = (match.groupdict().get("from") or "").strip(" \"'“”„«»") or None
                yield Want(attribute=attribute and attribute.lower(), expected=value, still=before)
                break
