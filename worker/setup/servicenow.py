"""Asks for a ServiceNow instance and its account, and reads its groups, tables and close codes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from pydantic import BaseModel, ValidationError

from worker import wiring
from worker.settings.faults import explain
from worker.setup.asking import Asking, Question, fits
from worker.setup.file import Table
from worker.setup.forms import table_of, told
from workflows.errors import FarSideError
from workflows.ports import Clock, Form

PATH = ("desks", "servicenow")
URL = Question(
    (*PATH, "url"),
    "--servicenow-url",
    "URL of the instance, such as https://example.service-now.com (Enter: no ServiceNow)",
    optional=True,
)
USER = Question((*PATH, "user"), "--servicenow-user", "User name of forcesync's account")
AUTH = Question((*PATH, "auth"), "--servicenow-auth", "How it signs in", default="basic")
BY_KEY = {
    "password": Question((*PATH, "password"), "--servicenow-password-file", "Password of the account"),
    "client_id": Question((*PATH, "client_id"), "--servicenow-client-id", "Client id of the OAuth client"),
    "client_secret": Question(
        (*PATH, "client_secret"), "--servicenow-client-secret-file", "Secret of the OAuth client"
    ),
    "api_key": Question((*PATH, "api_key"), "--servicenow-api-key-file", "API key of the account"),
}
GROUP = Question((*PATH, "escalation_group"), "--servicenow-group", "Group that gets what forcesync hands over")
TABLES = Question((*PATH, "tables"), "--servicenow-table", "Tables to work")
CODE = Question((*PATH, "tables", "incident", "close_code"), "--servicenow-close-code", "Close code of incidents")
USUAL_CODE = "Solution provided"
ITEM = "sc_req_item"


class Instance(Protocol):
    """What an instance offers to an account."""

    def identity(self) -> str:
        """Prove the credential."""

    def groups(self) -> list[str]:
        """Return the names of the groups."""

    def tables(self) -> list[str]:
        """Return the tables that the account may read."""

    def close_codes(self) -> Mapping[str, str]:
        """Return the labels of the close codes by their values."""

    def tag_is_missing(self) -> str:
        """Return why the tag is not found, "" if it is."""

    def forms(self) -> Sequence[Form]:
        """Return the catalogue variables of open tagged requested items."""

    def table_settings(self, tables: Sequence[str], close_code: str, *, whole: bool) -> dict[str, Any]:
        """Return what the settings need of the tables."""


def needed(asking: Asking) -> list[Question]:
    """Return what has to be answered if there is a ServiceNow."""
    if not asking.given(URL):
        return []
    auth = asking.given(AUTH) or AUTH.default
    needs: Mapping[str, tuple[str, ...]] = wiring.survey_of(PATH[-1]).needs()
    return [URL, USER, *(BY_KEY[name] for name in needs.get(auth, ())), GROUP]


def ask_for_servicenow(asking: Asking, clock: Clock) -> list[Table]:
    """Return the desk's settings; none if there is no ServiceNow."""
    model = wiring.desk_models()[PATH[-1]]
    asking.say("\nServiceNow")
    found = _connected(asking, clock, model)
    if found is None:
        return []
    instance, values = found
    (group,) = asking.choices(GROUP, dict.fromkeys(instance.groups(), ""))
    readable = instance.tables()
    tables = asking.choices(TABLES._replace(default=", ".join(readable)), dict.fromkeys(readable, ""), several=True)
    notes = []
    if missing := instance.tag_is_missing():
        notes = [f'Still to do: {missing}; see worker/README.md, "The tag and the label".']
        asking.say(f"  still to do: {missing}")
    code = _close_code(asking, instance) if "incident" in tables else ""
    form = _form(asking, instance) if ITEM in tables and not missing else None
    own = instance.table_settings(tables, code, whole=form is not None)
    desk = Table(PATH, {"kind": PATH[-1], **values, "escalation_group": group}, tuple(notes))
    return [desk, *(Table((*PATH, "tables", name), table) for name, table in own.items()), *([form] if form else [])]


def _form(asking: Asking, instance: Instance) -> Table | None:
    """Return the variables of catalogue items that are the parts of our form; None where none fits."""
    try:
        form = table_of((*PATH, "tables", ITEM, "variables"), instance.forms())
    except FarSideError as error:
        asking.say(f"  the variables of requested items were not read: {error.detail}")
        return None
    if form:
        asking.say(told(form))
    return form


def _connected(asking: Asking, clock: Clock, model: type[BaseModel]) -> tuple[Instance, dict[str, Any]] | None:
    """Ask for the account until it can sign in."""
    survey = wiring.survey_of(PATH[-1])
    needs: Mapping[str, tuple[str, ...]] = survey.needs()
    while url := asking.text(URL, fits(model, URL.key)):
        values: dict[str, Any] = {"url": url, "user": asking.text(USER, fits(model, USER.key))}
        auth = asking.text(AUTH._replace(words=f"{AUTH.words}: {', '.join(needs)}"), fits(model, AUTH.key))
        values |= {"auth": auth} if auth != AUTH.default else {}
        asked = [BY_KEY[name] for name in needs[auth]]
        for question in asked:
            secret = question.flag.endswith("-file")
            values[question.key[-1]] = asking.secret(question) if secret else asking.text(question)
        asking.say("  connecting ...")
        try:
            instance: Instance = survey(PATH[-1], values | asking.held_of(PATH), clock=clock)
            who = instance.identity()
        except ValidationError as error:
            asking.refused((URL, USER, *asked), explain(error, "the answer", model, PATH))
        except FarSideError as error:
            asking.refused((URL, USER, *asked), str(error))
        else:
            asking.say(f"  connected as {who}")
            return instance, values
    return None


def _close_code(asking: Asking, instance: Instance) -> str:
    codes = instance.close_codes()
    if not codes:
        return USUAL_CODE
    question = CODE._replace(default=USUAL_CODE if USUAL_CODE in codes else "")
    return asking.choices(question, codes)[0]
