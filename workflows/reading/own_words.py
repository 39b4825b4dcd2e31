"""A person's own words: without quoted and forwarded mails and signatures. In doubt where a quote begins, it begins.

What mail programs and desks write above a quote is in the language files; the marks are the same everywhere.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate, takewhile
from typing import NamedTuple

from workflows.reading.markup import plain_lines
from workflows.reading.vocabulary import HEADERS, Hit, Vocabulary

MOST_READ = 20_000  # characters of one comment that is read for itself
LEAST_OF_LINE = 125  # characters that a line counts for, so that short ones do not take longer to read
_PIECES = re.compile(r".{1,2000}(?:\s|$)|.{2000}")  # of a line, of which no more is read as one
LONGEST_HEAD = 320  # characters of the lines above a quoted mail, which programs wrap
WRAPPED = 3  # lines of such a head
WRAPPED_HEADERS = 2  # lines without a label among them
BLOCK = 12  # lines in which a mail's headers stand together
SHORT_HEAD = 10  # words of a head without a date: "On Monday Eve Stone wrote:"
NAME_WORDS = 4  # of a person's name behind a sign-off on its line
BEHIND_VERB = 2  # words between the verb and the colon of such a head: "Eve wrote me this:"
_END = re.compile(r"\s*(?:_{10,}|━{3,}|─{8,}|={20,}|--|—|- - -|(?:[—–]-){2,}[—–]?)\s*")  # of what is the writer's
_MARKED = re.compile(r"\s*(?:>|\|\s*>|bq\.\s)")
_AROUND = " \t-–—*_=~<>|#:：."
_IN_DASHES = re.compile(r"\s*[-–—]{2,}")
_HEADER = re.compile(r"\s*+(?:[*_>]{1,3}\s*+)?(?P<label>[^\s:：][^:：\n]{0,39}?)\s*(?:[*_]{1,3}\s*)?[:：]")
_INBOUND = re.compile(r"(?i)\s*(?:reply|received) from:\s*\S+@\S+\s*")  # ServiceNow's inbound actions put it first
_DATE = re.compile(r"\d{1,2}[:.]\d{2}|\d{4}|\d{1,2}[./-]\d{1,2}")
_TIME = r"\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:\s?[AaPp]\.?[Mm]\.?)?"
_STAMP = rf"[\[(]?(?:[\d./-]{{6,10}},?\s)?{_TIME}[\])]?"
_PERSON = rf"(?:[^\W\d_][\w.'’]*+\s){{0,{NAME_WORDS - 1}}}[^\W\d_][\w.'’]*+"
_CHAT = re.compile(rf"\s*+(?:{_STAMP}[\s–-]*+({_PERSON})\s*+(?::.*)?|({_PERSON})[\s,–-]++{_STAMP}[\s:–-]*+)")
_WORD = re.compile(r"[^\W\d_]+")
_WHEN = re.compile(rf"(?=.*{_TIME}).*\d{{4}}")
_ADDRESS = re.compile(r"[\w.+'-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64}){1,5}")


class OwnWords(NamedTuple):
    """The lines that count, whether something was cut off behind them for its length, and what the rest took of it.

    `pasted` are the lines of a chat, or of a mail in a language without a file: they state nothing, and may object.
    """

    lines: tuple[str, ...]
    cut: bool = False
    read: int = 0
    pasted: tuple[str, ...] = ()


def own_words(text: str, vocabulary: Vocabulary, most: int) -> OwnWords:
    """Return the own words of a text, of which `most` characters are read."""
    seen = plain_lines(text[:most])
    read = list(accumulate((max(len(line), LEAST_OF_LINE) for line in seen), initial=0))
    count = bisect_right(read, max(most, LEAST_OF_LINE)) - 1 if most else 0
    lines = [piece for line in seen[:count] for piece in _PIECES.findall(line) or [line]]
    at = next((place for place, line in enumerate(lines) if _is_pasted(line[:LONGEST_HEAD], vocabulary)), count)
    own = tuple(line for line in _own(lines[:at], vocabulary) if line.strip())
    return OwnWords(own, len(text) > most or len(seen) > count, min(most, read[count]), tuple(lines[at:]))


def _own(lines: Sequence[str], vocabulary: Vocabulary) -> Iterator[str]:
    in_quote = said = False
    for place, line in enumerate(lines):
        if _MARKED.match(line):
            in_quote = True
        elif not line.strip():
            in_quote = False
        elif in_quote or _INBOUND.fullmatch(line):
            pass  # what a program has wrapped of the line above
        elif head := _head(lines[place : place + WRAPPED], vocabulary):
            behind = next((item for item in lines[place + head :] if item.strip()), "")
            if not _MARKED.match(behind):
                return
            in_quote = True
        elif _ends(line, said, vocabulary) or _is_block(lines[place : place + BLOCK], vocabulary):
            return
        else:
            said = True
            yield line


def _ends(line: str, said: bool, vocabulary: Vocabulary) -> bool:
    """Say whether a signature or somebody else's mail begins here, and with it the rest that is not the writer's."""
    begins, in_dashes = _beginning(line, vocabulary), _IN_DASHES.match(line)
    if _END.fullmatch(line) or "notification" in begins or (in_dashes and _verb(line, vocabulary)):
        return True
    if (original := begins.get("original_message")) and (in_dashes or not line[original.end :].strip(_AROUND)):
        return True
    return said and "sign_offs" in begins and _is_name(line[begins["sign_offs"].end :])


def _is_pasted(line: str, vocabulary: Vocabulary) -> bool:
    """Say whether a chat's message begins here, or a mail's head in a language without a file: words that nobody knows.

    In a chat they stand beside a time of day, above a mail with its day in front of a colon.
    """
    if found := _CHAT.fullmatch(line):
        return not any(map(vocabulary.is_known, _WORD.findall(found[1] or found[2])))
    words = _WORD.findall(line) if line.endswith((":", "：")) and _WHEN.match(line) else ()
    return sum(map(vocabulary.is_known, words)) * 2 < len(words)


def _is_name(behind: str) -> bool:
    """Say whether no more than a name follows a sign-off on its line."""
    words = behind.strip(" ,.!;–-。、").split()
    named = len(words) == 1 or all(word[0].isupper() for word in words)
    return not words or (len(words) <= NAME_WORDS and named and behind.lstrip(" .!")[0] == "," and ":" not in behind)


def _head(lines: Sequence[str], vocabulary: Vocabulary) -> int:
    """Return how many lines the head of a quoted mail takes with which these begin; 0 if none does."""
    first, joined = lines[0], ""
    begins = _ADDRESS.search(first) or _DATE.search(first) or "quote_starts" in _beginning(first, vocabulary)
    for count, line in enumerate(takewhile(str.strip, lines if begins else lines[:1]), 1):
        joined = f"{joined} {line.strip()}".strip()
        if joined.endswith((":", "：")) and len(joined) <= LONGEST_HEAD and _introduces(joined, vocabulary):
            return count
    return 0


def _introduces(line: str, vocabulary: Vocabulary) -> bool:
    """Say whether a line that ends with a colon introduces what somebody else wrote."""
    verb = _verb(line, vocabulary)
    dated, addressed = _DATE.search(line) is not None, _ADDRESS.search(line) is not None
    if verb is None:
        return dated and addressed
    at_end = len(line[verb.end :].strip(" :：").split()) <= BEHIND_VERB
    begins = len(line.split()) <= SHORT_HEAD and "quote_starts" in _beginning(line, vocabulary)
    return at_end or begins or dated or addressed


def _verb(line: str, vocabulary: Vocabulary) -> Hit | None:
    """Return where a line says that somebody wrote something."""
    return next((hit for hit in vocabulary.mail_marks(line) if hit.field == "wrote"), None)


def _beginning(line: str, vocabulary: Vocabulary) -> dict[str, Hit]:
    """Return the marks with which a line begins, by their fields."""
    return {hit.field: hit for hit in vocabulary.mail_marks(line) if not line[: hit.start].strip(_AROUND)}


def _is_block(lines: Sequence[str], vocabulary: Vocabulary) -> bool:
    """Say whether a mail's headers stand here together: a sender, a subject, and one more."""
    kinds, others = set[str](), 0
    for line in lines:
        header = _HEADER.match(line)
        found = vocabulary.fields_of(header["label"]) & HEADERS if header else set()
        kinds |= found
        others += bool(line.strip()) and not found
        if not kinds or others > WRAPPED_HEADERS or (not line.strip() and len(kinds) == 1):
            break
    return kinds > {"header_from", "header_subject"}
