"""Lists that give each user a line: "eve@example.com: Finance", "- max@example.com is now Buyer".

A list has two such lines at least, with another user in each; the attribute is the one that the text names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from workflows.model import Want
from workflows.sentence_forms import INSTEAD, SENTENCE_END
from workflows.user_words import EMAIL
from workflows.value_ends import emptied, value_at
from workflows.value_tables import Stated

_ITEM = re.compile(rf"^[\s*•\-–\d.)]{{0,8}}(?P<user>{EMAIL.pattern})(?P<lead>[\s:,=>→–-]{{1,6}})(?P<rest>.+)$")
_LEAD = re.compile(
    r"(?i)^(?:(?:is|are|to|as)\s+(?:now|be)\s+|(?:should|needs\s+to|must|has\s+to)\s+(?:be|say|read)\s+|ist\s+(?:jetzt|nun)\s+|now\s+)"
)
_WAS = re.compile(
    r"(?i)\s*[,;(]?\s*\(?(?:was|not|antes|vorher|bisher|avant|statt|formerly)\s*:?\s+(?P<was>[^()]{1,80}?)\)?[.\s]*$"
)


def in_user_lists(lines: Sequence[str], named: str | None) -> Iterator[Stated]:
    """Yield what each line of a list wants for its user; without a value to be sure of, the attribute alone."""
    items = [match for line in lines if (match := _ITEM.match(line)) and not EMAIL.search(match["rest"])]
    if named is None or len({match["user"] for match in items}) < max(2, len(items)):
        return
    for match in items:
        yield Stated(_wanted(match["rest"], named), match["user"])


def _wanted(rest: str, named: str) -> Want:
    text = SENTENCE_END.split(rest.removeprefix(named).strip(" :"))[0]
    text = re.sub(rf"(?i)^{re.escape(named)}\s*[:=]?\s*", "", _LEAD.sub("", text))
    still = None
    if match := _WAS.search(text):
        still, text = match["was"].strip(), text[: match.start()]
    elif match := INSTEAD.search(text):
        still, text = value_at(text, match.end())[0] or None, text[: match.start()]
    value = value_at(text, 0)[0]
    return Want(attribute=named, expected=emptied(value) if value else None, still=still)
