"""Runs Force Sync by the call that Okta's own Terraform provider makes, or leaves it to a person.

The call is undocumented, so it is off until the settings name it.

`PUT /api/internal/v1/mappings/reapply?source=&target=` takes the ids of the two *types*: the app's user type (element 0
of `GET /api/v1/apps/{id}/user/types`) and the Okta user type. It accepts an SSWS token only; an OAuth token gets 403
E0000005. Source: https://github.com/okta/terraform-provider-okta (sdk/mappings.go, sdk/app_user_type.go) and its issue
972. That it has the effect of the console's Force Sync button is inferred. Okta may change it without notice.
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from pydantic import SecretStr

from connectors.http.governance import Network, Timeouts
from connectors.http.statuses import of_the_system, see
from connectors.okta.answers import NO_FEATURE, NO_PERMISSION
from connectors.okta.cache import Cache
from connectors.okta.client import OktaClient, part
from connectors.okta.reading.bodies import OktaReader
from workflows.errors import Misconfigured, Refused
from workflows.model import Directory, Receipt
from workflows.ports import Clock

KEEP_TYPE_FOR = (
    86400.0  # seconds: an app's user type lasts as long as the app; a recreated directory has another app id
)
TIMEOUTS = Timeouts(read=60.0)
NETWORK = Network(TIMEOUTS)
RIGHT, CALL = "the right to run Force Sync", "the call that runs Force Sync"
NO_SUCH_RECORD = "E0000007"  # of one that the call names; https://developer.okta.com/docs/reference/error-codes/
NO_SUCH_CALL = (HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED, HTTPStatus.GONE)


class ReapplyDriver:
    """Implements `SyncDriver` with a credential of its own; the rate-limit reserve never delays a run."""

    by_hand = False

    def __init__(
        self,
        name: str,
        url: str,
        token: SecretStr,
        *,
        clock: Clock,
        network: Network = NETWORK,
    ) -> None:
        self.name = name
        self._credential_setting = f"okta.{name}.force_sync.token"
        self._clock = clock
        self._client = OktaClient(
            name,
            url,
            token,
            clock=clock,
            network=network,
            credential_setting=self._credential_setting,
        )
        self._client.transport.canary = ""  # a redirect of its one call is about Force Sync, which it then stops
        self._reader = OktaReader(name)
        self._cache = Cache(clock, KEEP_TYPE_FOR)

    def check(self, directory: Directory) -> None:
        """Prove the credential by the read that precedes a run; only a run shows whether it may run Force Sync."""
        try:
            self._types(f"try the Force Sync credential on {directory.label}", directory)
        except Refused as error:
            raise of_the_system(error) from error

    def start(self, directory: Directory, target_type_id: str) -> Receipt:
        """Re-apply the directory's To-Okta mapping to every one of its users.

        Any 2xx counts as accepted, since Okta documents no answer. `Uncertain` if the answer was lost or is a 5xx,
        `Transient` if nothing was sent or a rate limit applies.
        """
        source = self._cache.get(directory.ref.app_id, lambda: self._source_type(directory))
        operation = f"start the Force Sync of {directory.label}"
        try:
            params = {"source": source, "target": target_type_id}
            answer = self._client.put(operation, "/api/internal/v1/mappings/reapply", params)
        except Refused as error:
            raise self._about_all(error) from error
        return Receipt(at=self._clock.now(), request_id=answer.request_id, status=answer.status)

    def _about_all(self, error: Refused) -> Refused | Misconfigured:
        """Return the error of the account or of the call itself, where a refusal is about one of them."""
        lacks = NO_PERMISSION in error.detail or NO_FEATURE in error.detail
        if lacks or error.status == HTTPStatus.FORBIDDEN:
            cause, setting = RIGHT, self._credential_setting
            detail = f"the Force Sync credential lacks the permission: {error.detail}"
        elif error.status in NO_SUCH_CALL and NO_SUCH_RECORD not in error.detail:
            cause, setting = CALL, f"okta.{self.name}.force_sync.driver"
            detail = f"Okta does not know the call, which is undocumented: {error.detail}"
        else:
            return error
        return Misconfigured(
            error.system, error.operation, detail + see(setting), cause=cause, request_id=error.request_id
        )

    def _source_type(self, directory: Directory) -> str:
        operation = f"find the user type of {directory.label}"
        types = self._types(operation, directory)
        if len(types) > 1:
            types = tuple(item for item in types if item.get("isDefault") is True)
        if len(types) != 1:
            raise Refused(self.name, operation, f"one user type was expected, Okta returned {len(types)}")
        return self._reader.text(types[0], "app user type", "id")

    def _types(self, operation: str, directory: Directory) -> tuple[Mapping[str, Any], ...]:
        return self._client.page(operation, f"/api/v1/apps/{part(directory.ref.app_id)}/user/types", {}).items


class AssistedDriver:
    """Implements `SyncDriver` by hand: the ticket shows a person what to do, and the worker watches for the effect."""

    by_hand = True

    def __init__(self, name: str) -> None:
        self.name = name

    def check(self, directory: Directory) -> None:
        """Do nothing: a person signs in to the console."""

    def start(self, directory: Directory, target_type_id: str) -> Receipt:  # noqa: ARG002  # the port's
        """Refuse: only a person runs this Force Sync."""
        raise Refused(self.name, f"start the Force Sync of {directory.label}", "a person presses it in the console")
