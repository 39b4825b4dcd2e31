"""Limits the time of a whole answer: a body that trickles or stalls ends the call, as silence does.

The read timeout of `requests` limits only the pause between two bytes
(https://requests.readthedocs.io/en/latest/user/advanced/#timeouts), so an answer could take forever. Here it limits the
time from the end of the request to the end of the answer, headers and body.
"""

from __future__ import annotations

import http.client
import io
import socket
import time
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool


class _UntilDeadline(io.RawIOBase):
    """Reads from a socket; each read may take only the time that is left."""

    def __init__(self, under: io.RawIOBase, sock: socket.socket, deadline: float) -> None:
        super().__init__()
        self._under, self._sock, self._deadline = under, sock, deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("the answer took too long")
        self._sock.settimeout(left)
        count: int | None = self._under.readinto(buffer)
        return count

    def close(self) -> None:
        if not self.closed:
            self._under.close()
        super().close()


class _TimedResponse(http.client.HTTPResponse):
    """An answer that must be complete within its socket's timeout, starting now."""

    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        timeout = sock.gettimeout()
        if timeout is not None:
            raw: Any = self.fp
            self.fp = io.BufferedReader(_UntilDeadline(raw.detach(), sock, time.monotonic() + timeout))


def _timed(connection: Any) -> Any:
    connection.response_class = _TimedResponse
    return connection


class _HttpPool(HTTPConnectionPool):
    def _new_conn(self) -> Any:
        return _timed(super()._new_conn())


class _HttpsPool(HTTPSConnectionPool):
    def _new_conn(self) -> Any:
        return _timed(super()._new_conn())


class DeadlineAdapter(HTTPAdapter):
    """Sends requests on connections whose answers have a deadline; never retries."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Make the pools."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _HttpPool, "https": _HttpsPool}
