"""Who a text is for: the desk's time zone, its public texts, and the policy for people's values.

The worker reads the public texts from files and passes them in as values; `TEMPLATES` says which placeholders each may
have. Only a template is ever formatted: a ticket's words are filled in as values, and never become a template.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, tzinfo
from string import Formatter

from pydantic import JsonValue

from workflows.model import Block, Bullets, Note, Policy, Reason, Text
from workflows.notes.reasons import sentence
from workflows.values.masking import called, display

MORNING = time(6)
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
    "reminder": _UNTIL,
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
}


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


@dataclass(frozen=True)
class Reader:
    """The people of one desk. `templates` holds the public texts by their names in `TEMPLATES`."""

    policy: Policy
    templates: Mapping[str, str] = field(repr=False)
    zone: tzinfo = UTC

    def value(self, attribute: str, value: JsonValue) -> str:
        """Write a value as its attribute's class allows."""
        return display(attribute, value, self.policy)

    def who(self, login: str | None) -> str | None:
        """Return the name that notes inside the desk use for a user."""
        return called(login, self.policy)

    def at(self, moment: datetime | None) -> str:
        """Write a time for the desk's people: in their own zone, then in UTC; to the second where waits are short."""
        if moment is None:
            return "-"
        here, utc = moment.astimezone(self.zone), moment.astimezone(UTC)
        clock = "%H:%M:%S" if self.policy.verify_for < SHORT_WAIT else "%H:%M"
        if here.utcoffset() == utc.utcoffset():
            return f"{utc:%Y-%m-%d {clock}} UTC"
        day = "" if here.date() == utc.date() else "%Y-%m-%d "
        return f"{here:%Y-%m-%d {clock} %Z} ({utc:{day}{clock}} UTC)"

    def why(self, reason: Reason | None) -> str:
        """Write a reason's sentence for the desk's people; "" for None."""
        return sentence(reason, self.at)

    def day(self, moment: datetime) -> date:
        """Return the desk's day."""
        return moment.astimezone(self.zone).date()

    def morning(self, day: date) -> datetime:
        """Return when the desk's working day begins, in UTC."""
        return datetime.combine(day, MORNING, tzinfo=self.zone).astimezone(UTC)

    def here(self, moment: datetime) -> str:
        """Write a time for the public, in the desk's zone."""
        return f"{moment.astimezone(self.zone):%Y-%m-%d %H:%M %Z}"

    def sentence(self, name: str, **values: str) -> str:
        """Fill in a public text, as one string."""
        return self.templates[name].strip().format_map(values)

    def note(self, name: str, **values: str) -> Note:
        """Fill in a public text line by line; lines that begin with a dash become a list."""
        blocks: list[Block] = []
        for line in self.templates[name].strip().splitlines():
            if line.startswith("- "):
                item = line.removeprefix("- ").format_map(values)
                last = blocks[-1] if blocks else None
                if isinstance(last, Bullets):
                    blocks[-1] = Bullets(items=(*last.items, item))
                else:
                    blocks.append(Bullets(items=(item,)))
            elif line.strip():
                blocks.append(Text(text=line.strip().format_map(values)))
        return Note(blocks=tuple(blocks))
