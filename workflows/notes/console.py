"""Where in the Okta Admin Console a person finds what a note asks for."""

from __future__ import annotations

from workflows.model import Directory

# An import of changes only; where the console shows it is inferred from its help pages.
IMPORT_IT = "Directory > Directory Integrations > {label} > Import > Import Now, incremental import"
OPEN_IT = "Okta Admin Console > Help (?) > Support Center > Get Support > Open a Case"
GRANT_IT = "Okta Admin Console > Settings > Account > Give access to Okta Support"


def console_path(directory: Directory, user_type: str = "") -> str:
    """Return the path in the Admin Console to this directory's Force Sync button.

    A directory has a mapping onto each user type; `user_type` names one that is not the default. Where the console
    shows that choice is inferred.
    """
    mapping = f"Okta Attribute Mappings, user type {user_type}" if user_type else "Okta Attribute Mappings"
    return f"Directory > Directory Integrations > {directory.label} > Provisioning > To Okta > {mapping} > Force Sync"
