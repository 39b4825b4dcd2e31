"""What words tell, in every language that has a data file, with the settings' synonyms on top.

Nothing says which language a text is in. English counts in all, for AD, LDAP and Okta speak it; another language counts
where the text has some of its words, so that the Danish word for a city is not found in every English "by".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from functools import lru_cache
from typing import NamedTuple

from workflows.reading.languages import LANGUAGES
from workflows.reading.languages.language import Language

ALWAYS = "en"
ANY = "*"  # before a second word that may have any ending
KEPT = 4096  # lines
FIRST = 3  # letters by which entries with a star are looked up; none is shorter
LEAST = 2  # different entries of a language that a text must have for it to count
SHARE = 0.34  # of the entries of the language that has most
_TOKEN = re.compile(r"[^\W_]+")
_GAP = re.compile(r"[ \t\xa0]+|[-'’./&_]")  # between the words of one entry
UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_BRACKETS = re.compile(r"(?<!\s)\s*[(\[][^()\[\]]{0,60}[)\]]\s*")
_LABEL_MARKS = " \t*_-•–·#>?:：()[]"
# What is looked for in running text. The other fields are compared with whole labels, values, lines or replies.
IN_TEXT = (
    "attributes",
    "guard",
    "forbids",
    "wrong",
    "right",
    "unwanted",
    "other_things",
    "profile_words",
    "oneself",
    "others",
    "later",
    "deadlines",
    "not_yet",
    "name_labels",
    "user_labels",
    "expected_labels",
    "current_labels",
)
LABELS = frozenset({"expected_labels", "current_labels"})  # words that many languages share: "is", "was", "correct"


class Hit(NamedTuple):
    """An entry found in a text: the field it is from, the attributes that it may name, and where it stands."""

    field: str
    attributes: tuple[str, ...]
    start: int
    end: int


class Label(NamedTuple):
    """What a label asks for: `kind` is user, attribute, expected, current, effective or bare; which attributes."""

    kind: str
    attributes: tuple[str, ...] = ()


_Raw = tuple[str, str, str, int, int]  # language, field, attribute, start, end


class _Entry(NamedTuple):
    field: str
    language: str
    attribute: str
    rest: tuple[str, ...]  # the words behind the first one; the last may end with a star


class Vocabulary:
    """The words of all languages, looked up in one pass over a text."""

    def __init__(self, synonyms: Mapping[str, str], languages: Iterable[Language] = LANGUAGES) -> None:
        self._languages = tuple(languages)
        self._entries: dict[str, dict[str, list[_Entry]]] = {}  # by their first and second word
        self._prefixes: dict[str, list[tuple[str, _Entry]]] = {}  # by their first letters
        self._unspaced: list[tuple[re.Pattern[str], dict[str, set[tuple[str, str]]], str]] = []
        self._whole: dict[str, dict[str, set[str]]] = {}
        self._words: set[str] = set()
        self._kept = lru_cache(maxsize=KEPT)(self._raw)  # a ticket's lines are asked for each subject again
        self.label = lru_cache(maxsize=KEPT)(self._labelled)
        for language in self._languages:
            self._add(language)
        for word, attribute in synonyms.items():
            self._settle(word, attribute)

    def hits(self, text: str, spoken: frozenset[str] | None = None) -> list[Hit]:
        """Return every entry of the spoken languages that stands in the text; of one field's at a place the longest.

        Without `spoken`, the languages are those of this text alone.
        """
        raw = self._kept(text)
        spoken = spoken or _spoken([raw])
        found: dict[tuple[int, int, str], tuple[str, ...]] = {}
        for language, field, attribute, start, end in raw:
            if language in spoken:
                place = (start, -end, field)
                found[place] = (*found.get(place, ()), attribute) if attribute else ()
        places = sorted(found.items())
        return list(_longest(Hit(place[2], tuple(sorted(set(names))), place[0], -place[1]) for place, names in places))

    def spoken(self, lines: Iterable[str]) -> frozenset[str]:
        """Return the languages of a ticket: English, and each that has a fair share of the entries found in it."""
        return _spoken(map(self._kept, lines))

    def _raw(self, text: str) -> tuple[_Raw, ...]:
        return (*self._spaced(text), *self._in_unspaced(text))

    def attributes_of(self, phrase: str) -> tuple[str, ...]:
        """Return the attributes that a whole phrase is a name of."""
        return tuple(sorted(self._whole["attributes_by_name"].get(_plain(phrase), ())))

    def _labelled(self, text: str) -> Label | None:
        """Return what a label is of: the whole of it, or for values all of it but an attribute's name."""
        plain = _plain(text)
        outside = _BRACKETS.sub(" ", text)
        if (found := self._label(plain)) or outside == text:
            return found
        within = self._label(plain.removeprefix(_plain(outside)).strip())  # "target (Okta)"
        return within if within and within.kind == "current" else self._label(_plain(outside))

    def _label(self, plain: str) -> Label | None:
        if not plain:
            return None
        for kind in ("expected", "current"):
            if plain in self._whole[f"{kind}_labels"]:
                return Label(kind)
        named = self.attributes_of(plain)
        for kind in ("effective", "attribute"):
            if plain in self._whole[f"{kind}_labels"]:
                return Label(kind)
        if plain in self._whole["user_labels"]:
            return Label("user", named)
        if named:
            return Label("bare", named)
        return self._mixed(plain)

    def is_one_of(self, field: str, text: str) -> bool:
        """Say whether a whole text is an entry of a field."""
        return _plain(text) in self._whole[field] or text.strip() in self._whole[field]

    def is_known(self, word: str) -> bool:
        """Say whether a word stands in any entry of any language."""
        return word.casefold() in self._words

    def entries(self, field: str) -> frozenset[str]:
        """Return every language's entries of a field, as they are written there."""
        return frozenset(entry for language in self._languages for entry in getattr(language, field))

    @property
    def attributes(self) -> frozenset[str]:
        """Return every Okta attribute that a language has a name for."""
        return frozenset(name for language in self._languages for name in language.attributes)

    @property
    def codes(self) -> tuple[str, ...]:
        """Return the languages' codes."""
        return tuple(language.code for language in self._languages)

    def _mixed(self, plain: str) -> Label | None:
        """Read "new department" and "department (should be)": a value's label and an attribute's name."""
        words = plain.split(" ")
        for cut in range(1, len(words)):
            first, last = " ".join(words[:cut]), " ".join(words[cut:])
            for kind in ("expected", "current"):
                labels = self._whole[f"{kind}_labels"]
                for label, name in ((first, last), (last, first)):
                    if label in labels and (named := self.attributes_of(name)):
                        return Label(kind, named)
        return None

    def _add(self, language: Language) -> None:
        for name in (field.name for field in fields(language)):
            value = getattr(language, name)
            if name == "attributes":
                for attribute, words in value.items():
                    for word in words:
                        self._note("attributes_by_name", _plain(word), attribute)
                        self._index("attributes", language, attribute, word)
                    self._note("attributes_by_name", attribute.casefold(), attribute)
            elif isinstance(value, tuple):
                for word in value:
                    self._note(name, _plain(word) or word, "")
                    if name in IN_TEXT:
                        self._index(name, language, "", word)
        if not language.spaced:
            self._compile(language)

    def _note(self, field: str, phrase: str, attribute: str) -> None:
        self._whole.setdefault(field, {}).setdefault(phrase, set()).add(attribute)
        self._words.update(phrase.split(" "))

    def _index(self, field: str, language: Language, attribute: str, phrase: str) -> None:
        if not language.spaced and UNSPACED.search(phrase):
            return
        words = _TOKEN.findall(phrase.casefold())
        if not words:
            return
        star = phrase.rstrip().endswith("*")
        if star and len(words) == 1:
            entry = _Entry(field, language.code, attribute, ())
            self._prefixes.setdefault(words[0][:FIRST], []).append((words[0], entry))
            return
        rest = (*words[1:-1], words[-1] + "*") if star else tuple(words[1:])
        self._keep(words[0], _Entry(field, language.code, attribute, rest))

    def _keep(self, first: str, entry: _Entry) -> None:
        second = entry.rest[0] if entry.rest else ""
        key = ANY + second[:FIRST] if second.endswith("*") else second
        self._entries.setdefault(first, {}).setdefault(key, []).append(entry)

    def _compile(self, language: Language) -> None:
        for name in IN_TEXT:
            value = getattr(language, name)
            pairs = (
                [(word, attribute) for attribute, words in value.items() for word in words]
                if name == "attributes"
                else [(word, "") for word in value]
            )
            known: dict[str, set[tuple[str, str]]] = {}
            for word, attribute in pairs:
                known.setdefault("".join(word.casefold().split()), set()).add((language.code, attribute))
            longest = sorted((re.escape(word) for word in known), key=len, reverse=True)
            if longest:
                self._unspaced.append((re.compile("|".join(longest)), known, name))

    def _settle(self, word: str, attribute: str) -> None:
        """Let the settings' word mean one attribute alone, whatever the languages say."""
        plain = _plain(word)
        self._whole["attributes_by_name"][plain] = {attribute}
        tokens = _TOKEN.findall(plain)
        if tokens:
            rest = tuple(tokens[1:])
            for entries in self._entries.get(tokens[0], {}).values():
                entries[:] = [item for item in entries if item.rest != rest or item.field != "attributes"]
            self._keep(tokens[0], _Entry("attributes", ALWAYS, attribute, rest))

    def _spaced(self, text: str) -> Iterator[tuple[str, str, str, int, int]]:
        tokens = [(match[0].casefold(), match.start(), match.end()) for match in _TOKEN.finditer(text)]
        for place, (word, start, end) in enumerate(tokens):
            for prefix, entry in self._prefixes.get(word[:FIRST], ()):
                if word.startswith(prefix):
                    yield entry.language, entry.field, entry.attribute, start, end
            known = self._entries.get(word)
            if known is None:
                continue
            following = tokens[place + 1][0] if place + 1 < len(tokens) else ""
            for second in ("", following, ANY + following[:FIRST]) if following else ("",):
                for entry in known.get(second, ()):
                    last = _last(tokens, place, entry.rest, text) if entry.rest else end
                    if last is not None:
                        yield entry.language, entry.field, entry.attribute, start, last

    def _in_unspaced(self, text: str) -> Iterator[tuple[str, str, str, int, int]]:
        if not UNSPACED.search(text):
            return
        folded = text.casefold()
        for pattern, known, field in self._unspaced:
            for match in pattern.finditer(folded):
                for language, attribute in known[match[0]]:
                    yield language, field, attribute, match.start(), match.end()


@lru_cache(maxsize=8)
def _built(synonyms: tuple[tuple[str, str], ...]) -> Vocabulary:
    return Vocabulary(dict(synonyms))


def vocabulary_of(synonyms: Mapping[str, str]) -> Vocabulary:
    """Return the vocabulary with these synonyms (word -> Okta attribute); it is built once."""
    return _built(tuple(sorted(synonyms.items())))


def _last(tokens: list[tuple[str, int, int]], place: int, rest: tuple[str, ...], text: str) -> int | None:
    """Return where an entry ends whose first word stands at this place; None if the others do not follow."""
    end = tokens[place][2]
    for number, wanted in enumerate(rest, place + 1):
        if number >= len(tokens):
            return None
        word, start, stop = tokens[number]
        if not (word.startswith(wanted[:-1]) if wanted.endswith("*") else word == wanted):
            return None
        if not _GAP.fullmatch(text, end, start):
            return None
        end = stop
    return end


def _spoken(lines: Iterable[Iterable[_Raw]]) -> frozenset[str]:
    counts: dict[str, int] = {}
    for raw in lines:
        last: dict[str, int] = {}
        for language, field, _, start, _ in raw:
            if field not in LABELS and last.get(language) != start:
                last[language] = start
                counts[language] = counts.get(language, 0) + 1
    most = max(counts.values(), default=0)
    return frozenset({code for code, found in counts.items() if found >= max(LEAST, SHARE * most)} | {ALWAYS})


def _longest(hits: Iterable[Hit]) -> Iterator[Hit]:
    """Leave out what lies inside a longer hit of the same field."""
    reached: dict[str, int] = {}
    for hit in hits:
        if hit.end > reached.get(hit.field, -1):
            reached[hit.field] = hit.end
            yield hit


def _plain(text: str) -> str:
    words = _TOKEN.findall(text.casefold()) if not UNSPACED.search(text) else ["".join(text.casefold().split())]
    return " ".join(words) if words else text.strip(_LABEL_MARKS)
