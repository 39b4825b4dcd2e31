"""What a Force Sync would do to one profile, and what of it needs a person's approval."""

from __future__ import annotations

import pytest

from tests.unit import builders as build
from workflows.model import AttributeRule, MappingRule, Member, MemberPage, Policy, Radius, Reason, Scan
from workflows.model import ReasonKind as R
from workflows.sync.reach import Foreseen, above_thresholds, fold, foreseen, radius

COPY = build.app_user({"department": "Finance"})
USER = build.okta_user()
MAPPED = build.mapping(department=MappingRule(attribute="department", expression="appuser.department"))


def seen(name: str, expression: str, *, on_update: bool = True, schema: AttributeRule | None = None) -> Foreseen:
    mapping = build.mapping(**{name: MappingRule(attribute=name, expression=expression, on_update=on_update)})
    return foreseen(COPY, USER, mapping, {schema.attribute: schema} if schema else {})


def looked_at(*found: Foreseen | None) -> Radius:
    page = MemberPage(members=tuple(Member(copy_in_directory=COPY, user=USER) for _ in found))
    return radius(fold(Scan(begun_at=build.NOW), page, found), build.NOW)


def why(found: Radius, **policy: object) -> Reason | None:
    return above_thresholds(found, Policy().model_copy(update=policy))


@pytest.mark.parametrize(
    "expression",
    [
        'String.toLowerCase(appuser.mail) + "@x.example"',
        "appuser.mail == null ? appuser.userName : appuser.mail",
        '"constant@example.com"',
        "user.login",
        'getManagerUser("active_directory").login',
        "",
    ],
)
def test_whatever_is_no_identity_may_change(expression: str) -> None:
    one = seen("login", expression)
    assert {"login": expression, "displayName": build.EXPRESSIONS["displayName"]} == one.unpredictable
    reason = why(looked_at(one, one, Foreseen()))
    assert reason is not None
    assert (R.MAY_TOUCH, {"names": "login", "users": "2 users"}) == (reason.kind, dict(reason.words))


def test_an_identity_is_predicted_and_needs_approval_only_where_it_changes_something() -> None:
    same = seen("email", "appuser.mail")
    assert ["department"] == [item.attribute for item, _ in same.changes]
    assert why(looked_at(same)) is None
    reason = why(looked_at(seen("email", "appuser.department")))
    assert reason is not None
    assert reason.kind is R.TOUCHES


@pytest.mark.parametrize(
    "untouched",
    [
        seen("login", '"x"', on_update=False),
        seen("login", '"x"', schema=build.source("login", "OKTA")),
        seen("login", '"x"', schema=build.source("login", "OVERRIDE", "0oa9")),
    ],
    ids=["on creation only", "Okta's own", "another application's"],
)
def test_what_the_directory_does_not_write_on_an_update_does_not_change(untouched: Foreseen) -> None:
    assert "login" not in untouched.unpredictable
    assert why(looked_at(untouched)) is None


@pytest.mark.parametrize(
    ("expression", "emptied"),
    [
        ('appuser.city + ""', {"city": 1}),
        ('String.toUpperCase(appuser.city) + " " + appuser.region', {"city": 1}),
        ("appuser.city == null ? user.city : appuser.city", {}),
        ('appuser.city + " office"', {}),
        ('appuser.city + " " + appuser.department', {}),
        ('getManagerUser("active_directory").city', {}),
    ],
)
def test_an_expression_that_has_nothing_to_fill_a_value_with_counts_as_emptying_it(
    expression: str, emptied: dict[str, int]
) -> None:
    mapped, held = build.mapping(city=MappingRule(attribute="city", expression=expression)), {"city": "Porto"}
    found = looked_at(foreseen(COPY, build.okta_user(held), mapped, {}))
    assert emptied == found.emptied
    assert {} == looked_at(foreseen(COPY, build.okta_user({"city": ""}), mapped, {})).emptied
    if emptied:
        assert why(found) == Reason.of(R.EMPTIES, names="city", count=1)
        others = looked_at(foreseen(COPY, build.okta_user(held).but(id="00u2"), mapped, {}))
        assert found.digest != others.digest, "an approval is for these users"


def test_what_would_be_emptied_is_counted_by_attribute_and_always_needs_approval() -> None:
    emptied = foreseen(build.app_user({"department": ""}), build.okta_user({"department": "Sales"}), MAPPED, {})
    never_filled = foreseen(build.app_user({"department": ""}), build.okta_user({"department": None}), MAPPED, {})
    found = looked_at(emptied, emptied, never_filled)
    assert (found.changed, found.emptied) == (2, {"department": 2})
    assert why(found) == Reason.of(R.EMPTIES, names="department", count=2)
    assert why(looked_at(never_filled)) is None


def test_the_settings_say_which_attributes_need_approval() -> None:
    found = looked_at(seen("title", '"x"'))
    assert why(found) is None
    assert why(found, approve_attributes=frozenset({"title"})) is not None
    assert why(found, approve_attributes=frozenset()) is None


def test_a_member_who_cannot_be_read_may_change() -> None:
    reason = why(looked_at(Foreseen(), None))
    assert reason is not None
    assert (R.MEMBERS_UNREAD, {"users": "1 user"}) == (reason.kind, dict(reason.words))


def test_the_digest_is_of_the_expressions_and_not_of_how_many_they_concern() -> None:
    one, other = seen("login", '"x"'), seen("login", '"y"')
    once = looked_at(one)
    assert once.digest == radius(fold(Scan(begun_at=build.NOW), MemberPage(members=()), [one]), build.NOW).digest
    assert once.digest != looked_at(other).digest
    assert once.digest != looked_at(seen("title", "appuser.title")).digest
    quiet = Foreseen(unpredictable={"login": '"x"'})
    assert looked_at(quiet).digest == looked_at(quiet, quiet).digest
