"""The mapping expressions that the simulated Okta evaluates, and those that it refuses.

A wrongly evaluated mapping would blame the worker for the sandbox's mistake.
"""

from __future__ import annotations

import pytest

from connectors.sandbox.okta.expressions import ExpressionError, evaluate, identity

ADA = {"firstName": "Ada", "lastName": "Example", "mail": "ada@example.com", "floor": 3, "sites": ["Rome", "Oslo"]}
BO = {"firstName": "Bo", "email": "bo@example.com"}


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("appuser.firstName", "Ada"),
        (" appuser.firstName ", "Ada"),
        ("appuser.floor", 3),
        ("appuser.missing", None),
        ('appuser.firstName + " " + appuser.lastName', "Ada Example"),
        ("appuser.firstName + ' + ' + appuser.lastName", "Ada + Example"),
        ('"Floor " + appuser.floor + appuser.missing', "Floor 3"),
        ("String.toUpperCase(appuser.firstName)", "ADA"),
        ("String.toLowerCase(appuser.firstName + appuser.lastName)", "adaexample"),
        ('String.substringBefore(appuser.mail, "@")', "ada"),
        ('String.substringAfter(appuser.mail, "@")', "example.com"),
        ('String.append(appuser.firstName, "!")', "Ada!"),
        ('String.stringContains(appuser.mail, "example")', True),
        ('String.replace(appuser.mail, "example.com", "example.org")', "ada@example.org"),
        ("String.substring(appuser.lastName, 0, 2)", "Ex"),
        ("String.len(appuser.firstName)", 3),
        ('appuser.floor == 3 ? "low" : "high"', "low"),
        ('appuser.floor != 3 ? "high" : appuser.firstName == "Ada" ? "hers" : "his"', "hers"),
        ('appuser.missing == null ? "none" : appuser.missing', "none"),
        ('appuser.missing ?: "none"', "none"),
        ('(appuser.floor == 3 AND !(appuser.missing != null)) || false ? "yes" : "no"', "yes"),
        ('appuser.firstName == "Bo" OR appuser.floor == 4 ? "yes" : "no"', "no"),
        ('"? a : b" + " == c"', "? a : b == c"),
        ("Arrays.size(appuser.sites)", 2),
        ("Arrays.toCsvString(appuser.sites)", "Rome,Oslo"),
        ('Arrays.contains(appuser.sites, "Rome") ? "south" : "north"', "south"),
        ("Arrays.get(appuser.sites, 1)", "Oslo"),
        ("Arrays.get(appuser.sites, 9)", None),
        ('Arrays.toCsvString(Arrays.add(Arrays.remove(appuser.sites, "Rome"), "Bonn"))', "Oslo,Bonn"),
        ('Arrays.toCsvString(Arrays.flatten("a", {"b", {"c"}}))', "a,b,c"),
        ("Arrays.isEmpty(Arrays.clear(appuser.sites))", True),
        ("Arrays.isEmpty(appuser.missing)", True),
    ],
)
def test_known_forms_are_evaluated(expression: str, expected: object) -> None:
    assert evaluate(expression, {"appuser": ADA}) == expected


@pytest.mark.parametrize(
    ("expression", "expected", "alone"),
    [
        ('getManagerUser("active_directory").firstName', "Bo", None),
        ('"Reports to " + getManagerUser("active_directory").firstName', "Reports to Bo", "Reports to "),
        ('getManagerAppUser("active_directory", "active_directory").email', "bo@example.com", None),
        ('hasDirectoryUser() ? findDirectoryUser().firstName : "none"', "Bo", "none"),
    ],
)
def test_functions_find_other_records_or_nothing(expression: str, expected: str, alone: str | None) -> None:
    found = {"getManagerUser": BO, "getManagerAppUser": BO, "findDirectoryUser": BO}
    assert evaluate(expression, {"appuser": ADA, **found}) == expected
    assert evaluate(expression, {"appuser": ADA}) == alone


@pytest.mark.parametrize(
    "expression",
    [
        "",
        "firstName",
        "user.firstName",
        "appuser.firstName appuser.lastName",
        "appuser.firstName +",
        "appuser.name.first",
        "+ appuser.firstName",
        "String.append(appuser.firstName)",
        "String.append(appuser.firstName, 'x'",
        "String.reverse(appuser.firstName)",
        'appuser.floor == 3 ? "a"',
        'appuser.floor = 3 ? "a" : "b"',
        'appuser.floor == 3 ? : "b"',
        "Arrays.size()",
        "Arrays.sort(appuser.sites)",
        'Arrays.get(appuser.sites, "first")',
        '{"a", "b"',
        "(appuser.floor",
        "getManagerUser().firstName",
        'getManagerUser("active_directory").',
        '"open',
    ],
)
def test_everything_else_is_refused_by_name(expression: str) -> None:
    with pytest.raises(ExpressionError, match="not understood"):
        evaluate(expression, {"appuser": ADA})


@pytest.mark.parametrize(
    ("expression", "name"),
    [
        ("appuser.department", "department"),
        ("user.department", None),
        ('appuser.a + ""', None),
        ("String.toLowerCase(appuser.a)", None),
    ],
)
def test_only_a_plain_copy_is_an_identity(expression: str, name: str | None) -> None:
    assert identity(expression) == name
