"""Where a URL leads: scheme, host and port, which are all that decides whether a credential may go there."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from workflows.errors import Misconfigured


def origin(system: str, url: str) -> tuple[str, str, int]:
    """Return scheme, host and port; http is for this machine only. `Misconfigured` for all else."""
    operation = "use its URL"
    try:
        parts = urlsplit(url)
        port = parts.port or {"https": 443, "http": 80}.get(parts.scheme, 0)
    except ValueError:
        raise Misconfigured(system, operation, "it is not a URL") from None
    host = (parts.hostname or "").lower()
    if parts.scheme not in {"http", "https"} or not host or parts.username is not None or "\\" in url:
        found = "" if "@" in url else f"found {url!r}; "
        raise Misconfigured(system, operation, f"{found}expected https://host without a user name in it")
    if parts.scheme == "http" and not _loopback(host):
        raise Misconfigured(system, operation, "http is allowed for this machine only; expected https")
    return parts.scheme, host, port


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
