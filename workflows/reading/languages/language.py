"""What the reader knows of one language: words only, no grammar, so that a new language is one new file of data.

How an entry is written and found, unless its field says otherwise:

- in small letters, found in any case (`str.casefold`, so that "straße" is "strasse") and as whole words; each kana and
  kanji is a word of its own, so that an entry in them is found anywhere;
- `*` at the end of a word stands for any ending: "updat*" finds "update", "updated" and "updating". Alone, `*` stands
  for whatever follows in the line;
- accents count. Where people drop them, both spellings are entries: "teléfono", "telefono";
- one blank stands for any white space, "'" for every apostrophe, "-" for every hyphen; wide letters are as narrow ones
  (`unicodedata.normalize("NFKC", ...)`);
- a whole label has no punctuation at its ends, a whole reply has none at all: "Yes, now it is right!" is one of `yes`;
- of one field's entries at the same place the longest counts: "email address" is no "address";
- English counts in every ticket; another language where the ticket has some of its words. So symbols and English words
  are not repeated, and a word that is an everyday one elsewhere is left out (Danish and Norwegian "by" for a city).

To add a language, copy a file, translate each field (attributes, guard, wrong, other things and the first person are
looked for in running text, too), keep its `# fmt: skip`, and name it in `__init__.py`; the order is free. A `guard`
entry must not be part of an ordinary complaint: "okta stimmer" stands in "okta stimmer ikke", and a `*` is dangerous
there. Months and days come from babel. `python -m tests.reading.score FILE` shows what tickets in it become.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Language:
    """One language's words, by what they tell the reader."""

    code: str
    """The language in ISO 639-1, by which the names of months and days come from babel."""

    attributes: Mapping[str, tuple[str, ...]]
    """The names that people use for each Okta attribute. A name under several attributes may mean any of them.

    Public texts use the first that names no other attribute, as it is written here: a German noun with its capital.
    """

    user_labels: tuple[str, ...]
    """Labels of whose profile is meant: "affected user", "username", "employee". The whole label."""

    attribute_labels: tuple[str, ...]
    """Labels of which field is meant: "attribute", "field", "what is wrong". The whole label."""

    expected_labels: tuple[str, ...]
    """Labels of the right value: "new", "should be". The whole label, or all of it but an attribute's name."""

    current_labels: tuple[str, ...]
    """Labels of the wrong value: "old", "okta shows". The whole label, or all of it but an attribute's name."""

    effective_labels: tuple[str, ...]
    """Labels of the day from which a value holds: "effective", "valid from". The whole label."""

    yes: tuple[str, ...]
    """Whole replies that mean yes: "yes", "ok now", "works". A bare "ok" or "thanks" says nothing and is left out."""

    no: tuple[str, ...]
    """Whole replies that mean no: "no", "still wrong", "not fixed"."""

    something_else: tuple[str, ...]
    """Whole replies that say that the ticket is about something else."""

    no_value: tuple[str, ...]
    """What a form's field holds in place of a value ("n/a", "unknown", "-") or a name ("requester"). All of it."""

    guard: tuple[str, ...]
    """Words that speak against a sync: "do not sync", "okta is right", "keep the value"."""

    wrong: tuple[str, ...]
    """Words that, beside a value, say that it is not wanted: "not", "instead of", "still", "no longer"."""

    right: tuple[str, ...]
    """Words that say of an attribute named beside them that nothing is wrong with it: "is fine", "unchanged"."""

    fillers: tuple[str, ...]
    """Phrases in which the name of an attribute, or a word for wrong, means something else: "by phone", "prior to"."""

    forbids: tuple[str, ...]
    """Words that speak against a sync where a sentence begins with them: "do not sync". Elsewhere they complain."""

    not_to: tuple[str, ...]
    """Words that forbid what follows them in their clause: "should not", "do not want"."""

    changing: tuple[str, ...]
    """What a sync does to a value: "overwritten", "change". Behind a word of `not_to` it speaks against a sync."""

    unwanted: tuple[str, ...]
    """Words that say of the next value in their sentence that it is not wanted: "should not be", "remove", "I left"."""

    other_things: tuple[str, ...]
    """What a ticket may be about that is not a profile: a list, access, a licence, a mailbox, a password, an app."""

    profile_words: tuple[str, ...]
    """Words that name a profile, Okta, the directory, a sync, or an update that failed."""

    oneself: tuple[str, ...]
    """The first person: "my", "me", "I"."""

    others: tuple[str, ...]
    """Words for somebody else than the writer: "her", "colleague", "everyone"."""

    later: tuple[str, ...]
    """Words that a date follows which is still to come ("from", "as of"), or that are one ("tomorrow")."""

    deadlines: tuple[str, ...]
    """Words in front of a day by which something is wanted, not from which it holds: "by", "before"."""

    not_yet: tuple[str, ...]
    """Words that put the whole change off: "next month", "from tomorrow". A person decides then."""

    planned: tuple[str, ...]
    """Words of what is still to come: "will", "until then". A day beside them is the next one of its name."""

    everyday: tuple[str, ...]
    """Everyday words that may be a value, too: "sales", "may", "mark". Compared with the whole value.

    Such a value counts only beside its attribute's name.
    """

    name_labels: tuple[str, ...]
    """Words in front of a person's name in prose: "user", "colleague", "Mr"."""

    sign_offs: tuple[str, ...]
    """A line that begins so ends the person's own words: "kind regards", "sent from my *"."""

    courtesies: tuple[str, ...]
    """What asks for nothing new: greetings, thanks, "please", "any news", "urgent". None may object, however combined.

    A line of these and of names alone is talk.
    """

    wrote: tuple[str, ...]
    """The verb of the line above a quoted mail: "On ... Eve Stone wrote:"."""

    quote_starts: tuple[str, ...]
    """How that line begins; nothing where it begins with the day, the date or the name."""

    header_from: tuple[str, ...]
    """Names of the sender's header in a quoted or forwarded mail. This and the other headers: the whole label."""

    header_sent: tuple[str, ...]
    """Names of the header that holds the date."""

    header_to: tuple[str, ...]
    """Names of the header that holds the recipients."""

    header_cc: tuple[str, ...]
    """Names of the headers that hold who gets a copy, or the replies."""

    header_subject: tuple[str, ...]
    """Names of the subject's header."""

    original_message: tuple[str, ...]
    """What stands between dashes, or alone on a line, above a quoted or forwarded mail."""

    notification: tuple[str, ...]
    """Words of the lines with which the desks' own notification mails begin: "reply above this line"."""

    pressed: tuple[str, ...] = ()
    """Whole replies of an administrator who has pressed Force Sync: "pressed", "done"; English counts in all."""
