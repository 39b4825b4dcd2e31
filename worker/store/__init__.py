"""The store: cases, runs, rides, writes, events, followups, desks and pauses, and the leases to work them.

It is the truth of the product: what is not in here has not happened, and what is in here survives any crash.
"""

from worker.store.store import Store

__all__ = ["Store"]
