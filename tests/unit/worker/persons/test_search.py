"""A person is found by any name that Okta or a ticket says is theirs, and by no part of another's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, cast

import pytest

from tests.unit.builders import NOW, REF, asking, case
from worker.errors import OperatorError
from worker.persons.search import Part, found
from worker.store import Store
from worker.store.documents import dump
from workflows.model import Act, Case, OperatorAct, Reason, ReasonKind, Request, Subject, Verdict, VerdictKind


class Records:
    """A store that has these records, and one act of Eve's."""

    def __init__(self, *cases: Case, **events: str) -> None:
        self._cases, self._events = cases, events

    def records(self) -> Iterator[Mapping[str, Any]]:
        for one in self._cases:
            told = [{"because": self._events[one.id]}] if one.id in self._events else []
            yield {"case": dump(one), "events": told, "writes": [], "followups": []}

    def acts(self) -> tuple[OperatorAct, ...]:
        return (OperatorAct(at=NOW, act=Act.APPROVE, target="r1", by="Eve@Example.com", operator="eve@host", why="so"),)


def about(user_id: str | None, login: str | None, named: str | None) -> Subject:
    reason = Reason(kind=ReasonKind.STALE_IN_OKTA)
    verdict = Verdict(kind=VerdictKind.STALE_IN_OKTA, reason=reason, user_id=user_id, login=login, judged_at=NOW)
    return Subject(request=asking("department", user=named) if named else Request(), verdict=verdict)


def looked_up(store: Records, *names: str) -> tuple[set[str], dict[str, tuple[Part, ...]]]:
    person = found(cast(Store, store), names)
    return set(person.names), {item.case.id: item.parts for item in person.held}


ADA = about("00uAda", "ada@example.com", None)
OWN = case(id="c1", requester="abyron", subjects=(ADA,))
OTHER = case(
    id="c2", ref=REF.but(id="2"), requester="bo@example.com", subjects=(about("00uBo", "bo@example.com", None),)
)


@pytest.mark.parametrize("name", ["ada@example.com", "00uADA", "ABYRON"])
def test_every_name_leads_to_the_others(name: str) -> None:
    filed = case(id="c3", ref=REF.but(id="3"), requester="abyron", subjects=(about("00uBo", "bo@example.com", "bo"),))
    names, held = looked_up(Records(OWN, OTHER, filed), name)
    assert {"ada@example.com", "00uada", "abyron"} == names
    assert {"c1": (Part.REQUESTER, Part.AFFECTED), "c3": (Part.REQUESTER,)} == held


@pytest.mark.parametrize("name", ["ADA@example.com", "00uada", "abyron"])
def test_names_are_told_as_okta_and_the_desk_gave_them(name: str) -> None:
    assert ("00uAda", "abyron", "ada@example.com") == found(cast(Store, Records(OWN)), [name]).spelt
    assert ("Nobody@Example.com",) == found(cast(Store, Records(OWN)), ["Nobody@Example.com"]).spelt


def test_who_is_asked_about_by_somebody_else_does_not_become_that_person() -> None:
    filed = case(id="c3", requester="abyron", subjects=(about("00uBo", "bo@example.com", "Bo Byron"),))
    names, held = looked_up(Records(filed), "bo@example.com")
    assert ({"bo@example.com", "00ubo"}, {"c3": (Part.AFFECTED,)}) == (names, held)


def test_a_name_in_the_texts_alone_is_found_as_a_whole_word() -> None:
    store = Records(OTHER, c2="changed in Okta by\nAda@example.com.")
    assert {"c2": (Part.NAMED,)} == looked_up(store, "ada@example.com")[1]
    assert {} == looked_up(store, "da@example.com")[1]
    assert {} == looked_up(store, "ada@example.co")[1]


def test_a_login_with_a_backslash_is_found() -> None:
    store = Records(case(id="c1", requester="CORP\\ada"), OTHER)
    assert {"c1": (Part.REQUESTER,)} == looked_up(store, "corp\\ADA")[1]


def test_what_a_person_decided_is_found_too() -> None:
    person = found(cast(Store, Records(OWN)), ["eve@example.com"])
    assert ((), ["r1"]) == (person.held, [act.target for act in person.acts])


@pytest.mark.parametrize("name", ["", "a", "  ab "])
def test_too_short_a_name_is_refused(name: str) -> None:
    with pytest.raises(OperatorError, match="give a login, an Okta id or an e-mail address"):
        found(cast(Store, Records()), [name])
