"""The store: cases, runs, rides, writes, events, followups, desks and pauses, and the leases to work them.

It is the source of truth: what is not stored has not happened, and what is stored survives any crash.
"""

from worker.store.store import Store

__all__ = ["Store"]
