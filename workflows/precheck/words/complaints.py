"""Whether a ticket complains about a value that is known: "Okta still says Sales", where Okta does hold Sales.

Since the value is known, only the words before it have to be understood: one that says that it is the old one, or
Okta's name in a sentence that wishes nothing, with nothing in between that speaks of what is wanted.
"""

from __future__ import annotations

from pydantic import JsonValue

from workflows.precheck.words.mentioned_values import found_in
from workflows.reading.addresses import EMAIL
from workflows.reading.complaint_words import AMISS, INSTEAD, KEPT, PRAISED, SAID_OLD, SENTENCE_END, SHOULD, SHOWN, WISH
from workflows.reading.okta_is_right import speaks_for_okta
from workflows.values.comparing import typed


def complains_of(words: str, value: JsonValue) -> bool:
    """Say whether one of the ticket's lines complains about a value, in a ticket that names one address at most."""
    if len(set(EMAIL.findall(words))) > 1 or AMISS.search(words) or speaks_for_okta(words):
        return False
    written = str(value or "")
    found = [mention for line in words.split("\n") for mention in found_in(line, written)]
    exact = [mention for mention in found if mention.written == typed(written)]  # HARGREAVE is complained about
    return any(_is_complaint(before, behind) and not PRAISED.match(behind) for before, _, behind in exact or found)


def _is_complaint(before: str, behind: str) -> bool:
    """Say whether what stands around a value complains about it."""
    sentence = f"{SENTENCE_END.split(before)[-1]} · {SENTENCE_END.split(behind)[0]}"
    if INSTEAD.search(before):
        return SHOULD.search(sentence) is not None
    return bool(SAID_OLD.search(before) or (SHOWN.search(before) and not WISH.search(sentence)))


def is_praised(words: str, value: JsonValue) -> bool:
    """Say whether one of the ticket's lines calls a value right, or wants it kept."""
    found = (mention for line in words.split("\n") for mention in found_in(line, str(value or "")))
    return any(KEPT.search(before) or PRAISED.match(behind) for before, _, behind in found)
