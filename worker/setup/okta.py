"""Asks for the Okta org and its credential, and reads the org's directories."""

from __future__ import annotations

from typing import Any, cast

from pydantic import ValidationError

from worker import wiring
from worker.settings.faults import explain
from worker.settings.tables import OktaSettings
from worker.setup.asking import Asking, Question, fits, parts
from worker.setup.file import Table
from workflows.errors import FarSideError
from workflows.model import EVERYONE, Directory
from workflows.ports import Clock, OktaOrg, Probed
from workflows.values.wording import instead

PATH = ("okta", "main")
URL = Question((*PATH, "url"), "--okta-url", "URL of the Okta org, such as https://example.okta.com")
CLIENT = Question(
    (*PATH, "client_id"), "--okta-client-id", "Client id of a service app (Enter: use an API token)", optional=True
)
TOKEN = Question((*PATH, "token"), "--okta-token-file", "API token of a read-only administrator")
KEY = Question((*PATH, "key"), "--okta-key-file", "Private key of the service app, PEM or JWK")
ON_BEHALF = Question(
    ("policy", "on_behalf"),
    "--on-behalf",
    f"Okta groups whose members may file for others, with commas between ({EVERYONE}: all; Enter: managers and agents "
    "alone)",
    optional=True,
)


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
            org: OktaOrg = wiring.org_of(PATH[-1], OktaSettings(**values | asking.held_of(PATH)), clock, {})
            cast("Probed", org).identity()
            directories = org.directories()
            break
        except ValidationError as error:
            asking.refused((URL, KEY if client else TOKEN), explain(error, "the answer", OktaSettings, PATH))
        except FarSideError as error:
            asking.refused((URL, *((CLIENT, KEY) if client else (TOKEN,))), str(error))
    found = ", ".join(f"{item.label} ({item.kind.value.upper()})" for item in directories) or "none"
    asking.say(f"  connected; directories: {found}")
    return [Table(PATH, values, (f"Directories found: {found}.",)), *_on_behalf(asking, org)], directories


def _on_behalf(asking: Asking, org: OktaOrg) -> list[Table]:
    """Ask who may file for others, for whom tickets go to people otherwise; none if the environment says so."""
    if asking.held(ON_BEHALF.key) is not None:
        return []

    def unknown(answer: str) -> str:
        try:
            return next(filter(None, (_no_group(name, org) for name in parts(answer, several=True))), "")
        except FarSideError as error:
            return str(error)

    names = parts(asking.text(ON_BEHALF, unknown), several=True)
    return [Table(ON_BEHALF.key[:1], {ON_BEHALF.key[-1]: names})] if names else []


def _no_group(name: str, org: OktaOrg) -> str:
    """Return that the org lacks a group, with near ones; "" if it has it."""
    known = () if name == EVERYONE else org.groups_named(name)
    if name == EVERYONE or any(group.is_named(name) for group in known):
        return ""
    if not known:
        return f"found {name!r}; the org has no group whose name begins so"
    return f"found {name!r}{instead(name, [group.name for group in known])}"
