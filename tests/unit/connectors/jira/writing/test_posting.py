"""Comments and files have an explicit visibility, are verified, deleted if stored wrongly, and never sent twice."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import version
from typing import Any

import pytest
from structlog.testing import capture_logs

from tests.unit.builders import NOW
from tests.unit.jira_site import REF, Reply, Site, attachment, desk, serving
from workflows.errors import Refused, Uncertain
from workflows.model import PlannedWrite


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as site:
        yield site


def comment(*, internal: bool | None = True) -> PlannedWrite:
    return PlannedWrite(key="c1.internal", operation="comment", payload={"body": "hello", "internal": internal})


def stored(*, public: bool | None, **changes: Any) -> dict[str, Any]:
    marked = [{"key": "forcesync.write", "value": {"key": "c1.internal"}}]
    return {"id": "501", "body": "hello", "jsdPublic": public, "properties": marked} | changes


# comments


def test_a_comment_states_its_visibility_and_carries_its_marker(site: Site) -> None:
    site.on("POST /issue/10017/comment", Reply(stored(public=False), 201))
    receipt = desk(site).deliver(REF, comment())
    assert (receipt.id, receipt.at, receipt.request_id) == ("501", NOW, "req-1")
    assert site.asked[-1].json["properties"] == [
        {"key": "forcesync.write", "value": {"key": "c1.internal"}},
        {"key": "sd.public.comment", "value": {"internal": True}},
    ]


@pytest.mark.parametrize("seen", [True, None])
def test_an_internal_comment_that_customers_would_see_is_deleted_and_reported(site: Site, seen: bool | None) -> None:
    site.on("POST /issue/10017/comment", Reply(stored(public=seen), 201))
    site.on("DELETE /issue/10017/comment/501", Reply(status=204))
    with pytest.raises(Refused, match=r"ALARM.*it was deleted again"):
        desk(site).deliver(REF, comment())
    assert site.calls()[-1] == "DELETE /issue/10017/comment/501"


def test_a_comment_that_cannot_be_deleted_is_reported_with_its_path(site: Site) -> None:
    site.on("POST /issue/10017/comment", Reply(stored(public=True), 201))
    site.on("DELETE /issue/10017/comment/501", Reply({"errorMessages": ["no permission"]}, 403))
    with pytest.raises(Refused, match=r"could NOT be deleted.*comment/501"):
        desk(site).deliver(REF, comment())


def test_a_marker_that_the_answer_does_not_show_is_looked_up(site: Site) -> None:
    site.on("POST /issue/10017/comment", Reply(stored(public=False, properties=[]), 201))
    site.on("GET /comment/501/properties/forcesync.write", Reply({"key": "k", "value": {"key": "c1.internal"}}))
    assert desk(site).deliver(REF, comment()).id == "501"


def test_a_comment_that_lacks_its_marker_at_both_looks_is_deleted(site: Site) -> None:
    site.on("POST /issue/10017/comment", Reply(stored(public=False, properties=[]), 201))
    site.on("DELETE /issue/10017/comment/501", Reply(status=204))
    with pytest.raises(Refused, match="did not store the comment's property"):
        desk(site).deliver(REF, comment())
    assert site.calls().count("GET /comment/501/properties/forcesync.write") == 2


def test_one_stray_refusal_of_a_marker_deletes_no_comment(site: Site) -> None:
    site.on("POST /issue/10017/comment", Reply(stored(public=False, properties=[]), 201))
    held = Reply({"key": "k", "value": {"key": "c1.internal"}})
    stray = Reply({"errorMessages": ["No comment property found."]}, 404)
    site.on("GET /comment/501/properties/forcesync.write", stray, held)
    assert desk(site).deliver(REF, comment()).id == "501"
    assert not [call for call in site.calls() if call.startswith("DELETE")]


@pytest.mark.parametrize(
    "reply",
    [
        Reply(drop=True),
        Reply(status=502),
        Reply("<html>proxy</html>", 200, content_type="text/html"),
        Reply('{"id": "50', 201),
    ],
)
def test_a_comment_whose_answer_is_lost_is_uncertain_and_sent_once(site: Site, reply: Reply) -> None:
    site.on("POST /issue/10017/comment", reply)
    with pytest.raises(Uncertain):
        desk(site).deliver(REF, comment())
    assert site.calls().count("POST /issue/10017/comment") == 1


def test_a_comment_is_found_by_its_marker_on_any_page_and_only_if_it_is_ours(site: Site) -> None:
    def written(by: str, number: int) -> dict[str, Any]:
        return stored(public=False, id=str(number), author={"accountId": by})

    pages = [
        Reply({"comments": [written(by, at)], "total": 2}) for by, at in (("712020:mallory", 601), ("712020:us", 501))
    ]
    site.on("GET /issue/10017/comment", *pages)
    found = desk(site).find(REF, comment())
    assert found
    assert found.id == "501"
    site.on("GET /issue/10017/comment", *pages)
    other = comment().model_copy(update={"key": "c1.other"})
    assert desk(site).find(REF, other) is None


def test_a_comment_without_a_marker_is_found_by_its_words_since_it_was_planned(site: Site) -> None:
    def written(number: int, at: str) -> dict[str, Any]:
        shown = stored(public=True, id=str(number), author={"accountId": "712020:us"}) | {"body": "It is  right.\r\n"}
        return {**shown, "created": at, "properties": []}

    write = comment()
    payload = {"body": "It is right.", "internal": False, "since": "2026-03-02T09:00:00+00:00"}
    write = write.model_copy(update={"key": "c1.1.resolved.public", "payload": payload})
    before, after = written(501, "2026-03-01T09:00:00.000+0000"), written(502, "2026-03-02T09:00:01.000+0000")
    site.on("GET /issue/10017/comment", Reply({"comments": [before], "total": 1}))
    assert desk(site).find(REF, write) is None
    site.on("GET /issue/10017/comment", Reply({"comments": [after, before], "total": 2}))
    found = desk(site).find(REF, write)
    assert found
    assert found.id == "502"


# files


def listed(*names: str) -> Reply:
    files = [{"id": str(number), "filename": name, "size": 2} for number, name in enumerate(names, start=70)]
    return Reply({"id": "10017", "fields": {"attachment": files}})


def test_a_file_goes_up_by_the_librarys_upload_and_is_verified(site: Site) -> None:
    site.on("POST /issue/10017/attachments", Reply([{"id": "70", "filename": "d.json", "size": 2}]))
    site.on("GET /issue/10017", listed("d.json"))
    assert desk(site).deliver(REF, attachment(service_desk_id=None)).id == "70"
    upload = next(asked for asked in site.asked if asked.method == "POST")
    assert upload.headers["X-Atlassian-Token"] == "no-check"
    assert b'name="file"; filename="d.json"' in upload.content


def test_an_upload_whose_answer_is_lost_is_uncertain_and_sent_once(site: Site) -> None:
    site.on("POST /issue/10017/attachments", Reply(drop=True))
    with pytest.raises(Uncertain):
        desk(site).deliver(REF, attachment(service_desk_id=None))
    assert site.calls().count("POST /issue/10017/attachments") == 1


@pytest.mark.parametrize(("public", "kept"), [(False, True), (True, False)])
def test_an_internal_file_is_kept_only_if_jira_confirms_that_it_is_internal(
    site: Site, public: bool, kept: bool
) -> None:
    temporary = {"temporaryAttachments": [{"temporaryAttachmentId": "temp1", "fileName": "d.json"}]}
    site.on("POST /rest/servicedeskapi/servicedesk/1/attachTemporaryFile", Reply(temporary, 201))
    shown = {"id": "600", "public": public, "body": "For agents.\n\n[^d.json]"}
    site.on("POST /rest/servicedeskapi/request/10017/attachment", Reply({"comment": shown}, 201))
    site.on("DELETE /attachment/70", Reply(status=204))
    site.on("DELETE /issue/10017/comment/600", Reply(status=204))
    site.on("GET /issue/10017", listed("d.json"))
    if kept:
        assert desk(site).deliver(REF, attachment(service_desk_id="1")).id == "70"
    else:
        with pytest.raises(Refused, match="ALARM"):
            desk(site).deliver(REF, attachment(service_desk_id="1"))
    gone = {"DELETE /attachment/70", "DELETE /issue/10017/comment/600"}
    assert (gone & set(site.calls())) == (set() if kept else gone)


@pytest.mark.parametrize("left", [True, False])
def test_a_file_that_jira_keeps_without_its_note_is_deleted_and_so_is_the_comment_that_lists_it(
    site: Site, left: bool
) -> None:
    write = attachment(service_desk_id="1")
    write = write.model_copy(update={"payload": write.payload | {"note": "For agents."}})
    temporary = {"temporaryAttachments": [{"temporaryAttachmentId": "temp1", "fileName": "d.json"}]}
    site.on("POST /rest/servicedeskapi/servicedesk/1/attachTemporaryFile", Reply(temporary, 201))
    shown = {"id": "600", "public": False, "body": "[^d.json]"}
    site.on("POST /rest/servicedeskapi/request/10017/attachment", Reply({"comment": shown}, 201))
    site.on("GET /issue/10017", listed("d.json"))
    kept = Reply({"errorMessages": ["no permission"]}, 403)
    site.on("DELETE /issue/10017/comment/600", kept if left else Reply(status=204))
    site.on("DELETE /attachment/70", Reply(status=204))
    said = r"NOT be deleted again and is still there as issue/10017/comment/600" if left else "it was deleted again"
    with pytest.raises(Refused, match=f"ALARM: Jira attached the file without its note.*{said}"):
        desk(site).deliver(REF, write)
    assert site.calls()[-2:] == ["DELETE /issue/10017/comment/600", "DELETE /attachment/70"]


def test_a_file_goes_up_with_its_note(site: Site) -> None:
    write = attachment(service_desk_id="1")
    write = write.model_copy(update={"payload": write.payload | {"note": "For agents."}})
    temporary = {"temporaryAttachments": [{"temporaryAttachmentId": "temp1", "fileName": "d.json"}]}
    site.on("POST /rest/servicedeskapi/servicedesk/1/attachTemporaryFile", Reply(temporary, 201))
    shown = {"public": False, "body": "For agents.\n\n[^d.json]"}
    site.on("POST /rest/servicedeskapi/request/10017/attachment", Reply({"comment": shown}, 201))
    site.on("GET /issue/10017", listed("d.json"))
    desk(site).deliver(REF, write)
    sent = next(asked for asked in site.asked if asked.path.endswith("/attachment"))
    assert sent.json["additionalComment"] == {"body": "For agents."}


def test_a_file_is_found_by_name_and_size(site: Site) -> None:
    site.on("GET /issue/10017", listed("other.json", "d.json"))
    found = desk(site).find(REF, attachment(service_desk_id="1"))
    assert found
    assert found.id == "71"


# what Atlassian's description does not name


def test_a_marker_is_read_by_its_own_call_where_the_list_of_comments_has_no_properties(site: Site) -> None:
    def written(by: str, number: int) -> dict[str, Any]:
        return {"id": str(number), "body": "hello", "author": {"accountId": by}}

    two = [written("712020:us", 601), written("712020:us", 501), written("712020:mallory", 401)]
    site.on("GET /issue/10017/comment", Reply({"comments": two, "total": 3}))
    for number in (501, 601, 401):
        marked = {"key": "forcesync.write", "value": {"key": "c1.internal"}}
        site.on(f"GET /comment/{number}/properties/forcesync.write", Reply(marked))
    site.on("DELETE /issue/10017/comment/601", Reply(status=204))
    found = desk(site).find(REF, comment())
    assert found
    assert found.id == "601"
    copies = desk(site).take_back_copies(REF, comment())
    assert (copies.found, copies.removed) == (1, 1)
    assert "GET /comment/401/properties/forcesync.write" not in site.calls()


def test_comments_that_never_come_are_warned_of_once(site: Site) -> None:
    site.on("GET /issue/10017/comment", Reply({"comments": [], "total": 3}))
    made = desk(site)
    with capture_logs() as lines:
        assert [made.find(REF, comment()) for _ in range(2)] == [None, None]
    (said,) = [line for line in lines if line["event"] == "a list came short"]
    assert said["text"].startswith("of 3 rows of comments, 0 came")


def test_every_call_names_the_program_and_its_version(site: Site) -> None:
    site.on("POST /issue/10017/attachments", Reply([{"id": "70", "filename": "d.json", "size": 2}]))
    site.on("GET /issue/10017", listed("d.json"))
    desk(site).deliver(REF, attachment(service_desk_id=None))
    assert {asked.headers["User-Agent"] for asked in site.asked} == {f"forcesync/{version('forcesync')}"}
    assert len(site.asked) > 1
