"""An intent becomes calls on a Jira issue: which ones, in which order, and which are not needed."""

from __future__ import annotations

from typing import Any

import pytest

from connectors.jira.settings import ProjectSettings, RouteSettings, StatusSettings
from connectors.jira.writing.planning import planned, texts_of
from tests.unit.builders import comment, ticket
from workflows.model import Attachment, File, Intent, Move, Note, Person, PlannedWrite, Route, Text, Ticket

US = Person(id="acc-us")
SOMEBODY = Person(id="acc-somebody")
SUPPORT = ProjectSettings(kind="service_desk", service_desk_id="1")
SOFTWARE = ProjectSettings(kind="software")
INTERNAL = Note(blocks=(Text(text="for agents"),))
PUBLIC = Note(blocks=(Text(text="for the requester"),))
DIAGNOSTICS = File(name="diagnostics.json", content_type="application/json", content=b'{"a": 1}')
CONTEXT = {"project": "SUP", "worker": US.id, "handed_to:": "acc-queue", "category": "new"}


def issue(*, context: dict[str, str] | None = None, **changes: Any) -> Ticket:
    return ticket(**{"status": "Open", "context": CONTEXT | (context or {})} | changes)


def held(*, context: dict[str, str] | None = None, **changes: Any) -> Ticket:
    """Return an issue that is ours and in progress."""
    ours = {"status": "In Progress", "assignee": US, "assigned_to_worker": True}
    return issue(context={"category": "indeterminate"} | (context or {}), **ours | changes)


def plan(on: Ticket, intent: Intent, project: ProjectSettings = SUPPORT, *, attach: bool = True) -> list[PlannedWrite]:
    return list(planned(on, intent, project, attach_diagnostics=attach))


def parts(writes: list[PlannedWrite]) -> list[str]:
    return [write.key.removeprefix("k.") for write in writes]


def test_the_internal_note_goes_up_with_its_file_and_the_status_comes_last() -> None:
    intent = Intent(key="k", move=Move.ESCALATED, internal=INTERNAL, public=PUBLIC, files=(DIAGNOSTICS,))
    writes = plan(held(), intent)
    assert parts(writes) == ["file1", "public", "assignee", "status"]
    assert writes[0].payload["note"] == "for agents"


@pytest.mark.parametrize("project", [SUPPORT, SOFTWARE])
@pytest.mark.parametrize("files", [(), (DIAGNOSTICS,)])
def test_the_orgs_console_stays_a_link_in_a_note(project: ProjectSettings, files: tuple[File, ...]) -> None:
    console = "https://example-admin.okta.com"
    note = Note(blocks=(Text(text=f"{console}/admin/user"),))
    writes = plan(held(), Intent(key="k", internal=note, files=files, console=console), project)
    assert any(f"{console}/admin/user" in text for write in writes for _, text in texts_of(write))


def test_where_no_file_may_go_up_the_note_is_a_comment() -> None:
    intent = Intent(key="k", internal=INTERNAL, files=(DIAGNOSTICS,))
    assert parts(plan(held(), intent, attach=False)) == ["internal"]


def test_in_a_software_project_a_file_follows_its_note() -> None:
    assert parts(plan(held(), Intent(key="k", internal=INTERNAL, files=(DIAGNOSTICS,)), SOFTWARE)) == ["note", "file1"]


def test_where_everybody_reads_all_comments_what_is_only_for_inside_is_left_out() -> None:
    intent = Intent(key="k", move=Move.CLAIMED, internal=INTERNAL, only_inside=True)
    assert parts(plan(issue(), intent, SOFTWARE)) == ["assignee", "status"]
    assert parts(plan(issue(), intent)) == ["internal", "assignee", "status"]


def test_a_service_project_gets_an_internal_and_a_public_comment() -> None:
    writes = plan(held(), Intent(key="k", internal=INTERNAL, public=PUBLIC))
    assert [(write.payload["body"], write.payload["internal"]) for write in writes] == [
        ("for agents", True),
        ("for the requester", False),
    ]


def test_where_comments_are_marked_in_their_text_what_a_requester_reads_is_not() -> None:
    on, intent = held(stamp="2026-03-02T09:00:00+00:00"), Intent(key="k", internal=INTERNAL, public=PUBLIC)
    internal, public = planned(on, intent, SUPPORT, attach_diagnostics=True, marked_in_text=True)
    assert internal.payload["body"] == "for agents\n\nforcesync.write: k.internal"
    assert (public.payload["body"], public.payload["since"]) == ("for the requester", on.stamp)


@pytest.mark.parametrize("move", [Move.ASKED, Move.RESOLVED, Move.UNCONFIRMED, Move.ESCALATED])
def test_a_software_project_gets_one_comment_that_ends_with_what_the_requester_is_told(move: Move) -> None:
    (write, *_) = plan(held(), Intent(key="k", move=move, internal=INTERNAL, public=PUBLIC), SOFTWARE)
    assert (write.key, write.payload) == ("k.note", {"body": "for agents\n\nfor the requester", "internal": None})


def test_a_file_is_kept_from_customers_and_found_by_the_key_in_its_name() -> None:
    (write,) = plan(held(), Intent(key="c/1:end", files=(DIAGNOSTICS,)))
    assert write.operation == "attach_internal"
    assert write.content == DIAGNOSTICS.content
    assert (write.payload["name"], write.payload["service_desk_id"]) == ("forcesync-c-1-end_diagnostics.json", "1")


def test_a_software_project_takes_a_plain_attachment() -> None:
    (write,) = plan(held(), Intent(key="k", files=(DIAGNOSTICS,)), SOFTWARE)
    assert (write.operation, write.payload["service_desk_id"]) == ("attach", None)


def test_no_file_goes_up_where_the_settings_say_so() -> None:
    assert plan(held(), Intent(key="k", files=(DIAGNOSTICS,)), attach=False) == []


def test_what_is_already_there_is_not_written_again() -> None:
    there = held(
        comments=(comment("x", by_worker=True, marker="k.internal"),),
        attachments=(Attachment(id="1", name="forcesync-k_diagnostics.json", size=8),),
    )
    intent = Intent(key="k", move=Move.CLAIMED, internal=INTERNAL, files=(DIAGNOSTICS,))
    assert plan(there, intent) == []


def test_after_a_public_comment_the_status_is_set_again_since_automation_may_change_it() -> None:
    assert parts(plan(held(), Intent(key="k", move=Move.RESUMED, public=PUBLIC))) == ["public", "status"]


@pytest.mark.parametrize(
    ("move", "on", "to"),
    [
        (Move.CLAIMED, issue(), US.id),
        (Move.ASKED, issue(), US.id),
        (Move.RESOLVED, issue(), US.id),
        (Move.UNCONFIRMED, issue(), US.id),
        (Move.ESCALATED, held(), "acc-queue"),
        (Move.ESCALATED, held(context={"handed_to:": ""}), None),
        (Move.ADVISED, held(), None),
        (Move.RELEASED, held(), None),
    ],
)
def test_a_move_hands_the_issue_to(move: Move, on: Ticket, to: str | None) -> None:
    (write,) = (write for write in plan(on, Intent(key="k", move=move)) if write.operation == "assign")
    before = on.assignee.id if on.assignee else None
    assert write.payload == {"to": to, "instead_of": before, "worker": US.id}


def test_a_hand_over_uses_the_routes_assignee_and_status() -> None:
    routes = {Route.OKTA_SUPPORT: RouteSettings(assignee="okta@example.com", status="Pending")}
    project = SUPPORT.model_copy(update={"routes": routes})
    on = held(context={"handed_to:okta_support": "acc-okta"})
    intent = Intent(key="k", move=Move.ESCALATED, route=Route.OKTA_SUPPORT)
    assigned, moved = plan(on, intent, project)
    assert ("acc-okta", ["Pending"], True) == (
        assigned.payload["to"],
        moved.payload["names"],
        moved.payload["required"],
    )


def test_a_hand_over_sets_the_routes_priority_before_the_assignee() -> None:
    project = SUPPORT.model_copy(update={"routes": {Route.DIRECTORY_TEAM: RouteSettings(priority="High")}})
    writes = plan(held(), Intent(key="k", move=Move.ESCALATED, route=Route.DIRECTORY_TEAM), project)
    assert ["priority", "assignee", "status"] == parts(writes)
    assert {"name": "High"} == writes[0].payload
    assert ["assignee", "status"] == parts(plan(held(), Intent(key="k", move=Move.ESCALATED), project))


def test_a_route_that_the_settings_do_not_name_uses_the_default() -> None:
    assigned, moved = plan(held(), Intent(key="k", move=Move.ESCALATED, route=Route.SERVICE_DESK))
    assert ("acc-queue", ["Escalated"]) == (assigned.payload["to"], moved.payload["names"])


@pytest.mark.parametrize("move", [Move.ASKED, Move.RESUMED, Move.RESOLVED])
def test_other_moves_leave_the_assignee(move: Move) -> None:
    assert "assignee" not in parts(plan(held(), Intent(key="k", move=move)))


def test_letting_go_does_not_touch_what_a_person_holds() -> None:
    taken = held(assignee=SOMEBODY, assigned_to_worker=False)
    assert plan(taken, Intent(key="k", move=Move.RELEASED)) == []


@pytest.mark.parametrize(
    ("move", "names", "required"),
    [
        (Move.CLAIMED, ["In Progress", "Work in progress"], False),
        (Move.ASKED, ["Waiting for customer"], False),
        (Move.ESCALATED, ["Escalated"], False),
        (Move.RESOLVED, ["Resolved", "Done"], True),
    ],
)
def test_a_move_goes_to_the_templates_status_unless_the_settings_name_one(
    move: Move, names: list[str], required: bool
) -> None:
    (write,) = (write for write in plan(issue(), Intent(key="k", move=move)) if write.operation == "transition")
    assert (write.payload["names"], write.payload["required"]) == (names, required)
    named = ProjectSettings(service_desk_id="1", statuses=StatusSettings(**{move.value: "Bei der Fachabteilung"}))
    (write,) = (write for write in plan(issue(), Intent(key="k", move=move), named) if write.operation == "transition")
    assert (write.payload["names"], write.payload["required"]) == (["Bei der Fachabteilung"], True)


def test_only_a_resolution_asks_for_a_resolution() -> None:
    asked = {
        move: write.payload["resolution"]
        for move in Move
        for write in plan(issue(), Intent(key="k", move=move))
        if write.operation == "transition"
    }
    assert {move: name for move, name in asked.items() if name} == {Move.RESOLVED: "Done", Move.UNCONFIRMED: "Done"}


def test_what_nobody_confirmed_may_have_a_resolution_of_its_own_and_keeps_the_status() -> None:
    project = ProjectSettings(unconfirmed_resolution="Unconfirmed", statuses=StatusSettings(resolved="Closed"))
    (write,) = plan(held(), Intent(key="k", move=Move.UNCONFIRMED), project)
    assert (["Closed"], "Unconfirmed") == (write.payload["names"], write.payload["resolution"])


def test_the_same_input_gives_the_same_plan() -> None:
    intent = Intent(key="k", move=Move.ESCALATED, internal=INTERNAL, public=PUBLIC, files=(DIAGNOSTICS,))
    assert plan(held(), intent) == plan(held(), intent)


@pytest.mark.parametrize(("internal", "seen_by"), [(True, "internal"), (False, "public"), (None, "seen by everybody")])
def test_the_text_of_a_comment_is_told_with_who_sees_it(internal: bool | None, seen_by: str) -> None:
    payload = {"body": "*Done*", "internal": internal}
    assert ((seen_by, "*Done*"),) == texts_of(PlannedWrite(key="k.internal", operation="comment", payload=payload))


def test_a_transition_has_no_text() -> None:
    assert () == texts_of(PlannedWrite(key="k.status", operation="transition", payload={}))


def test_the_texts_of_a_note_that_goes_up_with_a_file_or_proves_the_others_are_read_too() -> None:
    intent = Intent(key="k", internal=Note(blocks=(Text(text="Read this"),)), files=(DIAGNOSTICS,))
    writes = list(planned(ticket(stamp="2026-03-02"), intent, SUPPORT, attach_diagnostics=True))
    assert "proof" in writes[-1].payload
    assert [("internal", "Read this")] == [text for write in writes for text in texts_of(write)]
