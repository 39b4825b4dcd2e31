"""Force Sync by a person's hand: the documented way, for orgs that do not want the undocumented call."""

from __future__ import annotations

from workflows.errors import Refused
from workflows.model import Directory, Receipt


class AssistedDriver:
    """Implements `SyncDriver` by asking: the workflow shows the console's path on the ticket and watches the effect."""

    by_hand = True

    def __init__(self, name: str) -> None:
        self.name = name

    def check(self, directory: Directory) -> None:
        """Prove nothing: a person signs in to the console."""

    def start(self, directory: Directory, target_type_id: str) -> Receipt:  # noqa: ARG002  # the port's
        """Refuse: nobody but a person presses here."""
        raise Refused(self.name, f"start the Force Sync of {directory.label}", "a person presses it in the console")
