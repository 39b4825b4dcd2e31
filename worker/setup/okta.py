"""Asks for the Okta org and its credential, and reads the org's directories."""

from __future__ import annotations

from typing import Any, cast

from pydantic import ValidationError

from worker import wiring
from worker.settings.faults import explain
from worker.settings.tables import OktaSettings
from worker.setup.asking import Asking, Question, fits
from worker.setup.file import Table
from workflows.errors import FarSideError
from workflows.model import Directory
from workflows.ports import Clock, OktaOrg, Probed

PATH = ("okta", "main")
URL = Question((*PATH, "url"), "--okta-url", "URL of the Okta org, such as https://example.okta.com")
CLIENT = Question(
    (*PATH, "client_id"), "--okta-client-id", "Client id of a service app (Enter: use an API token)", optional=True
)
TOKEN = Question((*PATH, "token"), "--okta-token-file", "API token of a read-only administrator")
KEY = Question((*PATH, "key"), "--okta-key-file", "Private key of the service app, PEM or JWK")


def needed(asking: Asking) -> list[Question]:
    """Return what has to be answered."""
    return [URL, KEY if asking.given(CLIENT) else TOKEN]


def ask_for_org(asking: Asking, clock: Clock) -> tuple[list[Table], tuple[Directory, ...]]:
    """Return the org's settings and its directories, which are proof that the credential works."""
    asking.say("\nOkta: read-only access is enough.")
    while True:
        values: dict[str, Any] = {"url": asking.text(URL, fits(OktaSettings, URL.key))}
        client = "" if asking.given(TOKEN) else asking.text(CLIENT)
        if client:
            values |= {"auth": "oauth", "client_id": client, "key": asking.secret(KEY)}
        else:
            values |= {"token": asking.secret(TOKEN)}
        asking.say("  connecting ...")
        try:
            directories = _directories(values | asking.held_of(PATH), clock)
            break
        except ValidationError as error:
            asking.refused((URL, KEY if client else TOKEN), explain(error, "the answer", OktaSettings, PATH))
        except FarSideError as error:
            asking.refused((URL, *((CLIENT, KEY) if client else (TOKEN,))), str(error))
    found = ", ".join(f"{item.label} ({item.kind.value.upper()})" for item in directories) or "none"
    asking.say(f"  connected; directories: {found}")
    return [Table(PATH, values, (f"Directories found: {found}.",))], directories


def _directories(values: dict[str, Any], clock: Clock) -> tuple[Directory, ...]:
    org: OktaOrg = wiring.org_of(PATH[-1], OktaSettings(**values), clock, {})
    cast("Probed", org).identity()
    return org.directories()
