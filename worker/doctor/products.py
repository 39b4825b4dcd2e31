"""Checks each product: name and address, TLS, credential, clock, and what its connector looks at."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urlsplit

from connectors.http.statuses import ADDRESS
from worker.doctor.checks import Check, Seen, Status
from worker.doctor.hearing import Heard, hearing
from workflows.errors import FarSideError, Misconfigured, Transient, Unexpected
from workflows.ports import NothingToSeeError, Probe, Probed

ANSWERS = (".address", ".connection")  # the checks that tell whether a product answers


class Place(NamedTuple):
    """Where a product is: its table in the settings, URL, proxy, and the settings key of its credential."""

    table: str
    url: str
    proxy: str
    credential: str


class _Identity:
    """The first call to a product, made once: three checks read what came of it."""

    def __init__(self, product: Probed) -> None:
        self._product = product
        self._lock = threading.Lock()
        self._made = False
        self.who, self.heard = "", Heard([], [], [])
        self.error: FarSideError | None = None

    def make(self) -> None:
        """Make the call, if it was not made."""
        with self._lock:
            if self._made:
                return
            with hearing() as self.heard:
                try:
                    self.who = self._product.identity()
                except FarSideError as error:
                    self.error = error
            self._made = True

    @property
    def unreached(self) -> FarSideError | None:
        """Return the error if no answer of the product's own came."""
        error = self.error
        passing = isinstance(error, Transient | Unexpected)
        address = isinstance(error, Misconfigured) and error.cause == ADDRESS
        return error if passing or address else None


def checks_of(product: Probed, place: Place) -> Iterator[Check]:
    """Yield the checks of one product; each but the first needs those before it."""
    name, identity = place.table, _Identity(product)
    yield Check(
        f"{name}.address",
        f"the address of the host in {place.table}.url",
        _where(place),
        lambda: _resolved(place),
        vital=True,
    )
    yield Check(
        f"{name}.connection",
        f"the answer of {urlsplit(place.url).hostname} over {urlsplit(place.url).scheme}",
        f"correct {place.table}.url, .ca_bundle or .proxy, or see what stands between",
        lambda: _connected(identity, place.table),
        name,
        (f"{name}.address",),
        vital=True,
    )
    yield Check(
        f"{name}.credential",
        "the credential, by a call that asks who we are",
        f"correct {place.credential} or {place.table}.url, or the account's rights",
        lambda: _accepted(identity),
        needs=(f"{name}.connection",),
    )
    yield Check(
        f"{name}.clock",
        "its clock against ours",
        f"let this machine follow a time server ({place.table} is the product)",
        lambda: Seen(Status.WARN, identity.heard.clocks[0]) if identity.heard.clocks else "within 30 seconds",
        needs=(f"{name}.connection",),
    )
    for probe in product.probes():
        yield check_of(name, probe)


def check_of(name: str, probe: Probe) -> Check:
    """Return the check of one look of a connector's."""
    return Check(
        f"{name}.{probe.id}",
        probe.tried,
        f"{probe.action} ({', '.join(probe.keys)})",
        probe.look,
        name,
        (f"{name}.credential", *(f"{name}.{id}" for id in probe.needs)),
        tuple(f"{name}.{id}" for id in probe.after),
        probe.needed,
    )


def _where(place: Place) -> str:
    return f"correct {place.table}.{'proxy' if place.proxy else 'url'}, or this machine's DNS"


def _resolved(place: Place) -> Seen | str:
    """Look the host up, or the proxy's where one is set: only that is connected to."""
    parts = urlsplit(place.proxy or place.url)
    host = parts.hostname or ""
    try:
        found = socket.getaddrinfo(host, parts.port or parts.scheme, type=socket.SOCK_STREAM)
    except OSError as error:
        return Seen(Status.FAIL, f"this machine's DNS knows no host {host!r} ({error.strerror or error})")
    addresses = sorted({str(item[4][0]) for item in found})
    return f"{'the proxy ' if place.proxy else ''}{host}: {', '.join(addresses[:3])}"


def _connected(identity: _Identity, table: str) -> Seen | str:
    identity.make()
    if error := identity.unreached:
        seen = f"could not {error.operation}: {error.detail}"
        if isinstance(error, Transient) and error.until is not None:
            action = f"wait until {error.until:%H:%M:%S} UTC, and see what else calls {table}.url"
            return Seen(Status.WARN, seen, action)
        return Seen(Status.FAIL, seen)
    return "it answers"


def _accepted(identity: _Identity) -> Seen | str:
    error = identity.error
    if identity.unreached:
        raise NothingToSeeError("it did not answer")
    return Seen(Status.FAIL, f"could not {error.operation}: {error.detail}") if error else identity.who
