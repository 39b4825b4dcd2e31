"""The precheck as a table: one row a verdict, and the borders between them."""

from __future__ import annotations

from datetime import timedelta, timezone
from typing import Any

import pytest

from tests.unit import builders as build
from workflows.model import (
    AttributeRule,
    Basis,
    DirectoryRef,
    Expectation,
    MappingRule,
    OktaUser,
    Reading,
    Request,
    Statement,
    Verdict,
)
from workflows.model import ReasonKind as R
from workflows.model import VerdictKind as V
from workflows.notes.reasons import sentence
from workflows.precheck.expectations import still_helps
from workflows.precheck.facts import Facts, Imports
from workflows.precheck.import_causes import REFRESH_FAILED
from workflows.precheck.schema_refusal import FAILED, UPDATED
from workflows.precheck.table import TABLE, judge
from workflows.reading.request import read
from workflows.reading.vocabulary import vocabulary_of
from workflows.values.comparing import identity, same

DEPARTMENT = build.asking("department")
FINANCE = build.asking("department", expected="Finance")
SYNONYMS = {"job title": "title"}

FINANCE_USER = build.okta_user({"department": "Finance"})
FINANCE_COPY = build.app_user({"department": "Finance"}, last_updated=build.NOW - timedelta(hours=2))
PLANT = build.directory(ref=DirectoryRef(org="main", app_id="0oa2"), label="plant")
OTHER_DIRECTORY = build.app_user({"dn": "CN=Other"}, directory=PLANT)
RIVALS = {"0oa1": build.mapping().rules, "0oa2": build.mapping().rules}
IMPORT_FAILED = build.event(REFRESH_FAILED, result="FAILURE", reason="firstName: too long")
WRITTEN = build.event(UPDATED, changed=("department",))
CHANGED_BY_ADMIN = build.event(UPDATED, actor_name="admin@example.com", actor_kind="User", changed=("department",))
COMPUTED = MappingRule(attribute="department", expression="appuser.a + appuser.b")

AL, BO = "CN=Al Ray,OU=People,DC=corp", "CN=Bo Stone,OU=People,DC=corp"
OF_A_REPLY = {V.DENIED, V.SOMETHING_ELSE, V.UNCONFIRMED}  # what the requester says of a confirmation, not the table
LATELY = build.NOW - timedelta(days=2)
CHIEF: dict[str, Any] = {
    "users": (build.okta_user({"title": "Account Clerk"}),),
    "app_users": (build.app_user({"title": "Chief Clerk"}),),
}


def came(**ago: float) -> OktaUser:
    """Return Ada, whose profile has held the department Finance since then."""
    return build.okta_user({"department": "Finance"}, last_updated=build.NOW + timedelta(**ago))


LAST_NAME = MappingRule(attribute="lastName", expression="appuser.sn")

ROWS: list[tuple[str, Facts, V]] = [
    (
        "no user named, requester without address",
        build.facts(identifier=None, named=False, users=()),
        V.NEEDS_INFORMATION,
    ),
    ("no user named, requester unknown in Okta", build.facts(named=False, users=()), V.NEEDS_INFORMATION),
    ("a value without an attribute", build.facts(request=build.asking(expected="Finance")), V.NEEDS_INFORMATION),
    (
        "a value and two attributes",
        build.facts(request=build.asking("title", "department", expected="Finance")),
        V.NEEDS_INFORMATION,
    ),
    ("a named user who is not there", build.facts(users=(), app_users=()), V.USER_NOT_FOUND),
    ("two users fit", build.facts(users=(build.okta_user(), build.okta_user(id="00u2"))), V.USER_AMBIGUOUS),
    (
        "somebody whom the requester may not ask for, whatever is found",
        build.facts(request=FINANCE, app_users=(FINANCE_COPY,), stranger=True),
        V.ON_BEHALF,
    ),
    ("a deactivated user", build.facts(users=(build.okta_user(status="DEPROVISIONED"),)), V.USER_NOT_ACTIVE),
    ("a suspended user", build.facts(users=(build.okta_user(status="SUSPENDED"),)), V.USER_NOT_ACTIVE),
    ("no directory", build.facts(app_users=(), mapping=None), V.NOT_LINKED),
    (
        "several people named",
        build.facts(request=Request(unclear=("a@x.test", "b@x.test")), users=()),
        V.NEEDS_INFORMATION,
    ),
    (
        "a word that may mean several attributes",
        build.facts(request=build.asking("name"), mapping=build.mapping(lastName=LAST_NAME)),
        V.NEEDS_INFORMATION,
    ),
    ("Okta refuses the reading", build.facts(app_users=(), mapping=None, unreadable="HTTP 403"), V.NOT_READABLE),
    (
        "two directories that differ",
        build.facts(app_users=(FINANCE_COPY, OTHER_DIRECTORY), rival_rules=RIVALS),
        V.LINKED_TO_SEVERAL,
    ),
    (
        "two directories that agree, each with its own names and ids",
        build.facts(app_users=(build.app_user({"dn": "CN=Ada"}), OTHER_DIRECTORY), rival_rules=RIVALS),
        V.SOURCE_NOT_ESTABLISHED,
    ),
    (
        "two directories that differ in another attribute than the one in question",
        build.facts(request=build.asking("title"), app_users=(FINANCE_COPY, OTHER_DIRECTORY), rival_rules=RIVALS),
        V.SOURCE_NOT_ESTABLISHED,
    ),
    (
        "two directories that fill the attribute from different variables of the same value",
        build.facts(
            request=DEPARTMENT,
            app_users=(build.app_user(), build.app_user({"department": "-", "ou": "Sales"}, directory=PLANT)),
            rival_rules=RIVALS | {"0oa2": {"department": MappingRule(attribute="department", expression="appuser.ou")}},
        ),
        V.SOURCE_NOT_ESTABLISHED,
    ),
    (
        "two directories of which one does not map the attribute",
        build.facts(
            request=DEPARTMENT, app_users=(build.app_user(), OTHER_DIRECTORY), rival_rules=RIVALS | {"0oa2": {}}
        ),
        V.LINKED_TO_SEVERAL,
    ),
    (
        "two directories, neither active",
        build.facts(app_users=tuple(build.app_user(directory=build.directory(active=False)) for _ in range(2))),
        V.DIRECTORY_INACTIVE,
    ),
    (
        "two directories that Okta provisions",
        build.facts(app_users=tuple(build.app_user(scope="GROUP") for _ in range(2))),
        V.OKTA_MASTERS_DIRECTORY,
    ),
    (
        "two directories of which one is a profile source",
        build.facts(
            request=FINANCE,
            app_users=(FINANCE_COPY, build.app_user(directory=build.directory(label="old", features=()))),
        ),
        V.STALE_IN_OKTA,
    ),
    ("provisioned by Okta", build.facts(app_users=(build.app_user(scope="GROUP"),)), V.OKTA_MASTERS_DIRECTORY),
    (
        "inactive directory",
        build.facts(app_users=(build.app_user(directory=build.directory(active=False)),)),
        V.DIRECTORY_INACTIVE,
    ),
    (
        "directory that is no profile source",
        build.facts(app_users=(build.app_user(directory=build.directory(features=("IMPORT_PROFILE_UPDATES",))),)),
        V.DIRECTORY_INACTIVE,
    ),
    ("no mapping", build.facts(mapping=None), V.NOT_MAPPED),
    ("an attribute that nothing maps", build.facts(request=build.asking("shoeSize")), V.NOT_MAPPED),
    (
        "the words speak against a sync, whatever else they state",
        build.facts(request=FINANCE, app_users=(FINANCE_COPY,), reading=Reading(guard="Please do not sync.")),
        V.OBJECTED,
    ),
    (
        "the words speak of a day that is still to come, whatever else they state",
        build.facts(request=FINANCE, app_users=(FINANCE_COPY,), reading=Reading(later="2026-04-01")),
        V.NOT_YET,
    ),
    (
        "the stated value came to Okta since the ticket could be about it",
        build.facts(request=FINANCE, users=(came(minutes=-60),), app_users=(FINANCE_COPY,), recent_since=LATELY),
        V.ALREADY_RIGHT,
    ),
    (
        "the stated value has stood in Okta for long",
        build.facts(request=FINANCE, users=(came(days=-9),), app_users=(FINANCE_COPY,), recent_since=LATELY),
        V.DOWNSTREAM,
    ),
    (
        "a form names the attribute, and the log tells that it was written after the ticket was opened",
        build.facts(request=build.asking("department"), opened=LATELY, history=(WRITTEN,)),
        V.ALREADY_RIGHT,
    ),
    (
        "so it does, but it was written before",
        build.facts(request=build.asking("department"), opened=build.NOW, history=(WRITTEN,)),
        V.CANNOT_TELL,
    ),
    (
        "so it does, but the update failed",
        build.facts(request=build.asking("department"), opened=LATELY, history=(WRITTEN.but(result="FAILURE"),)),
        V.CANNOT_TELL,
    ),
    (
        "so it does, but another line holds a value",
        build.facts(request=build.asking("department"), reading=Reading(loose=True), opened=LATELY, history=(WRITTEN,)),
        V.CANNOT_TELL,
    ),
    (
        "so it does, but the words hold what both copies hold",
        build.facts(
            request=build.asking("department"),
            words=("My department still shows Sales",),
            opened=LATELY,
            history=(WRITTEN,),
        ),
        V.CANNOT_TELL,
    ),
    (
        "so it does, but of another attribute",
        build.facts(request=build.asking("department"), opened=LATELY, history=(WRITTEN.but(changed=("title",)),)),
        V.CANNOT_TELL,
    ),
    (
        "the stated value stands in Okta, since when is not known",
        build.facts(request=FINANCE, users=(FINANCE_USER,), app_users=(FINANCE_COPY,)),
        V.DOWNSTREAM,
    ),
    (
        "the stated value stands in Okta, and the copy holds another that the next update would bring",
        build.facts(request=FINANCE, users=(FINANCE_USER,)),
        V.CANNOT_TELL,
    ),
    (
        "the stated value came lately, and a word is asked about, too, that means nothing to Okta",
        build.facts(
            request=build.asking("department", expected="Finance").but(
                statements=(*FINANCE.statements, Statement(attribute="shoeSize"))
            ),
            users=(came(minutes=-60),),
            app_users=(FINANCE_COPY,),
            recent_since=LATELY,
        ),
        V.NOT_MAPPED,
    ),
    (
        "Okta shows what is complained about, and the copy has moved on",
        build.facts(
            request=Request(statements=(Statement(attribute="department", still="Sales"),)), app_users=(FINANCE_COPY,)
        ),
        V.STALE_IN_OKTA,
    ),
    (
        "the words say that the value that the copy holds is wrong",
        build.facts(words=("My department is not Finance",), app_users=(FINANCE_COPY,)),
        V.CANNOT_TELL,
    ),
    (
        "the words say that the value that Okta shows is wrong, and name the copy's",
        build.facts(words=("My department still shows Sales instead of Finance",), app_users=(FINANCE_COPY,)),
        V.STALE_IN_OKTA,
    ),
    (
        "a value without an attribute, which Okta holds in one by chance",
        build.facts(request=build.asking(expected="Clerk"), app_users=(FINANCE_COPY,)),
        V.NEEDS_INFORMATION,
    ),
    (
        "one attribute that differs, and one named without a value that agrees",
        build.facts(request=build.asking("department", "title"), app_users=(FINANCE_COPY,)),
        V.STALE_IN_OKTA,
    ),
    (
        "the log tells of an expression, and of the directory only",
        build.facts(
            request=FINANCE,
            mapping=build.mapping(department=COMPUTED),
            history=(),
            directory_history=(build.event("application.appuser.mapping.invalid.expression"),),
        ),
        V.MAPPING_INVALID,
    ),
    (
        "the copy's login is no e-mail address",
        build.facts(
            request=FINANCE,
            mapping=build.mapping(login=MappingRule(attribute="login", expression="appuser.login")),
            app_users=(build.app_user({"department": "Finance", "login": "CORP\\ada"}),),
            history=(),
        ),
        V.REJECTED_BY_OKTA,
    ),
    (
        "the copy's login is no e-mail address, and the org has a pattern of its own",
        build.facts(
            request=FINANCE,
            mapping=build.mapping(login=MappingRule(attribute="login", expression="appuser.login")),
            app_users=(build.app_user({"department": "Finance", "login": "ada"}),),
            schema_rules=(AttributeRule(attribute="login", pattern="^[a-z]+$"),),
            history=(),
        ),
        V.STALE_IN_OKTA,
    ),
    (
        "a refusal, and since then a change by a person only",
        build.facts(
            request=FINANCE,
            app_users=(FINANCE_COPY,),
            history=(build.event(FAILED, result="FAILURE"), CHANGED_BY_ADMIN.model_copy(update={"changed": ("city",)})),
        ),
        V.REJECTED_BY_OKTA,
    ),
    (
        "numbers of an enumeration are compared by their text",
        build.facts(
            request=FINANCE,
            app_users=(build.app_user({"department": "Finance", "title": "7"}),),
            schema_rules=(AttributeRule(attribute="title", values=(7, 8)),),
            history=(),
        ),
        V.STALE_IN_OKTA,
    ),
    (
        "the schema says Okta",
        build.facts(request=FINANCE, app_users=(FINANCE_COPY,), schema_rules=(build.source("department", "OKTA"),)),
        V.SOURCED_ELSEWHERE,
    ),
    (
        "overridden by another app",
        build.facts(
            request=FINANCE,
            app_users=(FINANCE_COPY,),
            schema_rules=(build.source("department", "OVERRIDE", "0oa2", "0oa1"),),
        ),
        V.SOURCED_ELSEWHERE,
    ),
    (
        "overridden by this directory",
        build.facts(
            request=FINANCE,
            schema_rules=(build.source("department", "OVERRIDE", "0oa1"),),
            app_users=(build.app_user({"department": "Finance"}),),
        ),
        V.STALE_IN_OKTA,
    ),
    (
        "mapped on create only",
        build.facts(
            request=FINANCE,
            app_users=(FINANCE_COPY,),
            mapping=build.mapping(
                department=MappingRule(attribute="department", expression="appuser.department", on_update=False)
            ),
        ),
        V.CREATE_ONLY,
    ),
    (
        "a computed attribute",
        build.facts(request=build.asking("displayName", expected="Ada King")),
        V.NOT_PREDICTABLE,
    ),
    (
        "an expression that Okta could not evaluate",
        build.facts(
            request=FINANCE,
            mapping=build.mapping(department=COMPUTED),
            history=(build.event("application.appuser.mapping.invalid.expression", reason="no such attribute"),),
        ),
        V.MAPPING_INVALID,
    ),
    (
        "another value of the user is too long",
        build.facts(
            request=FINANCE,
            app_users=(build.app_user({"department": "Finance", "title": "x" * 60}),),
            schema_rules=(AttributeRule(attribute="title", max_length=50),),
            history=(),
        ),
        V.REJECTED_BY_OKTA,
    ),
    (
        "the log tells of a refusal and of nothing since",
        build.facts(request=FINANCE, app_users=(FINANCE_COPY,), history=(build.event(FAILED, result="FAILURE"),)),
        V.REJECTED_BY_OKTA,
    ),
    (
        "a refusal, and a success since",
        build.facts(
            request=FINANCE,
            app_users=(FINANCE_COPY,),
            history=(build.event(FAILED, result="FAILURE"), build.event(UPDATED, minutes=5)),
        ),
        V.STALE_IN_OKTA,
    ),
    (
        "a refusal older than the copy",
        build.facts(
            request=FINANCE, app_users=(FINANCE_COPY,), history=(build.event(FAILED, minutes=-180, result="FAILURE"),)
        ),
        V.STALE_IN_OKTA,
    ),
    (
        "an administrator changed it since",
        build.facts(request=FINANCE, app_users=(FINANCE_COPY,), history=(CHANGED_BY_ADMIN,)),
        V.OVERWRITTEN,
    ),
    (
        "an administrator changed something else since",
        build.facts(
            request=FINANCE,
            app_users=(FINANCE_COPY,),
            history=(CHANGED_BY_ADMIN.model_copy(update={"changed": ("city",)}),),
        ),
        V.STALE_IN_OKTA,
    ),
    (
        "one of two stated values is right already and the copy holds the other",
        build.facts(
            request=Request(
                statements=(
                    Statement(attribute="title", expected="Clerk"),
                    Statement(attribute="department", expected="Finance"),
                )
            ),
            app_users=(FINANCE_COPY,),
        ),
        V.STALE_IN_OKTA,
    ),
    (
        "the copy holds one of two stated values",
        build.facts(
            request=Request(
                statements=(
                    Statement(attribute="title", expected="Chief"),
                    Statement(attribute="department", expected="Finance"),
                )
            ),
            app_users=(FINANCE_COPY,),
        ),
        V.STALE_IN_DIRECTORY_COPY,
    ),
    (
        "the copy holds the old value, and its import failed since",
        build.facts(request=FINANCE, imports=Imports(user_events=(IMPORT_FAILED,))),
        V.NOT_IMPORTED,
    ),
    (
        "the copy holds the old value, and was updated after an import that failed",
        build.facts(
            request=FINANCE,
            app_users=(build.app_user(last_updated=build.NOW - timedelta(minutes=5)),),
            imports=Imports(user_events=(IMPORT_FAILED,)),
        ),
        V.STALE_IN_DIRECTORY_COPY,
    ),
    ("the copy holds the old value", build.facts(request=FINANCE), V.STALE_IN_DIRECTORY_COPY),
    (
        "the copy holds the stated value",
        build.facts(request=FINANCE, app_users=(build.app_user({"department": "Finance"}),)),
        V.STALE_IN_OKTA,
    ),
    (
        "the copy differs and no value is stated",
        build.facts(request=DEPARTMENT, app_users=(build.app_user({"department": "Legal"}),)),
        V.STALE_IN_OKTA,
    ),
    (
        "some attribute differs, none named",
        build.facts(app_users=(build.app_user({"title": "Chief"}),)),
        V.UNSPECIFIC,
    ),
    (
        "only another attribute than the named one differs",
        build.facts(request=DEPARTMENT, app_users=(build.app_user({"title": "Chief"}),)),
        V.CANNOT_TELL,
    ),
    ("nothing mentioned, and everything agrees", build.facts(), V.NEEDS_INFORMATION),
    (
        "the words hold both copies' values, without their attribute's name",
        build.facts(words=("Okta still shows Account Clerk, I am Chief Clerk",), **CHIEF),
        V.STALE_IN_OKTA,
    ),
    (
        "an everyday word that the copy holds counts only beside its attribute's name",
        build.facts(words=("I work in finance",), app_users=(build.app_user({"department": "IT"}),)),
        V.UNSPECIFIC,
    ),
    ("the named one agrees, no value", build.facts(request=DEPARTMENT), V.CANNOT_TELL),
]


@pytest.mark.parametrize(("facts", "expected"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_each_situation_has_its_verdict(facts: Facts, expected: V) -> None:
    assert expected == judge(facts, SYNONYMS).kind


def test_every_verdict_is_in_the_table_and_tested() -> None:
    assert set(V) - OF_A_REPLY == {kind for kind, _ in TABLE}
    assert set(V) - OF_A_REPLY == {row[2] for row in ROWS}


def test_a_stated_value_is_the_expectation() -> None:
    verdict = judge(build.facts(request=FINANCE, app_users=(build.app_user({"department": "Finance"}),)), {})
    assert (Expectation(attribute="department", value="Finance", basis=Basis.STATED),) == verdict.expectations


def test_the_directory_decides_how_a_stated_value_is_spelt() -> None:
    request = build.asking("department", expected="finance")
    verdict = judge(build.facts(request=request, app_users=(build.app_user({"department": "Finance"}),)), {})
    assert verdict.kind == V.STALE_IN_OKTA
    assert verdict.expectations[0].value == "Finance"


def test_every_differing_attribute_is_predicted_and_computed_ones_never_are() -> None:
    copy = build.app_user({"department": "Legal", "title": "Chief", "firstName": "Zoe"})
    verdict = judge(build.facts(app_users=(copy,)), {})
    assert verdict.kind == V.UNSPECIFIC
    assert {item.attribute: item.value for item in verdict.expectations} == {"department": "Legal", "title": "Chief"}


def test_what_is_asked_is_expected_and_the_rest_of_the_drift_is_carried() -> None:
    copy = build.app_user({"department": "Finance", "title": "Chief"})
    verdict = judge(build.facts(request=FINANCE, app_users=(copy,)), {})
    assert [item.attribute for item in verdict.expectations] == ["department"]
    assert [(item.attribute, item.value) for item in verdict.carried] == [("title", "Chief")]


def test_nothing_is_carried_where_nothing_is_synced() -> None:
    verdict = judge(build.facts(request=FINANCE, app_users=(build.app_user({"title": "Chief"}),)), {})
    assert (verdict.kind, verdict.carried) == (V.STALE_IN_DIRECTORY_COPY, ())


def test_what_nobody_spoke_of_is_not_cleared() -> None:
    empty = build.app_user({"title": None})
    assert judge(build.facts(app_users=(empty,)), {}).kind == V.NEEDS_INFORMATION


@pytest.mark.parametrize("nothing", [None, "", []])
def test_what_the_directory_lacks_is_asked_about_before_a_sync_would_empty_it(nothing: Any) -> None:
    empty = build.app_user({"title": nothing, "department": "Legal"})
    for names in (("title",), ("department", "title")):
        verdict = judge(build.facts(request=build.asking(*names), app_users=(empty,)), {})
        assert (verdict.kind, verdict.reason.kind, verdict.attribute) == (V.CANNOT_TELL, R.WOULD_EMPTY, "title")
    words = ("My title is old in Okta.",)
    assert judge(build.facts(words=words, app_users=(empty,)), {}).reason.kind == R.WOULD_EMPTY


def test_no_value_and_the_empty_value_do_not_tell_copies_apart() -> None:
    assert (
        judge(
            build.facts(app_users=(build.app_user({"title": ""}),), users=(build.okta_user({"title": None}),)), {}
        ).kind
        == V.NEEDS_INFORMATION
    )


def test_a_value_to_be_cleared_is_an_expectation() -> None:
    request = build.asking("title", expected="")
    verdict = judge(build.facts(request=request, app_users=(build.app_user({"title": None}),)), {})
    assert verdict.kind == V.STALE_IN_OKTA


@pytest.mark.parametrize("name", ["job title", "Title", "TITLE"])
def test_attributes_are_known_by_synonym_and_any_case(name: str) -> None:
    request = build.asking(name, expected="Chief")
    assert judge(build.facts(request=request), SYNONYMS).attribute == "title"


def test_attributes_are_known_by_the_directory_copys_name() -> None:
    request = build.asking("mail", expected="new@example.com")
    assert judge(build.facts(request=request), {}).attribute == "email"


def test_a_value_without_an_attribute_means_the_one_that_holds_it() -> None:
    facts = build.facts(request=build.asking(expected="Legal"), app_users=(build.app_user({"department": "Legal"}),))
    assert (judge(facts, {}).kind, judge(facts, {}).attribute) == (V.STALE_IN_OKTA, "department")


@pytest.mark.parametrize(
    ("expression", "name"),
    [
        ("appuser.department", "department"),
        (" appuser.department ", "department"),
        ("appuser.department + ''", None),
        ("user.department", None),
        ("String.toUpperCase(appuser.department)", None),
        ("appuser.department\n+appuser.title", None),
        ("appuser.", None),
        ("", None),
    ],
)
def test_only_the_bare_attribute_is_an_identity(expression: str, name: str | None) -> None:
    assert name == identity(expression)


@pytest.mark.parametrize(
    ("left", "right", "equal"),
    [("a", "a", True), ("a", "A", False), (None, "", True), (12, "12", True), (True, "true", True), ("a", None, False)],
)
def test_values_are_compared_by_their_text(left: Any, right: Any, equal: bool) -> None:
    assert equal is same(left, right)


def test_a_rider_is_helped_only_while_copy_mapping_and_user_stand() -> None:
    ahead = build.app_user({"department": "Finance"})
    verdict = judge(build.facts(request=FINANCE, app_users=(ahead,)), {})
    computed = build.mapping(department=MappingRule(attribute="department", expression="appuser.a + appuser.b"))
    right = build.okta_user({"department": "Finance"})
    inactive = build.app_user({"department": "Finance"}, directory=build.directory(active=False))
    by_okta = AttributeRule(attribute="department", master="OKTA")

    def helps(**changes: Any) -> bool:
        return still_helps(verdict, build.facts(**{"app_users": (ahead,)} | changes))

    assert helps()
    assert not helps(users=(right,))
    assert not helps(app_users=(build.app_user(),))
    assert not helps(app_users=())
    assert not helps(mapping=computed)
    assert not helps(mapping=None)
    assert not helps(app_users=(inactive,))
    assert not helps(users=(build.okta_user(status="SUSPENDED"),))
    assert not helps(schema_rules=(by_okta,))


def test_what_would_remain_is_said_beside_the_first_cause() -> None:
    facts = build.facts(
        request=FINANCE,
        schema_rules=(AttributeRule(attribute="department", master="OKTA"),),
    )
    verdict = judge(facts, {})
    assert (verdict.kind, [cause.kind for cause in verdict.also]) == (V.STALE_IN_DIRECTORY_COPY, [V.SOURCED_ELSEWHERE])


def test_a_refusal_names_the_value_that_breaks_the_others_and_not_what_it_is() -> None:
    facts = build.facts(
        request=FINANCE,
        app_users=(build.app_user({"department": "Finance", "title": "secret value " * 9}),),
        schema_rules=(AttributeRule(attribute="title", max_length=50),),
    )
    verdict = judge(facts, {})
    assert (verdict.kind, verdict.attribute) == (V.REJECTED_BY_OKTA, "title")
    assert "secret" not in sentence(verdict.reason)


@pytest.mark.parametrize(
    ("word", "attribute"),
    [("phone", "mobilePhone"), ("l", "city"), ("extensionAttribute1", "costCenter"), ("Department", "department")],
)
def test_words_are_translated_by_mapping_and_app_schema(word: str, attribute: str) -> None:
    mapping = build.mapping(
        mobilePhone=MappingRule(attribute="mobilePhone", expression="appuser.mobilePhone"),
        city=MappingRule(attribute="city", expression="appuser.city"),
        costCenter=MappingRule(attribute="costCenter", expression="appuser.ext1"),
    )
    names = {"extensionAttribute1": "ext1", "l": "city"}
    facts = build.facts(request=build.asking(word, expected="new"), mapping=mapping, external_names=names)
    assert judge(facts, {}).attribute == attribute


def test_the_stated_value_decides_what_an_ambiguous_word_means() -> None:
    mapping = build.mapping(
        firstName=MappingRule(attribute="firstName", expression="appuser.firstName"),
        lastName=MappingRule(attribute="lastName", expression="appuser.lastName"),
    )
    copy = build.app_user({"firstName": "Ada", "lastName": "King"})
    verdict = judge(build.facts(request=build.asking("name", expected="King"), mapping=mapping, app_users=(copy,)), {})
    assert (verdict.kind, verdict.attribute) == (V.STALE_IN_OKTA, "lastName")


@pytest.mark.parametrize(
    ("stated", "copy", "okta", "kind"),
    [
        ("finance", "Finance", "Sales", V.STALE_IN_OKTA),
        ("FINANCE", "Finance", "Finance", V.DOWNSTREAM),
        ("McDonald", "Mcdonald", "Mcdonald", V.STALE_IN_DIRECTORY_COPY),
        ("mcdonald", "McDonald", "Mcdonald", V.STALE_IN_OKTA),
        ("Human Resources", "Human  Resources ", "Sales", V.STALE_IN_OKTA),
        ("O’Brien – Stone", "O'Brien - Stone", "Sales", V.STALE_IN_OKTA),
        ("Cafe\u0301", "Caf\u00e9", "Sales", V.STALE_IN_OKTA),
        ("42", 42, 41, V.STALE_IN_OKTA),
        ("True", True, False, V.STALE_IN_OKTA),
        ("a, b", ["b", "a"], ["a"], V.STALE_IN_OKTA),
        ("a", ["a", "b"], ["c"], V.STALE_IN_OKTA),
        ("a, c", ["a", "b"], ["c"], V.STALE_IN_DIRECTORY_COPY),
        ("", None, "Sales", V.STALE_IN_OKTA),
        ("", "", None, V.DOWNSTREAM),
    ],
)
def test_people_spell_values_in_their_own_way(stated: str, copy: Any, okta: Any, kind: V) -> None:
    facts = build.facts(
        request=build.asking("department", expected=stated),
        app_users=(build.app_user({"department": copy}),),
        users=(build.okta_user({"department": okta}),),
    )
    verdict = judge(facts, {})
    assert kind == verdict.kind
    if kind is V.STALE_IN_OKTA:
        assert same(copy, verdict.expectations[0].value), "what is awaited is what the mapping will write"


def judged_manager(stated: str, *, okta: str, copy: str) -> Verdict:
    rule = MappingRule(attribute="managerId", expression="appuser.managerDn")
    facts = build.facts(
        request=build.asking("managerId", expected=stated),
        mapping=build.mapping(managerId=rule),
        users=(build.okta_user({"managerId": okta}),),
        app_users=(build.app_user({"managerDn": copy}),),
    )
    return judge(facts, {})


def test_a_name_that_a_dn_holds_in_both_copies_is_right() -> None:
    assert judged_manager("Bo Stone", okta=BO, copy=BO).kind == V.DOWNSTREAM


def test_of_a_name_that_the_copys_dn_holds_the_dn_is_awaited() -> None:
    verdict = judged_manager("Bo Stone", okta=AL, copy=BO)
    assert (verdict.kind, verdict.expectations[0].value) == (V.STALE_IN_OKTA, BO)


def test_a_name_that_no_key_holds_cannot_be_told() -> None:
    assert judged_manager("Karl Fuchs", okta=BO, copy=BO).kind == V.CANNOT_TELL


def test_another_persons_dn_is_no_firm_end() -> None:
    assert not judged_manager("Karl Fuchs", okta=AL, copy=BO).firm


def test_a_copy_that_may_not_write_undoes_nothing() -> None:
    by_okta = (build.source("department", "OKTA"),)
    verdict = judge(build.facts(request=FINANCE, users=(FINANCE_USER,), schema_rules=by_okta), {})
    assert verdict.kind == V.DOWNSTREAM


def test_a_value_that_came_lately_is_not_right_while_the_copy_would_undo_it() -> None:
    verdict = judge(build.facts(request=FINANCE, users=(came(minutes=-60),), recent_since=LATELY), {})
    assert verdict.kind == V.CANNOT_TELL


def test_a_value_that_is_labelled_as_wrong_is_not_brought() -> None:
    complained = Request(statements=(Statement(attribute="department", still="Sales"),))
    verdict = judge(build.facts(request=complained, users=(build.okta_user({"department": "Legal"}),)), {})
    assert verdict.kind != V.STALE_IN_OKTA


MOVED: dict[str, Any] = {
    "users": (build.okta_user({"department": "Sales"}),),
    "app_users": (build.app_user({"department": "Marketing"}),),
}


def understood(text: str, **facts: Any) -> Verdict:
    """Judge a ticket's text where Okta still shows Sales and the directory's copy holds Marketing."""
    found = read(build.ticket(description=text), vocabulary_of({}), build.NOW.date())
    words, request = tuple(line.text for line in found.lines), Request(statements=found.statements, named=found.named)
    return judge(build.facts(reading=found, words=words, request=request, **MOVED | facts), {})


@pytest.mark.parametrize(
    "lines",
    [
        "Attribute: department\nExpected: whatever AD has",
        "Attribute: department\nExpected: the new one",
        "Attribute: department\nExpected: ask my manager",
        "Attribut: Abteilung\nNeu: wie im AD",
        "Attribute: department\nShould be: updated to my new department",
        "Attribute: department\nNew: yes",
        "Attribute: department\nExpected result: it is updated",
        "Attribute: department\nExpected: should be changed",
        "Department: Settings -> Profile shows Sales",
    ],
)
def test_words_about_a_value_are_none_that_the_directory_lacks(lines: str) -> None:
    verdict = understood(lines)
    assert (verdict.kind, verdict.firm) == (V.STALE_IN_OKTA, False)
    assert [item.value for item in verdict.expectations] == ["Marketing"]


def test_a_value_made_of_known_words_is_one_where_a_copy_holds_it() -> None:
    copy = build.app_user({"department": "New Business"})
    verdict = understood("Attribute: department\nExpected: New Business", app_users=(copy,))
    assert (verdict.kind, verdict.firm) == (V.STALE_IN_OKTA, True)


@pytest.mark.parametrize("value", ["Logistics", "New Business", "Not In The Directory", "Right to Work"])
def test_a_name_that_neither_copy_holds_is_a_value(value: str) -> None:
    assert understood(f"Attribute: department\nExpected: {value}").kind is V.STALE_IN_DIRECTORY_COPY


def test_an_arrow_behind_a_label_states_both_values() -> None:
    verdict = understood("Attribute: department\nExpected: Sales -> Marketing")
    assert (verdict.kind, verdict.firm) == (V.STALE_IN_OKTA, True)


@pytest.mark.parametrize(
    ("text", "waits"),
    [
        ("From 1 April 2026 my department is Legal. It is not in Okta yet.", True),
        ("My department changes from Sales to Legal on 1 April 2026. Okta still says Sales.", True),
        ("Okta still says my department is Sales, and it blocks my badge from 1 April 2026.", True),
        ("Okta still says my department is Sales. It blocks my badge from 1 April 2026.", False),
        ("My department in Okta is wrong, Sales. Marketing holds from 1 April 2026.", True),
        ("My department is wrong in Okta, it should be Marketing. I am away from 1 April 2026.", False),
        ("The audit is on 9 April 2026. I will fail: Okta says my department is Sales, left on 1 March 2026.", False),
    ],
)
def test_a_day_to_come_holds_back_what_changes_on_it_alone(text: str, *, waits: bool) -> None:
    assert (understood(text).kind is V.NOT_YET) == waits


def test_times_in_explanations_are_utc() -> None:
    east = timezone(timedelta(hours=5))
    changed = CHANGED_BY_ADMIN.model_copy(update={"published": CHANGED_BY_ADMIN.published.astimezone(east)})
    verdict = judge(build.facts(request=FINANCE, app_users=(FINANCE_COPY,), history=(changed,)), {})
    assert "at 2026-03-02 08:30 UTC" in sentence(verdict.reason)
