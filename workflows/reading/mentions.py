"""Attributes that a ticket names without saying which value is right: in complaints, labels, or in passing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from workflows.model import Want
from workflows.reading.attribute_words import OWN_NAME
from workflows.reading.everyday_words import NOT_ABROAD, OLD, STILL, WRONG, either
from workflows.reading.sentence_forms import SENTENCE_END, WHOSE, words_of
from workflows.reading.sentence_kinds import CONDITIONAL, DENIED
from workflows.reading.user_words import LONGEST
from workflows.reading.value_ends import emptied, filled_in, untold
from workflows.reading.value_tables import Stated
from workflows.values.masking import plain

# What leads up to an attribute of the writer's own, and what follows one of which something is told.
_AS_OWN = (
    r"\b(?:(?:my|mein[ems]?|meine[mnrs]?|mon|ma|mi|meu|minha|mijn)|(?:need|want|require|brauche|benötige|möchte)\s+"
    r"(?:the|a|an|die|den|das|der))\s+(?:(?:new|current|correct|neue[nrs]?)\s+)?"
)
_IS = r"\s+(?:is|are|ist|lautet|est|es|é)\b(?!\s+(?:out|on|in|away|not\s+(?:here|available)|asking|waiting)\b)"
_CHANGED = r"\s+(?:has|have|was|were|is)\s+(?:been\s+)?(?:changed|updated|corrected|wrong|old|outdated)\b"
_IS_WRONG = (
    r"(?:\s+(?:field|value))?(?:\s+in\s+okta)?\s+(?:(?:is|was|are)\s+(?:also\s+|still\s+)?(?:wrong|old|outdated|incorrect|missing|stale)"
    r"|(?:is|has|was|are)\s*(?:n['’]?t|\s+not)\s+either"
    r"|(?:is|has|was|are)\s*(?:n['’]?t|\s+not)\s+(?:also\s+|been\s+)?(?:right|correct|updated|changed|there|showing|synced))\b"
)
_SINCE = r"(?P<since>now|already|meanwhile|schon|inzwischen|déjà|ya|al|já)"
_IS_FINE = (
    rf"\s+(?:is|are|was|ist|est|es|está|stimmt)\s+(?:{_SINCE}\s+|also\s+){{0,2}}(?:all\s+)?"
    r"(?:ok|okay|fine|right|correct|good|richtig|goed|bonne?|bien|correct[oa]|certo)\b(?P<then>\s+(?:now|in\s+the\s+meantime))?"
    r"(?!\s+(?:in|on|im|dans|en|no)\s+(?!okta\b|the\s+meantime\b))"
)
# "Please make sure that the title is correct": a wish, and no word that it is.
_TO_BE_SEEN_TO = re.compile(
    "(?i)"
    + either(
        "make sure|ensure|check|verify|confirm|hope|that|whether|if|should|until|once",
        "bitte|dass|ob",
        "vérifi\\w+|que",
        "verifi\\w+",
        "controle\\w*|dat",
    )
)
_REACHES_PEOPLE = frozenset({"manager", "phone", "email", "e-mail", "mail", "mobile", "name", "login", "address"})
_OWN_NAMED = re.compile(rf"(?i:\b(?:my|his|her|their|the|our|attribute|field)\s+)({OWN_NAME})\b")
COMPLAINT = re.compile(
    f"(?i){either(*WRONG, *STILL, *OLD, *NOT_ABROAD)}"
    r"|\b(?:(?:hasn|isn|doesn)['’]?t|never|no\s+longer|updat\w+|sync\w*)\b"
    r"|\bnot\s+(?:been\s+)?(?:updat\w+|chang\w+|sync\w+|correct|right)\b"
)


def named_attributes(lines: Iterable[str], synonyms: Mapping[str, str]) -> tuple[str, ...]:
    """Return the attribute words of the sentences that complain about something."""
    words = words_of(tuple(sorted(synonyms.items())))
    found: dict[str, None] = {}
    for line in lines:
        for sentence in SENTENCE_END.split(line):
            if COMPLAINT.search(sentence) and not DENIED.search(sentence):
                found |= dict.fromkeys(match[0].lower() for match in words.finditer(sentence))
                found |= dict.fromkeys(match[1].lower() for match in _OWN_NAMED.finditer(sentence))
    return tuple(found)


def complained_of(lines: Iterable[str], synonyms: Mapping[str, str]) -> tuple[str, ...]:
    """Return the attributes of which a sentence says no more than that they are wrong: "my manager isn't right"."""
    words = words_of(tuple(sorted(synonyms.items()))).pattern
    wrong = re.compile(rf"\b{WHOSE}\s+(?P<a>{words}){_IS_WRONG}", re.I)
    found = (match["a"].lower() for line in lines if not DENIED.search(line) for match in wrong.finditer(line))
    return tuple(dict.fromkeys(found))


def called_fine(lines: Iterable[str], synonyms: Mapping[str, str]) -> Iterator[tuple[str, bool]]:
    """Yield the attributes that a sentence calls right, and whether it came so: "city is OK in the meantime"."""
    words = words_of(tuple(sorted(synonyms.items()))).pattern
    fine = re.compile(rf"(?P<a>{words}){_IS_FINE}", re.I)
    for sentence in (part for line in lines for part in SENTENCE_END.split(line)):
        if not CONDITIONAL.search(sentence) and not _TO_BE_SEEN_TO.search(sentence):
            yield from (
                (match["a"].lower(), bool(match["since"] or match["then"])) for match in fine.finditer(sentence)
            )


def bare_labels(lines: Iterable[str], synonyms: Mapping[str, str]) -> tuple[str, ...]:
    """Return the attributes that lines such as "Department: Finance" name; which value is right they do not say."""
    words = words_of(tuple(sorted(synonyms.items())))
    labels = (line.partition(":")[0].strip(" \t*_-•") for line in lines if line.partition(":")[2].strip())
    return tuple(dict.fromkeys(label.lower() for label in labels if words.fullmatch(label)))


def labelled_values(lines: Iterable[str], synonyms: Mapping[str, str]) -> tuple[Stated, ...]:
    """Return what lines such as "Department: Finance" want, where they answer the question for the right value."""
    words = words_of(tuple(sorted(synonyms.items())))
    found = []
    for line in lines:
        label, _, told = line.partition(":")
        name, value = label.strip(" \t*_-•"), plain(filled_in(told), LONGEST)
        if words.fullmatch(name) and not untold(value):
            found.append(Stated(Want(attribute=name.lower(), expected=emptied(value))))
    return tuple(found)


def mentioned(lines: Iterable[str], synonyms: Mapping[str, str]) -> tuple[str, ...]:
    """Return the attributes that sentences speak of as the writer's own, in no form that states a value.

    "My title is Editor" does not say whether that is what is or what should be; but a ticket that speaks of its title
    is not mended by another attribute.
    """
    words = words_of(tuple(sorted(synonyms.items()))).pattern
    own = re.compile(rf"{_AS_OWN}(?P<own>{words})(?P<changed>{_CHANGED})?|(?P<told>{words}){_IS}", re.I)
    matches = (match for line in lines for match in own.finditer(line))
    found = ((match["own"] or match["told"]).lower() for match in matches if match["changed"] or not _reaches(match))
    return tuple(dict.fromkeys(found))


def _reaches(match: re.Match[str]) -> bool:
    """Say whether the word is one that tells how to reach somebody, too: "my manager is on leave"."""
    return (match["own"] or match["told"]).lower() in _REACHES_PEOPLE
