"""The HTTP layer of every connector: where requests may go, how long they may take, and what each outcome means.

A request goes to the configured host only, over verified TLS, with connect and read timeouts. Redirects are not
followed. A write is sent once. No thread sleeps: a Retry-After becomes a time to wait until. Bodies and secrets are
never logged.

    transport.py    the client of one product: names operations and turns answers into values or errors
    network.py      words faults below HTTP: DNS, refused connections, TLS
    session.py      the session that enforces the rules, for our code and the vendors' libraries
    governance.py   the rules of one product: origin, timeouts, back-off
    voice.py        tells a product's own words from those of what stands in front of it
    statuses.py     the table from status to error, what a refusal means, and how long to wait
    credentials.py  signs requests; secrets rotate without a restart
    totals.py       holds lists against the totals that products name
    clocks.py       converts a product's times to our clock
    bounds.py       bounds a whole answer in time and in size, and makes the TLS connections
    settings.py     the settings keys that every product has
    samples.py      redacts an answer for errors and logs
"""

from connectors.http.clocks import by_our_clock, clocks_differ
from connectors.http.credentials import (
    BasicCredential,
    Credential,
    FileSecret,
    HeaderCredential,
    Token,
    TokenCredential,
    granted,
)
from connectors.http.governance import (
    DEFAULT_NETWORK,
    LONGEST_CALL,
    Network,
    Patience,
    Timeouts,
    patience,
)
from connectors.http.samples import sample, words
from connectors.http.session import GovernedSession
from connectors.http.settings import NetworkSettings, Url, address, in_one_piece, matching
from connectors.http.statuses import OK, Denied, error_for, of_the_system, retry_time, see
from connectors.http.totals import Totals
from connectors.http.transport import Transport, after_write
from connectors.http.voice import Voice, at_token_endpoint, error_object, of_oauth

__all__ = [
    "DEFAULT_NETWORK",
    "LONGEST_CALL",
    "OK",
    "BasicCredential",
    "Credential",
    "Denied",
    "FileSecret",
    "GovernedSession",
    "HeaderCredential",
    "Network",
    "NetworkSettings",
    "Patience",
    "Timeouts",
    "Token",
    "TokenCredential",
    "Totals",
    "Transport",
    "Url",
    "Voice",
    "address",
    "after_write",
    "at_token_endpoint",
    "by_our_clock",
    "clocks_differ",
    "error_for",
    "error_object",
    "granted",
    "in_one_piece",
    "matching",
    "of_oauth",
    "of_the_system",
    "patience",
    "retry_time",
    "sample",
    "see",
    "words",
]
