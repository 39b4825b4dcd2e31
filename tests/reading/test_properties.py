"""What must hold of every ticket, whatever its words: on generated tickets, users and copies.

The four are those of the design: nothing is resolved at once on a guess, nobody is synced whom the requester's words do
not concern, other words change nothing, and what somebody else wrote states nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.reading.score import Org
from tests.reading.score import Person as InOrg
from tests.unit import builders as build
from workflows.model import Person, Policy, Ticket, Verdict
from workflows.model import VerdictKind as V
from workflows.precheck.examination import Settings, examine
from workflows.precheck.facts import Facts
from workflows.precheck.people import People
from workflows.reading.request import read
from workflows.reading.vocabulary import vocabulary_of
from workflows.values.comparing import means, same

pytestmark = pytest.mark.long
proof = settings(
    max_examples=500,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

WORDS = vocabulary_of({})
POLICY = Policy()
TODAY = build.NOW.date()
EVE = Person(id="p9", login="eve@example.com", email="eve@example.com", name="Eve Fox")
NAMES = {
    "ada@example.com": "Ada Byron",
    "bo@example.com": "Bo Stone",
    "cy@example.com": "Cy Young",
    "zed@example.com": "Zed Quill",
}
STRANGER = "zed@example.com"  # whom a stranger's words name, and nobody else's
SUBJECTS = [login for login in NAMES if login != STRANGER]
SPOKEN = {
    "title": ["title", "Job title", "Titel"],
    "department": ["department", "Department", "Abteilung"],
    "city": ["city", "town"],
    "costCenter": ["cost center", "cost centre", "Kostenstelle"],
}
VALUES = ["Chief Planner", "Account Clerk", "Sales", "Plant Seven", "Bonn", "IT", "40250", "40311", "EVP Field Sales"]
FILLERS = ["zyxwv", "qwertz", "blorp", "vexil", "grommeth", "ünxöp", "plugh", "xyzzyq", "frobnik", "wibblet"]
OTHERS = [*FILLERS, "Zyxwv", "w" * 20, "ĉirkaŭx", "zz", "Qwertz-Uiop", "plop_9", "blå-bæx"]


class Judged(NamedTuple):
    """One subject: its facts, and what was decided."""

    facts: Facts
    verdict: Verdict


class Scene(NamedTuple):
    """One arrangement: a ticket, and the users by login."""

    ticket: Ticket
    people: dict[str, InOrg]


# -- what is generated


@st.composite
def orgs(draw: st.DrawFn) -> dict[str, InOrg]:
    """Draw users, of whose attributes the copies agree or differ."""
    return {login: draw(users(login)) for login in NAMES}


@st.composite
def users(draw: st.DrawFn, login: str) -> InOrg:
    name = NAMES[login]
    first, _, last = name.partition(" ")
    who = {"firstName": first, "lastName": last, "displayName": name, "email": login, "login": login}
    okta = {attribute: draw(st.sampled_from(VALUES)) for attribute in SPOKEN}
    copy = {attribute: draw(st.sampled_from([okta[attribute], "Lead Cook", *VALUES])) for attribute in SPOKEN}
    if login == STRANGER:  # a sync would help whom nobody may speak for
        okta["title"], copy["title"] = "Account Clerk", "Chief Planner"
    ago = timedelta(days=draw(st.sampled_from([0, 30])))
    user = build.okta_user(who | okta, id=f"00u-{login}", login=login, last_updated=build.NOW - ago)
    names = frozenset({login, name.casefold()})
    return InOrg(user, build.app_user(user_id=user.id).but(profile=who | copy), names, ())


fillers = st.sampled_from(FILLERS)
logins = st.sampled_from(SUBJECTS)


@st.composite
def lines(draw: st.DrawFn, people: dict[str, InOrg]) -> str:
    """Draw one line of a form or of prose; what it is about is often what has drifted for somebody."""
    login, attribute, other = draw(logins), draw(st.sampled_from(list(SPOKEN))), draw(st.sampled_from(list(SPOKEN)))
    okta, copy = people[login].user.profile[attribute], people[login].copy.profile[attribute]
    parts = {
        "a": draw(st.sampled_from(SPOKEN[attribute])),
        "b": draw(st.sampled_from(SPOKEN[other])),
        "v": draw(st.sampled_from([copy, copy, copy, okta, *VALUES[:3]])),
        "w": draw(st.sampled_from([okta, okta, copy, *VALUES[:3]])),
        "u": login,
        "n": NAMES[login],
        "x": draw(fillers),
        "y": draw(fillers),
    }
    return draw(st.sampled_from(FORMS)).format(**parts)


FORMS = [
    "New {a}: {v}",
    "{a} (should be): {v}",
    "{a}: {v}",
    "{a}: {w} -> {v}",
    "Attribute: {a}",
    "Old value: {w}",
    "New value: {v}",
    "User: {u}",
    "Employee: {n}",
    "My {a} is wrong.",
    "My {a} should be {v} {x}",
    "Okta still shows {w}, I am {v} now.",
    "the {a} of {u} is {w} instead of {v}",
    "my colleague {n} has a new {a}, {x}",
    "{x} {v} {y}",
    "It is not {v} {x}",
    "The report shows {v} and my {a} {x}.",
    "Please {x} my profile, it does not update.",
    "{x} {y}.",
    "{x}",
    "the user {x} sees an old {a}",
    "I asked {u} about {x}.",
    "my {b} {x} and {a} {y}",
    "{v}",
    "",
]
QUIET = ["Hi {}, please {}.", "My Okta profile is not updated, {} {}", "Everything {} is wrong {}", "Force Sync {} {}!"]
quiet = st.lists(st.builds(str.format, st.sampled_from(QUIET), fillers, fillers), min_size=1, max_size=4)


def texts(people: dict[str, InOrg]) -> st.SearchStrategy[str]:
    """Return the texts of up to six lines, or with a table."""
    values = st.sampled_from([*VALUES, *(str(item.copy.profile["title"]) for item in people.values())])
    rows = st.lists(st.tuples(logins, values).map(" | ".join), min_size=1, max_size=3)
    table = rows.map(lambda told: "\n".join(["User | New title", *told]))
    return st.one_of(st.lists(lines(people), min_size=1, max_size=6).map("\n".join), table)


def forms(people: dict[str, InOrg]) -> st.SearchStrategy[dict[str, str]]:
    """Return what a desk's own fields may hold; most tickets have none."""
    titles = st.sampled_from([str(item.copy.profile["title"]) for item in people.values()])
    filled = st.fixed_dictionaries({}, optional={"user": logins, "attribute": st.just("title"), "expected": titles})
    return st.one_of(st.just({}), st.just({}), filled)


@st.composite
def scenes(draw: st.DrawFn) -> Scene:
    """Draw an org, and a ticket of Ada's with what she, we and a stranger commented."""
    people = draw(orgs())
    comments = []
    for minutes in range(draw(st.sampled_from([0, 0, 1, 2]))):
        by = draw(st.sampled_from(["ada", "worker", "stranger"]))
        body = "User: zed@example.com\nNew title: Chief Planner" if by == "stranger" else draw(texts(people))
        author = EVE if by == "stranger" else build.ADA
        comments.append(build.comment(body, minutes=minutes, by_worker=by == "worker", author=author))
    ticket = build.ticket(
        summary=draw(st.sampled_from(["Profile", "My profile is not updating", "Help"])),
        description=draw(texts(people)),
        fields=draw(forms(people)),
        comments=tuple(comments),
        opened_at=build.NOW - timedelta(hours=1),
    )
    return Scene(ticket, people)


class _Now:
    def now(self) -> Any:
        return build.NOW


def judged(ticket: Ticket, people: dict[str, InOrg]) -> list[Judged]:
    """Play a ticket as the product does: read it, find whom it is about, and examine each of them."""
    org: Any = Org(people.values())
    reading = read(ticket, WORDS, TODAY)
    found = []
    for facts in People(ticket, reading, org, _Now(), POLICY).subjects(None):
        verdict = examine(facts, None, org, POLICY, Settings.RECENT).verdict
        assert verdict is not None
        found.append(Judged(facts, verdict))
    return found


# -- what is looked up anew, without the product's own mentions


def copy_of(item: Judged, people: dict[str, InOrg]) -> dict[str, Any]:
    return dict(people[item.facts.user.login].copy.profile)


def okta_of(item: Judged) -> dict[str, Any]:
    return dict(item.facts.user.profile)


def holds(item: Judged, value: Any) -> bool:
    """Say whether the subject's words hold a value."""
    text = "\n".join(item.facts.words).casefold()
    return re.search(rf"(?<!\w){re.escape(str(value).casefold())}(?!\w)", text) is not None


def names(item: Judged, attribute: str) -> bool:
    return any(holds(item, name) for name in (*SPOKEN[attribute], attribute))


def states(item: Judged, attribute: str) -> list[str | None]:
    """Return what statements state of an attribute; what stands without an attribute may be of any."""
    known = {name.casefold() for name in (*SPOKEN[attribute], attribute)}
    told = item.facts.request.statements
    return [one.expected for one in told if one.attribute is None or one.attribute.casefold() in known]


def is_explicit(item: Judged, attribute: str) -> bool:
    known = {name.casefold() for name in (*SPOKEN[attribute], attribute)}
    return bool(states(item, attribute)) or any(name.casefold() in known for name in item.facts.request.named)


# -- the properties


@proof
@given(scenes())
def test_nothing_is_resolved_at_once_on_a_guess(scene: Scene) -> None:
    ticket, people = scene
    for item in judged(ticket, people):
        if item.verdict.kind is V.ALREADY_RIGHT:
            stated = [one for one in item.facts.request.statements if one.expected is not None]
            assert stated
            for expectation in item.verdict.expectations:
                assert any(means(value or "", expectation.value) for value in states(item, expectation.attribute))
                assert same(okta_of(item)[expectation.attribute], expectation.value)
        if item.verdict.firm:
            any_value = any(one.expected is not None for one in item.facts.request.statements)
            for expectation in item.verdict.expectations:
                name, value = expectation.attribute, expectation.value
                said = any(one is not None and means(one, value) for one in states(item, name))
                by_form = is_explicit(item, name) and not any_value
                in_words = holds(item, value) and (names(item, name) or holds(item, okta_of(item)[name]))
                assert said or by_form or in_words, expectation


@proof
@given(scenes())
def test_what_is_awaited_is_what_the_sync_brings(scene: Scene) -> None:
    ticket, people = scene
    for item in judged(ticket, people):
        if item.verdict.kind is V.STALE_IN_OKTA:
            for expectation in (*item.verdict.expectations, *item.verdict.carried):
                assert same(copy_of(item, people)[expectation.attribute], expectation.value)


@proof
@given(scenes())
def test_nobody_is_synced_without_drift_that_the_words_ask_about(scene: Scene) -> None:
    ticket, people = scene
    for item in judged(ticket, people):
        if item.verdict.kind is V.STALE_IN_OKTA:
            assert item.verdict.expectations
            for expectation in item.verdict.expectations:
                name = expectation.attribute
                okta, copy = okta_of(item)[name], copy_of(item, people)[name]
                assert not same(okta, copy)
                spoken = names(item, name) or holds(item, okta) or holds(item, copy)
                assert spoken or is_explicit(item, name)


@proof
@given(scenes())
def test_nobody_is_synced_whom_only_a_strangers_words_name(scene: Scene) -> None:
    ticket, people = scene
    own = "\n".join([ticket.description, *ticket.fields.values(), *_own_comments(ticket)]).casefold()
    for item in judged(ticket, people):
        if item.verdict.kind is V.STALE_IN_OKTA:
            login = item.facts.user.login
            assert login == "ada@example.com" or login in own or NAMES[login].casefold() in own


def _own_comments(ticket: Ticket) -> Iterator[str]:
    return (comment.body for comment in ticket.comments if not comment.by_worker and comment.author == build.ADA)


@proof
@given(quiet, orgs())
def test_a_ticket_that_names_nothing_causes_no_run(text: list[str], people: dict[str, InOrg]) -> None:
    found = judged(build.ticket(description="\n".join(text)), people)
    assert not [item for item in found if item.verdict.kind is V.STALE_IN_OKTA]


@proof
@given(scenes(), st.permutations(OTHERS))
def test_other_words_change_neither_who_is_synced_nor_what_is_expected(scene: Scene, others: list[str]) -> None:
    ticket, people = scene
    swapped = dict(zip(FILLERS, others, strict=False))
    pattern = re.compile("|".join(FILLERS))
    text = pattern.sub(lambda match: swapped[match[0]], ticket.description)
    assert _pressed(judged(ticket, people)) == _pressed(judged(ticket.but(description=text), people))


def _pressed(found: list[Judged]) -> list[tuple[str, Any]]:
    return [(one.facts.user.login, one.verdict.expectations) for one in found if one.verdict.kind is V.STALE_IN_OKTA]


def endings() -> Iterator[tuple[str, str]]:
    """Yield what stands below the person's own words in every mail whose own words come first, with its mail's name."""
    for path in sorted(Path(__file__).with_name("mails").glob("*.json")):
        for mail in json.loads(path.read_text(encoding="utf-8")):
            told = mail["text"].split("\n")
            places = [place for place, line in enumerate(told) if line.strip()][: len(mail["own"])]
            if [told[place].strip() for place in places] == mail["own"] and places[-1:] != [len(told) - 1]:
                yield f"{path.stem}: {mail['name']}", "\n".join(told[places[-1] + 1 :] if places else told)


ENDINGS = list(endings())


@st.composite
def pairs_of_texts(draw: st.DrawFn) -> tuple[str, str]:
    people = draw(orgs())
    return draw(texts(people)), draw(texts(people))


@proof
@given(pairs_of_texts(), st.sampled_from(ENDINGS))
def test_what_somebody_else_wrote_states_nothing(told: tuple[str, str], ending: tuple[str, str]) -> None:
    own, other = told
    last = next((line for line in reversed(ending[1].split("\n")) if line.strip()), "")
    marks = re.match(r"\s*[>|\s]*", last)
    mark = marks[0] if marks and ">" in marks[0] else ""
    quoted = "\n".join(f"{mark}{line}" for line in other.split("\n"))
    alone = read(build.ticket(description=f"Hello\n{own}"), WORDS, TODAY)
    both = read(build.ticket(description=f"Hello\n{own}\n\n{ending[1].rstrip()}\n{quoted}"), WORDS, TODAY)
    assert alone.statements == both.statements
    assert alone.users == both.users
    assert alone.named == both.named


def test_the_endings_are_of_many_programs() -> None:
    assert len(ENDINGS) > 150
