"""The fields of a form are proposed by name and type: written where only one fits, a comment else."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from worker.setup.file import rendered
from worker.setup.forms import tables_of
from workflows.ports import Form, FormField

PATH = ("desks", "jira")
USER = FormField("customfield_1", "Affected user", "user")
ATTRIBUTE = FormField("customfield_2", "Attribute", "option")
VALUE = FormField("customfield_3", "New value", "string")
LAPTOP = Form("New laptop", (FormField("customfield_7", "Model", "option"), FormField("customfield_8", "User", "user")))
PROFILE = Form("Update my profile", (USER, ATTRIBUTE, VALUE))


def text_of(forms: Mapping[str, tuple[Form, ...]]) -> str:
    return rendered(Path("forcesync.toml"), tables_of(PATH, forms), (), lambda _: "")


def read(text: str) -> Any:
    return tomllib.loads(text).get("desks", {}).get("jira", {})


def test_the_form_that_asks_for_most_is_the_one() -> None:
    found = read(text_of({"SUP": (LAPTOP, PROFILE)}))
    assert {"user": "customfield_1", "attribute": "customfield_2", "expected": "customfield_3"} == found["fields"]


@pytest.mark.parametrize(
    ("user", "attribute", "value"),
    [("Betroffener Benutzer", "Attribut", "Neuer Wert"), ("Usuario", "Campo", "Nuevo valor")],
)
def test_the_names_are_those_of_labelled_lines_in_every_language(user: str, attribute: str, value: str) -> None:
    names = (user, attribute, value)
    form = Form("x", tuple(FormField(f"customfield_{place}", name, "string") for place, name in enumerate(names)))
    assert {"user", "attribute", "expected"} == read(text_of({"SUP": (form,)}))["fields"].keys()


def test_what_is_not_sure_is_a_comment_that_can_be_taken_up() -> None:
    second = FormField("customfield_4", "Should be", "string")
    text = text_of({"SUP": (Form("x", (USER, ATTRIBUTE, VALUE, second)),)})
    assert {"user": "customfield_1", "attribute": "customfield_2"} == read(text)["fields"]
    taken = text.replace('# expected = "customfield_4"', 'expected = "customfield_4"')
    assert "customfield_4" == read(taken)["fields"]["expected"]
    lone = text_of({"SUP": (LAPTOP,)})
    assert {} == read(lone)["fields"], "a laptop's user says nothing of a profile"
    assert '# user = "customfield_8"  # User' in lone


def test_projects_whose_forms_differ_have_their_own() -> None:
    other = Form("Correct my profile", (USER._replace(id="customfield_9"), ATTRIBUTE, VALUE))
    found = read(text_of({"SUP": (PROFILE,), "IDM": (other,)}))
    assert {"SUP": "customfield_1", "IDM": "customfield_9"} == {
        key: project["fields"]["user"] for key, project in found["projects"].items()
    }


@pytest.mark.parametrize(
    "field",
    [USER._replace(type="date"), FormField("customfield_1", "New department", "string")],
    ids=["a type that holds no user", "one attribute's own field"],
)
def test_a_field_that_cannot_be_read_so_is_left_out(field: FormField) -> None:
    assert {} == read(text_of({"SUP": (Form("x", (field,)),)}))
