"""Who a text is for: the desk's time zone, its public texts, and the policy for people's values.

The worker reads the public texts from files and passes them in as values; `TEMPLATES` says which placeholders each may
have. Only a template is ever formatted: a ticket's words are filled in as values, and never become a template.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, tzinfo
from enum import Enum, auto
from itertools import groupby
from string import Formatter

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, get_timezone_name
from babel.lists import format_list
from pydantic import JsonValue

from workflows.model import Block, Bullets, Note, Policy, Reason, Text
from workflows.notes.reasons import naming_nobody, on_ticket, title
from workflows.reading.languages import LANGUAGES
from workflows.reading.vocabulary import vocabulary_of
from workflows.values.masking import called, display, plain
from workflows.values.wording import counted, local, zone_name

MORNING = time(6)
LONGEST_NAME = 80
SHORT_WAIT = 120.0  # seconds allowed for an effect, below which minutes would tell nothing of a run
_TICKET, _UNTIL = frozenset({"ticket"}), frozenset({"ticket", "by"})

# Every public text and the placeholders that it may have.
TEMPLATES: Mapping[str, frozenset[str]] = {
    "question_needs_information": _UNTIL,
    "question_user_not_found": _UNTIL,
    "question_user_ambiguous": _UNTIL,
    "question_cannot_tell": _UNTIL,
    "question_whose_profile": _UNTIL,
    "question_which_attribute": _UNTIL,
    "question_where": _UNTIL,
    "question_which_value": _UNTIL,
    "question_understood": frozenset({"attributes"}),
    "question_known_user": frozenset(),
    "question_known_value": frozenset(),
    "confirm": _UNTIL | {"attributes"},
    "confirm_handed_over": _UNTIL | {"attributes"},
    "reminder": _UNTIL,
    "reminder_resolved": _UNTIL,
    "sign_in": _UNTIL,
    "resolved_updated": _TICKET,
    "resolved_already_right": _TICKET,
    "resolved_neutral": _TICKET,
    "escalated_watched": _UNTIL,
    "escalated_directory": _TICKET,
    "escalated_okta": _TICKET,
    "escalated_support": _TICKET,
    "escalated_desk": _TICKET,
    "escalated_neutral": _TICKET,
    "time": frozenset({"date", "clock", "zone"}),
}
# What stands for a text that a language of one's own lacks: the text itself, or another one's name.
OPTIONAL: Mapping[str, str] = {
    "confirm_handed_over": "confirm",
    "reminder_resolved": "reminder",
    "time": "{date}, {clock} {zone}",
}
WORLD = Locale("en", "001")  # English of no country, which has the day before the month


def fault_of(name: str, template: str) -> str | None:
    """Return in a few words why a template cannot be used; None if it can."""
    allowed = TEMPLATES.get(name)
    if allowed is None:
        return f"there is no text of this name; allowed: {', '.join(TEMPLATES)}"
    if not template.strip():
        return "the text is empty"
    try:
        parts = [(place, spec, conversion) for _, place, spec, conversion in Formatter().parse(template)]
    except ValueError as error:
        return f"the braces do not fit together ({error}); a brace that is meant as such is doubled"
    for place, spec, conversion in parts:
        if place is not None and (place not in allowed or spec or conversion):
            written = place + (f"!{conversion}" if conversion else "") + (f":{spec}" if spec else "")
            listed = ", ".join(f"{{{item}}}" for item in sorted(allowed))
            return f"the placeholder {{{written}}} is not known; allowed: {listed}"
    return None


def minutes(seconds: float) -> str:
    """Write a span in whole minutes, at least one."""
    return counted(max(1, round(seconds / 60)), "minute")


def _locale(language: str) -> Locale:
    """Return how a language writes dates; English of no country where it is not known."""
    if language == WORLD.language:
        return WORLD
    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return WORLD


class Sight(Enum):
    """Who reads the notes of a ticket: this decides what they may hold about anybody but the requester."""

    INSIDE = auto()  # the desk's own people
    EVERYBODY = auto()  # whoever sees the ticket, which has no internal side
    STRANGERS = auto()  # the same, and the ticket is about others than its requester


@dataclass(frozen=True)
class Reader:
    """The people of one desk. `templates` holds the public texts by their names in `TEMPLATES`, in `language`.

    `org_url` is the address of the Okta org that their tickets are about. `sight` decides in one place what a note
    withholds: where everybody reads it, it names no third person; where it is not about its requester, it neither names
    whom it is about nor shows what is held about them.
    """

    policy: Policy
    templates: Mapping[str, str] = field(repr=False)
    zone: tzinfo = UTC
    language: str = "en"
    sight: Sight = Sight.INSIDE
    org_url: str = ""

    @property
    def withholds(self) -> bool:
        """Return whether notes show no value."""
        return self.sight is Sight.STRANGERS

    @property
    def outside(self) -> Reader:
        """Return the same for whoever sees the ticket: nobody else is named to them."""
        return self if self.withholds else replace(self, sight=Sight.EVERYBODY)

    def value(self, attribute: str, value: JsonValue) -> str:
        """Write a value as its attribute's class allows."""
        return "(not shown)" if self.withholds else display(attribute, value, self.policy)

    def who(self, login: str | None) -> str | None:
        """Return the name that notes use for a user; None where they are not named."""
        return None if self.withholds else called(login, self.policy)

    def other(self, name: str) -> str:
        """Return the name of somebody else than the requester and the affected users; "" where they are not named."""
        return plain(name, LONGEST_NAME) if self.sight is Sight.INSIDE else ""

    def at(self, moment: datetime | None) -> str:
        """Write a time for the desk's people: in their own zone, then in UTC; to the second where waits are short."""
        clock = "%H:%M:%S" if self.policy.verify_for < SHORT_WAIT else "%H:%M"
        return local(moment, self.zone, clock) if moment else "-"

    def why(self, reason: Reason | None) -> str:
        """Write a reason's sentence; "" for None."""
        return on_ticket(self._sayable(reason), self.at, inside=self.sight is Sight.INSIDE) if reason else ""

    def title(self, reason: Reason) -> str:
        """Write the title of a reason whose sentence is none; "" for others."""
        return title(self._sayable(reason))

    def _sayable(self, reason: Reason) -> Reason:
        return reason if self.sight is Sight.INSIDE else naming_nobody(reason)

    def day(self, moment: datetime) -> date:
        """Return the desk's day."""
        return moment.astimezone(self.zone).date()

    def morning(self, day: date) -> datetime:
        """Return when the desk's working day begins, in UTC."""
        return datetime.combine(day, MORNING, tzinfo=self.zone).astimezone(UTC)

    def here(self, moment: datetime) -> str:
        """Write a time for the public: in the desk's zone, as the language writes a date and calls the zone."""
        here, locale = moment.astimezone(self.zone), _locale(self.language)
        called = get_timezone_name(here, "short", locale=locale)
        zone = called if called.isalpha() else zone_name(here)  # "+0100" where the language has no short name
        return self.sentence("time", date=format_date(here, "long", locale), clock=f"{here:%H:%M}", zone=zone)

    def names(self, attributes: Iterable[str]) -> str:
        """List attributes for the public as people call them; a ticket's own word for one stays."""
        named = dict.fromkeys(self._name_of(attribute) for attribute in attributes)
        return format_list(list(named), locale=_locale(self.language))

    def _name_of(self, attribute: str) -> str:
        """Return an attribute's name in the desk's language, if it has one; the first that names no other."""
        code, synonyms = self.language.partition("-")[0].casefold(), self.policy.synonyms
        names = [name for item in LANGUAGES if item.code == code for name in item.attributes.get(attribute, ())]
        names += [word for word, named in synonyms.items() if named == attribute]
        vocabulary = vocabulary_of(synonyms)
        alone = (name for name in names if vocabulary.attributes_of(name) == (attribute,))
        return next(alone, next(iter(names), attribute))

    def sentence(self, name: str, **values: str) -> str:
        """Fill in a public text, as one string."""
        return self.templates[name].strip().format_map(values)

    def note(self, name: str, **values: str) -> Note:
        """Fill in a public text line by line; lines that begin with a dash become a list."""
        blocks: list[Block] = []
        lines = (line for line in self.templates[name].strip().splitlines() if line.strip())
        for listed, group in groupby(lines, lambda line: line.startswith("- ")):
            texts = [(line[2:] if listed else line.strip()).format_map(values) for line in group]
            blocks += [Bullets(items=tuple(texts))] if listed else [Text(text=text) for text in texts]
        return Note(blocks=tuple(blocks))
