"""What one text says: who it is about and what it wants, from its labelled lines, tables and sentences.

Explicit words beat loose ones: labelled lines and tables are always read, running text only where it is meant for us.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from workflows.model import Want
from workflows.reading.attribute_words import meanings
from workflows.reading.labelled_lines import LABELS, part_of, records
from workflows.reading.mentions import called_fine, complained_of, named_attributes
from workflows.reading.sentence_forms import words_of
from workflows.reading.sentence_kinds import UNDONE
from workflows.reading.ticket_text import MOST_TEXT, OwnWords
from workflows.reading.user_words import named_in, split_users
from workflows.reading.value_ends import emptied, untold, value_at
from workflows.reading.value_phrases import stated_values
from workflows.reading.value_tables import Stated
from workflows.reading.want_merging import without_value
from workflows.reading.whose_words import speaks_in_first_person, speaks_of_others, speaks_of_writer

_ATTRIBUTE_IS = re.compile(
    rf"(?P<a>{words_of(()).pattern})(?:\s+(?:is|should be|shows|says)|\s*[:=])\s+(?P<value>\S.*)$", re.I
)


class Writer(NamedTuple):
    """Whose words a text holds."""

    address: str | None
    name: str | None


class Heard(NamedTuple):
    """What one text says, and where it stands."""

    where: str
    users: tuple[str, ...] = ()
    unclear: tuple[str, ...] = ()
    wants: tuple[Stated, ...] = ()
    others: bool = False
    own: bool = False
    cut: bool = False
    retracts: bool = False


def hear(where: str, words: OwnWords, writer: Writer, synonyms: Mapping[str, str], *, loose: bool) -> Heard:
    """Read a text: labelled lines and tables always, running text only where it is meant for us."""
    where = f"the first {MOST_TEXT:,} characters of {where}" if words.cut else where
    explicit = _of_records(where, records((*words.lines, *words.after_sign_off)))
    own = speaks_in_first_person(words.lines)
    if not loose:
        return explicit._replace(cut=words.cut, own=own)
    running = [line for line in words.lines if (part_of(line) or ("",))[0] not in LABELS]
    stated = stated_values(running, synonyms)
    if not explicit.wants and not stated:
        stated = tuple(Stated(Want(attribute=name)) for name in named_attributes(running, synonyms))
    known = {meanings(item.want.attribute or "", synonyms) for item in (*stated, *explicit.wants)}
    also = (name for name in complained_of(running, synonyms) if meanings(name, synonyms) not in known)
    stated = (*stated, *(Stated(Want(attribute=name)) for name in also))
    if any(UNDONE.search(line) for line in running):
        stated = tuple(without_value(item) for item in stated)
    stated = _without_settled(stated, running, synonyms)
    attributes = words_of(tuple(sorted(synonyms.items())))
    others = speaks_of_others(running, attributes, writer.name)
    heard = explicit._replace(wants=(*stated, *explicit.wants), others=others, own=own, cut=words.cut)
    if heard.users:
        return heard
    values = {value for item in stated for value in (item.want.expected, item.want.still)}
    valued = [item.want.attribute or "" for item in stated if item.want.expected is not None]
    numbered = any("employeeNumber" in meanings(name, synonyms) for name in valued)
    found = named_in(running, writer.address, values, own=speaks_of_writer(running, attributes), numbers=not numbered)
    return heard._replace(users=found.users, unclear=found.unclear)


def _without_settled(
    stated: tuple[Stated, ...], lines: Sequence[str], synonyms: Mapping[str, str]
) -> tuple[Stated, ...]:
    """Leave out what the ticket calls right itself; a stated value only where it is said to have come since."""
    fine = {meanings(name, synonyms): since for name, since in called_fine(lines, synonyms)}

    def settled(item: Stated) -> bool:
        key = meanings(item.want.attribute or "", synonyms)
        return key in fine and (item.want.expected is None or fine[key])

    return tuple(item for item in stated if not settled(item)) or stated


def _of_records(where: str, found: Sequence[Mapping[str, str]]) -> Heard:
    """Put labelled records together; each keeps its user where they name several."""
    heard = [explicit_parts(where, record) for record in found]
    users = tuple(dict.fromkeys(user for item in heard for user in item.users))
    apart = len({item.users for item in heard if item.users}) > 1
    wants = tuple(
        stated._replace(user=item.users[0] if apart and len(item.users) == 1 else None)
        for item in heard
        for stated in item.wants
    )
    return Heard(where, users=users, wants=wants)


def explicit_parts(where: str, parts: Mapping[str, str]) -> Heard:
    """Turn labelled parts into wants; a value belongs to the one attribute named beside it."""
    if "attribute" not in parts and "expected" in parts:
        parts = {**parts, **_attribute_within(parts)}
    names = _names(parts.get("attribute", ""))
    expected = emptied(parts["expected"]) if "expected" in parts and not untold(parts["expected"]) else None
    still = parts.get("still")
    if len(names) > 1 and expected is not None:
        wants = (*(Want(attribute=name) for name in names), Want(expected=expected, still=still))
    elif names:
        wants = tuple(Want(attribute=name, expected=expected, still=still) for name in names)
    else:
        wants = (Want(expected=expected, still=still),) if expected is not None or still else ()
    users = split_users(parts["user"]) if "user" in parts else ()
    return Heard(where, users=users, wants=tuple(Stated(want) for want in wants))


def _attribute_within(parts: Mapping[str, str]) -> Mapping[str, str]:
    """Take apart what bug reports hold: "Expected: Department is Tax", "Actual: Department is Sales"."""
    found = {part: match for part, text in parts.items() if (match := _ATTRIBUTE_IS.match(text))}
    values = {part: value_at(match["value"], 0, words_of(())) for part, match in found.items()}
    whole = all(value and end >= len(found[part]["value"].rstrip(" .")) for part, (value, end) in values.items())
    if "expected" not in found or not whole or len({match["a"].casefold() for match in found.values()}) > 1:
        return {}
    return {"attribute": found["expected"]["a"], **{part: value for part, (value, _) in values.items()}}


def _names(text: str) -> Sequence[str]:
    names = (name.strip() for name in re.split(r"[,;/]| and | und ", text))
    return tuple(dict.fromkeys(name for name in names if name))
