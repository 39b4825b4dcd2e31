"""Read from a ticket who is affected and what is asked; nothing is guessed, and what was read where is kept.

Explicit words beat loose ones: form fields, labelled lines and tables, then sentences. Later texts beat earlier ones:
the form, the description, then people's comments in order, so that a reply to our question completes or corrects what
was there. Only a person's own words count: quoted mails, signatures and markup do not (`ticket_text`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from workflows.model import Request, Ticket, Want
from workflows.reading.hearing import Heard, Writer, explicit_parts, hear
from workflows.reading.labelled_lines import LABELS
from workflows.reading.mentions import bare_labels, labelled_values, mentioned, named_attributes
from workflows.reading.sentence_forms import words_of
from workflows.reading.sentence_kinds import RETRACTED
from workflows.reading.ticket_text import OwnWords, own_words
from workflows.reading.user_words import LONGEST, named_in
from workflows.reading.value_phrases import stated_values
from workflows.reading.value_tables import Stated
from workflows.reading.want_merging import merge, wants_of, without_value
from workflows.reading.whose_words import speaks_of_others, speaks_of_writer
from workflows.values.masking import plain

MOST_SUBJECTS = 20  # more people than that is a list for a project, not a ticket


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
        return (request.but(wants=wants_of(wants.values(), None)),)
    return tuple(
        Request(user=user, wants=wants_of(wants.values(), user), source=told) for user in named[:MOST_SUBJECTS]
    )


def _texts(ticket: Ticket, synonyms: Mapping[str, str]) -> Iterable[Heard]:
    requester = (ticket.requester.email or ticket.requester.login) if ticket.requester else None
    form = {part: plain(value, LONGEST) for part, value in ticket.fields.items() if part in LABELS and value.strip()}
    yield explicit_parts("the form", form)
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
        heard = hear(where, words, Writer(writer, comment.author.name), synonyms, loose=asked)
        if asked and not any(stated.want.expected is not None for stated in heard.wants):
            heard = heard._replace(wants=(*heard.wants, *labelled_values(words.lines, synonyms)))
        yield heard._replace(retracts=any(RETRACTED.search(line) for line in words.lines))


def _with_summary(
    heard: Heard, summary: str, bare: Sequence[str], requester: str | None, synonyms: Mapping[str, str]
) -> Heard:
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
    own = speaks_of_writer(bare, words)
    others = heard.others or (not named and not own and speaks_of_others((summary,), words))
    return heard._replace(wants=wants, users=users, others=others)


def _description(ticket: Ticket, requester: str | None, synonyms: Mapping[str, str]) -> Heard:
    """Read the description; where its own words ask for nothing, the mails that it forwards do, the newest first."""
    own, *mails = own_words(ticket.description)
    writer = Writer(requester, ticket.requester.name if ticket.requester else None)
    first = hear("the description", own, writer, synonyms, loose=True)
    if any(stated.want.expected is not None for stated in first.wants):
        return first
    for mail in mails:
        heard = hear("the mail in the description", mail, Writer(mail.sender, None), synonyms, loose=True)
        if any(stated.want.expected is not None for stated in heard.wants) or (heard.wants and not first.wants):
            return _as_forwarded(heard, mail.sender, first)
    if mails and not (first.users or first.unclear or first.wants):
        return _passed_on(own, mails[0], first, requester, synonyms)
    return first


def _passed_on(
    own: OwnWords, mail: OwnWords, above: Heard, requester: str | None, synonyms: Mapping[str, str]
) -> Heard:
    """Let a mail that states no value speak for its sender where nothing is said above it; else that is unclear."""
    words = words_of(tuple(sorted(synonyms.items())))
    sender = mail.sender
    if sender is None or sender.casefold() == (requester or "").casefold() or speaks_of_writer(own.lines, words):
        return above
    if speaks_of_writer(mail.lines, words) and not speaks_of_others(mail.lines, words):
        wants = tuple(Stated(Want(attribute=name)) for name in mentioned(mail.lines, synonyms))
        return above._replace(users=(sender,), wants=wants)
    return above._replace(unclear=(*filter(None, [requester]), sender))


def _as_forwarded(heard: Heard, sender: str | None, above: Heard) -> Heard:
    """Let a forwarded mail speak for its sender; who is named above it and is somebody else makes that unclear."""
    users = heard.users or ((sender,) if sender and not (heard.unclear or heard.others) else ())
    if above.users and users and set(above.users) != set(users):
        return heard._replace(users=(), unclear=(*above.users, *users))
    return heard._replace(users=users, unclear=heard.unclear or above.unclear if not users else ())


def _told_of(stated: Stated, users: tuple[str, ...], *, apart: bool) -> Stated:
    """Tie a want to the one user whom its text is about; a value for nobody of several users is nobody's."""
    if len(users) == 1:
        return stated._replace(user=stated.user or users[0])
    return without_value(stated) if apart and stated.user is None else stated
