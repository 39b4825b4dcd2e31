"""One HTTP layer for every connector: where requests may go, how long they may take, and what every outcome means.

A request goes to the configured host only, over verified TLS, with connect and read timeouts, never redirected. A write
is sent once. No thread sleeps: a Retry-After becomes the time to wait until. Bodies and secrets are never logged.

    transport.py    the way to one product: operations, and what becomes of an answer
    session.py      what every request is held to, whoever makes it
    statuses.py     the one table from status to error, and how long to wait
    credentials.py  what signs requests, and how it rotates without a restart
    denials.py      what a refused credential is told with
    clocks.py       a product's times by our clock
    deadline.py     the bound on a whole answer
    samples.py      what may be told of an answer that was not understood
"""

from connectors.http.clocks import by_our_clock, clocks_differ
from connectors.http.credentials import (
    BasicCredential,
    Credential,
    FileSecret,
    HeaderCredential,
    Token,
    TokenCredential,
)
from connectors.http.denials import of_the_system, see
from connectors.http.governance import LONGEST_CALL
from connectors.http.samples import sample
from connectors.http.session import GovernedSession
from connectors.http.statuses import OK, error_for, retry_time
from connectors.http.transport import Transport

__all__ = [
    "LONGEST_CALL",
    "OK",
    "BasicCredential",
    "Credential",
    "FileSecret",
    "GovernedSession",
    "HeaderCredential",
    "Token",
    "TokenCredential",
    "Transport",
    "by_our_clock",
    "clocks_differ",
    "error_for",
    "of_the_system",
    "retry_time",
    "sample",
    "see",
]
