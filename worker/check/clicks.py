"""Where in Okta's Admin Console a person acts on each verdict.

The paths are those of Okta's help (https://help.okta.com/oie/en-us/), as far as it names them; what a console shows
below them is inferred.
"""

from __future__ import annotations

from collections.abc import Mapping

from workflows.model import DirectoryKind, Verdict
from workflows.model import ReasonKind as R
from workflows.model import VerdictKind as V
from workflows.notes.console import console_path
from workflows.precheck.verdicts import STALE_COPY

_PERSON = "Directory > People > {login}"
_MAPPINGS = "Directory > Directory Integrations > {label} > Provisioning > To Okta > Okta Attribute Mappings"
_SOURCES = "Directory > Profile Sources"
_LOG = "Reports > System Log"
_ATTRIBUTE = "Directory > Profile Editor > User > {attribute}"
CLICKS: Mapping[V, str] = {
    V.USER_NOT_FOUND: "Directory > People: search for the name",
    V.USER_AMBIGUOUS: "Directory > People: search for the name, then repeat this check with one login",
    V.USER_NOT_ACTIVE: _PERSON,
    V.NOT_READABLE: "Security > Administrators: the role of the account that reads",
    V.NOT_LINKED: f"{_PERSON} > Applications",
    V.LINKED_TO_SEVERAL: _SOURCES,
    V.SOURCE_NOT_ESTABLISHED: _SOURCES,
    V.OKTA_MASTERS_DIRECTORY: "Directory > Directory Integrations > {label} > Provisioning > To App",
    V.DIRECTORY_INACTIVE: "Directory > Directory Integrations > {label} > Provisioning > To Okta",
    V.NOT_MAPPED: _MAPPINGS,
    V.CREATE_ONLY: _MAPPINGS,
    V.MAPPING_INVALID: _MAPPINGS,
    V.NOT_PREDICTABLE: _MAPPINGS,
    V.SOURCED_ELSEWHERE: f"{_ATTRIBUTE} > Source priority",
    V.REJECTED_BY_OKTA: _ATTRIBUTE,
    V.OVERWRITTEN: f"{_LOG}: the user's updates",
}
# https://help.okta.com/en-us/Content/Topics/Directory/ad-agent-import-users-on-demand.htm
_IMPORT = "Directory > Directory Integrations > {label} > Import > Import Now"
# Opening the page imports this one user where the directory is AD and JIT is on; nothing of the kind is documented for
# LDAP: https://support.okta.com/help/s/article/methods-for-initiating-active-directory-imports-in-okta
_IMPORTED: Mapping[DirectoryKind, str] = {
    DirectoryKind.AD: f"{_PERSON}: opening the page imports this one user (AD with JIT provisioning); or {_IMPORT} > "
    "Incremental import > Import",
    DirectoryKind.LDAP: f"{_IMPORT} > Full import > Import",
}


def click_of(verdict: Verdict, login: str) -> str:
    """Return the path that a person follows for this verdict, "" where there is nothing to click."""
    directory = verdict.directory
    if verdict.kind is V.STALE_IN_OKTA and directory:
        return f"{console_path(directory)} (user type {verdict.target_type_id}, if several are mapped)"
    text = CLICKS.get(verdict.kind, "")
    if directory and (verdict.kind in STALE_COPY or verdict.reason.kind is R.NOTHING_SAID):
        text = _IMPORTED[directory.kind]
    label = directory.label if directory else "the directory"
    return text.format(login=login, label=label, attribute=verdict.attribute or "the attribute")
