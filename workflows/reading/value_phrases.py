"""Sentences that state a value: "my title should be Editor", "still shows Sales instead of Finance".

Only a sentence whose form says which value is wanted counts (`sentence_forms`); "Department: Sales" alone does not tell
whether Sales is what is or what should be, so it names the attribute and states nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from workflows.model import Want
from workflows.reading.addresses import EMAIL
from workflows.reading.attribute_words import meanings
from workflows.reading.loose_forms import (
    IN_DIRECTORY,
    IN_THE_DIRECTORY,
    INSTEAD,
    LOOSE_CHANGE,
    LOOSE_SHOULD,
    LOOSE_STILL,
    OF_DIRECTORY,
    OF_OKTA,
)
from workflows.reading.mentions import COMPLAINT
from workflows.reading.people_lists import is_of_list
from workflows.reading.sentence_forms import SENTENCE_END, forms, words_of
from workflows.reading.sentence_kinds import CONDITIONAL, DENIED, NO_SUBJECT, OKTA_LAGS, QUESTIONED
from workflows.reading.told_changes import told_changes
from workflows.reading.user_lists import in_user_lists
from workflows.reading.value_ends import emptied, next_attribute, value_at
from workflows.reading.value_tables import Stated, in_rows, is_row
from workflows.reading.whose_words import speaks_of_writer

MOST_WANTS = 12  # in one sentence; nobody asks for more in one breath
_NEXT_USER = re.compile(
    r"\s*(?:[,;]|[,;]?\s(?:and|und|et|y|e|en))\s+(?=(?:for|of|für|von|pour|para|de|voor)\s+\S{1,64}@|\S{1,64}@\S{3,190}\s+(?:should|must|needs?|has|is|to)\b)",
    re.I,
)
# Behind an attribute without a form of its own: "and my title Editor", but not "and my title is right".
_HANGS_BARE = (
    r"\s+(?!(?:is|was|are|were|has|have|stays?|remains?|did|does|in|on|of|for|by|and|or|ist|war|est|es|está|fields?|too)\b)"
    r"[\w\"'“„«]"
)
_COMPLAINT = re.compile(r"\s*\(?\b(?:is\s+)?(?:wrong|old|incorrect|falsch|veraltet)\b\)?\s*$", re.I)
_IT = re.compile(r"(?i)\W*(?:it|this|that|es|er|sie|il|elle|dit|dat|isso)\b")
_AND_MY = re.compile(r"^\s*(?:,|(?:,\s*)?(?:and|und|et|y|e|en))\s+(?=(?:my|his|her|their|the|our)\s)", re.I)


def stated_values(lines: Sequence[str], synonyms: Mapping[str, str]) -> tuple[Stated, ...]:
    """Return every want that the lines state, in order."""
    spoken = [line.strip(" |\t") for line in lines if not is_row(line)]
    clauses = [clause for line in spoken if line for clause in _clauses(line)]
    sentences = [(clause, _of_line(clause, synonyms)) for clause in clauses]
    users = _one_each(sentences)
    named = _only_name((line for line in lines if not DENIED.search(line)), synonyms)
    words = words_of(tuple(sorted(synonyms.items())))
    outside = [line for line in lines if not DENIED.search(line) and not is_of_list(line)]
    lists = () if speaks_of_writer(outside, words) else in_user_lists(spoken, _only_name(outside, synonyms), words)
    found = [*in_rows(lines), *lists]
    listed = {stated.user for stated in found if stated.user}
    for line, wants in sentences:
        user = users.get(line)
        if listed and listed & set(EMAIL.findall(line)):
            continue
        for want in wants:
            alone = user and want.attribute is None
            found.append(Stated(want.but(attribute=named) if alone else want, user))
    if not users and not listed and not any(stated.want.expected is not None for stated in found):
        found += (Stated(want) for want in told_changes(spoken, named, synonyms))
    return tuple(found)


def _clauses(line: str) -> list[str]:
    """Split a line that speaks of several users where it turns to the next one."""
    return _NEXT_USER.split(line) if line.count("@") > 1 else [line]


def _of_line(line: str, synonyms: Mapping[str, str]) -> list[Want]:
    """Read a line's sentences; "it should be ..." speaks of the one attribute that the sentence before it names."""
    words = words_of(tuple(sorted(synonyms.items())))
    found: list[Want] = []
    before: str | None = None
    for sentence in SENTENCE_END.split(line):
        if DENIED.search(sentence):
            continue
        wants = [] if QUESTIONED.search(sentence) else _sentence(sentence, words, synonyms)
        if CONDITIONAL.search(sentence):
            wants = [Want(attribute=want.attribute) for want in wants if want.attribute]
        if before and len(wants) == 1 and wants[0].attribute is None:
            wants = [wants[0].but(attribute=before)]
        found += wants
        before = _only_name([sentence], synonyms) or (before if wants == [] else None)
    return found


def _only_name(lines: Iterable[str], synonyms: Mapping[str, str]) -> str | None:
    words = words_of(tuple(sorted(synonyms.items())))
    names = {meanings(match[0], synonyms): match[0].lower() for line in lines for match in words.finditer(line)}
    return next(iter(names.values())) if len(names) == 1 else None


def _one_each(sentences: Sequence[tuple[str, Sequence[Want]]]) -> Mapping[str, str]:
    """Return the user of each line where several lines name one user each, and what that one wants."""
    users: dict[str, str] = {}
    for line, wants in sentences:
        values = {want.expected for want in wants}
        addresses = [address for address in EMAIL.findall(line) if address not in values]
        if len(addresses) == 1 and wants:
            users[line] = addresses[0]
    return users if len(set(users.values())) > 1 else {}


def _sentence(sentence: str, words: re.Pattern[str], synonyms: Mapping[str, str]) -> list[Want]:
    found: list[Want] = []
    rest = sentence
    for _ in range(MOST_WANTS):
        matches = [(match, role) for form, role in forms(words.pattern) if (match := form.search(rest))]
        if not matches:
            break
        match, role = min(matches, key=lambda item: item[0].start())
        want, end = _want(match, role, rest, words)
        if want:
            found.append(want)
        after = _AND_MY.sub(" remove ", rest[end:]) if role == "cleared" else rest[end:]
        rest = rest[: match.start()] + ";" + after
    lags = OKTA_LAGS.search(sentence) is not None
    expected, still = _loose(rest, words, found[-1].still if found else None, lags=lags)
    if found:
        last = found[-1]
        filled = {"expected": last.expected if last.expected is not None else expected, "still": last.still or still}
        return [*found[:-1], last.but(**filled), *_named_beside(rest, found, words, synonyms)]
    if expected is None and still is None:
        return []
    lead = LOOSE_SHOULD.search(sentence)
    outside = sentence[: lead.start()] if lead and _IT.match(lead[0]) else sentence
    for value in filter(None, (expected, still)):
        outside = outside.replace(value, " ")  # "Account Manager" is a title, and no word of a manager
    name = _only_name([outside], synonyms) or _complained_about(outside, words)
    return [Want(attribute=name, expected=expected, still=still)]


def _named_beside(
    rest: str, found: Sequence[Want], words: re.Pattern[str], synonyms: Mapping[str, str]
) -> Iterable[Want]:
    """Yield the attributes that hang on a value by "and": "... should be Finance and my title Editor"."""
    lead = next_attribute(words.pattern).pattern
    known = {attribute for want in found for attribute in meanings(want.attribute or "", synonyms)}
    for match in re.finditer(rf";{lead}(?P<a>{words.pattern})(?={_HANGS_BARE})", rest, re.I):
        if not known & set(meanings(match["a"], synonyms)):
            yield Want(attribute=match["a"].lower())


def _complained_about(sentence: str, words: re.Pattern[str]) -> str | None:
    """Return the last attribute before "it should be", if a complaint stands between the two."""
    lead = LOOSE_SHOULD.search(sentence)
    names = [match for match in words.finditer(sentence) if lead and match.end() <= lead.start()]
    last = names[-1] if names else None
    return last[0].lower() if lead and last and COMPLAINT.search(sentence, last.end(), lead.start()) else None


def _want(match: re.Match[str], role: str, text: str, words: re.Pattern[str]) -> tuple[Want | None, int]:
    """Return what a form of sentence states, and where it ends; without a value to be sure of, the attribute alone."""
    name = Want(attribute=match["a"].lower())
    if role == "cleared":
        return name.but(expected=""), match.end()
    value, end = value_at(text, match.end(), words)
    end = max(end, match.end())
    if not value or not _holds(role, match, text, end):
        return (name if role in {"expected", "still"} else None), end
    if role == "still":
        return name.but(still=value), end
    before = _COMPLAINT.sub("", match.groupdict().get("from") or "").strip(" \"'“”„«»")
    return name.but(expected=emptied(value), still=before or None), end


def _holds(role: str, match: re.Match[str], text: str, end: int) -> bool:
    """Say whether the rest of the sentence lets the value play its role."""
    if role == "now":
        return bool(OF_DIRECTORY.match(text, end) or OKTA_LAGS.search(text, end))
    if role == "new":
        return not (LOOSE_SHOULD.search(text, end) or OF_OKTA.match(text, end))
    if role == "still" and "still" not in match[0].lower():
        return not IN_THE_DIRECTORY.search(text, 0, match.end())  # what the directory shows is not complained about
    return True


def _loose(text: str, words: re.Pattern[str], still: str | None, *, lags: bool) -> tuple[str | None, str | None]:
    """Read values of a sentence that names their role but not their attribute."""
    if not still and (match := LOOSE_STILL.search(text)):
        still = value_at(text, match.end(), words)[0] or None
    leads = LOOSE_SHOULD.search(text)
    if leads and NO_SUBJECT.search(text[: leads.start()]):
        leads = None
    leads = leads or LOOSE_CHANGE.search(text) or (INSTEAD.search(text) if still else None)
    value = value_at(text, leads.end(), words)[0] if leads else _in_directory(text, words) if lags else ""
    return (emptied(value) if value else None), still


def _in_directory(text: str, words: re.Pattern[str]) -> str:
    """Return the value that a sentence says to be in the directory."""
    for match in IN_DIRECTORY.finditer(text):
        value, end = value_at(text, match.end(), words)
        if value and OF_DIRECTORY.match(text, end):
            return value
    return ""
