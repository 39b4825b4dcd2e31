"""Force Sync by the call that Okta's own Terraform provider makes: undocumented, so off until the settings name it.

`PUT /api/internal/v1/mappings/reapply?source=&target=` takes the ids of the two *types*: the app's user type (element 0
of `GET /api/v1/apps/{id}/user/types`) and the Okta user type. It accepts an SSWS token only; an OAuth token gets 403
E0000005. Source: https://github.com/okta/terraform-provider-okta (sdk/mappings.go, sdk/app_user_type.go) and its issue
972. That it does what the Force Sync button does is inferred. Okta may change it without notice.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import SecretStr

from connectors.http import of_the_system, see
from connectors.okta.answers import NO_FEATURE, NO_PERMISSION
from connectors.okta.client import Kept, OktaClient, part
from connectors.okta.reading import Shapes
from workflows.errors import Misconfigured, Refused
from workflows.model import Directory, Receipt
from workflows.ports import Clock

KEEP_TYPE_FOR = 86400.0  # seconds: an app's user type has the app's lifetime; a directory made anew has another app id


class ReapplyDriver:
    """Implements `SyncDriver` with a credential of its own; rate limits never hold a run that starts back."""

    by_hand = False

    def __init__(
        self,
        name: str,
        url: str,
        token: SecretStr,
        *,
        clock: Clock,
        connect_timeout: float = 5.0,
        read_timeout: float = 60.0,
    ) -> None:
        self.name = name
        self._held_as = f"okta.{name}.force_sync.token"
        self._clock = clock
        self._client = OktaClient(
            name,
            url,
            token,
            clock=clock,
            connect_timeout=connect_timeout,
            read_timeout=read_timeout,
            held_as=self._held_as,
        )
        self._shapes = Shapes(name)
        self._kept = Kept(clock, KEEP_TYPE_FOR)

    def check(self, directory: Directory) -> None:
        """Prove the credential by the reading that comes before a press; whether it may press shows only then."""
        try:
            self._types(f"try the Force Sync credential on {directory.label}", directory)
        except Refused as error:
            raise of_the_system(error) from error

    def start(self, directory: Directory, target_type_id: str) -> Receipt:
        """Re-apply the directory's To-Okta mapping to every one of its users.

        Any 2xx is an acceptance: what Okta answers is recorded nowhere. `Uncertain` where the answer was lost or a 5xx
        came, `Transient` where nothing was sent or a rate limit said no.
        """
        source = self._kept.get(directory.ref.app_id, lambda: self._source_type(directory))
        operation = f"start the Force Sync of {directory.label}"
        try:
            params = {"source": source, "target": target_type_id}
            answer = self._client.put(operation, "/api/internal/v1/mappings/reapply", params)
        except Refused as error:
            if NO_PERMISSION in error.detail or NO_FEATURE in error.detail:
                detail = f"the Force Sync credential lacks the permission: {error.detail}{see(self._held_as)}"
                raise Misconfigured(error.system, operation, detail, request_id=error.request_id) from error
            raise
        return Receipt(at=self._clock.now(), request_id=answer.request_id, status=answer.status)

    def _source_type(self, directory: Directory) -> str:
        operation = f"find the user type of {directory.label}"
        types = self._types(operation, directory)
        if len(types) > 1:
            types = tuple(item for item in types if item.get("isDefault") is True)
        if len(types) != 1:
            raise Refused(self.name, operation, f"one user type was expected, Okta told of {len(types)}")
        return self._shapes.text(types[0], "app user type", "id")

    def _types(self, operation: str, directory: Directory) -> tuple[Mapping[str, Any], ...]:
        return self._client.page(operation, f"/api/v1/apps/{part(directory.ref.app_id)}/user/types", {}).items


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
