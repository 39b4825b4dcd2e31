"""Where in the Okta Admin Console a person finds what a note asks for."""

from __future__ import annotations

from workflows.model import Directory

OPEN_IT = "Okta Admin Console > Help (?) > Support Center > Get Support > Open a Case"
GRANT_IT = "Okta Admin Console > Settings > Account > Give access to Okta Support"


def console_path(directory: Directory) -> str:
    """Return where in the Admin Console the Force Sync button of this very directory is."""
    return (
        f"Directory > Directory Integrations > {directory.label} > Provisioning > To Okta > Okta Attribute Mappings > "
        "Force Sync"
    )
