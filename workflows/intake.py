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
from workflows.model import Request, Ticket, Want
from workflows.redaction import plain
from workflows.ticket_text import OwnWords, own_words
from workflows.user_words import LONGEST, named_in, speaks_of_others, split_users
from workflows.value_phrases import Stated, emptied, named_attributes, stated_values, untold

LABELS: dict[str, tuple[str, ...]] = {
    "user": (
        "user", "users", "affected user", "affected users", "login", "username", "okta user", "user id", "employee",
        "benutzer", "utilisateur", "usuario",
    ),
    "attribute": (
        "attribute", "attributes", "field", "fields", "profile attribute", "attribut", "feld", "champ", "atributo",
    ),
    "expected": (
        "expected", "expected value", "should be", "new value", "correct value", "new", "erwartet", "neuer wert",
        "valeur attendue", "esperado",
    ),
    "still": ("current", "current value", "old value", "shows", "still shows", "aktuell"),
}  # fmt: skip

MOST_TEXT = 20_000  # characters of one text that are read; what a person says stands far before that
MOST_SUBJECTS = 20  # more people than that is a list for a project, not a ticket
_PART_OF = {label: part for part, labels in LABELS.items() for label in labels}
_LINE = re.compile(
    r"^[\s*_\-•]*(?P<label>" + "|".join(sorted(_PART_OF, key=len, reverse=True)) + r")[\s*_]*[:=][\s*_]*(?P<value>.*)$",
    re.IGNORECASE,
)


class _Heard(NamedTuple):
    """What one text says, and where it stands."""

    where: str
    users: tuple[str, ...] = ()
    unclear: tuple[str, ...] = ()
    wants: tuple[Stated, ...] = ()
    others: bool = False


def labelled(lines: Iterable[str]) -> dict[str, str]:
    """Return the parts that labelled lines name; the last line of a label wins."""
    found: dict[str, str] = {}
    for line in lines:
        match = _LINE.match(line)
        if match and (value := plain(match["value"].strip().rstrip("*_"), LONGEST)):
            found[_PART_OF[match["label"].lower()]] = value
    return found


def understand(ticket: Ticket, synonyms: Mapping[str, str]) -> tuple[Request, ...]:
    """Return what the ticket asks, one request for each affected user; the requester is meant where nobody is named."""
    users: tuple[str, ...] = ()
    unclear: tuple[str, ...] = ()
    others = False
    wants: dict[tuple[str, ...], Stated] = {}
    source: dict[str, str] = {}
    for heard in _texts(ticket, synonyms):
        if heard.users:
            users, unclear, source["user"] = heard.users, (), heard.where
        elif heard.unclear and not users:
            unclear, source["user"] = heard.unclear, heard.where
        others = others or heard.others
        for stated in heard.wants:
            _merge(wants, stated, synonyms)
            source["value" if stated.want.expected is not None else "attribute"] = heard.where
    told = tuple(f"{part}: {source[part]}" for part in sorted(source))
    rows = tuple(dict.fromkeys(stated.user for stated in wants.values() if stated.user))
    named = rows or users
    if not named:
        request = Request(unclear=unclear, somebody_else=others, source=told)
        return (request.model_copy(update={"wants": _wants(wants.values(), None)}),)
    return tuple(Request(user=user, wants=_wants(wants.values(), user), source=told) for user in named[:MOST_SUBJECTS])


def _texts(ticket: Ticket, synonyms: Mapping[str, str]) -> Iterable[_Heard]:
    requester = (ticket.requester.email or ticket.requester.login) if ticket.requester else None
    form = {part: plain(value, LONGEST) for part, value in ticket.fields.items() if part in LABELS and value.strip()}
    yield _explicit("the form", form)
    words = own_words(ticket.description[:MOST_TEXT])
    heard = _heard("the description", words, requester, synonyms, loose=True)
    summary = (plain(ticket.summary, LONGEST),)
    if not heard.wants:
        names = named_attributes(summary, synonyms)
        heard = heard._replace(wants=tuple(Stated(Want(attribute=name)) for name in names))
    if not heard.users and not heard.unclear:
        heard = heard._replace(users=named_in(summary, requester).users)
    yield heard
    asked = False
    for comment in ticket.comments:
        if comment.by_worker:
            asked = asked or comment.public
            continue
        where = f"a comment by {plain(comment.author.name or comment.author.login or 'somebody', 60)}"
        writer = comment.author.email or comment.author.login
        yield _heard(where, own_words(comment.body[:MOST_TEXT]), writer, synonyms, loose=asked)


def _heard(where: str, words: OwnWords, writer: str | None, synonyms: Mapping[str, str], *, loose: bool) -> _Heard:
    """Read a text: labelled lines and tables always, running text only where it is meant for us."""
    lines = [line[:2000] for line in words.lines]
    explicit = _explicit(where, labelled((*lines, *words.after_sign_off)))
    if not loose:
        return explicit
    running = [line for line in lines if not _LINE.match(line)]
    stated = stated_values(running, synonyms)
    if not explicit.wants and not stated:
        stated = tuple(Stated(Want(attribute=name)) for name in named_attributes(running, synonyms))
    heard = explicit._replace(wants=(*stated, *explicit.wants), others=speaks_of_others(running))
    if heard.users:
        return heard
    found = named_in(running, words.forwarded_from or writer, {item.want.expected for item in stated})
    sender = (words.forwarded_from,) if words.forwarded_from and not found.unclear else ()
    return heard._replace(users=found.users or sender, unclear=found.unclear)


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


def _merge(wants: dict[tuple[str, ...], Stated], stated: Stated, synonyms: Mapping[str, str]) -> None:
    """Put a want over what was said before of the same attribute; a bare value joins the one attribute named."""
    want = stated.want
    key = _key(want.attribute, stated.user, synonyms)
    named = [other for other in wants if other != ("",)]
    if want.attribute is None and len(named) == 1:
        key = named[0]
    elif want.attribute is not None and ("",) in wants and not named:
        _put(wants, key, wants.pop(("",)))
    _put(wants, key, stated)


def _put(wants: dict[tuple[str, ...], Stated], key: tuple[str, ...], stated: Stated) -> None:
    before = wants[key].want if key in wants else Want()
    want = stated.want
    merged = Want(
        attribute=want.attribute or before.attribute,
        expected=want.expected if want.expected is not None else before.expected,
        still=want.still if want.still is not None else before.still,
    )
    wants[key] = Stated(merged, stated.user)


def _key(attribute: str | None, user: str | None, synonyms: Mapping[str, str]) -> tuple[str, ...]:
    if attribute is None:
        return ("",)
    meant = meanings(attribute, synonyms) or (attribute.casefold(),)
    return (*meant, f"of {user.casefold()}") if user else meant


def _wants(stated: Iterable[Stated], user: str | None) -> tuple[Want, ...]:
    chosen = [item.want for item in stated if item.user is None or (user or "").casefold() == item.user.casefold()]
    return tuple(_clean(want) for want in chosen)


def _clean(want: Want) -> Want:
    """Make untrusted words harmless lines, and drop secrets."""
    changes: dict[str, str | None] = {}
    for part in ("attribute", "expected", "still"):
        text: str | None = getattr(want, part)
        changes[part] = plain(text, LONGEST) if text else text
    return want.model_copy(update=changes)


def _names(text: str) -> Sequence[str]:
    names = (name.strip() for name in re.split(r"[,;/]| and | und ", text))
    return tuple(dict.fromkeys(name for name in names if name))
