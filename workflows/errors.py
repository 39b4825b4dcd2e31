"""The errors of the products, each named for what to do about it, so that the engine needs no knowledge of products.

    FarSideError
    ├── Transient      nothing happened: wait until `until`, then do it again
    ├── Uncertain      it may have happened: look for its marker, then decide
    ├── Refused        the product's own words about one record: believed when seen again, then escalated with them
    ├── Misconfigured  the account, a right, the address, TLS, a failed canary: pause the system, alert once a cause
    │   ├── NotAllowed     one right is missing: what can do without it goes on
    │   └── Several        more than one of them, from a `Checklist`
    └── Unexpected     an answer that is not understood: after a budget a person gets the ticket

A page of something in front of a product (proxy, login page, firewall) is no word of the product: `Transient` for a
read, `Uncertain` for a write.

`StoreUnavailable` is not one of them: our own infrastructure fails, and the message is tried again later.

Any other exception is a defect of this program. It is counted, logged and retried a few times; then a person gets the
ticket.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime


class FarSideError(Exception):
    """Something went wrong between us and a product; `str()` is a sentence for a person, free of secrets.

    `system` is the name from the settings (such as "okta.main"), `operation` what was tried in plain words,
    `request_id` the vendor's own id of the request where it gave one.
    """

    def __init__(self, system: str, operation: str, detail: str, *, request_id: str | None = None) -> None:
        self.system = system
        self.operation = operation
        self.detail = detail
        self.request_id = request_id
        trace = f" (request {request_id})" if request_id else ""
        super().__init__(f"{system}: could not {operation}: {detail}{trace}")

    @property
    def said(self) -> str:
        """Return what may stand on a ticket of the detail."""
        return self.detail

    @property
    def told(self) -> str:
        """Return what a ticket's reader is told: what could not be done and why, without our name and the request."""
        return f"could not {self.operation}: {self.said}"


class Transient(FarSideError):
    """Nothing happened in the product; a retry may work. `until` is the earliest useful time (UTC), if known."""

    def __init__(
        self,
        system: str,
        operation: str,
        detail: str,
        *,
        until: datetime | None = None,
        request_id: str | None = None,
    ) -> None:
        super().__init__(system, operation, detail, request_id=request_id)
        self.until = until


class Uncertain(FarSideError):
    """A write was sent and its answer was lost; it may or may not have taken effect."""


class Refused(FarSideError):
    """The product refused this record or this write; `detail` has its words.

    `status` is that of the answer, which may be a stray one; `None` where our own comparison shows it.
    """

    def __init__(
        self,
        system: str,
        operation: str,
        detail: str,
        *,
        status: int | None = None,
        request_id: str | None = None,
    ) -> None:
        super().__init__(system, operation, detail, request_id=request_id)
        self.status = status


class Misconfigured(FarSideError):
    """The system cannot be used as configured: a refused credential or right, TLS, the address, or a failed canary.

    `cause` is what is wrong in a few words (the right, table, host or setting); the operator is alerted once for each.
    """

    def __init__(
        self, system: str, operation: str, detail: str, *, cause: str = "", request_id: str | None = None
    ) -> None:
        super().__init__(system, operation, detail, request_id=request_id)
        self.cause = cause or operation


class NotAllowed(Misconfigured):
    """The account lacks one right, which `cause` names; what can do without it goes on.

    `advice` is what the operator reads besides the product's words: it names the right and the setting.
    """

    def __init__(
        self, system: str, operation: str, words: str, advice: str, *, cause: str = "", request_id: str | None = None
    ) -> None:
        super().__init__(system, operation, words + advice, cause=cause, request_id=request_id)
        self._words = words

    @property
    def said(self) -> str:
        """Return the product's words alone."""
        return self._words


class Checklist:
    """Collects what the checks of one system find wrong, so that an operator sees all of it at once."""

    def __init__(self, system: str) -> None:
        self._system = system
        self._found: list[Misconfigured] = []

    @contextmanager
    def noting(self) -> Iterator[None]:
        """Note a fault instead of raising it."""
        try:
            yield
        except Several as error:
            self._found += error.faults
        except Misconfigured as error:
            self._found.append(error)

    def end(self) -> None:
        """Raise what was found, each detail once; nothing if nothing was."""
        found = list({error.detail: error for error in self._found}.values())
        if len(found) > 1:
            raise Several(self._system, found)
        if found:
            raise found[0]


class Several(Misconfigured):
    """Several faults of one system, in one sentence each."""

    def __init__(self, system: str, faults: Sequence[Misconfigured]) -> None:
        self.faults = tuple(faults)
        self.lines = tuple(f"({number}) {error.operation}: {error.detail}" for number, error in enumerate(faults, 1))
        super().__init__(system, f"use it, for {len(self.faults)} reasons", "; ".join(self.lines))


class Unexpected(FarSideError):
    """The product gave an answer that is not understood; `detail` holds a short redacted sample."""


class StoreUnavailable(Exception):
    """The store cannot be used now: connection lost, disk full, too busy. Neither a product's fault nor our own defect.

    It says nothing about the aggregate, so it passes through every step; the next worker reads the stored state.
    """

    def __init__(self, detail: str) -> None:
        self.detail = detail
        super().__init__(f"the store cannot be used now: {detail}")
