"""A refused credential names the key of the settings that holds it, so that nobody has to search for the right one."""

from __future__ import annotations

from http import HTTPStatus

from workflows.errors import Misconfigured, Refused

# A 400 denies where an endpoint gives access tokens: https://www.rfc-editor.org/rfc/rfc6749#section-5.2
DENIALS = (HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)


class Denied(Refused):
    """A 403: about this record as far as is known, so that its text, which may stand on a ticket, names no setting."""

    def __init__(
        self, system: str, operation: str, detail: str, credential: str, *, request_id: str | None = None
    ) -> None:
        super().__init__(system, operation, detail, request_id=request_id)
        self.credential = credential


def see(credential: str) -> str:
    """Return the end of a sentence that tells where the settings hold a credential; "" where that is not known."""
    return f"; see `{credential}` in the settings" if credential else ""


def of_the_system(error: Refused) -> Misconfigured:
    """Return what a refusal means where no record is concerned: the account or the settings are wrong."""
    where = see(error.credential) if isinstance(error, Denied) else ""
    return Misconfigured(error.system, error.operation, error.detail + where, request_id=error.request_id)
