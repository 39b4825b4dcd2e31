"""Notes about several tickets of one cause name tickets and what they share, and no value that is not open."""

from __future__ import annotations

from tests.unit import builders as build
from tests.unit.workflows.notes.judged_cases import READER, UNTIL, because, opening, stale_copy, words
from workflows.model import Policy, Reason, TicketRef
from workflows.model import ReasonKind as R
from workflows.notes.next_steps import looked_at_again
from workflows.notes.patterns import MOST_NAMED, Common, Counted, alarm, stands_for, stood_for

COMMON = Common(
    label="corp.example.com",
    attributes=("department",),
    suspicions=(Reason.of(R.AGENTS_DOWN, status="DISRUPTED"),),
    unit="OU=Sales,DC=corp",
)
FIRST = stale_copy().but(because=because(stale_copy()))
LATER = FIRST.but(id="later", ref=TicketRef(desk="jira", id="7", key="SUP-7"))


def test_the_first_says_who_mends_what_and_names_the_others() -> None:
    note = stands_for(FIRST, None, [LATER], Counted(2), COMMON, READER)
    assert opening(note).startswith(
        "One cause for 2 tickets: the new value hasn't reached Okta yet. Directory team: fix the cause once"
    )
    told = words(note)
    for said in ("Attribute: department", "The directory's agents are DISRUPTED", "The others: SUP-7 (jira)"):
        assert said in told


def test_an_organizational_unit_is_shown_where_its_class_is_open_and_else_not_mentioned() -> None:
    for names, shown in ((("dn",), True), ((), False)):
        reader = build.reader(Policy(open_attributes=frozenset(names)))
        told = words(stands_for(FIRST, None, [LATER], Counted(2), COMMON, reader))
        assert [shown, shown] == [text in told for text in ("Organizational unit", "OU=Sales,DC=corp")]


def test_of_many_tickets_some_are_named_and_the_rest_counted() -> None:
    many = [LATER.but(ref=TicketRef(desk="jira", id=str(n), key=f"SUP-{n}")) for n in range(MOST_NAMED + 3)]
    assert "SUP-19 (jira) and 3 more" in words(stands_for(FIRST, None, many, Counted(len(many) + 1), COMMON, READER))


def test_where_only_the_newest_were_read_their_number_is_the_least() -> None:
    number = Counted(15, at_least=True)
    assert opening(stands_for(FIRST, None, [LATER], number, COMMON, READER)).startswith(
        "One cause for at least 15 tickets: "
    )
    assert alarm(LATER, None, number, FIRST, COMMON, READER).startswith("At least 15 tickets within an hour have one")


def test_a_later_one_points_to_the_first_and_says_when_it_is_looked_at_again() -> None:
    told = opening(stood_for(LATER, None, FIRST, looked_at_again(UNTIL, READER), attached=True))
    assert told.startswith(
        "Same cause as INC0010001 (desk): the new value hasn't reached Okta yet. Directory team: fix"
    )
    assert "in the attached file" in told
    assert "checks hourly until" in told
    assert "attached" not in opening(stood_for(LATER, None, FIRST))


def test_the_operator_is_told_which_ticket_stands_for_the_others_or_that_they_are_observed() -> None:
    assert alarm(LATER, None, Counted(5), FIRST, COMMON, READER).endswith(
        "INC0010001 on desk stands for them, and later ones are linked to it"
    )
    assert "5 tickets within an hour have one cause" in alarm(LATER, None, Counted(5), None, COMMON, READER)
    assert alarm(LATER, None, Counted(5), None, COMMON, READER, [FIRST, LATER]).endswith(
        ". They are only observed, so each has its own advice; the first: INC0010001 (desk), SUP-7 (jira)"
    )
