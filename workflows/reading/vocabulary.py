"""What words tell, in every language that has a data file, with the settings' synonyms on top.

Nothing says which language a text is in. English counts in all, for AD, LDAP and Okta speak it; another language counts
where the text has some of its words, so that the Danish word for a city is not found in every English "by".
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import fields
from functools import lru_cache, wraps
from threading import Lock
from typing import NamedTuple, TypeVar

from workflows.reading.entries import TOKEN, UNSPACED, Entries, Found
from workflows.reading.languages import LANGUAGES
from workflows.reading.languages.language import Language

ALWAYS = "en"
KEPT = 4096  # lines
LEAST = 2  # different entries of a language that a text must have for it to count
SHARE = 0.34  # of the entries of the language that has most
_Built = TypeVar("_Built")
_Of = TypeVar("_Of", bound=Hashable)
_LABEL_MARKS = " \t*_-•–·#>?:：()[]"
# What is looked for in running text. The other fields are compared with whole labels, values, lines or replies.
IN_TEXT = (
    "attributes", "guard", "forbids", "not_to", "changing", "wrong", "right", "unwanted", "other_things", "oneself",
    "profile_words", "others", "later", "deadlines", "not_yet", "planned", "name_labels", "user_labels",
    "expected_labels", "current_labels",
)  # fmt: skip
NAMING = 4  # letters from which a word of a name begins with a capital
SPEAKING = frozenset({"expected_labels", "current_labels", "oneself", "changing", "wrong"})
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


def built_once(build: Callable[[_Of], _Built]) -> Callable[[_Of], _Built]:
    """Keep what a function builds; threads that ask for the same meanwhile wait for it, as it takes long to build."""
    kept, building = lru_cache(maxsize=8)(build), Lock()

    @wraps(build)
    def asked(of: _Of) -> _Built:
        with building:
            return kept(of)

    return asked


class Vocabulary:
    """The words of all languages, looked up in one pass over a text."""

    def __init__(self, synonyms: Mapping[str, str], languages: Iterable[Language] = LANGUAGES) -> None:
        self._languages = tuple(languages)
        self._synonyms = dict(synonyms)
        self._entries = Entries()
        self._whole: dict[str, dict[str, set[str]]] = {}
        self._words: set[str] = set()
        # A ticket's lines are asked for each subject again.
        self._kept = lru_cache(maxsize=KEPT)(self._entries.found_in)
        self.label = lru_cache(maxsize=KEPT)(self._labelled)
        for language in self._languages:
            self._add(language)
        for word, attribute in synonyms.items():
            self._whole["attributes_by_name"][_plain(word)] = {attribute}
            self._entries.settle("attributes", ALWAYS, attribute, _plain(word))

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

    def attributes_of(self, phrase: str) -> tuple[str, ...]:
        """Return the attributes that a whole phrase is a name of."""
        return tuple(sorted(self._whole["attributes_by_name"].get(_plain(phrase), ())))

    def called(self, attribute: str, code: str) -> str:
        """Return an attribute's name in a language, if it has one; the first by which no other attribute is called."""
        spoken = (item for item in self._languages if item.code == code.partition("-")[0].casefold())
        names = [name for language in spoken for name in language.attributes.get(attribute, ())]
        names += [word for word, named in self._synonyms.items() if named == attribute]
        alone = (name for name in names if self.attributes_of(name) == (attribute,))
        return next(alone, next(iter(names), attribute))

    def _labelled(self, text: str) -> Label | None:
        """Return what a label is of: the whole of it, or what stands before a bracket, or in it: "target (Okta)"."""
        outside, _, inside = text.replace("[", "(").partition("(")
        whole, found, within = (self._label(_plain(part)) for part in (text, outside, inside))
        return whole or (within if within and within.kind == "current" else found)

    def _label(self, plain: str) -> Label | None:
        named = self.attributes_of(plain)
        for kind in ("expected", "current", "effective", "attribute", "user"):
            if plain in self._whole[f"{kind}_labels"]:
                return Label(kind, named if kind == "user" else ())
        return Label("bare", named) if named else self._mixed(plain)

    def is_one_of(self, field: str, text: str) -> bool:
        """Say whether a whole text is an entry of a field."""
        return _plain(text) in self._whole[field] or text.strip() in self._whole[field]

    def is_known(self, word: str) -> bool:
        """Say whether a word stands in any entry of any language."""
        return word.casefold() in self._words

    def tells_of_a_value(self, text: str) -> bool:
        """Say whether a text speaks of a value instead of being one: "whatever AD has", "the new one", "yes"."""
        if any(self.is_one_of(field, text) for field in ("yes", "no", "something_else")):
            return True
        naming = [word for word in text.split() if len(word) >= NAMING] or text.split()
        if all(word[0].isupper() for word in naming):
            return False  # a name: "New Business", "Right to Work"
        hits = [hit for hit in self.hits(text) if hit.end - hit.start > 1]  # "Engineer I" is no first person
        told = {hit.field for hit in hits}
        begins = any(hit.field == "expected_labels" and not hit.start and " " in text[: hit.end] for hit in hits)
        known = all(map(self.is_known, TOKEN.findall(text)))
        return begins or "profile_words" in told or (known and bool(told & SPEAKING))

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
            parts = " ".join(words[:cut]), " ".join(words[cut:])
            for kind in ("expected", "current"):
                for label, name in (parts, parts[::-1]):
                    if label in self._whole[f"{kind}_labels"] and (named := self.attributes_of(name)):
                        return Label(kind, named)
        return None

    def _add(self, language: Language) -> None:
        for name in (field.name for field in fields(language)):
            value = getattr(language, name)
            if name == "attributes":
                for attribute, words in value.items():
                    for word in words:
                        self._note("attributes_by_name", _plain(word), attribute)
                        self._entries.add("attributes", language, attribute, word)
                    self._note("attributes_by_name", attribute.casefold(), attribute)
            elif isinstance(value, tuple):
                for word in value:
                    self._note(name, _plain(word) or word, "")
                    if name in IN_TEXT:
                        self._entries.add(name, language, "", word)

    def _note(self, field: str, phrase: str, attribute: str) -> None:
        self._whole.setdefault(field, {}).setdefault(phrase, set()).add(attribute)
        self._words.update(phrase.split(" "))


@built_once
def _built(synonyms: tuple[tuple[str, str], ...]) -> Vocabulary:
    return Vocabulary(dict(synonyms))


def vocabulary_of(synonyms: Mapping[str, str]) -> Vocabulary:
    """Return the vocabulary with these synonyms (word -> Okta attribute); it is built once."""
    return _built(tuple(sorted(synonyms.items())))


def _spoken(lines: Iterable[Iterable[Found]]) -> frozenset[str]:
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
    words = TOKEN.findall(text.casefold()) if not UNSPACED.search(text) else ["".join(text.casefold().split())]
    return " ".join(words) if words else text.strip(_LABEL_MARKS)
