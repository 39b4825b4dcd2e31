"""The broker: messages are wake-up calls, so the default one lives in this process and may forget them all.

Dramatiq's process-wide broker stays unset: whoever needs a broker is handed one.
"""

from __future__ import annotations

import dramatiq
from dramatiq.brokers.stub import StubBroker
from dramatiq.middleware import Retries, ShutdownNotifications, TimeLimit

QUEUE = "forcesync"


def embedded() -> dramatiq.Broker:
    """Return a broker inside this process; everything that matters is in the store."""
    return StubBroker(middleware=[TimeLimit(), ShutdownNotifications(), Retries()])
