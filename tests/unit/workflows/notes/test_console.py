"""Addresses of the Admin Console, where the org's own address tells them."""

from __future__ import annotations

import pytest

from workflows.notes.console import profile_page


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
