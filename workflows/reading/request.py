"""Reads a ticket: what its words state and mention, and who they may be about. It decides nothing.

Whose words count: the requester's, and an agent's on the internal side, if proven; what anybody else says in public is
quoted to a person. A later text completes and corrects an earlier one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import pairwise

from workflows.model import OwnLine, Reading, Statement, Ticket, folded
from workflows.reading.candidates import in_prose
from workflows.reading.own_words import own_words
from workflows.reading.plans import Plan, plan_in, takes_effect
from workflows.reading.spans import PAUSE, Line, is_within
from workflows.reading.statements import Stated, in_form, in_lines, labelled
from workflows.reading.tables import rows_in
from workflows.reading.vocabulary import Vocabulary
from workflows.values.masking import plain

MOST = 200_000  # characters of a ticket that are read, description first, then the newest comments
SAME_CLAUSE = 15  # characters between "should not" and what should not happen; a value has no room there
_MARKS = " \t\xa0\"'`‘’“”„«»*_~•–-#)]}0123456789"  # in front of a sentence, or of an item of a list
_GOES_ON = frozenset(",…/&+%@")  # signs behind which a sentence goes on
_ASIDE = re.compile(r"[(\[](?:[^\w()\[\]]|[\d_])*[^\W\d_][^()\[\]]*[)\]](?=\s[a-zß-ÿ])")  # no sentence ends with it
ACROSS = 5  # words on either side of a line's end that a program has put within a sentence
_OWNER = re.compile(r"\b([^\W\d_a-z][a-zà-ÿ]{1,30})['’]s\b")  # "Lena's department"
_AND_NAME = re.compile(r" (?:[^\W\d_A-Z]{1,3}|&) [^\W\d_a-z][^\W\d_]+")  # behind "me"
_NAME_AND = re.compile(r"[^\W\d_a-z][^\W\d_]{1,30} (?:[^\W\d_A-Z]{1,3}|&) ")  # before it
AT_ONCE = frozenset({"no_value", "courtesies"})  # "as soon as possible"
QUOTED = 300  # characters of somebody else's words that are quoted
_Text = tuple[str, tuple[str, ...], bool]  # where it stands, its lines, and whether our question stands above it


def read(ticket: Ticket, vocabulary: Vocabulary, today: date) -> Reading:
    """Return what a ticket's words hold; `today` is the desk's day, against which dates are read."""
    texts, foreign, cut = _texts(ticket, vocabulary)
    outside = [in_form(ticket.fields, vocabulary)]
    found = [("the form", outside[0])]
    said: list[OwnLine] = []
    for where, lines, answers in texts:
        rows = rows_in(lines, vocabulary)
        other_lines = (line for number, line in enumerate(lines) if number not in rows)
        outside.append(in_lines(other_lines, vocabulary, answered=answers))
        found += [(where, stated) for stated in (outside[-1], *rows.values())]
        listed = {number: row.users[0] for number, row in rows.items() if row.users}
        telling = (number for number in range(len(lines)) if rows.get(number) != Stated())  # no header, for one
        said += [OwnLine(text=lines[at], user=listed.get(at), row=at in rows) for at in telling]
    spoken = vocabulary.spoken(item.text for item in said)
    about = [labelled(item.text, vocabulary) for item in said]
    owners = [name for item, of in zip(said, about, strict=True) if of is None for name in _OWNER.findall(item.text)]
    told = [item.text for item, of in zip(said, about, strict=True) if of is None or of.label.kind != "user"]
    prose = [Line(text, vocabulary.hits(text, spoken)) for text in told]  # a line about a user holds nothing of theirs
    heard = [(told, spoken), *((lines, spoken | vocabulary.spoken(lines)) for lines in foreign)]  # anybody may object
    parts = ((text, tongues) for lines, tongues in heard for text in (*lines, *_seams(lines)))
    guard = next(filter(_speaks_against, (Line(text, vocabulary.hits(text, tongues)) for text, tongues in parts)), None)
    objection = next((item for item in guard.sentences() if _speaks_against(item)), guard) if guard else None
    days = [stated.effective for _, stated in found if stated.effective]
    effective = takes_effect(days[-1], today) if days else None
    undated = days[-1] if days and not (effective or AT_ONCE & vocabulary.fields_of(days[-1])) else None
    plan = plan_in(prose, today) if effective is None or effective > today else Plan()
    return Reading(
        lines=tuple(said),
        statements=_latest(item for _, stated in found for item in stated.statements),
        users=tuple(dict.fromkeys(user for _, stated in found for user in stated.users)),
        candidates=in_prose(prose, vocabulary),
        named=tuple(dict.fromkeys(name for _, stated in found for name in stated.named)),
        outside_tables=tuple(dict.fromkeys(it.attribute for one in outside for it in one.statements if it.attribute)),
        loose=any(stated.loose for _, stated in found),
        guard=plain(objection.text, QUOTED) if objection else None,
        effective=effective,
        undated=plain(undated, QUOTED) if undated else None,
        later=plan.later,
        plans=plan.sentences,
        present=() if days else plan.rest,
        of_today=plan.of_today and not days,
        oneself=any(map(_speaks_of_oneself, prose)),
        of_others=any(map(_speaks_of_others, prose)) or any(not vocabulary.is_known(name) for name in owners),
        of_profile=any(line.has("profile_words") for line in prose),
        other_things=any(line.has("other_things") for line in prose),
        others=tuple(plain(" ".join(lines), QUOTED) for lines in foreign),
        source=tuple(dict.fromkeys(where for where, told in found if told.users or told.statements or told.named)),
        cut=cut,
    )


def _texts(ticket: Ticket, vocabulary: Vocabulary) -> tuple[list[_Text], tuple[tuple[str, ...], ...], bool]:
    """Return the texts that count in their order, others' lines, and whether something was too long to be read."""
    words = own_words(ticket.description, vocabulary, MOST)
    left, cut = MOST - words.read, words.cut
    first = [("the summary", (plain(ticket.summary, QUOTED),), False), ("the description", words.lines, False)]
    questions = (number for number, comment in enumerate(ticket.comments) if comment.by_worker and comment.public)
    asked = next(questions, len(ticket.comments))
    counted: list[_Text] = []
    others = [words.pasted]
    for number, comment in reversed(list(enumerate(ticket.comments))):
        if comment.by_worker:
            continue
        words = own_words(comment.body, vocabulary, left)
        left, cut = left - words.read, cut or words.cut
        own = ticket.requester is not None and comment.author.is_same(ticket.requester)
        if own or comment.by_agent:
            by = "the requester" if own else "an agent"  # nobody is named: it is kept
            counted.append((f"a comment by {by}", words.lines, number > asked))
            others.append(words.pasted)
        elif comment.public:
            others.append((*words.lines, *words.pasted))
    return [*first, *reversed(counted)], tuple(filter(None, reversed(others))), cut


def _seams(lines: Sequence[str]) -> Iterator[str]:
    """Yield the last words of each line with the first ones of the next, as mail programs wrap sentences."""
    for one, other in pairwise(map(str.split, lines)):
        yield " ".join(("…", *one[-ACROSS:], *other[:ACROSS]) if len(one) > ACROSS else (*one, *other[:ACROSS]))


def _speaks_against(line: Line) -> bool:
    """Say whether a line speaks against a sync.

    "Do not sync" does where a sentence begins so, or what follows a colon or another mark, but not behind a bracket
    within a sentence: "the names (title, etc.) do not sync". "Should not" does where what a sync does follows in its
    clause.
    """
    text = _ASIDE.sub(lambda aside: "x" * len(aside[0]), line.text)
    before = (text[: hit.start].rstrip(_MARKS)[-1:] for hit in line.of("forbids"))
    begins = any(not (sign.isalnum() or sign in _GOES_ON) for sign in before)
    pairs = ((hit.end, item.start) for hit in line.of("not_to") for item in line.of("changing", hit.end))
    near = any(start <= end + SAME_CLAUSE and not PAUSE.search(line.text, end, start) for end, start in pairs)
    return line.has("guard") or begins or near


def _speaks_of_oneself(line: Line) -> bool:
    """Say whether a line speaks of its writer: "my title", "my manager", and not "my colleague"."""
    people = {hit.start for field in ("others", "name_labels") for hit in line.of(field)}
    people -= {hit.start for hit in line.of("attributes")}
    return any(hit.end + 1 not in people for hit in line.of("oneself"))


def _speaks_of_others(line: Line) -> bool:
    """Say whether a line speaks of somebody else, as "me and Eve" does; "su Okta" does not, though "su" is "their"."""
    before = {found.end() for found in _NAME_AND.finditer(line.text)}
    beside = any(hit.start in before or _AND_NAME.match(line.text, hit.end) for hit in line.of("oneself"))
    return beside or any(not is_within(hit, line.hits) for hit in line.of("others"))


def _latest(statements: Iterable[Statement]) -> tuple[Statement, ...]:
    """Keep of each user's attribute what was stated last; what names an attribute alone takes nothing back.

    A value without an attribute is that of the one attribute that is named for the same user.
    """
    kept: dict[tuple[str, str], Statement] = {}
    for item in statements:
        key = (folded(item.user), (item.attribute or "").casefold())
        before = kept.get(key)
        if before is None or item.expected is not None:
            kept[key] = item
        elif item.still is not None:
            kept[key] = before.but(still=item.still)
    for user in [user for user, attribute in kept if not attribute]:
        named = [key for key in kept if key[0] == user and key[1]]
        if len(named) == 1:
            loose, item = kept.pop((user, "")), kept[named[0]]
            kept[named[0]] = item.but(expected=loose.expected or item.expected, still=loose.still or item.still)
    return tuple(kept.values())
