"""Where in the Okta Admin Console a person finds what a note asks for."""

from __future__ import annotations

from workflows.model import Directory

OPEN_IT = "Okta Admin Console > Help (?) > Support Center > Get Support > Open a Case"
GRANT_IT = "Okta Admin Console > Settings > Account > Give access to Okta Support"


def console_path(directory: Directory) -> str:
    """Return the path in the Admin Console to this directory's Force Sync button."""
    return (
        f"Directory > Directory Integrations > {directory.label} > Provisioning > To Okta > Okta Attribute Mappings > "
        "Force Sync"
    )
