"""The mapping expressions that the simulated Okta evaluates, and those that it refuses.

A wrongly evaluated mapping would blame the worker for the sandbox's mistake.
"""

from __future__ import annotations

import pytest

from connectors.sandbox.okta.expressions import ExpressionError, evaluate, identity

ADA = {"firstName": "Ada", "lastName": "Example", "mail": "ada@example.com", "floor": 3}


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
    ],
)
def test_known_forms_are_evaluated(expression: str, expected: object) -> None:
    assert evaluate(expression, {"appuser": ADA}) == expected


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
        'appuser.floor == 3 ? "a" : "b"',
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
