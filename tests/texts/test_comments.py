"""How many comments a ticket gets, counted over the frozen stories of both desks."""

from __future__ import annotations

import pytest

from tests.texts.frozen import Comment, Told, tickets

DONE = {"Resolved", "Done", "Closed Complete"}
OBSERVED = {"edge_observed", "observed_and_closed"}
MOST = 3  # that Force Sync comes next, the end's internal note, the public answer
MOST_VISIBLE = 1  # on a software project, where nothing is internal: the end
# What people have to know or do before the end: each is one comment more.
FOR_PEOPLE = (
    "Thank you for your request",
    "Your Okta profile now shows the data from our directory",
    "Please press Force Sync",
    "Force Sync through the API had no effect; please press the button",
    "Approval needed",
    "Sent to the requester.",
    "Another ticket is about the same",
)
VISIT = "open the page of"
LATER = "Checked again"
SOLVED = [ticket for ticket in tickets() if ticket.status in DONE and ticket.comments]


def counted(ticket: Told) -> list[Comment]:
    """Return the comments that every solved ticket gets."""
    first = ((item, item.body.lstrip("*")) for item in ticket.comments)
    return [item for item, text in first if not text.startswith((*FOR_PEOPLE, LATER)) and VISIT not in text]


def test_tickets_of_both_desks_are_counted() -> None:
    assert {"servicenow", "jira"} <= {item.desk for ticket in SOLVED for item in ticket.comments}


@pytest.mark.parametrize("ticket", SOLVED, ids=lambda ticket: f"{ticket.story}-{ticket.ticket}")
def test_a_solved_ticket_carries_no_more_comments_than_its_end_needs(ticket: Told) -> None:
    assert len(counted(ticket)) <= (MOST_VISIBLE if ticket.place == "ENG" else MOST)
    assert len(ticket.comments) - len(counted(ticket)) <= 2


def test_an_observed_ticket_gets_one_note() -> None:
    observed = [ticket for ticket in tickets() if ticket.story in OBSERVED]
    assert len(observed) == len(OBSERVED)
    assert [len(ticket.comments) for ticket in observed] == [1] * len(observed)
