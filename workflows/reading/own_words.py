"""A person's own words: without quoted and forwarded mails and signatures. In doubt where a quote begins, it begins.

What mail programs and desks write above a quote is in the language files; the marks are the same everywhere.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import accumulate, groupby
from typing import NamedTuple

from workflows.reading.markup import plain_lines
from workflows.reading.vocabulary import Vocabulary, built_once

MOST_READ = 20_000  # characters of one comment that is read for itself
LEAST_OF_LINE = 125  # characters that a line counts for, so that short ones do not take longer to read
LONGEST_LINE = 2000  # characters; a sentence ends before
LONGEST_HEAD = 320  # characters of the lines above a quoted mail, which programs wrap
WRAPPED = 3  # lines of such a head
HEADERS = ("header_from", "header_sent", "header_to", "header_cc", "header_subject")
WRAPPED_HEADERS = 2  # lines without a label among them
BLOCK = 12  # lines in which a mail's headers stand together
SHORT_HEAD = 10  # words of a head without a date: "On Monday Eve Stone wrote:"
NAME_WORDS = 4  # of a person's name behind a sign-off on its line
_RULE = re.compile(r"\s*(?:_{10,}|━{3,}|─{8,}|={20,})\s*")
_SIGNATURE = re.compile(r"\s*(?:--|—|- - -)\s*")
_MARKED = re.compile(r"\s*(?:>|\|\s*>|bq\.\s)")
_AROUND = " \t-–—*_=~<>|#:：."
_IN_DASHES = re.compile(r"\s*[-–—]{2,}")
_ONLY_DASHES = re.compile(r"\s*(?:[—–]-){2,}[—–]?\s*")
_HEADER = re.compile(r"\s*+(?:[*_>]{1,3}\s*+)?(?P<label>[^\s:：][^:：\n]{0,39}?)\s*(?:[*_]{1,3}\s*)?[:：]")
_WORD = re.compile(r"\w+")
_INBOUND = re.compile(r"(?i)\s*(?:reply|received) from:\s*\S+@\S+\s*")  # ServiceNow's inbound actions put it first
_DATE = re.compile(r"\d{1,2}[:.]\d{2}|\d{4}|\d{1,2}[./-]\d{1,2}")
_ADDRESS = re.compile(r"[\w.+'-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64}){1,5}")


class OwnWords(NamedTuple):
    """The lines that count, whether something was cut off behind them for its length, and what the rest took of it."""

    lines: tuple[str, ...]
    cut: bool = False
    read: int = 0


class _Beginnings:
    """The entries of a field, looked up in a folded line by their first word."""

    def __init__(self, entries: Iterable[str]) -> None:
        folded = sorted((_folded(entry) for entry in entries), key=_first_word)
        self._entries = {word: tuple(found) for word, found in groupby(folded, key=_first_word)}

    def match(self, line: str, start: int = 0) -> re.Match[str] | None:
        """Match what stands at a place; words of languages without blanks begin with anything."""
        words = dict.fromkeys((_first_word(line, start), ""))
        found = (_any(self._entries[word]).match(line, start) for word in words if word in self._entries)
        return next(filter(None, found), None)

    def search(self, line: str) -> re.Match[str] | None:
        """Find the first of them."""
        found = (self.match(line, word.start()) for word in _WORD.finditer(line))
        unspaced = _any(self._entries.get("", ()))
        return next(filter(None, found), None) or unspaced.search(line)


class _Marks(NamedTuple):
    """The language files' entries, in the form in which lines are compared with them."""

    wrote: _Beginnings
    starts: _Beginnings
    sign_offs: _Beginnings
    originals: _Beginnings
    notification: _Beginnings
    headers: dict[str, str]


def own_words(text: str, vocabulary: Vocabulary, most: int) -> OwnWords:
    """Return the own words of a text, of which `most` characters are read."""
    seen = plain_lines(text[:most])
    read = list(accumulate((max(len(line), LEAST_OF_LINE) for line in seen), initial=0))
    count = bisect_right(read, max(most, LEAST_OF_LINE)) - 1 if most else 0
    lines = [line[:LONGEST_LINE] for line in seen[:count]]
    own = tuple(line for line in _own(lines, _marks(vocabulary)) if line.strip())
    return OwnWords(own, len(text) > most or len(seen) > count, min(most, read[count]))


def _own(lines: Sequence[str], marks: _Marks) -> Iterator[str]:
    place, in_quote, said = 0, False, False
    while place < len(lines):
        line = lines[place]
        if _INBOUND.fullmatch(line):
            pass
        elif _MARKED.match(line):
            in_quote = True
        elif not line.strip():
            in_quote = False
        elif in_quote:
            pass  # what a program has wrapped of the marked line above
        elif head := _head(lines, place, marks):
            behind = next((item for item in lines[place + head :] if item.strip()), "")
            if not _MARKED.match(behind):
                return
            place += head - 1
        elif _ends(line, lines, place, marks, said=said):
            return
        else:
            said = True
            yield line
        place += 1


def _ends(line: str, lines: Sequence[str], place: int, marks: _Marks, *, said: bool) -> bool:
    """Say whether a signature or somebody else's mail begins here, and with it the rest that is not the writer's."""
    if _RULE.fullmatch(line) or _SIGNATURE.fullmatch(line) or _ONLY_DASHES.fullmatch(line):
        return True
    words = _folded(line.strip(_AROUND))
    original = marks.originals.match(words)
    if (original and original.end() == len(words)) or marks.notification.match(words):
        return True
    if _IN_DASHES.match(line) and (original or marks.wrote.search(words)):
        return True
    if _is_block(lines[place : place + BLOCK], marks):
        return True
    return said and _is_sign_off(line, marks)


def _is_sign_off(line: str, marks: _Marks) -> bool:
    """Say whether a line is a sign-off, with no more behind it than a name."""
    found = marks.sign_offs.match(_folded(line))
    if found is None:
        return False
    rest = _folded(line)[found.end() :].strip(" ,.!;–-。、")
    words = line.split()[-len(rest.split()) :] if rest else []
    named = len(words) == 1 or all(word[0].isupper() for word in words)
    return len(words) <= NAME_WORDS and named and (not rest or "," in line[: len(line) - len(rest)]) and ":" not in rest


def _head(lines: Sequence[str], place: int, marks: _Marks) -> int:
    """Return how many lines the head of a quoted mail takes that begins here; 0 if none does."""
    joined = ""
    for count, line in enumerate(lines[place : place + WRAPPED], 1):
        if not line.strip():
            return 0
        joined = f"{joined} {line.strip()}".strip()
        if len(joined) > LONGEST_HEAD:
            return 0
        if joined.endswith((":", "：")) and _introduces(joined, marks):
            return count
        if count == 1 and not (marks.starts.match(_folded(line)) or _ADDRESS.search(line) or _DATE.search(line)):
            return 0
    return 0


def _introduces(line: str, marks: _Marks) -> bool:
    """Say whether a line that ends with a colon introduces what somebody else wrote."""
    folded = _folded(line)
    verb = marks.wrote.search(folded)
    dated = _DATE.search(line) is not None
    if verb is None:
        return dated and _ADDRESS.search(line) is not None
    at_end = not folded[verb.end() :].strip(" :：")
    begins = marks.starts.match(folded) is not None and len(folded.split()) <= SHORT_HEAD
    return at_end or begins or dated or _ADDRESS.search(line) is not None


def _is_block(lines: Sequence[str], marks: _Marks) -> bool:
    """Say whether a mail's headers stand here together: a sender, a date and a subject."""
    kinds: set[str] = set()
    others = 0
    for number, line in enumerate(lines):
        header = _HEADER.match(line)
        kind = marks.headers.get(_folded(header["label"])) if header else None
        if kind is None:
            if number == 0:
                return False
            others += bool(line.strip())
            if others > WRAPPED_HEADERS or (not line.strip() and len(kinds) == 1):
                break
            continue
        kinds.add(kind)
    return {"header_from", "header_sent", "header_subject"} <= kinds


@built_once
def _marks(vocabulary: Vocabulary) -> _Marks:
    headers = {_folded(entry): name for name in HEADERS for entry in vocabulary.entries(name)}
    return _Marks(
        wrote=_Beginnings(vocabulary.entries("wrote")),
        starts=_Beginnings(vocabulary.entries("quote_starts")),
        sign_offs=_Beginnings(vocabulary.entries("sign_offs")),
        originals=_Beginnings(vocabulary.entries("original_message")),
        notification=_Beginnings(vocabulary.entries("notification")),
        headers=headers,
    )


def _first_word(text: str, start: int = 0) -> str:
    """Return the first word in ASCII letters, nothing where blanks may not part words."""
    found = _WORD.match(text, start)
    return found[0] if found and found[0].isascii() else ""


@cache
def _any(entries: tuple[str, ...]) -> re.Pattern[str]:  # made when a line has the word: there are hundreds
    written = (re.escape(entry).replace(r"\*", ".*") for entry in sorted(entries, key=len, reverse=True))
    either = "|".join(
        f"(?<!\\w){entry}(?!\\w)" if entry[0].isalnum() or entry[0] == "\\" else entry for entry in written
    )
    return re.compile(either or r"(?!)")


def _folded(text: str) -> str:
    return " ".join(text.casefold().replace("’", "'").split())
