"""What people read inside the desk when an ended case was looked at again."""

from __future__ import annotations

from datetime import datetime

from workflows.model import Case, Note, Text
from workflows.notes.audience import Reader
from workflows.notes.progress import note_of
from workflows.precheck.verdict_texts import Team


def value_lost(case: Case, names: tuple[str, ...], at: datetime, reader: Reader) -> Note:
    """Tell that a resolved value did not last."""
    return note_of(
        "A later look: the value did not last",
        f"At {reader.at(at)} the Okta profile no longer held the expected value in {', '.join(names)}. "
        f"{Team.OKTA}: see in the System Log who or what wrote it since.",
        Text(text=f"Case {case.id}, round {case.round}."),
    )


def came_right(case: Case, at: datetime, reader: Reader) -> Note:
    """Tell that the values of a handed-over ticket are right now."""
    names = ", ".join(dict.fromkeys(item.attribute for subject in case.subjects for item in subject.expectations))
    return note_of(
        "A later look: the value is right now",
        f"At {reader.at(at)} the Okta profile held the expected value in {names}. {Team.DESK}: tell the requester and "
        "close the ticket if nothing else is open; forcesync leaves it as it is.",
        Text(text=f"Case {case.id}, round {case.round}."),
    )


def request_changed(case: Case) -> Note:
    """Tell that a handed-over ticket asks for something else than what was judged and looked for."""
    return note_of(
        "A later look: the request has changed",
        "Since this ticket was judged, its words have come to ask for something else. What stands above was found for "
        f"the earlier request, and forcesync no longer looks whether that came right. {Team.DESK}: read what is wanted "
        "now.",
        Text(text=f"Case {case.id}, round {case.round}."),
    )


def support_case_found(case: Case, number: str, told: str) -> Note:
    """Say that the number of an Okta Support Case was read on the ticket, and what Okta tells of it."""
    return note_of(
        f"Okta Support Case {number} noted",
        f"{told} Nothing to do now.",
        Text(text=f"Case {case.id}, round {case.round}."),
    )
