"""Read from a ticket who is affected and what is asked; nothing is guessed, and what was read where is kept.

Explicit words beat loose ones: form fields, labelled lines and tables, then sentences. Later texts beat earlier ones:
the form, the description, then people's comments in order, so that a reply to our question completes or corrects what
was there. Only a person's own words count: quoted mails, signatures and markup do not (`ticket_text`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from workflows.attribute_words import meanings
from workflows.labelled_lines import LABELS, part_of, records
from workflows.mentions import bare_labels, complained_of, labelled_values, mentioned, named_attributes
from workflows.model import Request, Ticket, Want
from workflows.redaction import plain
from workflows.sentence_forms import RETRACTED, words_of
from workflows.ticket_text import MOST_TEXT, OwnWords, own_words
from workflows.user_words import LONGEST, named_in, split_users
from workflows.value_ends import emptied, untold
from workflows.value_phrases import stated_values
from workflows.value_tables import Stated
from workflows.want_merging import merge, wants_of, without_value
from workflows.whose_words import speaks_in_first_person, speaks_of_others, speaks_of_writer

MOST_SUBJECTS = 20  # more people than that is a list for a project, not a ticket


class Writer(NamedTuple):
    """Whose words a text holds."""

    address: str | None
    name: str | None


class _Heard(NamedTuple):
    """What one text says, and where it stands."""

    where: str
    users: tuple[str, ...] = ()
    unclear: tuple[str, ...] = ()
    wants: tuple[Stated, ...] = ()
    others: bool = False
    own: bool = False
    cut: bool = False
    retracts: bool = False


def understand(ticket: Ticket, synonyms: Mapping[str, str]) -> tuple[Request, ...]:
    """Return what the ticket asks, one request for each affected user; the requester is meant where nobody is named."""
    users: tuple[str, ...] = ()
    unclear: tuple[str, ...] = ()
    others = own = False
    wants: dict[tuple[str, ...], Stated] = {}
    source: dict[str, str] = {}
    for heard in _texts(ticket, synonyms):
        known = {*users, *(stated.user for stated in wants.values() if stated.user)}
        apart = len({stated.user for stated in wants.values() if stated.user}) > 1
        of_one = heard.users if set(heard.users) < known else ()  # a reply about one takes nothing from the others
        if heard.users and not of_one:
            users, unclear, source["user"] = heard.users, (), heard.where
        elif heard.unclear and not users:
            unclear, source["user"] = heard.unclear, heard.where
        others, own = others or heard.others, own or heard.own
        if heard.retracts:
            wants = {key: without_value(item) for key, item in wants.items()}
        for stated in heard.wants:
            merge(wants, _told_of(stated, of_one, apart=apart), synonyms)
            source["value" if stated.want.expected is not None else "attribute"] = heard.where
        if heard.cut:
            source["length"] = heard.where  # told even where nothing was read in it
    told = tuple(f"{part}: {source[part]}" for part in sorted(source))
    rows = tuple(dict.fromkeys(stated.user for stated in wants.values() if stated.user))
    named = users if set(rows) < set(users) else rows or users
    if not named:
        unowned = bool(wants) and not own
        request = Request(unclear=unclear, somebody_else=others, unowned=unowned, source=told)
        return (request.model_copy(update={"wants": wants_of(wants.values(), None)}),)
    return tuple(
        Request(user=user, wants=wants_of(wants.values(), user), source=told) for user in named[:MOST_SUBJECTS]
    )


def _texts(ticket: Ticket, synonyms: Mapping[str, str]) -> Iterable[_Heard]:
    requester = (ticket.requester.email or ticket.requester.login) if ticket.requester else None
    form = {part: plain(value, LONGEST) for part, value in ticket.fields.items() if part in LABELS and value.strip()}
    yield _explicit("the form", form)
    heard = _description(ticket, requester, synonyms)
    bare = () if {"attribute", "expected"} & set(form) else own_words(ticket.description)[0].lines
    yield _with_summary(heard, plain(ticket.summary, LONGEST), bare, requester, synonyms)
    asked = False
    for comment in ticket.comments:
        if comment.by_worker:
            asked = asked or comment.public
            continue
        where = f"a comment by {plain(comment.author.name or comment.author.login or 'somebody', 60)}"
        writer = comment.author.email or comment.author.login
        words = own_words(comment.body)[0]
        heard = _heard(where, words, Writer(writer, comment.author.name), synonyms, loose=asked)
        if asked and not any(stated.want.expected is not None for stated in heard.wants):
            heard = heard._replace(wants=(*heard.wants, *labelled_values(words.lines, synonyms)))
        yield heard._replace(retracts=any(RETRACTED.search(line) for line in words.lines))


def _with_summary(
    heard: _Heard, summary: str, bare: Sequence[str], requester: str | None, synonyms: Mapping[str, str]
) -> _Heard:
    """Let the summary tell what the description leaves open; else its labels and mentions name attributes."""
    words = words_of(tuple(sorted(synonyms.items())))
    stated = stated_values((summary,), synonyms)
    names: tuple[str, ...] = ()
    if not (heard.wants or stated):
        names = named_attributes((summary,), synonyms) or bare_labels(bare, synonyms)
        names = names or mentioned((*bare, summary), synonyms)
    wants = heard.wants or stated or tuple(Stated(Want(attribute=name)) for name in names)
    values = {value for item in stated for value in (item.want.expected, item.want.still)}
    named = heard.users or heard.unclear
    users = heard.users if named else named_in((summary,), requester, values).users
    others = heard.others or (not named and speaks_of_others((summary,), words))
    return heard._replace(wants=wants, users=users, others=others)


def _description(ticket: Ticket, requester: str | None, synonyms: Mapping[str, str]) -> _Heard:
    """Read the description; where its own words ask for nothing, the mails that it forwards do, the newest first."""
    own, *mails = own_words(ticket.description)
    writer = Writer(requester, ticket.requester.name if ticket.requester else None)
    first = _heard("the description", own, writer, synonyms, loose=True)
    if any(stated.want.expected is not None for stated in first.wants):
        return first
    for mail in mails:
        heard = _heard("the mail in the description", mail, Writer(mail.sender, None), synonyms, loose=True)
        if any(stated.want.expected is not None for stated in heard.wants) or (heard.wants and not first.wants):
            return _as_forwarded(heard, mail.sender, first)
    if mails and not (first.users or first.unclear or first.wants):
        return _passed_on(own, mails[0], first, requester, synonyms)
    return first


def _passed_on(
    own: OwnWords, mail: OwnWords, above: _Heard, requester: str | None, synonyms: Mapping[str, str]
) -> _Heard:
    """Let a mail that states no value speak for its sender where nothing is said above it; else that is unclear."""
    words = words_of(tuple(sorted(synonyms.items())))
    sender = mail.sender
    if sender is None or sender.casefold() == (requester or "").casefold() or speaks_of_writer(own.lines, words):
        return above
    if speaks_of_writer(mail.lines, words) and not speaks_of_others(mail.lines, words):
        wants = tuple(Stated(Want(attribute=name)) for name in mentioned(mail.lines, synonyms))
        return above._replace(users=(sender,), wants=wants)
    return above._replace(unclear=(*filter(None, [requester]), sender))


def _as_forwarded(heard: _Heard, sender: str | None, above: _Heard) -> _Heard:
    """Let a forwarded mail speak for its sender; who is named above it and is somebody else makes that unclear."""
    users = heard.users or ((sender,) if sender and not (heard.unclear or heard.others) else ())
    if above.users and users and set(above.users) != set(users):
        return heard._replace(users=(), unclear=(*above.users, *users))
    return heard._replace(users=users, unclear=heard.unclear or above.unclear if not users else ())


def _heard(where: str, words: OwnWords, writer: Writer, synonyms: Mapping[str, str], *, loose: bool) -> _Heard:
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


def _of_records(where: str, found: Sequence[Mapping[str, str]]) -> _Heard:
    """Put labelled records together; each keeps its user where they name several."""
    heard = [_explicit(where, record) for record in found]
    users = tuple(dict.fromkeys(user for item in heard for user in item.users))
    apart = len({item.users for item in heard if item.users}) > 1
    wants = tuple(
        stated._replace(user=item.users[0] if apart and len(item.users) == 1 else None)
        for item in heard
        for stated in item.wants
    )
    return _Heard(where, users=users, wants=wants)


def _explicit(where: str, parts: Mapping[str, str]) -> _Heard:
    """Turn labelled parts into wants; a value belongs to the one attribute named beside it."""
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
    return _Heard(where, users=users, wants=tuple(Stated(want) for want in wants))


def _told_of(stated: Stated, users: tuple[str, ...], *, apart: bool) -> Stated:
    """Tie a want to the one user whom its text is about; a value for nobody of several users is nobody's."""
    if len(users) == 1:
        return stated._replace(user=stated.user or users[0])
    return without_value(stated) if apart and stated.user is None else stated


def _names(text: str) -> Sequence[str]:
    names = (name.strip() for name in re.split(r"[,;/]| and | und ", text))
    return tuple(dict.fromkeys(name for name in names if name))
