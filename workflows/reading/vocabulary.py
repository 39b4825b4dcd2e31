"""What words tell, in every language that has a data file, with the settings' synonyms on top.

Nothing says which language a text is in. English counts in all, for AD, LDAP and Okta speak it; another language counts
where the text has some of its words, so that the Danish word for a city is not found in every English "by".
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set
from functools import lru_cache
from threading import Lock
from typing import NamedTuple

from workflows.reading.entries import UNSPACED, Entries, Found
from workflows.reading.languages import LANGUAGES

ALWAYS = "en"
MAINLY = "en alone"  # no language has more entries in it: then "i", "im" and "me" are its first person
EVERY = frozenset(language.code for language in LANGUAGES)
KEPT = 4096  # lines
LEAST = 2  # different entries of a language that a text must have for it to count
SHARE = 0.34  # of the entries of the language that has most
WORD = re.compile(r"[^\W_]+")
_LABEL_MARKS = " \t*_-•–·#>?:：()[]"
IN_MAILS = frozenset({"courtesies", "wrote", "quote_starts", "sign_offs", "original_message", "notification"})
HEADERS = frozenset({"header_from", "header_sent", "header_to", "header_cc", "header_subject"})
# Compared with whole labels, values, lines or replies alone; the other fields are looked for in running text, too.
WHOLE = frozenset({
    "attribute_labels", "effective_labels", "yes", "no", "something_else", "no_value", "everyday", "pressed", *HEADERS,
})  # fmt: skip
# Whose words may be a value's, while those of the other fields are a sentence's: "legal" stands in "legal entity".
OF_VALUES = frozenset({"attributes", "everyday", "name_labels"})
SHARED = IN_MAILS | {"expected_labels", "current_labels"}  # words that many languages share: "is", "was", "a"
ANYWHERE = frozenset({"profile_words", "oneself"})  # "Okta" and "i" stand in texts of every language
_building = Lock()


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


class Vocabulary:
    """The words of all languages, looked up in one pass over a text."""

    def __init__(self, synonyms: Mapping[str, str]) -> None:
        self._whole: dict[str, dict[str, tuple[str, ...]]] = {}  # phrase -> field -> attributes
        self._words: dict[str, set[str]] = defaultdict(set)  # word -> fields
        entries = Entries()
        self._found_in = lru_cache(maxsize=KEPT)(entries.found_in)  # a ticket's lines are asked for each subject again
        self.label = lru_cache(maxsize=KEPT)(self._labelled)
        for language, field, attribute, phrase in _entries(synonyms):
            plain = _plain(phrase)
            told = self._whole.setdefault(plain, {})
            told[field] = tuple(sorted({*told.get(field, ()), attribute}))
            for word in plain.split(" "):
                self._words[word].add(field)
            if language and field not in WHOLE:
                entries.add((language, field, attribute), phrase)

    def hits(self, text: str, spoken: Set[str] = frozenset()) -> list[Hit]:
        """Return every entry of the spoken languages that stands in the text; of one field's at a place the longest.

        Without `spoken`, the languages are those of this text alone.
        """
        return _hits(self._found_in(text), spoken or self.spoken([text]), in_mails=False)

    def fields_in(self, text: str) -> Set[str]:
        """Return the fields of which an entry stands in the text."""
        return {hit.field for hit in self.hits(text)}

    def mail_marks(self, line: str) -> list[Hit]:
        """Return what mail programs and people write around quotes and under mails, in any language."""
        return _hits(self._found_in(line), EVERY, in_mails=True)

    def spoken(self, lines: Iterable[str]) -> frozenset[str]:
        """Return the languages of a ticket: English, and each that has a fair share of the entries found in it."""
        found = {
            (number, language, start, field in ANYWHERE)
            for number, line in enumerate(lines)
            for language, field, _, start, _ in self._found_in(line)
            if field not in SHARED
        }
        counts = Counter(language for _, language, _ in {item[:3] for item in found})
        most, telling = max(counts.values(), default=0), Counter(item[1] for item in found if not item[3])
        mainly = {ALWAYS, MAINLY if telling[ALWAYS] >= max(telling.values(), default=0) else ALWAYS}
        return frozenset({code for code, number in counts.items() if number >= max(LEAST, SHARE * most)} | mainly)

    def attributes_of(self, phrase: str) -> tuple[str, ...]:
        """Return the attributes that a whole phrase is a name of."""
        return self._whole.get(_plain(phrase), {}).get("attributes", ())

    def fields_of(self, text: str) -> Set[str]:
        """Return the fields of which a whole text is an entry."""
        return self._whole.get(_plain(text), {}).keys()

    def is_one_of(self, field: str, text: str) -> bool:
        """Say whether a whole text is an entry of a field."""
        return field in self.fields_of(text)

    def is_known(self, word: str) -> bool:
        """Say whether a word stands in any entry of any language."""
        return word.casefold() in self._words

    def is_of_sentences(self, word: str) -> bool:
        """Say whether a word stands in an entry of any language that is more than a name or a value."""
        return not self._words.get(word.casefold(), OF_VALUES) <= OF_VALUES

    def _labelled(self, text: str) -> Label | None:
        """Return what a label is of: the whole of it, or what stands before a bracket, or in it: "target (Okta)"."""
        outside, _, inside = text.replace("[", "(").partition("(")
        whole, found, within = (self._label(_plain(part)) for part in (text, outside, inside))
        return whole or (within if within and within.kind == "current" else found)

    def _label(self, plain: str) -> Label | None:
        told = self._whole.get(plain, {})
        for kind in ("expected", "current", "effective", "attribute", "user"):
            if f"{kind}_labels" in told:
                return Label(kind)
        return Label("bare", told["attributes"]) if "attributes" in told else self._mixed(plain)

    def _mixed(self, plain: str) -> Label | None:
        """Read "new department" and "department (should be)": a value's label and an attribute's name."""
        words = plain.split(" ")
        for cut in range(1, len(words)):
            parts = [self._whole.get(" ".join(part), {}) for part in (words[:cut], words[cut:])]
            for kind in ("expected", "current"):
                for label, name in (parts, parts[::-1]):
                    if f"{kind}_labels" in label and "attributes" in name:
                        return Label(kind, name["attributes"])
        return None


def vocabulary_of(synonyms: Mapping[str, str]) -> Vocabulary:
    """Return the vocabulary with these synonyms (word -> Okta attribute); it is built once.

    Threads that ask for it meanwhile wait, as it takes long to build.
    """
    with _building:
        return _built(tuple(sorted(synonyms.items())))


@lru_cache(maxsize=8)
def _built(synonyms: tuple[tuple[str, str], ...]) -> Vocabulary:
    return Vocabulary(dict(synonyms))


def _entries(synonyms: Mapping[str, str]) -> Iterator[tuple[str, str, str, str]]:
    """Yield every entry: the code of its language, the field, the attribute that it names, and the phrase.

    A star means any ending in the language files alone: the settings' words are taken as words.
    Okta's own names of attributes are of no language: they count as a whole label alone.
    """
    settled = set(map(_plain, synonyms))  # these mean one attribute, whatever the languages say
    for language in LANGUAGES:
        named = [(language.code, attribute, name) for attribute, names in language.attributes.items() for name in names]
        named += [("", attribute, attribute) for attribute in language.attributes]
        yield from ((code, "attributes", of, name) for code, of, name in named if _plain(name) not in settled)
        for name, phrases in vars(language).items():
            if isinstance(phrases, tuple):
                yield from ((language.code, name, "", phrase) for phrase in phrases)
    yield from ((ALWAYS, "attributes", attribute, _plain(word)) for word, attribute in synonyms.items())


def _hits(found: Iterable[Found], languages: Set[str], *, in_mails: bool) -> list[Hit]:
    """Put together what the same words tell in these languages, but for what lies in a longer entry of its field."""
    named: dict[tuple[int, int, str], tuple[str, ...]] = {}
    for language, field, attribute, start, end in found:
        code = MAINLY if (language, field) == (ALWAYS, "oneself") else language
        if code in languages and (field in IN_MAILS) is in_mails:
            place = (start, -end, field)
            named[place] = (*named.get(place, ()), attribute) if attribute else ()
    reached: dict[str, int] = {}
    hits = []
    for (start, end, field), attributes in sorted(named.items()):
        if -end > reached.get(field, 0):
            reached[field] = -end
            hits.append(Hit(field, tuple(sorted(set(attributes))), start, -end))
    return hits


def _plain(text: str) -> str:
    words = WORD.findall(text.casefold()) if not UNSPACED.search(text) else ["".join(text.casefold().split())]
    return " ".join(words) if words else text.strip(_LABEL_MARKS) or text.strip()
