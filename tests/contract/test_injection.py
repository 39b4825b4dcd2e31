"""Hostile text stays text: whatever a stranger writes has no effect on a desk."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial

import pytest

from tests.contract.hostile import FILE_NAMES, HOSTILE, PATHS
from tests.contract.places import Place, Stage
from workflows.errors import FarSideError
from workflows.model import Bullets, File, Heading, Move, Note, Table, Text

# What a product acts on in a comment: ServiceNow's journal markup, and Jira's markup unless escaped by a backslash.
ACTIVE = {
    "servicenow": re.compile(r"(?i)\[/?code\]"),
    "jira": re.compile(
        r"(?i)(?<!\\)\{(?:code|noformat|html)|(?<!\\)\[(?:~|\^|[^\]\\]*\|)|(?<!\\)!https?:|^h1\.|^bq\.|^----"
    ),
}


def everything(texts: Sequence[str]) -> Note:
    """Return a note with every text in each of its parts."""
    return Note(
        blocks=(
            Heading(text="What strangers say"),
            *(Heading(text=text) for text in texts),
            *(Text(text=text) for text in texts),
            Bullets(items=tuple(texts)),
            Table(header=("attribute", "value"), rows=tuple((text, text) for text in texts)),
        )
    )


def test_a_hostile_ticket_is_read_as_it_was_written(world: Stage, place: Place) -> None:
    desk = world.desk(place)
    refs = {world.file(place, summary=f"S {text}", description=text): text for text in HOSTILE if "\x00" not in text}
    assert {ref.id for ref in refs} <= {sighting.ref.id for sighting in desk.tagged()}
    for ref, text in refs.items():
        assert desk.read(ref).description.split() == text.split()


def test_hostile_notes_stay_text(world: Stage, place: Place) -> None:
    desk = world.desk(place)
    ref = world.file(place)
    before = {name: value for name, value in world.shown(place, ref).items() if name not in {"comments", "history"}}
    writes = world.plan(desk, ref, None, internal=everything(HOSTILE))
    for write in writes:
        desk.deliver(ref, write)
        assert desk.find(ref, write) is not None
    after = world.shown(place, ref)
    assert {name: after[name] for name in before} == before
    (comment,) = after["comments"]
    lines = comment["body"].splitlines()
    assert len(lines) > len(HOSTILE) * 4
    assert not [line for line in lines if ACTIVE[place.product].search(line)]


def test_a_hostile_file_name_names_a_file_on_this_ticket_only(world: Stage, place: Place) -> None:
    desk = world.desk(place)
    ref, other = world.file(place), world.file(place)
    for name in FILE_NAMES:
        file = File(name=name, content_type="application/json", content=name.encode())
        for write in world.plan(desk, ref, None, files=(file,)):
            desk.deliver(ref, write)
            assert desk.find(ref, write) is not None
    names = [file["name"] for file in world.shown(place, ref)["attachments"]]
    assert len(names) == len(FILE_NAMES)
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+", name) for name in names)
    assert world.shown(place, other)["attachments"] == []


def test_only_an_id_of_a_ticket_gets_into_a_path(world: Stage, place: Place) -> None:
    desk, ref = world.desk(place), world.file(place)
    write = world.plan(desk, ref, Move.CLAIMED, internal=everything(["x"]))[0]
    before = world.calls(place.product)
    for id in (*PATHS, "", "1 2", "incident/../x", f"incident/{'0' * 31}^", "sys_user/" + "0" * 32):
        wrong = ref.model_copy(update={"id": id})
        calls = (partial(desk.read, wrong), partial(desk.deliver, wrong, write), partial(desk.find, wrong, write))
        for call in calls:
            with pytest.raises(FarSideError):
                call()
    assert world.calls(place.product) == before


def test_a_hostile_identifier_finds_nobody_in_okta(cloud: Stage) -> None:
    sandbox = cloud.sandbox
    org = cloud.org()
    for text in (*HOSTILE, 'x" or profile.login pr or profile.login eq "x', "*", "%", "me"):
        assert org.find_users(text) == ()
        assert org.holders("login", text) == org.holders(text, "x") == ()
    assert org.find_users(sandbox.world.members[0].login)
