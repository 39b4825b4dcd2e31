"""Whom a text names is decided by one rule: ASCII's case is ignored, and nothing else."""

from __future__ import annotations

import pytest

from tests.unit.builders import okta_user
from workflows.model import Group, NameKind, folded

LOOK_ALIKE = [("strasse@x.com", "straße@x.com"), ("kofi@x.com", "\u212aofi@x.com"), ("sven@x.com", "\u017fven@x.com")]


@pytest.mark.parametrize(("one", "other"), [*LOOK_ALIKE, ("adé@x.com", "ADÉ@x.com"), ("a@x.com", "ａ@x.com")])
def test_only_the_case_of_ascii_is_ignored(one: str, other: str) -> None:
    assert folded(one) != folded(other)
    assert folded(one) == folded(f" {one.upper() if one.isascii() else one} ")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("ADA@example.com", NameKind.LOGIN),
        ("4711", NameKind.NUMBER),
        ("ada.byron@example.com", NameKind.EMAIL),
        ("home@example.net", NameKind.SECOND_EMAIL),
        ("ada", NameKind.SHORT),
        ("ad", None),
        ("", None),
        (" ", None),
        (None, None),
        ("None", None),
    ],
)
def test_a_user_is_known_by_filled_names_only(text: str | None, kind: NameKind | None) -> None:
    profile = {"email": "ada.byron@example.com", "secondEmail": "home@example.net", "employeeNumber": "4711"}
    assert okta_user(profile).name_kind(text) is kind
    assert okta_user({"employeeNumber": None, "secondEmail": ""}).name_kind("None") is None


def test_a_group_whose_name_looks_alike_is_another_group() -> None:
    group = Group(id="00g1", name="Strasse Approvers")
    assert group.is_named("STRASSE approvers")
    assert not group.is_named("Straße Approvers")
