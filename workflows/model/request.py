"""What a ticket's words state and mention, and who they may be about, before any of it is decided."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from workflows.model.values import Value


class Statement(Value):
    """What an explicit channel says: form field, labelled line, table row, or a reply to our question.

    `attribute` is in the ticket's words; several names that it may mean stand apart by bars. `expected` is the value
    that the profile should hold, None where none was stated; `still` the one that it is said to hold.
    """

    user: str | None = None
    attribute: str | None = None
    expected: str | None = None
    still: str | None = None


class CandidateKind(StrEnum):
    """How a ticket's prose names somebody."""

    IDENTIFIER = "identifier"  # an address
    WORD = "word"  # what may be a login or a number; that nobody is called so tells nothing
    NAME = "name"
    GUESS = "guess"  # two words that may be a person's name; that Okta knows nobody so called tells nothing


class Candidate(Value):
    """Somebody whom the prose names; it counts only if Okta knows them."""

    text: str
    kind: CandidateKind


class OwnLine(Value):
    """One line of a ticket's own words, or one `row` of a table; `user` is whom it is about where a row says so."""

    text: str
    user: str | None = None
    row: bool = False


class Reading(Value):
    """What one ticket's words hold.

    `users` are named by explicit channels, `candidates` by prose. `named` are attributes that a form or a labelled line
    names; `outside_tables` those of the statements that no table makes. `loose`: a line with a label that is not known
    holds a value, or one for the expected value none that can be used. `guard` are words that speak against a sync,
    `effective` the day in the form's field, `undated` what stands there if no day can be told from it. `later` is what
    in the prose is still to come: a day after today, or "next month"; `plans` are the sentences about it, `present` the
    others, and `of_today` says that one of these calls something of Okta or the directory right or wrong.
    `oneself`: the writer speaks in the first person, `of_others`: of somebody else without a name.
    `of_profile`: the words name a profile, Okta, the directory or an update that failed; `other_things`: they name what
    is no profile. `others` quotes those whose words do not count. `source` says where something was read, `cut` that
    the text was too long.
    """

    lines: tuple[OwnLine, ...] = ()
    statements: tuple[Statement, ...] = ()
    users: tuple[str, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    named: tuple[str, ...] = ()
    outside_tables: tuple[str, ...] = ()
    loose: bool = False
    guard: str | None = None
    effective: date | None = None
    undated: str | None = None
    later: str | None = None
    plans: tuple[str, ...] = ()
    present: tuple[str, ...] = ()
    of_today: bool = False
    oneself: bool = False
    of_others: bool = False
    of_profile: bool = False
    other_things: bool = False
    others: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    cut: bool = False


class Heard(Value):
    """By what a ticket's words are known again: digests, so that nothing of the words is kept.

    `stated` is of what explicit channels say, `people` are of everybody who is named, `lines` of the single lines.
    """

    stated: str
    people: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()


class Request(Value):
    """What the ticket asks for one affected user.

    `user` is by what the ticket names them, None where it names nobody and its requester is meant. `unclear` holds
    those whom it names and Okta does not know, or knows more than once. `named` are the attributes that a form or a
    labelled line names. `others` quotes people whose words do not count, `cut` says that the ticket was too long.
    `stated` is a digest of what explicit channels say, and of the words that speak against a sync, or put it off.
    """

    user: str | None = None
    statements: tuple[Statement, ...] = ()
    named: tuple[str, ...] = ()
    unclear: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    cut: bool = False
    source: tuple[str, ...] = ()
    stated: str = ""

    def wants_the_same(self, other: Request) -> bool:
        """Return whether another reading of the ticket states the same and speaks against the same."""
        return self.stated == other.stated

    @property
    def attributes(self) -> tuple[str, ...]:
        """Return the named attributes, in the ticket's words."""
        told = (item.attribute for item in self.statements)
        return tuple(dict.fromkeys(name for name in (*told, *self.named) if name))
