"""Bounds a whole answer, in time and in size, while it is read, and its JSON to text that can be stored and written.

A body that trickles or stalls ends the call, as silence does. The read timeout of `requests` limits only the pause
between two bytes (https://requests.readthedocs.io/en/latest/user/advanced/#timeouts), so an answer could take forever.
Here it limits the time from the end of the request to the end of the answer, headers and body. The size counts after
decompression: a small body may unpack to a thousand times as much, and urllib3 unpacks no more at once than is asked.

JSON can escape what no encoding writes, half of a surrogate pair (https://www.rfc-editor.org/rfc/rfc8259#section-8.2),
as a text has at its end that was cut within an emoji, and what PostgreSQL does not store, NUL.
"""

from __future__ import annotations

import http.client
import io
import re
import socket
import ssl
import time
from http import HTTPStatus
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from requests.exceptions import RequestException
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

CHUNK = 65536  # bytes unpacked at once
_NOT_STORABLE = re.compile("[\x00\ud800-\udfff]")
_IN_ITS_PLACE = "\ufffd"  # Unicode's replacement character


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
        connection = _timed(super()._new_conn())
        connection.ssl_context = _context()
        return connection


def _context() -> ssl.SSLContext:
    """Return a context that writes no session keys: those of ssl and urllib3 do where SSLKEYLOGFILE is set.

    The pool loads the certificates and switches verification on
    (https://urllib3.readthedocs.io/en/stable/reference/urllib3.connection.html).
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


POOLS = {"http": _HttpPool, "https": _HttpsPool}


class AnswerTooLarge(RequestException):
    """An answer was larger than allowed; what had come of it was dropped."""


class Answer(requests.Response):
    """An answer in whose JSON every text can be stored and written."""

    def json(self, **kwargs: Any) -> Any:
        """Return the JSON; raises as that of `requests` does, and `RecursionError` for too deep a nesting."""
        held = super().json(**kwargs)
        return _storable(held) if b"\\" in self.content else held  # without an escape, there is nothing to replace


def _storable(held: Any) -> Any:
    if isinstance(held, str):
        return _NOT_STORABLE.sub(_IN_ITS_PLACE, held)
    if isinstance(held, dict):
        return {_storable(name): _storable(part) for name, part in held.items()}
    return [_storable(part) for part in held] if isinstance(held, list) else held


class BoundedAdapter(HTTPAdapter):
    """Sends requests on connections whose answers have a deadline, and reads at most `largest` bytes; never retries."""

    def __init__(self, largest: int, connections: int) -> None:
        self._largest = largest
        super().__init__(pool_maxsize=connections)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Make the pools."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = POOLS

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> Any:
        """Make the pools of a proxy."""
        manager = super().proxy_manager_for(*args, **kwargs)
        manager.pool_classes_by_scheme = POOLS
        return manager

    def build_response(self, req: requests.PreparedRequest, resp: Any) -> Answer:
        """Return the answer as one of ours."""
        answer = Answer()
        vars(answer).update(vars(super().build_response(req, resp)))
        return answer

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        """Send a request and read its answer; of an error that is too large, the beginning is enough."""
        response = super().send(request, *args, **kwargs)
        body = bytearray()
        for part in response.iter_content(CHUNK):
            body += part
            if len(body) > self._largest:
                response.close()
                if response.status_code < HTTPStatus.MULTIPLE_CHOICES:
                    raise AnswerTooLarge(request=request)
                break
        response._content = bytes(body[: self._largest])
        return response
