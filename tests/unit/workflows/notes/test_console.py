"""Addresses of the Admin Console, where the org's own address tells them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit import builders as build
from tests.unit.workflows.notes.judged_cases import OPEN, stale_copy
from workflows.notes.audience import Sight
from workflows.notes.console import named, profile_page, user_page


@pytest.mark.parametrize(
    ("url", "page"),
    [
        ("https://example.okta.com", "https://example-admin.okta.com/admin/user/profile/view/00u1"),
        ("https://example.oktapreview.com", "https://example-admin.oktapreview.com/admin/user/profile/view/00u1"),
        ("https://login.example.com", ""),
    ],
)
def test_the_page_is_on_the_admin_host_where_that_is_known(url: str, page: str) -> None:
    assert page == profile_page("00u1", url)


def test_where_it_is_withheld_who_somebody_is_no_id_tells_it() -> None:
    verdict, reader = stale_copy().subjects[0].verdict, build.reader(OPEN)
    assert verdict is not None
    assert named(verdict, reader) != "the user"
    assert "the user" == named(verdict, replace(reader, sight=Sight.STRANGERS))


@pytest.mark.parametrize("sight", Sight)
def test_the_users_page_is_linked_wherever_a_note_names_it_but_where_it_would_tell_who_it_is(sight: Sight) -> None:
    verdict, reader = stale_copy().subjects[0].verdict, build.reader(OPEN)
    assert verdict is not None
    linked = replace(reader, sight=sight, org_url="https://example.okta.com")
    assert (sight is not Sight.STRANGERS) == ("/admin/user/profile/view/00u1" in user_page(verdict, linked))
    assert "Directory > People > ada@example.com" in user_page(verdict, reader)
