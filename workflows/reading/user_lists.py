"""Lists that give each user a line: "eve@example.com: Finance", "- max@example.com is now Buyer".

A list has two such lines at least, with another user in each; the attribute is the one that the text names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from workflows.model import Want
from workflows.reading.addresses import EMAIL
from workflows.reading.loose_forms import INSTEAD
from workflows.reading.sentence_forms import SENTENCE_END
from workflows.reading.value_ends import emptied, value_at
from workflows.reading.value_tables import Stated
from workflows.reading.want_merging import without_value

_ITEM = re.compile(rf"^[\s*•\-–\d.)]{{0,8}}(?P<user>{EMAIL.pattern})(?P<lead>[\s:=>→–-]{{1,6}}|,\s)(?P<rest>.*\w.*)$")
_LEAD = re.compile(
    r"(?i)^(?:(?:is|are|to|as)\s+(?:now|be)\s+|(?:should|needs\s+to|must|has\s+to)\s+(?:be|say|read)\s+|ist\s+(?:jetzt|nun)\s+|now\s+)"
)
_WAS = re.compile(
    r"(?i)\s*[,;(]?\s*\(?(?:was|not|antes|vorher|bisher|avant|statt|formerly)\s*:?\s+(?P<was>[^()]{1,80}?)\)?[.\s]*$"
)
_SHOWN = re.compile(r"(?i)^(?!.*\b(?:should|new|correct|right|not)\b).*\b(?:shows?|showing|currently|still|today)\b")


def in_user_lists(lines: Sequence[str], named: str | None, words: re.Pattern[str]) -> Iterator[Stated]:
    """Yield what each line of a list wants for its user; without a value to be sure of, the attribute alone."""
    items = [match for line in lines if (match := _ITEM.match(line)) and not EMAIL.search(match["rest"])]
    above = next((before for before, line in pairwise(lines) if _ITEM.match(line)), "")
    shown = _SHOWN.search(above) is not None  # "In Okta the department shows:" tells what is, and not what is wanted
    if len({match["user"] for match in items}) < max(2, len(items)):
        return
    wants = [(match["user"], _wanted(part, named, words)) for match in items for part in match["rest"].split(";")]
    if all(want for _, want in wants):
        told = ((user, want) for user, want in wants if want)
        yield from (without_value(Stated(want, user)) if shown else Stated(want, user) for user, want in told)


def _wanted(part: str, named: str | None, words: re.Pattern[str]) -> Want | None:
    """Read one thing that a line wants, of the attribute that it begins with or else of the one that the text names."""
    text = part.strip(" :,")
    own = words.match(text)
    attribute = own[0].lower() if own else named
    if attribute is None:
        return None
    text = _LEAD.sub("", text[own.end() :].lstrip(" :=") if own else text)
    text = SENTENCE_END.split(text)[0]
    still = None
    if match := _WAS.search(text):
        still, text = match["was"].strip(), text[: match.start()]
    elif match := INSTEAD.search(text):
        still, text = value_at(text, match.end())[0] or None, text[: match.start()]
    value = value_at(text, 0)[0]
    return Want(attribute=attribute, expected=emptied(value) if value else None, still=still)
