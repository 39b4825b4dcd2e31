"""Reads a ticket: what its words state and mention, and who they may be about. It decides nothing.

Whose words count: the requester's, and an agent's on the internal side; anybody else's are quoted to a person. A later
text completes and corrects an earlier one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from workflows.model import Comment, OwnLine, Person, Reading, Statement, Ticket
from workflows.reading import candidates, tables
from workflows.reading.dates import Day, days_in
from workflows.reading.own_words import own_words
from workflows.reading.plans import Plan, plan_in
from workflows.reading.statements import Stated, in_form, in_lines, labelled
from workflows.reading.vocabulary import Hit, Vocabulary
from workflows.values.masking import plain

MOST = 200_000  # characters of a ticket that are read, description first, then the newest comments
SAME_CLAUSE = 15  # characters between "should not" and what should not happen; a value has no room there
_CLAUSE_END = re.compile(r"[.!?;:,]\s|[()]")
_BEGINS = re.compile(r"(?:^|[.!?;:])[\s\"'“”„«»*•–-]*")
_OWNER = re.compile(r"\b(?P<name>[^\W\d_a-z][a-zà-ÿ]{1,30})['’]s\b")
QUOTED = 300  # characters of somebody else's words that are quoted


class _Text(NamedTuple):
    where: str
    lines: tuple[str, ...]
    answers: bool


def read(ticket: Ticket, vocabulary: Vocabulary, today: date) -> Reading:
    """Return what a ticket's words hold; `today` is the desk's day, against which dates are read."""
    form = in_form(dict(ticket.fields), vocabulary)
    texts, others, cut = _texts(ticket, vocabulary)
    found: list[tuple[str, Stated]] = [("the form", form)]
    said: list[OwnLine] = []
    for text in texts:
        rows = {row.line: row for row in tables.rows(text.lines, vocabulary)}
        plain_lines = [line for number, line in enumerate(text.lines) if number not in rows]
        found.append((text.where, in_lines(plain_lines, vocabulary, answered=text.answers)))
        for row in rows.values():
            users = (row.user,) if row.user else ()
            found.append((text.where, Stated(row.statements, users, None, row.named)))
        owners = {number: row.user for number, row in rows.items()}
        telling = (number for number in range(len(text.lines)) if number not in rows or not rows[number].says_nothing)
        said += [OwnLine(text=text.lines[number], user=owners.get(number)) for number in telling]
    prose = [item.text for item in said if not _is_about_a_user(item.text, vocabulary)]
    spoken = vocabulary.spoken(item.text for item in said)
    hits = [vocabulary.hits(line, spoken) for line in prose]
    fields = {hit.field for told in hits for hit in told}
    guard = next((line for line, told in zip(prose, hits, strict=True) if _speaks_against(line, told)), None)
    days = [stated.effective for _, stated in found if stated.effective]
    effective = _effective(reversed(days), today, vocabulary)
    plan = plan_in(prose, hits, today, vocabulary) if effective is None or effective > today else Plan()
    return Reading(
        lines=tuple(said),
        statements=_latest(item for _, stated in found for item in stated.statements),
        users=tuple(dict.fromkeys(user for _, stated in found for user in stated.users)),
        candidates=candidates.in_prose(prose, hits, vocabulary),
        named=tuple(dict.fromkeys(name for _, stated in found for name in stated.named)),
        loose=any(stated.loose for _, stated in found),
        guard=plain(guard, QUOTED) if guard else None,
        effective=effective,
        later=plan.later,
        plans=plan.sentences,
        present=() if days else plan.rest,
        of_today=plan.of_today and not days,
        oneself=any(_speaks_of_oneself(told) for told in hits),
        of_others="others" in fields or any(_names_an_owner(line, vocabulary) for line in prose),
        of_profile="profile_words" in fields,
        other_things="other_things" in fields,
        others=others,
        source=_sources(found),
        cut=cut,
    )


def _texts(ticket: Ticket, vocabulary: Vocabulary) -> tuple[list[_Text], tuple[str, ...], bool]:
    """Return the texts that count in their order, what others say, and whether something was too long to be read."""
    left = MOST
    description = own_words(ticket.description, vocabulary, left)
    left -= description.read
    cut, asked = description.cut, False
    comments: list[tuple[Comment, bool]] = []
    for comment in ticket.comments:
        if comment.by_worker:
            asked = asked or comment.public
        else:
            comments.append((comment, asked))
    counted: list[_Text] = []
    others: list[str] = []
    for comment, answers in reversed(comments):
        words = own_words(comment.body, vocabulary, left)
        left -= words.read
        cut = cut or words.cut
        if _counts(comment, ticket.requester):
            who = (
                "the requester" if _is(comment.author, ticket.requester) else "an agent"
            )  # nobody is named: it is kept
            counted.insert(0, _Text(f"a comment by {who}", words.lines, answers))
        else:
            others.insert(0, plain(" ".join(words.lines), QUOTED))
    summary = _Text("the summary", (plain(ticket.summary, QUOTED),), answers=False)
    return [summary, _Text("the description", description.lines, answers=False), *counted], tuple(others), cut


def _counts(comment: Comment, requester: Person | None) -> bool:
    return not comment.public or _is(comment.author, requester)


def _is(author: Person, requester: Person | None) -> bool:
    return requester is not None and bool(_names(author) & _names(requester))


def _names(person: Person) -> set[str]:
    return {name.casefold() for name in (person.id, person.login, person.email) if name}


def _speaks_against(line: str, hits: list[Hit]) -> bool:
    """Say whether a line speaks against a sync.

    "Do not sync" does where its sentence begins so, and "should not" where what a sync does follows in its clause.
    """
    told = [hit for hit in hits if hit.field in {"guard", "forbids"}]
    starts = {match.end() for match in _BEGINS.finditer(line)} if told else set()
    if any(hit.field == "guard" or hit.start in starts for hit in told):
        return True
    changing = [hit.start for hit in hits if hit.field == "changing"]
    return any(
        hit.end < start <= hit.end + SAME_CLAUSE and not _CLAUSE_END.search(line, hit.end, start)
        for hit in hits
        if hit.field == "not_to"
        for start in changing
    )


def _speaks_of_oneself(hits: list[Hit]) -> bool:
    """Say whether a line speaks of its writer: "my title", "my manager", and not "my colleague"."""
    named = {hit.start for hit in hits if hit.field == "attributes"}
    people = {hit.start for hit in hits if hit.field in {"others", "name_labels"}} - named
    own = (hit for hit in hits if hit.field == "oneself")
    return any(not any(0 < start - hit.end <= 1 for start in people) for hit in own)


def _names_an_owner(line: str, vocabulary: Vocabulary) -> bool:
    """Say whether a line of prose speaks of what is a person's: "Lena's department"."""
    return labelled(line, vocabulary) is None and any(
        not vocabulary.is_known(match["name"]) for match in _OWNER.finditer(line)
    )


def _is_about_a_user(line: str, vocabulary: Vocabulary) -> bool:
    """Say whether a line only names whom the ticket is about: its address is no value of a profile."""
    found = labelled(line, vocabulary)
    return found is not None and found.label.kind == "user"


def _latest(statements: Iterator[Statement]) -> tuple[Statement, ...]:
    """Keep of each user's attribute what was stated last; what names an attribute alone takes nothing back."""
    kept: dict[tuple[str, str], Statement] = {}
    for item in statements:
        key = ((item.user or "").casefold(), (item.attribute or "").casefold())
        before = kept.get(key)
        if before is None or item.expected is not None:
            kept[key] = item
        elif item.still is not None:
            kept[key] = before.but(still=item.still)
    return tuple(_completed(kept))


def _completed(kept: dict[tuple[str, str], Statement]) -> Iterator[Statement]:
    """Let a value without an attribute be that of the one attribute that is named for the same user."""
    for (user, attribute), item in kept.items():
        of_user = [name for owner, name in kept if owner == user and name]
        loose = kept.get((user, "")) if len(of_user) == 1 else None
        if attribute and loose:
            yield item.but(expected=loose.expected or item.expected, still=loose.still or item.still)
        elif attribute or len(of_user) != 1:
            yield item


def _effective(texts: Iterable[str], today: date, vocabulary: Vocabulary) -> date | None:
    first = (min(days_in(text, today, vocabulary.codes), key=_place, default=None) for text in texts)
    return next((found.day for found in first if found), None)


def _place(day: Day) -> int:
    return day.start


def _sources(found: list[tuple[str, Stated]]) -> tuple[str, ...]:
    told: dict[str, None] = {}
    for where, stated in found:
        kinds = (
            (stated.users, "user"),
            (stated.statements, "value"),
            (stated.named and not stated.statements, "attribute"),
        )
        told |= {f"{kind}: {where}": None for said, kind in kinds if said}
    return tuple(told)
