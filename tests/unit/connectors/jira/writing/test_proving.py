"""One reading after an intent's last write shows what became of all of them, and whether anybody else wrote."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.unit.connectors.jira.issues import issue, status, user
from tests.unit.jira_site import REF, Reply, Site, desk, serving
from workflows.errors import Refused, Uncertain
from workflows.model import PlannedWrite

SINCE, AFTER = "2026-03-02T10:30:00.000+00:00", "2026-03-02T11:31:00.000+0100"  # of one zone and of another
STAMP = "2026-03-02T10:31:00.000+00:00"
US, ADA = user("us"), user("ada")


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as site:
        yield site


def entry(by: dict[str, Any], at: str = AFTER, **item: Any) -> dict[str, Any]:
    return {"author": by, "created": at, "items": [{"field": "status"} | item]}


def said(by: dict[str, Any], at: str = AFTER) -> dict[str, Any]:
    return {"id": "1", "author": by, "updateAuthor": by, "created": at, "updated": at}


def shown(
    *histories: dict[str, Any], comments: tuple[dict[str, Any], ...] = (), updated: str = AFTER, **fields: Any
) -> Reply:
    listed = {"comments": list(comments), "total": len(comments)}
    after = {"status": status("In Progress", "indeterminate"), "assignee": US, "updated": updated, "comment": listed}
    return Reply(issue(list(histories), **after | fields))


def claim(site: Site, after: Reply) -> PlannedWrite:
    """Offer the last write of a claim, after which the issue shows itself like this."""
    way = {"id": "5", "to": status("In Progress", "indeterminate")}
    site.on("GET /issue/10017", Reply(issue() | {"transitions": [way]}), after)
    site.on("POST /issue/10017/transitions", Reply(status=204))
    payload = {"names": ["In Progress"], "proof": {"since": SINCE, "claimed": True}}
    return PlannedWrite(key="c1.status", operation="transition", payload=payload)


def test_the_stamp_is_told_where_all_that_happened_is_ours(site: Site) -> None:
    before = entry(ADA, "2026-03-02T11:30:00.000+0100")
    write = claim(site, shown(entry(US), before, comments=(said(US), said(ADA, "2026-03-01T00:00:00.000+0000"))))
    receipt = desk(site).deliver(REF, write)
    assert (receipt.stamp, receipt.holder, receipt.warning) == (STAMP, None, None)


@pytest.mark.parametrize(
    "after",
    [
        shown(entry(US), entry(ADA)),
        shown(entry(US), comments=(said(ADA),)),
        shown(entry(US), comments=(said(ADA) | {"author": US},)),  # edited by somebody else
        shown(entry(US), {"created": AFTER}),  # an automation without an account
        shown(entry(US), updated="2026-03-02T11:33:00.000+0100"),  # changed by what is not shown
        shown(entry(US), comment={"comments": [], "total": 1}),
        shown(entry(US), comment=None),
        shown(entry(US, at="soon")),
    ],
)
def test_the_stamp_is_left_open_where_that_is_not_shown(site: Site, after: Reply) -> None:
    assert desk(site).deliver(REF, claim(site, after)).stamp is None


def test_a_cut_changelog_proves_nothing(site: Site) -> None:
    cut = shown(entry(US))
    cut.body["changelog"]["total"] = 2
    assert desk(site).deliver(REF, claim(site, cut)).stamp is None


def test_whoever_took_the_issue_while_it_was_claimed_gets_it_back(site: Site) -> None:
    ours = {"field": "assignee", "from": ADA["accountId"], "to": US["accountId"]}
    write = claim(site, shown(entry(US, **ours), entry(ADA, field="assignee", to=ADA["accountId"])))
    site.on("PUT /issue/10017/assignee", Reply(status=204))
    with pytest.raises(Refused, match="a person has taken"):
        desk(site).deliver(REF, write)
    assert site.asked[-1].json == {"accountId": ADA["accountId"]}


def test_whoever_took_it_gets_it_back_although_the_last_write_is_refused(site: Site) -> None:
    ours = {"field": "assignee", "from": ADA["accountId"], "to": US["accountId"]}
    write = claim(site, shown(entry(US, **ours), entry(ADA, field="assignee", to=ADA["accountId"])))
    site.on("POST /issue/10017/transitions", Reply({"errorMessages": ["It is not valid."]}, 400))
    site.on("PUT /issue/10017/assignee", Reply(status=204))
    with pytest.raises(Refused, match="a person has taken"):
        desk(site).deliver(REF, write)
    assert site.asked[-1].json == {"accountId": ADA["accountId"]}


@pytest.mark.parametrize("assignee", [US, ADA, None])
def test_a_refused_last_write_is_told_in_jiras_words_where_nobody_was_displaced(site: Site, assignee: Any) -> None:
    write = claim(site, shown(entry(US, field="assignee", to=US["accountId"]), assignee=assignee))
    site.on("POST /issue/10017/transitions", Reply({"errorMessages": ["It is not valid."]}, 400))
    with pytest.raises(Refused, match="It is not valid"):
        desk(site).deliver(REF, write)
    assert "PUT /issue/10017/assignee" not in site.calls()


@pytest.mark.parametrize("holder", [None, ADA])
def test_an_assignment_that_a_rule_undid_is_told(site: Site, holder: dict[str, Any] | None) -> None:
    receipt = desk(site).deliver(REF, claim(site, shown(entry(US), assignee=holder)))
    assert receipt.holder == (holder or {"accountId": ""})["accountId"]
    assert "exempt the account" in str(receipt.warning)


def test_a_reading_that_fails_leaves_open_what_became_of_the_write(site: Site) -> None:
    with pytest.raises(Uncertain, match="could not be verified"):
        desk(site).deliver(REF, claim(site, Reply(status=503)))
