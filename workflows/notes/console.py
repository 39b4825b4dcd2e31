"""Where in the Okta Admin Console a person finds what a note asks for."""

from __future__ import annotations

from urllib.parse import urlsplit

from workflows.model import Directory, Verdict
from workflows.notes.audience import Reader

INSTANCE = "Okta Admin Console > Directory > Directory Integrations > {label}"
# An import of changes only; where the console shows it is inferred from its help pages.
IMPORT_IT = f"{INSTANCE} > Import > Import Now, incremental import"
OPEN_IT = "Okta Admin Console > Help (?) > Support Center > Get Support > Open a Case"
GRANT_IT = "Okta Admin Console > Settings > Account > Give access to Okta Support"


def console_path(directory: Directory, user_type: str = "") -> str:
    """Return the path in the Admin Console to this directory's Force Sync button.

    A directory has a mapping onto each user type; `user_type` names one that is not the default. Where the console
    shows that choice is inferred.
    """
    mapping = f"Okta Attribute Mappings, user type {user_type}" if user_type else "Okta Attribute Mappings"
    return f"{INSTANCE.format(label=directory.label)} > Provisioning > To Okta > {mapping} > Force Sync"


def admin_console(org_url: str) -> str:
    """Return the address of the org's Admin Console, "" for an org under a domain of its own."""
    name, _, rest = (urlsplit(org_url).hostname or "").partition(".")
    return f"https://{name}-admin.{rest}" if rest.startswith("okta") else ""


def profile_page(user_id: str, org_url: str) -> str:
    """Return the address of a user's page in the Admin Console, "" for an org under a domain of its own.

    A person's session is needed there. Five public programs link to it; Okta documents neither host nor path.
    """
    console = admin_console(org_url)
    return f"{console}/admin/user/profile/view/{user_id}" if console else ""


def named(verdict: Verdict, reader: Reader) -> str:
    """Name a user: by login, and where that is withheld or unknown by their Okta id."""
    if reader.withholds:
        return "the user"
    shown = reader.who(verdict.login) or "the user"
    return shown if shown == verdict.login or verdict.user_id is None else f"{shown} ({verdict.user_id})"


def user_page(verdict: Verdict, reader: Reader) -> str:
    """Return the address of a user's page in the Admin Console, or the path to it where there is none to give."""
    if verdict.user_id and not reader.withholds and (address := profile_page(verdict.user_id, reader.org_url)):
        return address
    return f"Okta Admin Console > Directory > People > {named(verdict, reader)}"
